# kind: policy
# scenarios: rich, anonymous
# What the context and the plan hold under one name is one thing.
data = context.setdefault("prompt_data", {})
data["email"] = data.get("email", "").upper()
data["attributes.department"] = "it"
request.context["pending_user"].attributes["touched"] = True
request.context["pending_user"].nickname = "jj"
return context["flow_plan"].context["prompt_data"] == data
