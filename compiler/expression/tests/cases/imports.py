# kind: policy
# scenarios: rich
import json, re
import datetime as dt
from collections import Counter
from base64 import b64encode
from authentik.core.models import (  # people
    USER_PATH_SERVICE_ACCOUNT,
    UserTypes as Types,
)
from authentik.stages.prompt.stage import PLAN_CONTEXT_PROMPT; from django.utils.timezone import now
return [json.dumps({"a": [1]}), bool(re.search("n", "jane")), dt.timedelta(days=1).days, Counter("aab")["a"],
        b64encode(b"x").decode(), USER_PATH_SERVICE_ACCOUNT, Types.SERVICE_ACCOUNT, sorted(context[PLAN_CONTEXT_PROMPT]),
        now().year > 2020, dt.date.today().year > 2020]
