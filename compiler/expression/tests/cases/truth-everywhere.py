# kind: policy
# scenarios: rich
none = request.user.groups.filter(name="nobody")

def decorate(mark):
    return lambda function: lambda *args, **kwargs: [mark] + function(*args, **kwargs)

@decorate(1 if none else 0)
def gather(first, default=1 if none else 0, *rest, only=none and 1 or 0, **named):
    inner: int = 1 if none else 0
    def deeper(value=not none):
        return 0 if value else 1
    return [first, default, *rest, only, *[named[name] for name in named], inner, deeper()]

found = gather(1 if none else 0, *[0, 1 if none else 0], named=1 if none else 0)
found += [{"a" if none else "b": 1 if none else 0}["b"], [0, 1][1 if none else 0], [0, 1][:1 if none else None][0]]
found += [int(f"{0:{'1' if none else '2'}}"), (lambda it=1 if none else 0: it)(), (lambda: 1 if none else 0)()]
found += [it for it in ([1] if none else [0]) for _ in ([1, 1] if none else [1]) if it == 0 if not none if none or True]
try:
    raise (TypeError if none else ValueError)("1" if none else "0")
except (TypeError if none else ValueError) as error:
    found.append(int(str(error)))
for it in [1] if none else [0]:
    found.append(it)
found.append((1 if none else 0) if (none if none else True) else 1)
found.append(1 if 0 < 1 and none or none else 0)
found[-1] += 1 if none else 0
(a, b), *c = ((1, 1), 1) if none else ((0, 0), 0)
found += [a, b, *c]
return [found == [0] * len(found), found]
