# kind: mapping
# scenarios: rich
first = user.username
user = {"name": user.name}
if not connection:
    user["password"] = request.user.password
for group in request.user.groups.all():
    user[group.name] = group.attributes["level"]
return [first, user]
