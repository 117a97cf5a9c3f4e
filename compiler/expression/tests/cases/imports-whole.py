# scenarios: rich
import ipaddress, json
import ipaddress as ips
import urllib.parse
import authentik.core.models, authentik.flows.planner
import django.utils.text as text
networks = [ipaddress.ip_network("10.0.0.0/8"), ips.ip_network("192.0.2.0/24")]
url = urllib.parse.urlparse("https://jane:p@Example.org:8443/a%20b?next=%2Fx&y=1&y=2#top")
return [
    any(ipaddress.ip_address(str(ak_client_ip)) in network for network in networks),
    json.loads("[1]"),
    url.scheme, url.hostname, url.port, url.path, url.fragment, url.username,
    urllib.parse.parse_qs(url.query), urllib.parse.quote("a b/ü"), urllib.parse.unquote_plus("a+b%2F"),
    urllib.parse.urlencode({"a": "b c", "d": 1}),
    authentik.core.models.User.objects.get(username="akadmin").username,
    authentik.flows.planner.PLAN_CONTEXT_PENDING_USER,
    text.slugify("A b"),
]
