# kind: policy
# scenarios: rich
def inner(value):
    return value.strip() or \
        value.missing

def outer(value):
    return inner(value)

return any(outer(it) for it in [" a ", "  "])
