# kind: mapping
# scenarios: rich
for it in request.user.ak_groups.all():
    if it.name == "nobody":
        return
    yield it.name
    yield (it.num_pk), 2
yield from ["a", "b"]
yield
