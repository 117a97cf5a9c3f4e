# kind: policy
# scenarios: rich
found = request.user.groups.filter(name="nobody")
passed = []
if found:
    passed.append("if")
elif found.filter(name="x"):
    passed.append("elif")
while found:
    passed.append("while")
    break
if not found:
    passed.append("not, rightly")
if (found):
    passed.append("parentheses")
if(found):
    passed.append("no space")
if found and True:
    passed.append("and")
if True and found:
    passed.append("and, last")
if found or False:
    passed.append("or")
if False or (found or (found and True)):
    passed.append("nested or")
if not (not found or False):
    passed.append("double not")
if (x := found):
    passed.append("walrus")
passed.append("ternary") if found else passed.append("ternary, rightly")
passed.extend([g for g in [1] if found])
passed.extend({g for g in [2] if found})
passed.extend({g: 1 for g in [3] if found and g})
passed.extend(g for g in [4] if not not found)
try:
    assert found, "empty"
except AssertionError as error:
    passed.append("assert, rightly: " + str(error))
if bool(found): passed.append("bool")
if any([found]): passed.append("any")
if all([found]): passed.append("all")
if any(f for f in [found, found]): passed.append("any of a generator")
if list(filter(None, [found])): passed.append("filter None")
if list(filter(lambda it: found, [1])): passed.append("filter")
if list(map(bool, [found])) == [True]: passed.append("map bool")
if len(found): passed.append("len")
if found.exists() or found.count() or found.first(): passed.append("methods")
passed.append("format") if f"{'yes' if found else ''}" else None
check = lambda it: "lambda" if it else None
if check(found): passed.append("lambda")
def nested(it):
    if it:
        return True
    return it and it or found
if nested(found): passed.append("nested function")
return passed
