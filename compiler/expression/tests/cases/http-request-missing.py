# scenarios: rich
ids = http_request.GET.getlist("id")
return request.http_request.session.get("a") or http_request.COOKIES
