# Functions of the seed and the builtins that would miss the truth of an instance. See `core.py` for the format.

#: len
def len(x):
    return _gw_len(x._gw_items if _gw_type(x) is QuerySet else x)


#: bool
def bool(x=False):
    return _gw_bool(_gw_t(x))


#: any
def any(values):
    for value in values:
        if _gw_t(value):
            return True
    return False


#: all
def all(values):
    for value in values:
        if not _gw_t(value):
            return False
    return True


#: filter
def filter(test, values):
    if test is None:
        return _gw_iter([value for value in values if _gw_t(value)])
    return _gw_iter([value for value in values if _gw_t(test(value))])


#: type
# The three-argument form would make classes whose instances are always true.
def type(x):
    return _gw_type(x)


#: pow
_gw_pow = pow
_gw_modulus = 1 << 4096


def pow(base, exp, mod=None):
    if mod is None:
        return _gw_power(base, exp)
    for number in (base, exp, mod):
        if _gw_type(number) is int and (number > _gw_modulus or number < -_gw_modulus):
            raise OverflowError("the number is too large")
    return _gw_pow(base, exp, mod)


#: divmod
_gw_divmod = divmod


def divmod(a, b):
    return _gw_divmod(_gw_small(a), _gw_small(b))


#: _gw_mod
def _gw_mod(a, b):
    if _gw_type(a) is str:
        return _gw_formatted(a, b)
    return _gw_small(a) % _gw_small(b)


# `%` on a text, as Python's own.
class _gw_Format:
    def __init__(self, text, values):
        self.text = text
        self.values = values
        self.used = 0
        self.at = 0
        self.named = False

    def next(self):
        if _gw_type(self.values) is tuple:
            if self.used >= _gw_len(self.values):
                raise TypeError("not enough arguments for format string")
            self.used += 1
            return self.values[self.used - 1]
        if self.used > 0:
            raise TypeError("not enough arguments for format string")
        self.used = 1
        return self.values

    def number(self):
        if self.text[self.at : self.at + 1] == "*":
            self.at += 1
            found = self.next()
            if _gw_type(found) is not int:
                raise TypeError("* wants int")
            return found
        found = ""
        while self.text[self.at : self.at + 1] in _gw_digits:
            found += self.text[self.at]
            self.at += 1
        return int(found) if found != "" else None

    def field(self):
        value = None
        named = self.text[self.at : self.at + 1] == "("
        if named:
            end = self.text.find(")", self.at)
            if end < 0:
                raise ValueError("incomplete format key")
            if _gw_type(self.values) is not dict:
                raise TypeError("format requires a mapping")
            value = self.values[self.text[self.at + 1 : end]]
            self.named = True
            self.at = end + 1
        flags = ""
        while self.text[self.at : self.at + 1] in _gw_flags:
            flags += self.text[self.at]
            self.at += 1
        width = self.number()
        precision = None
        if self.text[self.at : self.at + 1] == ".":
            self.at += 1
            precision = self.number() or 0
        while self.text[self.at : self.at + 1] in _gw_lengths:
            self.at += 1
        kind = self.text[self.at : self.at + 1]
        if kind == "":
            raise ValueError("incomplete format")
        self.at += 1
        if kind == "%":
            return "%"
        if (width or 0) > _gw_room or (precision or 0) > 4096:
            raise MemoryError("the text is too large")
        if width is not None and width < 0:
            flags += "-"
            width = -width
        sign, shown, numeric = _gw_shown(kind, value if named else self.next(), flags, precision)
        missing = (width or 0) - _gw_len(sign) - _gw_len(shown)
        if missing <= 0:
            return sign + shown
        if "-" in flags:
            return sign + shown + " " * missing
        if "0" in flags and numeric:
            return sign + "0" * missing + shown
        return " " * missing + sign + shown


_gw_digits = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
_gw_flags = ("#", "0", "-", " ", "+")
_gw_lengths = ("h", "l", "L")


def _gw_shown(kind, value, flags, precision):
    if kind in ("s", "r", "a"):
        shown = str(_gw_light(value)) if kind == "s" else repr(_gw_light(value))
        return "", (shown if precision is None else shown[:precision]), False
    if kind == "c":
        return "", (value if _gw_type(value) is str else chr(value)), False
    if kind not in ("d", "i", "u", "x", "X", "o", "e", "E", "f", "F", "g", "G"):
        raise ValueError("unsupported format character '" + kind + "'")
    whole = _gw_type(value) in (int, _gw_bool)
    if not whole and _gw_type(value) is not float:
        wanted = "an integer" if kind in ("x", "X", "o") else "a real number"
        raise TypeError("%" + kind + " format: " + wanted + " is required, not " + _gw_type(value).__name__)
    sign = "-" if value < 0 else ("+" if "+" in flags else (" " if " " in flags else ""))
    if kind in ("d", "i", "u"):
        shown = str(abs(int(value)))
    elif kind in ("x", "X", "o"):
        if not whole:
            raise TypeError("%" + kind + " format: an integer is required, not float")
        shown = oct(abs(int(value)))[2:] if kind == "o" else hex(abs(int(value)))[2:]
        if kind == "X":
            shown = shown.upper()
        if "#" in flags:
            sign += "0" + kind
    else:
        spec = "{:." + str(6 if precision is None else precision) + kind + "}"
        return sign, spec.format(abs(float(value))), True
    if precision is not None and _gw_len(shown) < precision:
        shown = "0" * (precision - _gw_len(shown)) + shown
    return sign, shown, True


