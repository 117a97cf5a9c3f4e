# kind: policy
# scenarios: rich
print("nowhere", request.user)
ak_logger.info("nowhere", user=request.user)
ak_logger.bind(a=1).warning("nowhere")
return True
