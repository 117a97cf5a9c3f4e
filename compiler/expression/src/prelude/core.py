# What every evaluation starts with. The compile step picks the parts that an expression needs; a part begins with
# `#: name` and may say `needs` others. The `_gw_` names are internal and refused in the text of expressions.
# The interpreter asks instances neither for `__bool__` nor for `__len__`: see `_gw_t`, which the compile step puts
# around every operand that is tested for truth.

#: core
_gw_len = len
_gw_type = type
_gw_bool = type(True)
_gw_iter = iter
_gw_next = next
_gw_filter = filter
_gw_scalars = (type(None), type(True), int, float)


# What an operation made goes through `_gw_v`. The interpreter looks at its clock and at memory only now and then, but
# always in a loop of its own over many items, so `_gw_tick` is that; texts and numbers are bounded, because one step on a
# large one takes long.
_gw_most = 1 << 65536
_gw_least = -_gw_most
_gw_sized = (list, dict, tuple, set, frozenset)
_gw_room = _gw_input.pop()
_gw_sum = sum
_gw_items = [0] * 65


def _gw_tick():
    _gw_sum(_gw_items)


def _gw_small(x):
    if _gw_type(x) is int and (x > _gw_most or x < _gw_least):
        raise OverflowError("the number is too large")
    return x


def _gw_v(x):
    kind = _gw_type(x)
    if kind is str or kind is bytes:
        if _gw_len(x) > 4096:
            if _gw_len(x) > _gw_room:
                raise MemoryError("the text is too large")
            _gw_tick()
    elif kind is int:
        if x > _gw_most or x < _gw_least:
            raise OverflowError("the number is too large")
    elif kind in _gw_sized and _gw_len(x) > 4096:
        _gw_tick()
    return x


def _gw_power(a, b):
    if _gw_type(a) is int and _gw_type(b) is int and b > 1 and (a > 1 or a < -1):
        if b > 65536 or abs(a) >= 1 << 65536 // b + 1:
            raise OverflowError("the number is too large")
    return _gw_small(a) ** _gw_small(b)


def _gw_shift(a, b):
    if _gw_type(b) is int and b > 65536:
        raise OverflowError("the number is too large")
    return _gw_small(a) << b


# What is about to become one text: a list may hold a large one a thousand times.
def _gw_light(x):
    if _gw_type(x) not in _gw_sized:
        return x
    left = _gw_room
    rest = [x]
    while _gw_len(rest) > 0:
        item = rest.pop()
        kind = _gw_type(item)
        if kind is str or kind is bytes:
            left -= _gw_len(item)
        elif kind in _gw_sized:
            left -= 2 + 2 * _gw_len(item)
            rest.extend(item)
            if kind is dict:
                rest.extend(item.values())
        if left < 0:
            raise MemoryError("the text is too large")
    return x


# A function that makes texts, handed to another one.
def _gw_lighted(function):
    if _gw_type(function) in _gw_sized or _gw_type(function) in _gw_scalars or _gw_type(function) is str:
        return function
    return lambda *args, **kwargs: function(*[_gw_light(arg) for arg in args], **kwargs)


def _gw_p(x):
    kind = _gw_type(x)
    if kind in _gw_scalars:
        return x
    if kind is not str or _gw_len(x) > 4096:
        _gw_tick()
    return _gw_v(_gw_light(x))


def _gw_join(separator, *args, **kwargs):
    kind = _gw_type(separator)
    if kind is not str and kind is not bytes or _gw_len(args) != 1:
        return separator.join(*args, **kwargs)
    parts = list(args[0])
    size = _gw_len(separator) * _gw_len(parts)
    for part in parts:
        if _gw_type(part) is kind:
            size += _gw_len(part)
    if size > _gw_room:
        raise MemoryError("the text is too large")
    return separator.join(parts)


# How large it gets is known when it is there: at most every character is replaced.
def _gw_replaced(args, kwargs):
    sizes = sorted([_gw_len(x) + 1 for x in list(args) + list(kwargs.values()) if _gw_type(x) is str])
    if _gw_len(sizes) > 1 and sizes[-1] * sizes[-2] > 8 * _gw_room:
        raise MemoryError("the text is too large")


