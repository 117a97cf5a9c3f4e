# kind: policy
return "unclosed
