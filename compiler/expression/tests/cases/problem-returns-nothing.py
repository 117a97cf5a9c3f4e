# scenarios: bare
def inner():
    return True
inner()