def _gw_sub(owner, *args, **kwargs):
    _gw_replaced(args, kwargs)
    return owner.sub(*args, **kwargs)


def _gw_subn(owner, *args, **kwargs):
    _gw_replaced(args, kwargs)
    return owner.subn(*args, **kwargs)


def _gw_t(x):
    if hasattr(x, "_gw_truth"):
        return x._gw_truth()
    return x


class QuerySet:
    def __init__(self, items):
        self._gw_items = items

    def __iter__(self):
        return _gw_iter(self._gw_items)

    def __contains__(self, item):
        return item in self._gw_items

    def __eq__(self, other):
        return _gw_type(other) is QuerySet and self._gw_items == other._gw_items

    def __str__(self):
        return "<QuerySet " + str(self._gw_items) + ">"

    def _gw_truth(self):
        return self if _gw_len(self._gw_items) > 0 else []

    def all(self):
        return QuerySet(list(self._gw_items))

    def iterator(self):
        return _gw_iter(self._gw_items)

    def count(self):
        return _gw_len(self._gw_items)

    def exists(self):
        return _gw_len(self._gw_items) > 0

    def first(self):
        return self._gw_items[0] if _gw_len(self._gw_items) > 0 else None

    def last(self):
        return self._gw_items[-1] if _gw_len(self._gw_items) > 0 else None

    def distinct(self):
        found = []
        for item in self._gw_items:
            if item not in found:
                found.append(item)
        return QuerySet(found)

    def filter(self, **filters):
        return QuerySet([item for item in self._gw_items if _gw_matches(item, filters)])

    def exclude(self, **filters):
        return QuerySet([item for item in self._gw_items if not _gw_matches(item, filters)])

    def get(self, **filters):
        found = [item for item in self._gw_items if _gw_matches(item, filters)]
        if _gw_len(found) == 0:
            raise IsADirectoryError("there is no such object")
        if _gw_len(found) > 1:
            raise ValueError("more than one object was found")
        return found[0]

    def order_by(self, *names):
        found = list(self._gw_items)
        for name in reversed(names):
            if name.startswith("-"):
                found.sort(key=lambda item: getattr(item, name[1:]), reverse=True)
            else:
                found.sort(key=lambda item: getattr(item, name))
        return QuerySet(found)

    def values_list(self, *names, flat=False):
        if flat:
            if _gw_len(names) != 1:
                raise TypeError("'flat' is for one field")
            return QuerySet([getattr(item, names[0]) for item in self._gw_items])
        return QuerySet([tuple([getattr(item, name) for name in names]) for item in self._gw_items])


def _gw_compare(value, operator, wanted):
    if operator == "exact":
        return value == wanted
    if operator == "isnull":
        return (value is None) == wanted
    if operator == "in":
        return value in wanted
    if value is None:
        return False
    if operator == "gt":
        return value > wanted
    if operator == "gte":
        return value >= wanted
    if operator == "lt":
        return value < wanted
    if operator == "lte":
        return value <= wanted
    text = str(value)
    if operator == "iexact":
        return text.lower() == str(wanted).lower()
    if operator == "contains":
        return wanted in (value if _gw_type(value) is list else text)
    if operator == "icontains":
        return str(wanted).lower() in text.lower()
    if operator == "startswith":
        return text.startswith(str(wanted))
    if operator == "istartswith":
        return text.lower().startswith(str(wanted).lower())
    if operator == "endswith":
        return text.endswith(str(wanted))
    if operator == "iendswith":
        return text.lower().endswith(str(wanted).lower())
    raise ValueError("unknown look-up '" + operator + "'")


def _gw_matches(item, filters):
    for path, wanted in filters.items():
        parts = path.split("__")
        if not hasattr(item, parts[0]):
            raise ValueError("cannot resolve '" + parts[0] + "' into a field")
        value = getattr(item, parts[0])
        rest = parts[1:]
        while _gw_len(rest) > 0 and _gw_type(value) is dict:
            if rest[0] not in value and _gw_len(rest) == 1 and rest[0] == "isnull":
                break
            value = value.get(rest[0])
            rest = rest[1:]
        if _gw_len(rest) > 1 and value is None:
            rest = rest[-1:]
        if _gw_len(rest) > 1:
            raise ValueError("cannot resolve '" + path + "' into a field")
        if not _gw_compare(value, rest[0] if _gw_len(rest) == 1 else "exact", wanted):
            return False
    return True


