//! What the peer's flow executor was recorded to answer, asked again here.
//!
//! Each recording is replayed with a browser of its own against the peer's defaults and the probe blueprints.
//! Answers are alike when status, component, members, error codes and every stable value agree; [`DIFFERENT`] lists
//! what is different on purpose. Recordings of stages that come later are not in [`REPLAYED`] yet.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value as Json};

use crate::support::client::Client;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;
use crate::support::shared;

/// The recordings whose stages are all there.
const REPLAYED: &[&str] = &[
    "csrf_missing_while_logged_in",
    "get_twice",
    "login_empty_identification",
    "login_next_absolute",
    "login_next_relative",
    "login_success",
    "login_unknown_user",
    "login_wrong_password",
    "login_wrong_password_exhausted",
    "logout",
    "password_change",
    "post_wrong_component",
    "unknown_flow_slug",
    "user_settings",
    "x_consent",
    "x_deny",
    "x_empty",
    "x_ident_password",
    "x_inv_retry",
    "x_mfa_deny",
    "x_policy_any",
    "x_policy_deny",
    "x_policy_negate",
    "x_redirect_static",
];

/// Exchanges (recording, number) that differ on purpose, and why.
const DIFFERENT: &[(&str, usize, &str)] = &[
    ("login_next_absolute", 0, "a bad `next` is refused before anybody logs in, not after"),
    ("login_next_absolute", 1, "so there is nothing to answer"),
    ("login_next_absolute", 2, "and nobody is logged in"),
    ("logout", 3, "a GET does not log out: it asks for one click"),
    ("logout", 4, "so the session is still there"),
    ("logout", 5, "and the GET asks again"),
    ("unknown_flow_slug", 0, "the page that is not there is JSON for a client of the API"),
    ("x_ident_password", 2, "wrong passwords on the identification page count, too"),
    ("unknown_flow_slug", 1, "a POST to a flow that is not there is 404 like its GET"),
];

/// Probe blueprints that are mistakes here: an expression with a name that does not exist is found by `check`.
const MISTAKEN: &[&str] = &["x-prompt-expr.yaml"];

/// Members whose values differ from run to run, or are each product's own: compared by type.
const VOLATILE: &[&str] = &["pk", "uid", "token", "request_id", "pending_user_avatar", "background", "avatar"];
const OWN: &[&str] = &["system_permissions"];

/// One exchange; a chain of redirects is folded into what it ends with.
struct Exchange {
    method: String,
    url: String,
    request: Json,
    status: u64,
    body: Json,
}

fn recording(path: &Path) -> Vec<Exchange> {
    let items: Vec<Map<String, Json>> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut folded: Vec<Exchange> = Vec::new();
    for item in items.into_iter().filter(|item| item["method"] != "NOTE") {
        let (status, body) = (item["status"].as_u64().unwrap(), item["response_body"].clone());
        match folded.last_mut() {
            Some(last) if item.get("note").is_some_and(|note| note == "follow of the redirect") => {
                (last.status, last.body) = (status, body);
            }
            _ => folded.push(Exchange {
                method: item["method"].as_str().unwrap().to_owned(),
                url: item["url"].as_str().unwrap().to_owned(),
                request: item.get("request_body").cloned().unwrap_or_default(),
                status,
                body,
            }),
        }
    }
    folded
}

/// A value without what changes from run to run.
fn stable(value: &Json, key: &str) -> Json {
    match value {
        _ if OWN.contains(&key) => Json::Null,
        Json::Null => Json::Null,
        Json::Bool(_) if VOLATILE.contains(&key) => "a truth value".into(),
        Json::Number(_) if VOLATILE.contains(&key) => "a number".into(),
        Json::String(_) if VOLATILE.contains(&key) => "a text".into(),
        // The administrator's display name is ours.
        Json::String(name) if key == "name" && name == "Gatewright administrator" => "authentik Default Admin".into(),
        Json::Array(items) => items.iter().map(|item| stable(item, key)).collect(),
        Json::Object(members) => members.iter().map(|(name, member)| (name.clone(), stable(member, name))).collect(),
        other => other.clone(),
    }
}

