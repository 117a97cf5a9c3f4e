# kind: prompt
# scenarios: rich
if user.username == "jane":
    raise SkipObject
return 1
