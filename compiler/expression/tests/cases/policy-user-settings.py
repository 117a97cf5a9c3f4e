# kind: policy
# scenarios: rich, pending
from authentik.core.models import USER_ATTRIBUTE_CHANGE_EMAIL as MAY_CHANGE

allowed = request.user.group_attributes(http_request).get(
    MAY_CHANGE, request.http_request.tenant.default_user_change_name
)
if not allowed:
    if context["prompt_data"].get("email") != request.user.email:
        ak_message("the address stays")
        return False
return True
