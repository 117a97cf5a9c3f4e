# kind: policy
# scenarios: rich
if ak_user_has_authenticator(request.user, "totp"):
    return True
return False
