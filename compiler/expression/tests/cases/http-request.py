# scenarios: rich
agent = http_request.META.get("HTTP_USER_AGENT")
same = request.http_request.headers["User-Agent"] == http_request.headers.get("user-agent") == agent
return [agent, same, http_request.GET.get("next", "/"), http_request.path, http_request.method, http_request.get_host()]
