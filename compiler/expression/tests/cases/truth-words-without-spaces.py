# kind: policy
# scenarios: rich
a = "x"if"y"else"z"
b = not"x"
if"x"and"y":
    a += "!"
return [a, b, 1if 0else 2]
