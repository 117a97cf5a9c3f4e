import ipaddress
import re as regex
import random
import authentik.core.models
network = ipaddress.ip_netwrk("10.0.0.0/8")
found = regex.serch("a", "a")
tokens = authentik.core.models.Token.objects.all()
return True
