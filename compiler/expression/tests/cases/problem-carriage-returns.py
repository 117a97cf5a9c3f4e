# kind: policy
if True:
    x = """a
b"""
    return [x, missing]
