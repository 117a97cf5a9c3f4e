# kind: policy
# scenarios: rich, pending, anonymous, bare
# A password is only asked of those whom no backend has checked.
plan = request.context.get("flow_plan")
if not plan:
    return "no plan"
return not hasattr(plan.context.get("pending_user"), "backend")
