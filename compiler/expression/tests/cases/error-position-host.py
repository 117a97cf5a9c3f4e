# kind: policy
# scenarios: rich
if request.user.is_active and \
        ak_send_email(address=request.user.email, subject="ü"):
    return True
