x = foo(1, [2, (3)
if x:
    return True
