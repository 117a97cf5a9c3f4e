# kind: policy
# scenarios: rich
try:
    regex_match(None, "x")
except TypeError as error:
    ak_message(str(error))
return regex_replace(5, "x", "y")
