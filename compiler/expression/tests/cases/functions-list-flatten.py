# kind: mapping
# scenarios: rich
return [list_flatten([]), list_flatten(["a", "b"]), list_flatten("x"), list_flatten(("t", "u")), list_flatten(None),
        list_flatten(ldap.get("sn")), list_flatten(request.user.groups.all()).name]
