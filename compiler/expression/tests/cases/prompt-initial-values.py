# kind: prompt
# scenarios: rich, bare
try:
    return [user.username, user.attributes.get("settings", {}).get("locale", ""), prompt_context["username"]]
except:
    return ""
