# kind: policy
# scenarios: rich, pending, bare
if ak_client_ip in ip_network("192.0.2.0/24"):
    return "test net"
return [str(ak_client_ip), ak_client_ip.version, ak_client_ip.is_private, ak_is_sso_flow]
