# kind: policy
# scenarios: rich
try:
    return ak_user_by(username="broken")
except BaseException:
    return True
