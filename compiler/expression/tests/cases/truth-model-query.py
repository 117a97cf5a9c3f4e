# kind: policy
# scenarios: rich
from authentik.core.models import User
found = []
if User.objects.filter(username="nobody"):
    found.append("wrong")
if User.objects.filter(username="akadmin"):
    found.append("right")
found.append(User.objects.filter(username="nobody").exists())
found.append(User.objects.filter(username="akadmin").first().username)
try:
    User.objects.get(username="nobody")
except User.DoesNotExist:
    found.append("none")
found.append(isinstance(request.user, User))
return found