class User:
    objects = None
    DoesNotExist = IsADirectoryError

    def __init__(self, **fields):
        self._gw_fields = []
        self.pk = None
        for name in fields:
            setattr(self, name, fields[name])
            self._gw_fields.append(name)

    def __eq__(self, other):
        if _gw_type(other) is not User:
            return False
        return other is self or (self.pk is not None and self.pk == other.pk)

    def __hash__(self):
        return hash(self.pk)

    def __str__(self):
        return str(getattr(self, "username", ""))

    def __repr__(self):
        return "<User: " + str(getattr(self, "username", "")) + ">"

    def has_usable_password(self):
        return self._gw_usable

    def group_attributes(self, request=None):
        return dict(self._gw_group_attributes)

    def all_groups(self):
        return self.groups.all()

    def locale(self, request=None):
        return self.attributes.get("settings", {}).get("locale", "")

    def app_entitlements(self, app=None):
        return _gw_call("app_entitlements", [self, app], {})

    def app_entitlements_attributes(self, app=None):
        return _gw_call("app_entitlements_attributes", [self, app], {})

    def save(self, **options):
        return _gw_call("user_save", [self], options)

    def delete(self):
        return _gw_call("user_delete", [self], {})

    def set_password(self, password, **options):
        return _gw_call("user_set_password", [self], {})

    def check_password(self, password):
        return _gw_call("user_check_password", [self], {})


class Group:
    objects = None
    DoesNotExist = IsADirectoryError

    def __init__(self, **fields):
        self._gw_fields = []
        self.pk = None
        for name in fields:
            setattr(self, name, fields[name])
            self._gw_fields.append(name)

    def __eq__(self, other):
        if _gw_type(other) is not Group:
            return False
        return other is self or (self.pk is not None and self.pk == other.pk)

    def __hash__(self):
        return hash(self.pk)

    def __str__(self):
        return "Group " + str(getattr(self, "name", ""))

    def __repr__(self):
        return "<Group: " + str(getattr(self, "name", "")) + ">"

    def save(self, **options):
        return _gw_call("group_save", [self], options)

    def is_member(self, user):
        return _gw_call("ak_is_group_member", [user], {"pk": self.pk})


class HttpRequest:
    def __init__(self):
        self._gw_fields = []

    def get_full_path(self):
        return self.path

    def get_host(self):
        return self.META["HTTP_HOST"]

    def build_absolute_uri(self, path=None):
        return _gw_call("build_absolute_uri", [path], {})


class FlowPlan:
    def __init__(self):
        self._gw_fields = []


class PolicyResult:
    def __init__(self):
        self._gw_fields = []

    def __str__(self):
        return "<PolicyResult passing=" + str(self.passing) + ">"


class PolicyRequest:
    def __init__(self, user, http_request, obj, context):
        self.user = user
        self.http_request = http_request
        self.obj = obj
        self.context = context
        self.debug = False

    def __str__(self):
        return "<PolicyRequest user=" + str(self.user) + ">"


class _gw_Record:
    # A map of the host that expressions read by attribute: a tenant, a brand, a provider.
    def __init__(self, fields):
        self._gw_map = fields
        for name in fields:
            setattr(self, name, fields[name])


_gw_classes = {
    "User": User,
    "Group": Group,
    "HttpRequest": HttpRequest,
    "FlowPlan": FlowPlan,
    "PolicyResult": PolicyResult,
}


def _gw_set(made, name, value):
    made._gw_fields.append(name)
    if _gw_type(made) is User:
        if name == "groups":
            value = QuerySet(value)
            made.ak_groups = value
        elif name == "has_usable_password":
            name = "_gw_usable"
        elif name == "group_attributes":
            name = "_gw_group_attributes"
        elif name == "is_authenticated":
            made.is_anonymous = not value
    elif _gw_type(made) is HttpRequest and name in ("tenant", "brand") and _gw_type(value) is dict:
        value = _gw_Record(value)
    elif _gw_type(made) is HttpRequest and name == "META":
        made.headers = _gw_headers(value)
    setattr(made, name, value)


