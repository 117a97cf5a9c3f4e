# kind: policy
# scenarios: rich, anonymous
return request.user.groups.filter(name="nobody") or request.user.ak_groups.filter(name__in=["staff"])
