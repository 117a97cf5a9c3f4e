# kind: mapping
if user.is_active:
    return [1]
yield 2
