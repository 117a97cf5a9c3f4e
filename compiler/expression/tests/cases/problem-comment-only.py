# kind: policy
# nothing here
