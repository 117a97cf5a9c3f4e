//! Flows as JSON.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::json;

use super::site::{PASSWORD, Site};

const LOGIN: &str = "/api/v3/flows/executor/login/?query=";
const FORM: &str = "application/x-www-form-urlencoded";
const ME: &str = "/api/v3/core/users/me/";

#[tokio::test]
async fn a_get_without_a_session_writes_no_row() {
    let site = Site::new().await;
    let mut client = site.client();
    for path in [LOGIN, "/if/flow/login/", "/if/flow/out/", "/flows/-/cancel/", "/", "/if/user/", "/if/flow/form/"] {
        client.get(path).await;
    }
    assert!(!client.cookies.contains_key("__Host-gatewright_session"));
    assert_eq!(site.rows().await, 0);
}

#[tokio::test]
async fn logging_in_and_out() {
    let site = Site::new().await;
    let mut client = site.client();
    let shown = client.get(LOGIN).await;
    assert_eq!((shown.status, shown.component().as_str()), (200, "ak-stage-identification"));
    let solved = client.post_json(LOGIN, &json!({ "uid_field": "akadmin" })).await;
    assert_eq!((solved.status, solved.header("location")), (302, LOGIN));
    let anonymous = client.cookies["__Host-gatewright_session"].clone();
    assert!(!client.cookies.contains_key("__Host-gatewright_flow"));
    assert_eq!(client.get(LOGIN).await.component(), "ak-stage-password");
    let wrong = client.post_json(LOGIN, &json!({ "password": "wrong" })).await;
    assert_eq!(wrong.json()["response_errors"]["password"][0]["code"], "invalid");
    let done = client.post_json(LOGIN, &json!({ "password": PASSWORD })).await;
    assert_eq!(done.json(), json!({ "component": "xak-flow-redirect", "to": "/" }));
    assert_ne!(client.cookies["__Host-gatewright_session"], anonymous);
    let me = client.get(ME).await.json();
    assert_eq!(me["user"]["username"], "akadmin");
    assert_eq!(me["user"]["is_superuser"], true);

    let out = "/api/v3/flows/executor/out/?query=";
    let asked = client.get(out).await;
    assert_eq!(asked.component(), "ak-stage-consent");
    let client_before = client.clone();
    let csrf = client.cookies["gatewright_csrf"].clone();
    let mut client = client.with("X-authentik-CSRF", &csrf);
    let done = client.post_json(out, &json!({ "token": asked.json()["token"] })).await;
    assert_eq!(done.component(), "xak-flow-redirect", "{done:?}");
    assert!(!client.cookies.contains_key("__Host-gatewright_session"));
    let mut stolen = client_before;
    assert_eq!(stolen.get(ME).await.status, 403);
}

#[tokio::test]
async fn a_logged_in_post_needs_its_token() {
    let site = Site::new().await;
    let mut client = site.logged_in().await;
    let change = "/api/v3/flows/executor/default-password-change/?query=";
    assert_eq!(client.get(change).await.component(), "ak-stage-prompt");
    let answer = json!({ "password": "a new pass phrase", "password_repeat": "a new pass phrase" });
    assert_eq!(client.post_json(change, &answer).await.component(), "ak-stage-flow-error");
    let mut wrong = client.clone().with("X-authentik-CSRF", &"0".repeat(64));
    assert_eq!(wrong.post_json(change, &answer).await.component(), "ak-stage-flow-error");
    let csrf = client.cookies["gatewright_csrf"].clone();
    let mut right = client.with("X-Gatewright-CSRF", &csrf);
    let done = right.post_json(change, &answer).await;
    assert_eq!(done.component(), "xak-flow-redirect", "{done:?}");
    assert_eq!(right.get(ME).await.status, 200);
}

#[tokio::test]
async fn odd_bodies_are_answered_kindly() {
    let site = Site::new().await;
    let mut client = site.client();
    let list = client.post_json(LOGIN, &json!([1])).await.json();
    let text = "Invalid data. Expected a dictionary, but got list.";
    assert_eq!(list["response_errors"]["non_field_errors"][0]["string"], text);
    let null = client.post_json(LOGIN, &json!(null)).await.json();
    assert_eq!(null["response_errors"]["non_field_errors"][0]["string"], "No data provided");
    for (kind, body) in [("application/json", "{"), ("text/plain", "{}"), ("", "{}"), ("application/json", "")] {
        let reply = client.send("POST", LOGIN, kind, body).await;
        assert_eq!((reply.status, reply.component().as_str()), (200, "ak-stage-flow-error"), "{kind} {body}");
        assert_eq!(reply.json()["request_id"], reply.header("x-request-id"));
    }
    let empty = client.post_json(LOGIN, &json!({ "component": 5 })).await.json();
    assert_eq!(empty["response_errors"]["uid_field"][0]["code"], "required");
    let large = client.send("POST", LOGIN, "application/json", &format!("\"{}\"", "x".repeat(2_000_000))).await;
    assert_eq!((large.status, large.header("content-type")), (413, "application/json"));
    assert_eq!(large.json()["request_id"], large.header("x-request-id"));
    let page = client.send("POST", "/if/flow/login/", FORM, &"x".repeat(130 * 1024)).await;
    assert_eq!(page.status, 413);
    assert!(page.body.contains("This is too much") && page.body.contains("</html>"));
}

