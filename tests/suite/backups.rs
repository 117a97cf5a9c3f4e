//! `gatewright backup`: a copy that works, and that never takes the place of anything.

use std::os::unix::fs::PermissionsExt as _;

use crate::support::client::Client;
use crate::support::sandbox::{Sandbox, finish};
use crate::support::server::Server;

const PASSWORD: &str = "Orchid-Lantern-41";

#[tokio::test]
async fn a_copy_of_a_running_database_serves_as_the_database_did() {
    let sandbox = Sandbox::new();
    let group = "version: 1\nentries:\n  - model: authentik_core.group\n    identifiers: {name: crew}\n";
    sandbox.write("group.yaml", group);
    let bootstrap = [("GATEWRIGHT_BOOTSTRAP_PASSWORD", PASSWORD)];
    let server = Server::start(&sandbox, &["--blueprints", "group.yaml"], &bootstrap);
    let client = Client::new(&server.url);
    assert_eq!(client.log_in("akadmin", PASSWORD).await["component"], "xak-flow-redirect");
    let address = server.address().to_owned();
    let run = sandbox.run(&["backup", "copy.db"]).expect(0);
    insta::assert_snapshot!(format!("{}{}", run.stdout, run.stderr), @"
    backed up revision 1 to `copy.db`
    the installation key is not in it: a copy is of no use without its key
    ");
    let copy = sandbox.path().join("copy.db");
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    // What comes later is not in it.
    let late = Client::new(&server.url);
    assert_eq!(late.log_in("akadmin", PASSWORD).await["component"], "xak-flow-redirect");
    server.kill();

    std::fs::copy(sandbox.path().join("gatewright.key"), sandbox.path().join("copy.key")).unwrap();
    sandbox.run(&["plan", "--detailed-exitcode", "--database", "copy.db", "group.yaml"]).expect(0);
    let _server = Server::on(&address, &sandbox, &["--database", "copy.db", "--blueprints", "group.yaml"], &[]);
    assert!(client.is_logged_in().await, "the session was copied");
    assert!(!late.is_logged_in().await);
}

#[test]
fn nothing_is_overwritten_and_nothing_is_left() {
    let sandbox = Sandbox::new();
    let names = || {
        let entries = std::fs::read_dir(sandbox.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    sandbox.write("letter.txt", "dear reader");
    sandbox.write("other.db", "this is a letter, not a database, and long enough to tell what it is not, all of it");
    let before = names();
    let mut said = String::new();
    for args in [&["letter.txt"][..], &["new.db"], &["new.db", "--database", "other.db"], &["none/new.db"]] {
        said.push_str(&sandbox.run(&[&["backup"], args].concat()).expect(1).stderr);
    }
    let mut command = sandbox.command();
    let server = command.args(["backup", "new.db"]).env("GATEWRIGHT_DATABASE", "postgres://me:hunter2@h/g");
    said.push_str(&finish(server).expect(1).stderr);
    insta::assert_snapshot!(said, @"
    error: `letter.txt` is there already, and stays as it is
      help: name another file
    error: there is no database `gatewright.db`
      help: name one with --database
    error: `other.db` is not a gatewright database
      help: name another file with --database; this one was left as it is
    error: the copy `none/new.db` cannot be written: No such file or directory (os error 2)
    error: PostgreSQL is backed up with its own tools
      help: for instance with `pg_dump --format=custom --file=gatewright.dump DATABASE`
    ");
    assert_eq!(names(), before);
    assert_eq!(std::fs::read_to_string(sandbox.path().join("letter.txt")).unwrap(), "dear reader");
}
