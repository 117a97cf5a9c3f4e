//! The first administrator: by the printed link, by the environment, and never again.

use serde_json::json;

use crate::support::client::Client;
use crate::support::database::Database;
use crate::support::sandbox::Sandbox;
use crate::support::server::Server;

const PASSWORD: &str = "Orchid-Lantern-41";

/// Sets the administrator up on the page behind the link.
async fn follow(link: &str, client: &Client) {
    let page = client.page(link).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("password_repeat"), "{}", page.text);
    let fields = [("email", "root@example.com"), ("password", PASSWORD), ("password_repeat", PASSWORD)];
    let page = client.submit(&page, &fields).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(!page.text.contains("password_repeat"), "{}", page.text);
}

#[tokio::test]
async fn the_link_sets_a_password_and_logs_in() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[], &[]);
    let link = server.setup.clone().unwrap();
    let client = Client::new(&server.url);
    follow(&link, &client).await;
    assert!(client.is_logged_in().await);
    for name in ["akadmin", "root@example.com"] {
        let other = Client::new(&server.url);
        assert_eq!(other.log_in(name, PASSWORD).await["component"], "xak-flow-redirect");
        assert!(other.is_logged_in().await);
    }

    // The link has done its work.
    let late = Client::new(&server.url).page(&link).await;
    assert!(!late.text.contains("password_repeat"), "{}", late.text);
    server.kill();
    assert_eq!(Server::start(&sandbox, &[], &[]).setup, None);
}

#[tokio::test]
async fn without_the_link_there_is_no_setup() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[], &[]);
    let client = Client::new(&server.url);
    let asked = client.challenge("initial-setup").await;
    assert_ne!(asked["component"], "ak-stage-prompt", "{asked}");
    let answer = json!({ "email": "evil@example.com", "password": PASSWORD, "password_repeat": PASSWORD });
    let answered = client.answer("initial-setup", answer.clone()).await;
    assert_ne!(answered["component"], "xak-flow-redirect", "{answered}");
    let page = client.page("/if/flow/initial-setup/").await;
    assert!(!page.text.contains("password_repeat"), "{}", page.text);
    // A guessed token is none.
    let link = server.setup.clone().unwrap();
    let (_, query) = link.split_once('?').unwrap();
    let (name, token) = query.split_once('=').unwrap();
    let forged = format!("/if/flow/initial-setup/?{name}={}", "0".repeat(token.len()));
    let page = Client::new(&server.url).page(&forged).await;
    assert!(!page.text.contains("password_repeat"), "{}", page.text);
    assert!(!client.is_logged_in().await);
}

#[tokio::test]
async fn the_environment_does_it_once() {
    let sandbox = Sandbox::new();
    let environment = [
        ("GATEWRIGHT_BOOTSTRAP_PASSWORD", PASSWORD),
        ("GATEWRIGHT_BOOTSTRAP_EMAIL", "root@example.com"),
        ("GATEWRIGHT_BOOTSTRAP_TOKEN", "a-token-of-some-length-for-automation"),
    ];
    let server = Server::start(&sandbox, &[], &environment);
    assert_eq!(server.setup, None);
    let client = Client::new(&server.url);
    assert_eq!(client.log_in("root@example.com", PASSWORD).await["component"], "xak-flow-redirect");
    let program = Client::new(&server.url);
    let me = program.me(Some("a-token-of-some-length-for-automation")).await.unwrap();
    assert_eq!(me["user"]["username"], "akadmin");
    assert_eq!(me["user"]["is_superuser"], true, "{me}");
    assert!(program.me(Some("a-token-of-the-same-length-automation")).await.is_none());
    assert_eq!(server.terminate(), Some(0));

    let server = Server::start(&sandbox, &[], &[("GATEWRIGHT_BOOTSTRAP_PASSWORD", "Another-Word-99")]);
    let client = Client::new(&server.url);
    let refused = client.log_in("akadmin", "Another-Word-99").await;
    assert_eq!(refused["component"], "ak-stage-password", "{refused}");
}

#[tokio::test]
async fn it_never_opens_again() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[], &[("GATEWRIGHT_BOOTSTRAP_PASSWORD", PASSWORD)]);
    assert_eq!(server.setup, None);
    server.kill();
    let gone = "\
version: 1
metadata: {name: gone}
entries:
  - model: authentik_core.user
    state: absent
    identifiers: {username: akadmin}
";
    sandbox.write("gone.yaml", gone);
    sandbox.run(&["apply", "--yes", "gone.yaml"]).expect(0);
    let user = "SELECT count(*) FROM user_account WHERE username = 'akadmin'";
    assert_eq!(Database::open(&sandbox).await.number(user).await, 0);
    let server = Server::start(&sandbox, &[], &[("GATEWRIGHT_BOOTSTRAP_PASSWORD", PASSWORD)]);
    assert_eq!(server.setup, None);
    let page = Client::new(&server.url).page("/if/flow/initial-setup/").await;
    assert!(!page.text.contains("password_repeat"), "{}", page.text);
}
