# kind: policy
# scenarios: pending
request.user.attributes["seen"] = "yes"
return request.user is context["pending_user"] and context["flow_plan"].context["pending_user"] is request.user
