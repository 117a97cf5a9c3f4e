# kind: policy
# scenarios: rich
groups = request.user.ak_groups
found = []
if groups.all(): found.append("if")
if not groups.all(): found.append("not")
if groups.filter(name="staff") and len(groups.filter(name__startswith="a")) == 1: found.append("and")
if groups.get(name="admins") in groups.all(): found.append("in")
if all(group.name for group in groups.all()): found.append("all")
if bool(groups.exclude(name="staff")): found.append("bool")
found.extend(group.name for group in groups.order_by("-name"))
found.extend(groups.values_list("num_pk", flat=True))
found.append(groups.filter(attributes__level__gte=2).first().name)
return found
