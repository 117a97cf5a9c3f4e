# kind: policy
plan = request.context.get("flow_plan")
if not plan:
    return True
ak_message("hello")
return not hasattr(plan.context.get("pending_user"), "backend") or regex_match(request.user.username, "an+e")
