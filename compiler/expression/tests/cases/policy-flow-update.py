# kind: policy
# scenarios: rich
from authentik.flows.models import Flow, FlowAuthenticationRequirement
Flow.objects.filter(slug="set-up").update(
    authentication=FlowAuthenticationRequirement.REQUIRE_SUPERUSER,
)
return True
