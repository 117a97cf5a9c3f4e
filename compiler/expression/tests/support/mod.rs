//! A world for expressions: three scenarios of input, and a host that knows a few users.
#![allow(dead_code, reason = "not every test file uses everything")]

use std::sync::Mutex;

use gatewright_expression::{Call, Class, Host, HostError, Input, Value};

/// A string value.
pub(crate) fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

/// A map value.
pub(crate) fn map<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::Map(fields(pairs))
}

fn fields<const N: usize>(pairs: [(&str, Value); N]) -> Vec<(String, Value)> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A group.
pub(crate) fn group(number: i64, name: &str) -> Value {
    let own = [
        ("pk", text(&format!("00000000-0000-0000-0000-{number:012}"))),
        ("num_pk", Value::Int(number)),
        ("name", text(name)),
        ("is_superuser", Value::Bool(name == "admins")),
        ("attributes", map([("level", Value::Int(number))])),
    ];
    Value::Object(Class::Group, fields(own))
}

/// A user.
pub(crate) fn user(pk: i64, username: &str, groups: Vec<Value>) -> Value {
    let own = [
        ("pk", Value::Int(pk)),
        ("uuid", text(&format!("00000000-0000-0000-0001-{pk:012}"))),
        ("uid", text(&format!("uid-{pk}"))),
        ("username", text(username)),
        ("name", text("Jane van Doe")),
        ("email", text(&format!("{username}@example.org"))),
        ("is_active", Value::Bool(true)),
        ("is_authenticated", Value::Bool(true)),
        ("is_superuser", Value::Bool(false)),
        ("type", text("internal")),
        ("path", text("users")),
        ("attributes", map([("settings", map([("locale", text("de"))])), ("upn", text("jane@corp.example"))])),
        ("group_attributes", map([("goauthentik.io/user/can-change-email", Value::Bool(false))])),
        ("groups", Value::List(groups)),
        ("has_usable_password", Value::Bool(true)),
        ("avatar", text("https://example.org/a.png")),
        ("password", text("!")),
        ("saved", Value::Bool(true)),
    ];
    Value::Object(Class::User, fields(own))
}

/// Nobody.
pub(crate) fn anonymous() -> Value {
    let own = [
        ("pk", Value::Null),
        ("username", text("")),
        ("name", text("")),
        ("email", text("")),
        ("is_active", Value::Bool(false)),
        ("is_authenticated", Value::Bool(false)),
        ("is_superuser", Value::Bool(false)),
        ("attributes", map([])),
        ("group_attributes", map([])),
        ("groups", Value::List(vec![])),
        ("has_usable_password", Value::Bool(false)),
        ("saved", Value::Bool(false)),
    ];
    Value::Object(Class::User, fields(own))
}

/// A value with an entry more.
pub(crate) fn with(value: Value, name: &str, entry: Value) -> Value {
    match value {
        Value::Map(mut own) => {
            own.push((name.to_owned(), entry));
            Value::Map(own)
        }
        Value::Object(class, mut own) => {
            own.push((name.to_owned(), entry));
            Value::Object(class, own)
        }
        other => other,
    }
}

/// The request of a browser.
pub(crate) fn http_request() -> Value {
    let tenant = map([
        ("default_user_change_email", Value::Bool(false)),
        ("default_user_change_name", Value::Bool(true)),
        ("default_user_change_username", Value::Bool(false)),
    ]);
    let own = [
        ("path", text("/if/flow/test/")),
        ("method", text("GET")),
        ("GET", map([("next", text("/"))])),
        ("META", map([("HTTP_HOST", text("login.example.org")), ("HTTP_USER_AGENT", text("test"))])),
        ("tenant", tenant),
        ("brand", map([("branding_title", text("Gatewright"))])),
    ];
    Value::Object(Class::HttpRequest, fields(own))
}

/// A context with a plan that holds the same things.
pub(crate) fn planned<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    let mut context = fields(pairs);
    let plan = fields([("context", Value::Map(context.clone())), ("slug", text("test"))]);
    context.push(("flow_plan".to_owned(), Value::Object(Class::FlowPlan, plan)));
    Value::Map(context)
}

/// The input of a scenario by name.
pub(crate) fn scenario(name: &str) -> Input {
    let jane = || user(7, "jane", vec![group(1, "staff"), group(2, "admins")]);
    let extra = |value: Value| {
        vec![
            ("prompt_context".to_owned(), map([("username", text("jane"))])),
            ("ldap".to_owned(), map([("uid", text("jane")), ("sn", Value::List(vec![text("Doe"), text("D")]))])),
            ("dn".to_owned(), text("cn=Jane,ou=People,dc=example,dc=org")),
            ("principal".to_owned(), text("host/jane@EXAMPLE.ORG")),
            ("source".to_owned(), map([("realm", text("example.org"))])),
            ("connection".to_owned(), value),
            ("group".to_owned(), group(1, "staff")),
        ]
    };
    match name {
        "rich" => Input {
            user: jane(),
            http_request: http_request(),
            context: planned([
                ("pending_user", with(jane(), "backend", text("inbuilt"))),
                ("prompt_data", map([("email", text("other@example.org")), ("password", text("p"))])),
                ("auth_method", text("password")),
                ("is_restored", Value::Bool(false)),
            ]),
            extra: extra(Value::Null),
            client_ip: Some("192.0.2.17".parse().unwrap()),
            is_sso_flow: true,
            ..Input::default()
        },
        "pending" => Input {
            user: jane(),
            http_request: http_request(),
            context: planned([("pending_user", jane()), ("prompt_data", map([("email", text("jane@example.org"))]))]),
            extra: extra(Value::Null),
            client_ip: Some("2001:db8::1".parse().unwrap()),
            ..Input::default()
        },
        "anonymous" => {
            Input { user: anonymous(), http_request: http_request(), context: planned([]), ..Input::default() }
        }
        "bare" => Input { user: anonymous(), ..Input::default() },
        other => panic!("no scenario {other}"),
    }
}

/// A host that knows `akadmin` and `jane`, and remembers what it was asked.
#[derive(Default)]
pub(crate) struct TestHost {
    pub(crate) calls: Mutex<Vec<Call>>,
}

#[async_trait::async_trait]
impl Host for TestHost {
    async fn call(&self, call: Call) -> Result<Value, HostError> {
        self.calls.lock().unwrap().push(call.clone());
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        let wanted = |name: &str| call.kwargs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        match call.function.as_str() {
            "ak_user_by" => match wanted("username") {
                Some(Value::String(name)) if name == "akadmin" => {
                    Ok(with(user(1, "akadmin", vec![group(2, "admins")]), "marker", Value::Bool(true)))
                }
                Some(Value::String(name)) if name == "broken" => Err(HostError::Internal("database down".to_owned())),
                _ if wanted("nickname").is_some() => Err(HostError::Value("cannot resolve `nickname`".to_owned())),
                _ => Ok(Value::Null),
            },
            "ak_is_group_member" => {
                let Some(Value::Object(Class::User, own)) = call.args.first() else {
                    return Err(HostError::Type("not a user".to_owned()));
                };
                let groups = own.iter().find(|(name, _)| name == "groups").map(|(_, groups)| format!("{groups:?}"));
                let name = wanted("name").unwrap_or_default();
                Ok(Value::Bool(groups.is_some_and(|groups| groups.contains(&format!("{name:?}")))))
            }
            "flow_update" => Ok(Value::Int(1)),
            other => Err(HostError::Permission(format!("{other} is not available in this version"))),
        }
    }
}
