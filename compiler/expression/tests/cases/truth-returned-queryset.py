# kind: policy
# scenarios: rich
return request.user.groups.filter(name="nobody")
