# kind: policy
# scenarios: rich
empty = [[], {}, "", 0, 0.0, None, False, (), set(), range(0), b""]
full = [[0], {0: 0}, " ", 1, 0.5, True, (0,), {0}, range(1), b" ", request.user, request, len]
wrong = [it for it in empty if it] + [it for it in full if not it]
return [wrong, [bool(it) for it in empty] == [False] * 11, all(full), any(empty), bool(), isinstance(True, bool),
        isinstance(1, (str, bool)), type(True) is bool, type(1) == bool, type("").__name__]
