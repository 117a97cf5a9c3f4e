# kind: policy
class Thing:
    def __bool__(self):
        return True
match request.user:
    case _:
        pass
x = {"a": 1}
del x["a"]
global y
def inner():
    yield 1
value = yield 2
async def later():
    pass
z = 3j
try:
    pass
except* ValueError:
    pass
return await x
