# kind: prompt
# scenarios: rich
ak_message(f"hello {user.name:>15}")
return ["first", 42, True, 1.5, None, ("a", "b"), {"value": "x", "label": "X"}, context["auth_method"]]
