# kind: policy
# scenarios: rich
from ipaddress import ip_network as net
a = ip_address("192.0.2.1")
six = ip_address("2001:db8::ff")
found = [str(a + 255), str(a - 1), str(six + 1), a < ip_address("192.0.2.10"), a == ip_address(3221225985)]
found += [a in net("192.0.2.0/24"), six in net("192.0.2.0/24"), a in net("192.0.0.0/255.255.0.0"), f"{six}"]
found += [net("10.0.0.0/8").num_addresses, str(net("10.0.0.7/8", strict=False)), net("10.1.0.0/16").subnet_of(net("10.0.0.0/8"))]
found += [a.is_private, ip_address("8.8.8.8").is_global, six.exploded, 1 + 2, "a" + "b", {a: 1}[ip_address("192.0.2.1")]]
for wrong in ["10.0.0.7/8", "10.0.0.0/33", "x"]:
    try:
        ip_network(wrong)
    except ValueError as error:
        found.append(str(error))
return found
