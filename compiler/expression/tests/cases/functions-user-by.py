# kind: policy
# scenarios: rich
other = ak_user_by(username="akadmin")
try:
    ak_user_by(nickname="x")
except ValueError as error:
    ak_message(str(error))
return [ak_user_by(email="nobody@example.org"), other.username, other.groups.first().name, other == request.user]