/// Error codes by field; the texts of errors are the products' own.
fn codes(body: &Map<String, Json>) -> BTreeMap<String, Vec<Json>> {
    let Some(Json::Object(errors)) = body.get("response_errors") else { return BTreeMap::new() };
    let code = |error: &Json| error["code"].clone();
    errors.iter().map(|(field, all)| (field.clone(), all.as_array().unwrap().iter().map(code).collect())).collect()
}

fn difference(expected: &Exchange, status: u64, got: &Json) -> Option<String> {
    if expected.status != status {
        return Some(format!("status {} / {status}", expected.status));
    }
    let (Json::Object(expected), Json::Object(got)) = (&expected.body, got) else {
        let same_kind = std::mem::discriminant(&expected.body) == std::mem::discriminant(got);
        return (!same_kind).then(|| "another kind of body".to_owned());
    };
    if codes(expected) != codes(got) {
        return Some(format!("errors {:?} / {:?}", codes(expected), codes(got)));
    }
    let names = expected.keys().chain(got.keys()).filter(|name| *name != "response_errors");
    names.into_iter().find_map(|name| match (expected.get(name), got.get(name)) {
        (Some(expected), Some(got)) if stable(expected, name) == stable(got, name) => None,
        (expected, got) => Some(format!("`{name}`: {expected:?} / {got:?}")),
    })
}

#[tokio::test]
async fn the_executor_answers_as_it_was_recorded() {
    let Some(shared) = shared("the_executor_answers_as_it_was_recorded") else { return };
    let transcripts = shared.join("transcripts");
    let sandbox = Sandbox::new();
    let probes = sandbox.path().join("probes");
    std::fs::create_dir(&probes).unwrap();
    for probe in std::fs::read_dir(transcripts.join("blueprints")).unwrap().map(Result::unwrap) {
        if !MISTAKEN.iter().any(|name| probe.file_name() == *name) {
            let text = std::fs::read_to_string(probe.path()).unwrap();
            std::fs::write(probes.join(probe.file_name()), text).unwrap();
        }
    }
    let default = shared.join("corpus/peer/default");
    // The identification probe links to the flows of two examples.
    for example in ["flows-enrollment-2-stage.yaml", "flows-recovery-email-verification.yaml"] {
        let text = std::fs::read_to_string(shared.join("corpus/peer/example").join(example)).unwrap();
        std::fs::write(probes.join(example), text).unwrap();
    }
    let folders = [
        "--blueprints",
        default.to_str().unwrap(),
        "--blueprints",
        probes.to_str().unwrap(),
        "--include",
        "**/flows-*.yaml",
    ];
    let administrator =
        [("GATEWRIGHT_BOOTSTRAP_PASSWORD", "akadmin-Passw0rd"), ("GATEWRIGHT_BOOTSTRAP_EMAIL", "root@example.com")];
    let server = Server::start(&sandbox, &folders, &administrator);

    let mut unlike = Vec::new();
    for name in REPLAYED {
        let client = Client::new(&server.url);
        for (number, exchange) in recording(&transcripts.join(format!("{name}.json"))).iter().enumerate() {
            let csrf = *name != "csrf_missing_while_logged_in";
            let (status, body) = client.replay(&exchange.method, &exchange.url, &exchange.request, csrf).await;
            let why = difference(exchange, status, &body);
            let known = DIFFERENT.iter().find(|(recording, at, _)| recording == name && *at == number);
            match (why, known) {
                (None, Some((_, _, reason))) => {
                    unlike.push(format!("{name}[{number}] is alike, not as listed: {reason}"))
                }
                (Some(why), None) => {
                    unlike.push(format!("{name}[{number}] {} {}: {why}", exchange.method, exchange.url))
                }
                (None, None) | (Some(_), Some(_)) => {}
            }
        }
    }
    assert!(unlike.is_empty(), "\n{}", unlike.join("\n"));
}
