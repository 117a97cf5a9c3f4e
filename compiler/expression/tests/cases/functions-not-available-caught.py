# kind: policy
# scenarios: rich
import requests
try:
    requests.get("https://example.org", timeout=5)
except PermissionError as error:
    ak_message(str(error))
try:
    ak_create_event("custom", user=request.user)
except PermissionError:
    ak_message("no event")
try:
    ak_call_policy("other", a=1)
except PermissionError:
    ak_message("no policy")
return resolve_dns("example.org") or reverse_dns("192.0.2.1")
