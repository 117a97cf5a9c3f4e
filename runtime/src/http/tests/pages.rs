//! Flows as pages.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::client::{Client, Reply};
use super::site::{PASSWORD, Site};

const LOGIN: &str = "/if/flow/login/?next=%2Fif%2Fuser%2F";

/// Fills the form of a page and sends it.
async fn fill(client: &mut Client, path: &str, page: &Reply, fields: &[(&str, &str)]) -> Reply {
    let csrf = page.hidden("csrf");
    let mut all = vec![("csrf", csrf.as_str()), ("component", "x")];
    all.extend_from_slice(fields);
    client.post_form(path, &all).await
}

#[tokio::test]
async fn logging_in_and_out_by_pages() {
    let site = Site::new().await;
    let mut client = site.client();
    let page = client.get(LOGIN).await;
    assert!(page.body.contains("Title of login"));
    let blank = fill(&mut client, LOGIN, &page, &[("uid_field", "")]).await;
    assert_eq!(blank.status, 200);
    assert!(blank.body.contains("This field may not be blank."));
    let solved = fill(&mut client, LOGIN, &blank, &[("uid_field", "akadmin")]).await;
    assert_eq!((solved.status, solved.header("location")), (303, LOGIN));
    let page = client.get(LOGIN).await;
    assert!(page.body.contains("name=\"password\""));
    let wrong = fill(&mut client, LOGIN, &page, &[("password", "hunter2 hunter2")]).await;
    assert!(wrong.body.contains("Invalid password") && !wrong.body.contains("hunter2"));
    let done = fill(&mut client, LOGIN, &wrong, &[("password", PASSWORD)]).await;
    assert_eq!((done.status, done.header("location")), (303, "/if/user/"));
    let user = client.get("/if/user/").await;
    assert!(user.body.contains("akadmin") && user.body.contains("root@example.org"));
    assert_eq!(client.get("/").await.header("location"), "/if/user/");

    let out = client.get("/flows/-/default/invalidation/").await;
    assert_eq!(out.header("location"), "/if/flow/out/");
    let page = client.get("/if/flow/out/").await;
    let token = page.hidden("token");
    let done = fill(&mut client, "/if/flow/out/", &page, &[("token", &token)]).await;
    assert_eq!((done.status, done.header("location")), (303, "/"));
    assert_eq!(client.get("/if/user/").await.status, 302);
}

#[tokio::test]
async fn a_form_needs_the_token_of_its_page() {
    let site = Site::new().await;
    let mut client = site.client();
    client.get(LOGIN).await;
    let stale = client.post_form(LOGIN, &[("csrf", "0"), ("uid_field", "akadmin")]).await;
    assert_eq!(stale.status, 200);
    assert!(stale.body.contains("out of date") && stale.body.contains("value=\"akadmin\""));
    let mut fresh = site.client();
    let none = fresh.post_form(LOGIN, &[("uid_field", "akadmin")]).await;
    assert!(none.body.contains("out of date"));
    assert_eq!(site.rows().await, 0);

    let change = "/if/flow/default-password-change/";
    let mut client = site.logged_in().await;
    let forged = [("password", "a new pass phrase"), ("password_repeat", "a new pass phrase")];
    assert!(client.post_form(change, &forged).await.body.contains("out of date"));
    let foreign = client.clone().with("Origin", "null").post_form(change, &forged).await;
    assert_eq!(foreign.status, 403);
    let text = client.send("POST", change, "text/plain", "password=x").await;
    assert_eq!(text.status, 415);
}

#[tokio::test]
async fn a_step_that_was_sent_twice() {
    let site = Site::new().await;
    let mut client = site.client();
    let page = client.get(LOGIN).await;
    let mut twin = client.clone();
    fill(&mut client, LOGIN, &page, &[("uid_field", "akadmin")]).await;
    let second = fill(&mut twin, LOGIN, &page, &[("uid_field", "akadmin")]).await;
    assert_eq!(second.status, 409);
    assert!(second.body.contains("already answered"));
    let page = twin.get(LOGIN).await;
    assert_eq!(fill(&mut twin, LOGIN, &page, &[("uid_field", "akadmin")]).await.status, 303);
}

#[tokio::test]
async fn cancelling_starts_over_and_writes_nothing() {
    let site = Site::new().await;
    let mut client = site.client();
    let page = client.get(LOGIN).await;
    fill(&mut client, LOGIN, &page, &[("uid_field", "somebody")]).await;
    assert!(client.get(LOGIN).await.body.contains("somebody"));
    assert_eq!(client.get("/flows/-/cancel/").await.header("location"), "/");
    let page = client.get(LOGIN).await;
    assert!(page.body.contains("name=\"uid_field\""));
    let solved = fill(&mut client, LOGIN, &page, &[("uid_field", "akadmin")]).await;
    assert_eq!(solved.status, 303);
    let page = client.get(LOGIN).await;
    assert!(page.body.contains("akadmin") && page.body.contains("name=\"password\""));
}

#[tokio::test]
async fn a_form_with_a_checkbox_that_leads_away() {
    let site = Site::new().await;
    let mut client = site.client();
    let page = client.get("/if/flow/form/").await;
    let wrong = fill(&mut client, "/if/flow/form/", &page, &[("_checkbox", "news"), ("mail", "x")]).await;
    assert!(wrong.body.contains("Enter a valid email address."), "{}", wrong.body);
    let fields = [("_checkbox", "news"), ("news", "true"), ("mail", "a@example.org")];
    let away = fill(&mut client, "/if/flow/form/", &wrong, &fields).await;
    assert_eq!(away.status, 200);
    assert!(
        away.body.contains("http-equiv=\"refresh\" content=\"0; url=https://wiki.example/a?b=c\""),
        "{}",
        away.body
    );
    assert!(away.header("content-security-policy").contains("form-action 'self'"));
}

#[tokio::test]
async fn the_setup_link_works_once() {
    let site = Site::unset().await;
    let first = site.runtime.setup_link().await.unwrap().unwrap();
    let link = site.runtime.setup_link().await.unwrap().unwrap();
    assert_ne!(first, link);
    let path = |link: &str| link.strip_prefix("https://login.example.org").unwrap().to_owned();
    assert_eq!(link.rsplit('=').next().unwrap().len(), 64);
    let mut client = site.client();
    for refused in [path(&first), "/if/flow/initial-setup/".to_owned(), format!("{}0", path(&link))] {
        assert!(client.get(&refused).await.body.contains("Access denied"), "{refused}");
    }
    let page = client.get(&path(&link)).await;
    assert_eq!(site.rows().await, 0);
    let fields = [("password", "a new pass phrase"), ("password_repeat", "a new pass phrase")];
    // The token is kept, sealed: the address of the form need not have it.
    let done = fill(&mut client, "/if/flow/initial-setup/", &page, &fields).await;
    assert_eq!((done.status, done.header("location")), (303, "/"), "{}", done.body);
    assert!(client.get("/if/user/").await.body.contains("akadmin"));
    assert_eq!(site.runtime.setup_link().await.unwrap(), None);
    assert!(site.client().get(&path(&link)).await.body.contains("Access denied"));
}
