# kind: policy
import re
ok = regex_match("a", "[a-z]+$")
a = regex_match(request.user.username, "(unclosed")
b = regex_replace("ä", regex="[z-a]", repl="")
c = re.sub(r"\h", "", "x")
d = re.compile(pattern="*")
return regex_match("a", ok)
