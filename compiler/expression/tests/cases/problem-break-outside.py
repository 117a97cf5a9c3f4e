# kind: policy
x = 1
break
return x