#[tokio::test]
async fn more_than_is_kept_is_refused_and_changes_nothing() {
    let site = Site::new().await;
    let mut client = site.client();
    let notes = "/api/v3/flows/executor/notes/?query=";
    assert_eq!(client.get(notes).await.component(), "ak-stage-prompt");
    // As much as a prompt takes; written as JSON each character of it is two.
    let most = "\"".repeat(60_000);
    let large = client.post_json(notes, &json!({ "note": most })).await;
    assert_eq!((large.status, large.component().as_str()), (200, "ak-stage-flow-error"));
    assert!(large.body.contains("larger than the server keeps"), "{}", large.body);
    let page = client.get("/if/flow/notes/").await;
    let body = format!("csrf={}&note={most}", page.hidden("csrf"));
    let page = client.send("POST", "/if/flow/notes/", FORM, &body).await;
    assert_eq!(page.status, 413);
    assert!(page.body.contains("Nothing was saved"), "{}", page.body);
    assert_eq!(site.rows().await, 0);
    assert_eq!(client.post_json(notes, &json!({ "note": "short" })).await.status, 302);
}

#[tokio::test]
async fn a_flow_that_no_cookie_can_hold_is_not_begun() {
    let site = Site::new().await;
    let mut client = site.client();
    let page = client.get("/if/flow/crowded/").await;
    assert_eq!(page.status, 500);
    assert!(page.body.contains("This flow cannot be shown") && !page.body.contains("<form"), "{}", page.body);
    let json = client.get("/api/v3/flows/executor/crowded/?query=").await;
    assert_eq!(json.component(), "ak-stage-flow-error");
    assert!(json.body.contains("more data than a browser keeps"));
    assert!(client.cookies.is_empty());
}

#[tokio::test]
async fn other_sites_and_unknown_flows() {
    let site = Site::new().await;
    let answer = json!({ "uid_field": "akadmin" });
    let mut foreign = site.client().with("Sec-Fetch-Site", "cross-site");
    assert_eq!(foreign.post_json(LOGIN, &answer).await.component(), "ak-stage-flow-error");
    let mut foreign = site.client().with("Origin", "https://evil.example");
    assert_eq!(foreign.post_json(LOGIN, &answer).await.component(), "ak-stage-flow-error");
    assert_eq!(site.rows().await, 0);
    let mut client = site.client();
    let unknown = "/api/v3/flows/executor/no-such/?query=";
    assert_eq!(client.get(unknown).await.status, 404);
    for odd in ["/api/v3/flows/executor/%ff/?query=", "/if/flow/%ff/"] {
        let reply = client.get(odd).await;
        assert_eq!(reply.status, 404, "{odd}");
        assert!(reply.body.contains("ot found.") || reply.body.contains("Page not found"), "{odd}: {}", reply.body);
    }
    assert_eq!(client.post_json(unknown, &answer).await.json(), json!({ "detail": "Not found." }));
    let put = client.send("PUT", LOGIN, "application/json", "{}").await;
    assert_eq!((put.status, put.header("allow")), (405, "GET,HEAD,POST"));
    assert_eq!(client.send("HEAD", LOGIN, "", "").await.status, 200);
}

#[tokio::test]
async fn next_is_followed_on_this_site_only() {
    let site = Site::new().await;
    for (next, component) in
        [("%2Fif%2Fuser%2F", "xak-flow-redirect"), ("%2F%2Fevil.example", "ak-stage-access-denied")]
    {
        let mut client = site.client();
        let url = format!("/api/v3/flows/executor/login/?query=next%3D{}", next.replace('%', "%25"));
        client.post_json(&url, &json!({ "uid_field": "root@example.org" })).await;
        let done = client.post_json(&url, &json!({ "password": PASSWORD })).await;
        assert_eq!(done.component(), component, "{done:?}");
    }
}

#[tokio::test]
async fn a_login_under_way_survives_another_process() {
    let site = Site::new().await;
    let mut client = site.client();
    client.post_json(LOGIN, &json!({ "uid_field": "akadmin" })).await;
    let other = site.again().await;
    client.address = other;
    assert_eq!(client.get(LOGIN).await.component(), "ak-stage-password");
    let done = client.post_json(LOGIN, &json!({ "password": PASSWORD })).await;
    assert_eq!(done.component(), "xak-flow-redirect");
}

#[tokio::test]
async fn an_inactive_or_unknown_session_is_none() {
    let site = Site::new().await;
    let mut client = site.client();
    client.cookies.insert("__Host-gatewright_session".into(), "f".repeat(64));
    client.cookies.insert("__Host-gatewright_flow".into(), "nonsense".into());
    assert_eq!(client.get(ME).await.status, 403);
    assert_eq!(client.get(LOGIN).await.component(), "ak-stage-identification");
    let solved = client.post_json(LOGIN, &json!({ "uid_field": "akadmin" })).await;
    assert_eq!(solved.status, 302);
    assert_ne!(client.cookies["__Host-gatewright_session"], "f".repeat(64));
    site.store
        .session_get(&super::super::setup::hash_of(&"f".repeat(64)), site.now())
        .await
        .unwrap()
        .ok_or(())
        .unwrap_err();
}
