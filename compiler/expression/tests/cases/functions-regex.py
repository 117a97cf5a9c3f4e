# kind: policy
# scenarios: rich
return [
    regex_match(request.user.email, "@example"),
    regex_match("the admin", "^admin"),
    regex_match(value="b\n", regex=r"^b$"),
    regex_replace(request.user.email, "(.+)@.+", r"\1"),
    regex_replace("a-b-c", "-", "+"),
    regex_replace("Jane Doe", r"(?P<first>\w+) (?P<last>\w+)", r"\g<last>, \g<first>"),
]
