# kind: policy
# scenarios: rich
x = 1
