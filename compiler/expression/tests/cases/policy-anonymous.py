# kind: policy
user = request.user
return [user.is_authenticated, user.is_anonymous, user.pk, user.username, len(user.groups.all()), str(user)]
