# Members of modules that the interpreter does not have, or not with bounds. See `core.py` for the format.

#: _gw_re_sub
def _gw_re_sub(*args, **kwargs):
    import re

    return _gw_sub(re, *args, **kwargs)


#: _gw_json_dumps
def _gw_json_dumps(value, **options):
    import json

    return json.dumps(_gw_light(value), **options)


#: _gw_quote
def _gw_quote(string, safe="/"):
    return _gw_url_quote(string, safe)


#: _gw_quote_plus
def _gw_quote_plus(string, safe=""):
    return _gw_url_quote(string, safe + " ").replace(" ", "+")


#: _gw_unquote
def _gw_unquote(string):
    return _gw_url_unquote(string)


#: _gw_unquote_plus
def _gw_unquote_plus(string):
    return _gw_url_unquote(string.replace("+", " "))


#: _gw_urlencode needs _gw_quote_plus
def _gw_urlencode(query, doseq=False):
    made = []
    for name, value in query.items() if _gw_type(query) is dict else query:
        values = value if doseq and _gw_type(value) in (list, tuple) else [value]
        for one in values:
            made.append(_gw_quote_plus(str(name)) + "=" + _gw_quote_plus(str(one)))
    return _gw_join("&", made)


#: _gw_parse_qsl needs _gw_unquote_plus
def _gw_parse_qsl(qs, keep_blank_values=False):
    made = []
    for pair in qs.split("&"):
        name, sign, value = pair.partition("=")
        if value != "" or (keep_blank_values and pair != ""):
            made.append((_gw_unquote_plus(name), _gw_unquote_plus(value)))
    return made


#: _gw_parse_qs needs _gw_parse_qsl
def _gw_parse_qs(qs, keep_blank_values=False):
    made = {}
    for name, value in _gw_parse_qsl(qs, keep_blank_values):
        if name not in made:
            made[name] = []
        made[name].append(value)
    return made


#: _gw_urlparse
class _gw_Url:
    def __init__(self, url):
        self._gw_text = url
        self.scheme = ""
        self.netloc = ""
        self.params = ""
        rest, sign, fragment = url.partition("#")
        rest, sign, query = rest.partition("?")
        self.fragment = fragment
        self.query = query
        scheme, sign, after = rest.partition(":")
        if sign != "" and scheme[:1].isalpha() and scheme.replace("+", "").replace("-", "").replace(".", "").isalnum():
            self.scheme = scheme.lower()
            rest = after
        self.path = rest
        if rest.startswith("//"):
            netloc, sign, path = rest[2:].partition("/")
            self.netloc = netloc
            self.path = sign + path
        credentials, at, host = self.netloc.rpartition("@")
        self.username = credentials.partition(":")[0] if at != "" else None
        self.password = credentials.partition(":")[2] if ":" in credentials else None
        if host.startswith("["):
            name, sign, port = host[1:].partition("]")
            port = port[1:]
        else:
            name, sign, port = host.partition(":")
        self.hostname = name.lower() if name != "" else None
        self.port = int(port) if port != "" else None

    def __str__(self):
        return self._gw_text

    def geturl(self):
        return self._gw_text


def _gw_urlparse(url):
    return _gw_Url(url)
