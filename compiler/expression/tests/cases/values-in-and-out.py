# kind: policy
# scenarios: rich
import datetime
context["made"] = [1.5, {"b", }, (1, 2), b"x", datetime.date(2026, 1, 2), {1: "int key", None: "none key"}, frozenset([1])]
context["request"] = request
context["group"] = request.user.groups.first()
context["users"] = {"jane": request.user}
context["generator"] = (it for it in [1, 2])
context.pop("auth_method")
return [context["made"][0], dict.fromkeys("ab"), range(3), {}.keys(), request.http_request.tenant]