def _gw_formatted(text, values):
    made = []
    state = _gw_Format(text, values)
    while True:
        found = text.find("%", state.at)
        if found < 0:
            made.append(text[state.at :])
            break
        made.append(text[state.at : found])
        state.at = found + 1
        made.append(_gw_v(state.field()))
    if not state.named and _gw_type(values) is not dict:
        count = _gw_len(values) if _gw_type(values) is tuple else 1
        if state.used < count:
            raise TypeError("not all arguments converted during string formatting")
    return _gw_join("", made)


#: ak_message
def ak_message(message):
    _gw_messages.append(str(message))


#: SkipObject
SkipObject = NotADirectoryError

#: _gw_DoesNotExist
_gw_DoesNotExist = IsADirectoryError

#: _gw_ValidationError
_gw_ValidationError = FileExistsError

#: regex_match
def regex_match(value, regex):
    return _gw_regex_match(value, regex)


#: regex_replace
def regex_replace(value, regex, repl):
    return _gw_regex_replace(value, regex, repl)


#: list_flatten
def list_flatten(value):
    if _gw_type(value) is QuerySet:
        value = value._gw_items
    if _gw_type(value) is list:
        return value[0] if _gw_len(value) > 0 else None
    return value


#: slugify
def slugify(value, allow_unicode=False):
    return _gw_slugify(str(value))


#: ak_user_by
def ak_user_by(**filters):
    return _gw_call("ak_user_by", [], filters)


#: ak_is_group_member
def ak_is_group_member(user, **group_filters):
    return _gw_call("ak_is_group_member", [user], group_filters)


#: ak_obj_attr
def ak_obj_attr(obj, key, fallback=None):
    value = getattr(obj, "attributes", {})
    for part in key.split("."):
        value = value.get(part) if _gw_type(value) is dict else None
    if value is None and fallback is not None:
        return getattr(obj, fallback)
    return value


#: ak_logger
class _gw_Logger:
    def _gw_log(self, *args, **kwargs):
        return None

    debug = _gw_log
    info = _gw_log
    warning = _gw_log
    error = _gw_log
    critical = _gw_log
    exception = _gw_log

    def bind(self, *args, **kwargs):
        return self


ak_logger = _gw_Logger()

#: requests
class _gw_Requests:
    def request(self, *args, **kwargs):
        return _gw_call("requests", args, kwargs)

    get = request
    post = request
    put = request
    patch = request
    delete = request
    head = request
    options = request


requests = _gw_Requests()

#: _gw_User
class _gw_Users:
    def get(self, **filters):
        found = _gw_call("ak_user_by", [], filters)
        if found is None:
            raise IsADirectoryError("User matching query does not exist.")
        return found

    def filter(self, **filters):
        return _gw_Found("ak_user_by", filters)


# A query that is only asked for its first object: the host answers no more than that.
class _gw_Found:
    def __init__(self, function, filters):
        self._gw_function = function
        self._gw_filters = filters

    def filter(self, **filters):
        return _gw_Found(self._gw_function, {**self._gw_filters, **filters})

    def first(self):
        return _gw_call(self._gw_function, [], self._gw_filters)

    def exists(self):
        return self.first() is not None

    def _gw_truth(self):
        return self if self.exists() else []


User.objects = _gw_Users()
_gw_User = User

#: _gw_Remote
class _gw_Remote:
    def __init__(self, name):
        self._gw_name = name
        self.objects = self
        self.DoesNotExist = IsADirectoryError

    def get(self, *args, **kwargs):
        return _gw_call(self._gw_name, args, kwargs)

    filter = get
    all = get
    exclude = get
    create = get
    first = get
    get_or_create = get
    update_or_create = get
    _gw_truth = get


#: _gw_Group needs _gw_Remote
Group.objects = _gw_Remote("Group")
_gw_Group = Group

#: _gw_Flow
class _gw_Flows:
    def filter(self, **filters):
        return _gw_FlowFilter(filters)


