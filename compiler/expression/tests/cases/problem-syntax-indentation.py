# kind: policy
if True:
return 1
  x = 2
