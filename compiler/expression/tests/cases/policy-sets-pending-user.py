# kind: policy
# scenarios: pending, anonymous
admin = ak_user_by(username="akadmin")
context["flow_plan"].context["pending_user"] = admin
context["flow_plan"].context["seen"] = [1, {"a": None}]
return admin.has_usable_password()
