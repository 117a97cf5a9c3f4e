//! The names that an expression of each kind has.
//!
//! Data only. What the functions do is in `prelude/`; which modules can be imported is in `imports`.

use crate::Kind;

/// Where a name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A variable of the evaluation: `request`, `context`, `ldap`, …
    Variable,
    /// A part of the prelude.
    Prelude,
    /// A function that this version has no body for: the host is asked, and refuses.
    Host,
    /// The interpreter's own.
    Builtin,
}

const POLICY: &[&str] = &["request", "context", "http_request", "ak_is_sso_flow", "ak_client_ip"];
const MAPPING: &[&str] = &[
    "request",
    "user",
    "http_request",
    "ldap",
    "dn",
    "source",
    "principal",
    "connection",
    "group",
    "provider",
    "token",
    "client",
    "properties",
    "prompt_context",
    "info",
    "oauth_userinfo",
    "access_token",
    "auth_api",
    "root",
    "name_id",
    "data",
    "packet",
    "notification",
    "endpoint",
    "application",
    "creating",
    "parent",
    "group_id",
    "identifier",
    "session",
    "user_info",
    "userinfo",
    "assertion",
    "schema",
];

/// Functions of every kind that the prelude has.
const FUNCTIONS: &[&str] = &[
    "regex_match",
    "regex_replace",
    "list_flatten",
    "slugify",
    "ak_user_by",
    "ak_is_group_member",
    "ak_obj_attr",
    "ak_logger",
    "ip_address",
    "ip_network",
];
/// Functions of every kind that go to the host as they are.
const HOST: &[&str] = &[
    "ak_call_policy",
    "ak_create_event",
    "ak_create_jwt",
    "ak_create_jwt_raw",
    "ak_send_email",
    "ak_user_has_authenticator",
    "resolve_dns",
    "reverse_dns",
    "requests",
];
/// Builtins that the prelude replaces, because the interpreter's do not see whether an instance is true.
/// Two more because the interpreter's clock does not run within them.
const SHADOWED: &[&str] = &["len", "bool", "any", "all", "filter", "type", "pow", "divmod"];
const BUILTINS: &[&str] = &[
    "abs",
    "bin",
    "bytes",
    "chr",
    "dict",
    "enumerate",
    "float",
    "frozenset",
    "getattr",
    "hasattr",
    "hash",
    "hex",
    "id",
    "int",
    "isinstance",
    "iter",
    "list",
    "map",
    "max",
    "min",
    "next",
    "object",
    "oct",
    "ord",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "slice",
    "sorted",
    "str",
    "sum",
    "tuple",
    "zip",
    "Ellipsis",
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "Exception",
    "ImportError",
    "IndexError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PermissionError",
    "RecursionError",
    "RuntimeError",
    "StopIteration",
    "SyntaxError",
    "SystemExit",
    "TimeoutError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "ValueError",
    "ZeroDivisionError",
];

/// Whether the names of a kind hold `name`, and where it comes from.
pub(crate) fn origin(kind: Kind, name: &str) -> Option<Origin> {
    if is_variable(kind, name) {
        return Some(Origin::Variable);
    }
    if FUNCTIONS.contains(&name) || SHADOWED.contains(&name) || own(kind).contains(&name) {
        return Some(Origin::Prelude);
    }
    if HOST.contains(&name) {
        return Some(Origin::Host);
    }
    BUILTINS.contains(&name).then_some(Origin::Builtin)
}

/// Whether `name` is a variable of the evaluation.
pub(crate) fn is_variable(kind: Kind, name: &str) -> bool {
    match kind {
        Kind::Policy => POLICY.contains(&name),
        Kind::Prompt => POLICY.contains(&name) || name == "user" || name == "prompt_context",
        Kind::Mapping => MAPPING.contains(&name),
    }
}

fn own(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Policy => &["ak_message"],
        Kind::Prompt => &["ak_message", "SkipObject"],
        Kind::Mapping => &["SkipObject"],
    }
}

/// The name of the kind that is nearest to one that it does not have.
pub(crate) fn nearest(kind: Kind, name: &str) -> Option<&'static str> {
    let variables: &[&str] = if kind == Kind::Mapping { MAPPING } else { POLICY };
    let prompt: &[&str] = if kind == Kind::Prompt { &["user", "prompt_context"] } else { &[] };
    let all = [variables, prompt, own(kind), FUNCTIONS, HOST, SHADOWED, BUILTINS];
    closest(name, all.into_iter().flatten().copied())
}

/// The nearest of some names, when it is near enough to be what was meant.
pub(crate) fn closest<'n>(name: &str, among: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let (distance, found) = among
        .map(|candidate| (strsim::damerau_levenshtein(&name.to_lowercase(), &candidate.to_lowercase()), candidate))
        .min()?;
    (distance * 3 <= name.chars().count().max(3)).then_some(found)
}

/// What to do instead, for names that people expect but that are not there.
pub(crate) fn advice(kind: Kind, name: &str) -> Option<&'static str> {
    match (kind, name) {
        (Kind::Policy, "user") => Some("policies reach the user as `request.user`"),
        (Kind::Policy | Kind::Prompt, "geoip") => Some("it is `context[\"geoip\"]`"),
        (Kind::Policy | Kind::Prompt, "asn") => Some("it is `context[\"asn\"]`"),
        (Kind::Policy | Kind::Prompt, "prompt_data") => Some("it is `request.context.get(\"prompt_data\")`"),
        (Kind::Policy | Kind::Prompt, "flow_plan") => Some("it is `request.context.get(\"flow_plan\")`"),
        (Kind::Policy, "prompt_context") => Some("only the expressions of prompts have it"),
        (Kind::Policy, "SkipObject") => Some("only property mappings can be skipped; return `False` instead"),
        (Kind::Mapping, "context") => Some("mappings reach it as `request.context`"),
        (Kind::Mapping, "ak_message" | "ak_is_sso_flow" | "ak_client_ip") => Some("only policies and prompts have it"),
        (_, "eval" | "exec" | "compile" | "open" | "input" | "__import__" | "globals" | "locals" | "vars") => {
            Some("expressions run in a sandbox that does not have it")
        }
        (_, "setattr" | "delattr") => Some("assign the attribute directly"),
        (_, "issubclass" | "callable" | "super" | "format" | "dir" | "complex" | "bytearray" | "memoryview") => {
            Some("this builtin is not supported")
        }
        (_, "true") => Some("did you mean `True`?"),
        (_, "false") => Some("did you mean `False`?"),
        (_, "null" | "none" | "nil" | "undefined") => Some("did you mean `None`?"),
        (_, "User" | "Group") => Some("import it from `authentik.core.models`"),
        _ => None,
    }
}
