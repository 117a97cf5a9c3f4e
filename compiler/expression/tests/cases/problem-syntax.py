# kind: policy
if request.user.is_active
    return True
x = (1, 2
return False
