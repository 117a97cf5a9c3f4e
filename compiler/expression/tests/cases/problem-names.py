# kind: policy
from authentik.core.models import (
    User,
    Group,
)
# ünïcode
ä = user.username
if not reqest.user and contxt["ä"] or regex_mach("a", "b") and \
        geoip["country"]:
    return open("/etc/passwd") and eval("1") or frobnicate
def nested(a, b=undefined_default, *args, **kwargs):
    return [x + y + z for x in a for y in x], lambda q: q + args, kwargs, later
later = 1
return User
