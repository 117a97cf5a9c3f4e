# kind: policy
# scenarios: rich, anonymous
return ak_is_group_member(request.user, name="staff")
