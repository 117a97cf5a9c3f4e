# kind: policy
# scenarios: rich, bare
# Without a request there is no such name.
return http_request.path
