# kind: policy
# scenarios: rich
from authentik.core.models import (
    User,
    Group,
)
name = "über"; data = {} if not request.user.groups.filter(name="x") and name else {"a": 1}
return name if True and data["größe"] else 1