class _gw_FlowFilter:
    def __init__(self, filters):
        self._gw_filters = filters

    def update(self, **fields):
        if list(self._gw_filters.keys()) != ["slug"]:
            raise ValueError("a flow is found by its slug")
        return _gw_call("flow_update", [self._gw_filters["slug"]], fields)

    def _gw_truth(self):
        raise PermissionError("flows cannot be queried")


class _gw_Flow:
    objects = _gw_Flows()


#: _gw_FlowAuthenticationRequirement
class _gw_FlowAuthenticationRequirement:
    NONE = "none"
    REQUIRE_AUTHENTICATED = "require_authenticated"
    REQUIRE_UNAUTHENTICATED = "require_unauthenticated"
    REQUIRE_SUPERUSER = "require_superuser"
    REQUIRE_REDIRECT = "require_redirect"
    REQUIRE_OUTPOST = "require_outpost"


#: _gw_FlowDesignation
class _gw_FlowDesignation:
    AUTHENTICATION = "authentication"
    AUTHORIZATION = "authorization"
    INVALIDATION = "invalidation"
    ENROLLMENT = "enrollment"
    UNRENOLLMENT = "unenrollment"
    RECOVERY = "recovery"
    STAGE_CONFIGURATION = "stage_configuration"


#: _gw_UserTypes
class _gw_UserTypes:
    INTERNAL = "internal"
    EXTERNAL = "external"
    SERVICE_ACCOUNT = "service_account"
    INTERNAL_SERVICE_ACCOUNT = "internal_service_account"


#: _gw_PolicyResult
_gw_made_result = PolicyResult


def _gw_PolicyResult(passing, *messages):
    made = _gw_made_result()
    made.passing = passing
    made.messages = list(messages)
    made.raw_result = None
    made._gw_fields = ["passing", "messages", "raw_result"]
    return made


#: _gw_now
from datetime import datetime as _gw_datetime, timezone as _gw_timezone


def _gw_now():
    return _gw_datetime.now(_gw_timezone.utc)


#: ip_address
class IPAddress:
    def __init__(self, fields):
        for name in fields:
            setattr(self, name, fields[name])
        self._gw_number = int(self._gw_digits)

    def __eq__(self, other):
        return (
            _gw_type(other) is IPAddress and self.version == other.version and self._gw_number == other._gw_number
        )

    def __hash__(self):
        return hash(self._gw_number)

    def __str__(self):
        return self.compressed

    def __repr__(self):
        return "IPv" + str(self.version) + "Address('" + self.compressed + "')"


class IPNetwork:
    def __init__(self, fields):
        for name in fields:
            setattr(self, name, fields[name])
        self.network_address = IPAddress(self.network_address)
        self.broadcast_address = IPAddress(self.broadcast_address)
        self.netmask = IPAddress(self.netmask)
        self.num_addresses = self.broadcast_address._gw_number - self.network_address._gw_number + 1
        self.with_prefixlen = self.compressed

    def __eq__(self, other):
        return _gw_type(other) is IPNetwork and self.compressed == other.compressed

    def __hash__(self):
        return hash(self.compressed)

    def __contains__(self, item):
        if _gw_type(item) is not IPAddress:
            raise TypeError("'in' takes an IP address")
        return (
            self.version == item.version
            and self.network_address._gw_number <= item._gw_number
            and item._gw_number <= self.broadcast_address._gw_number
        )

    def __str__(self):
        return self.compressed

    def __repr__(self):
        return "IPv" + str(self.version) + "Network('" + self.compressed + "')"

    def overlaps(self, other):
        return self.network_address in other or other.network_address in self

    def subnet_of(self, other):
        return self.network_address in other and self.broadcast_address in other

    def supernet_of(self, other):
        return other.subnet_of(self)


def ip_address(address):
    if _gw_type(address) is int:
        return IPAddress(_gw_ip_number(0, str(address)))
    return IPAddress(_gw_ip(str(address)))


def ip_network(address, strict=True):
    return IPNetwork(_gw_ip_network(str(address), _gw_bool(strict)))


# The interpreter has no `__lt__` and no `__add__`: where an expression speaks of addresses, the compile step turns the
# operators into these.
def _gw_n(x):
    if _gw_type(x) is IPAddress:
        return (x.version, x._gw_number)
    if _gw_type(x) is IPNetwork:
        return (x.version, x.network_address._gw_number, x.prefixlen)
    return x


def _gw_add(a, b):
    if _gw_type(a) is IPAddress:
        return IPAddress(_gw_ip_number(a.version, str(a._gw_number + b)))
    return a + b


def _gw_sub(a, b):
    if _gw_type(a) is IPAddress:
        return IPAddress(_gw_ip_number(a.version, str(a._gw_number - b)))
    return a - b


#: ip_network needs ip_address
_gw_networks = ip_network

#: ak_client_ip needs ip_address
_gw_env["ak_client_ip"] = ip_address(_gw_env["_gw_client_ip"])
