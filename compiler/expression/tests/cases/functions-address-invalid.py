# kind: policy
# scenarios: rich
return ip_address("300.1.1.1")
