x = 1
if x = 2:
    return True
return False