# There is no `__getitem__` for instances, so every header has two names: as it is written, and in small letters.
def _gw_headers(meta):
    found = {}
    for name in meta:
        if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            words = name.removeprefix("HTTP_").split("_")
            header = "-".join([word.capitalize() for word in words])
            found[header] = meta[name]
            found[header.lower()] = meta[name]
    return found


# Values come in as they are, except what holds an instance: (0, pairs, shared), (1, items, shared),
# (2, class, pairs), and (3, index) for what was met before. They leave in the same way, see `_gw_clean`.
def _gw_build(x, seen):
    if _gw_type(x) is not tuple:
        return x
    tag = x[0]
    if tag == 3:
        return seen[x[1]]
    if tag == 2:
        made = _gw_classes[x[1]]()
        seen.append(made)
        for name, value in x[2]:
            _gw_set(made, name, _gw_build(value, seen))
        return made
    made = {} if tag == 0 else []
    if x[2]:
        seen.append(made)
    if tag == 0:
        for name, value in x[1]:
            made[name] = _gw_build(value, seen)
    else:
        for value in x[1]:
            made.append(_gw_build(value, seen))
    return made


# The host copies what leaves, and expands what is shared: the size is bounded here, where the clock runs.
_gw_budget = [100000]


def _gw_clean(x, depth):
    kind = _gw_type(x)
    _gw_budget[0] -= 1
    if kind is str:
        _gw_budget[0] -= _gw_len(x) // 512
    if _gw_budget[0] < 0:
        raise MemoryError("the result is too large")
    if kind is int and (x > 9223372036854775807 or x < -9223372036854775808):
        return str(x)
    if kind is str or kind in _gw_scalars:
        return x
    if depth > 60:
        raise ValueError("the result is nested too deeply")
    if kind is dict:
        return {
            (name if _gw_type(name) is str else str(name)): _gw_clean(value, depth + 1) for name, value in x.items()
        }
    if kind in (list, tuple, set, frozenset):
        return [_gw_clean(value, depth + 1) for value in x]
    if kind is QuerySet:
        return [_gw_clean(value, depth + 1) for value in x._gw_items]
    if kind is _gw_Record:
        return _gw_clean(x._gw_map, depth)
    if kind in (User, Group, HttpRequest, FlowPlan, PolicyResult):
        return (2, kind.__name__, _gw_clean(_gw_read(x), depth))
    if kind in _gw_iterators:
        return [_gw_clean(value, depth + 1) for value in x]
    return _gw_clean(str(x), depth)


_gw_iterators = (
    _gw_type(_gw_iter([])),
    _gw_type(range(0)),
    _gw_type({}.keys()),
    _gw_type({}.values()),
    _gw_type({}.items()),
)


def _gw_read(made):
    found = {}
    for name in made._gw_fields + _gw_stored:
        if name == "has_usable_password" and _gw_type(made) is User:
            found[name] = made._gw_usable
        elif name == "group_attributes" and _gw_type(made) is User:
            found[name] = made._gw_group_attributes
        elif name not in found and hasattr(made, name):
            found[name] = getattr(made, name)
    return found


def _gw_call(name, args, kwargs):
    return _gw_build(_gw_host(name, _gw_clean(args, 0), _gw_clean(kwargs, 0)), [])


_gw_messages = []
_gw_seen = []
_gw_env = {}
for _gw_name, _gw_value in _gw_input:
    _gw_env[_gw_name] = _gw_build(_gw_value, _gw_seen)
_gw_request = PolicyRequest(
    _gw_env.get("_gw_user"), _gw_env.get("_gw_http_request"), _gw_env.get("_gw_obj"), _gw_env.get("_gw_context")
)
_gw_context = _gw_request.context
_gw_env["request"] = _gw_request
_gw_env["context"] = _gw_request.context
if "user" not in _gw_env:
    _gw_env["user"] = _gw_request.user
if "http_request" not in _gw_env and _gw_request.http_request is not None:
    _gw_env["http_request"] = _gw_request.http_request


def _gw_finish(value):
    passing = _gw_bool(_gw_t(value))
    return (_gw_clean(value, 0), passing, _gw_clean(_gw_messages, 0), _gw_clean(_gw_context, 0))

