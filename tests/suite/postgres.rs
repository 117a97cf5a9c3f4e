//! The whole way on PostgreSQL: plan, apply, serve, log in, with several processes on one database.

use serde_json::json;

use crate::support::client::Client;
use crate::support::sandbox::{Sandbox, finish};
use crate::support::server::Server;
use crate::support::site::{KEY, Site};

const LOGIN: &str = "default-authentication-flow";
const PASSWORD: &str = "Orchid-Lantern-41";
const GROUP: &str = "version: 1\nentries:\n  - model: authentik_core.group\n    identifiers: {name: crew}\n";

/// A site with a file of blueprints.
fn with_group() -> Option<Site> {
    let site = Site::postgres()?;
    site.sandbox.write("group.yaml", GROUP);
    Some(site)
}

#[test]
fn planning_makes_nothing_and_applying_twice_writes_nothing() {
    let Some(site) = with_group() else { return };
    let dump = || {
        let output = site.server().program("pg_dump").arg("--data-only").output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        // `\restrict` and a word that is another one each time.
        text.lines().filter(|line| !line.starts_with('\\')).collect::<Vec<_>>().join("\n")
    };
    let empty = dump();
    let planned = site.run(&["plan", "--detailed-exitcode", "group.yaml"], &[]).expect(2);
    assert_eq!(dump(), empty);
    let applied = site.run(&["apply", "group.yaml"], &[]).expect(0);
    assert_eq!(planned.stdout, applied.stdout.replace("applied as revision 1\n", ""));
    let full = dump();
    site.run(&["plan", "--detailed-exitcode", "group.yaml"], &[]).expect(0);
    assert!(site.run(&["apply", "group.yaml"], &[]).expect(0).stdout.contains("nothing to do"));
    assert_eq!(dump(), full);
    let names: Vec<_> =
        std::fs::read_dir(site.sandbox.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["group.yaml"], "no key is made beside a server");
}

#[tokio::test]
async fn a_login_goes_on_at_another_process_when_the_first_is_killed() {
    let Some(site) = with_group() else { return };
    let one = site.serve(&[], &[("GATEWRIGHT_BOOTSTRAP_PASSWORD", PASSWORD)]);
    let address = one.address().to_owned();
    let client = Client::new(&one.url);
    client.challenge(LOGIN).await;
    let asked = client.answer(LOGIN, json!({ "uid_field": "akadmin" })).await;
    assert_eq!(asked["component"], "ak-stage-password", "{asked}");

    // Another one has been there all along.
    let two = site.serve(&[], &[]);
    assert_eq!(two.setup, None, "the setup is closed for all");
    let other = Client::new(&two.url);
    assert_eq!(other.log_in("akadmin", PASSWORD).await["component"], "xak-flow-redirect");
    one.kill();
    two.kill();
    let _again = Server::on(&address, &site.sandbox, &[], &site.env());
    let asked = client.challenge(LOGIN).await;
    assert_eq!(asked["component"], "ak-stage-password", "{asked}");
    assert_eq!(client.answer(LOGIN, json!({ "password": PASSWORD })).await["component"], "xak-flow-redirect");
    assert!(client.is_logged_in().await);
}

#[tokio::test]
async fn the_link_sets_the_first_password() {
    let Some(site) = with_group() else { return };
    let server = site.serve(&["--blueprints", "group.yaml"], &[]);
    let client = Client::new(&server.url);
    let page = client.page(&server.setup.clone().unwrap()).await;
    let fields = [("email", "root@example.com"), ("password", PASSWORD), ("password_repeat", PASSWORD)];
    client.submit(&page, &fields).await;
    assert!(client.is_logged_in().await);
    let other = Client::new(&server.url);
    assert_eq!(other.log_in("root@example.com", PASSWORD).await["component"], "xak-flow-redirect");
}

#[test]
fn what_is_missing_is_said_with_what_to_do() {
    let Some(site) = with_group() else { return };
    site.run(&["apply", "--no-shipped", "group.yaml"], &[]).expect(0);
    let said = |env: &[(&str, &str)]| {
        let mut command = site.sandbox.command();
        finish(command.args(["apply", "--no-shipped", "group.yaml"]).envs(env.iter().copied())).expect(1).stderr
    };
    let mut text = said(&[("GATEWRIGHT_DATABASE", &site.server().url())]);
    let other = KEY.replace("a key", "no key");
    text.push_str(&said(&[("GATEWRIGHT_DATABASE", &site.server().url()), ("GATEWRIGHT_SECRET_KEY", &other)]));
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    text.push_str(&said(&[("GATEWRIGHT_DATABASE", &format!("postgres://me:hunter2@127.0.0.1:{port}/logins"))]));
    site.server().run("DROP TABLE meta");
    text.push_str(&said(&site.env()));
    assert!(!text.contains("hunter2") && !text.contains(KEY), "{text}");
    let url = site.server().url();
    let folder = url.split_once("host=").unwrap().1;
    let filters = [(folder, "SERVER"), (r"test_\d+", "NAME"), (r"127.0.0.1:\d+", "HOST"), (r"`[0-9a-f]{16}`", "KEY")];
    insta::with_settings!({ filters => filters }, {
        insta::assert_snapshot!(text, @"
        error: a PostgreSQL database needs the installation key
          help: name it with --secret-key-file or GATEWRIGHT_SECRET_KEY; `openssl rand -base64 48 > gatewright.key` makes one, which every process on this database is given
        error: database `SERVER:5432/NAME`: the database was made with another secret key (KEY, not KEY)
        error: no connection to the database `HOST/logins`: Connection refused (os error 111)
          help: is the server running, and is it listening there? `pg_isready` of PostgreSQL says so
        error: `SERVER:5432/NAME` is not a gatewright database
          help: name another database with --database, or a schema with `?options=-csearch_path%3Dgatewright`; this one was left as it is
        ");
    });
}

#[test]
fn help_shows_no_password_of_the_environment() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command();
    let help =
        finish(command.args(["serve", "--help"]).env("GATEWRIGHT_DATABASE", "postgres://me:hunter2@h/g")).expect(0);
    assert!(help.stdout.contains("GATEWRIGHT_DATABASE") && !help.stdout.contains("hunter2"), "{}", help.stdout);
}
