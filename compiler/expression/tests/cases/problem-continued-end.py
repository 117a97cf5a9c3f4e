# kind: policy
return 1 + \
