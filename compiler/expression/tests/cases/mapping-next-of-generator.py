# kind: mapping
# scenarios: rich
names = (it.name for it in request.user.groups.all())
return [next(names), next(names), next(names, "end"), next((x for x in [] if x), None), next(x for x in [5])]
