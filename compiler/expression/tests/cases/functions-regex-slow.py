# kind: policy
# scenarios: rich
return regex_match("a" * 40, r"^(a|aa|\1b)*(?=c)$")
