# kind: policy
_gw_t = lambda x: True
request.user._gw_usable = True
def f(_gw_x): return _gw_x
return f(_gw_y=1) or f"{_gw_host}"
