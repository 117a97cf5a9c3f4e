//! What `--database` may name, and what is said where it cannot be used.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::support::sandbox::Sandbox;

const GROUP: &str = "version: 1\nentries:\n  - model: authentik_core.group\n    identifiers: {name: crew}\n";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("group.yaml", GROUP);
    sandbox
}

/// What `verb` says to people; no file may appear.
fn refused(sandbox: &Sandbox, verb: &str, database: &str) -> String {
    let names = || {
        let mut names: Vec<_> = std::fs::read_dir(sandbox.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = names();
    let run = sandbox.run(&[verb, "--no-shipped", "--database", database, "group.yaml"]).expect(1);
    assert_eq!(names(), before, "{verb} {database}");
    assert_eq!(run.stdout, "", "nothing is planned");
    run.stderr
}

#[test]
fn what_cannot_be_the_database_is_said_before_anything_else() {
    let sandbox = sandbox();
    sandbox.write("letter.db", "this is a letter, not a database, and long enough to tell what it is not, all of it");
    std::fs::create_dir(sandbox.path().join("folder.db")).unwrap();
    let say = |verb: &str| {
        let mut said = String::new();
        for database in
            ["postgres://me:hunter2@h:port/g", "mysql://me:hunter2@h/g", "none/g.db", "letter.db", "folder.db"]
        {
            said.push_str(&refused(&sandbox, verb, database));
        }
        said
    };
    assert_eq!(say("plan"), say("apply"));
    insta::assert_snapshot!(say("plan"), @"
    error: this is no address of a PostgreSQL database
      help: write it as postgres://user@host:5432/database; a password may stand in PGPASSWORD
    error: `mysql` is no kind of database that this version can use
      help: use sqlite:// and a path, for instance sqlite:///var/lib/gatewright/gatewright.db, or postgres://
    error: the database `none/g.db` cannot be there: there is no folder `none`
      help: make the folder first, or name another place with --database
    error: `letter.db` is not a gatewright database
      help: name another file with --database; this one was left as it is
    error: `folder.db` is not a gatewright database
      help: name another file with --database; this one was left as it is
    ");
}

#[test]
fn a_plain_path_and_an_empty_file_are_fine() {
    let sandbox = sandbox();
    sandbox.write("new.db", "");
    let args = ["--no-shipped", "--database", "new.db", "group.yaml"];
    let plan = sandbox.run(&[&["plan"][..], &args].concat()).expect(0).stdout;
    assert!(plan.contains("1 to create") && !sandbox.path().join("new.key").exists(), "{plan}");
    sandbox.run(&[&["apply"][..], &args].concat()).expect(0);
    assert!(sandbox.path().join("new.key").exists());
}

#[test]
fn a_failure_is_json_too() {
    let sandbox = sandbox();
    let args = ["plan", "--format", "json", "--database", "oracle://x/y", "group.yaml"];
    let run = sandbox.run(&args).expect(1);
    let error = json!({
        "message": "`oracle` is no kind of database that this version can use",
        "help": "use sqlite:// and a path, for instance sqlite:///var/lib/gatewright/gatewright.db, or postgres://",
    });
    assert_eq!(run.json(), json!({ "version": 1, "error": error }));
}

#[tokio::test]
async fn a_locked_database_is_said_once() {
    let sandbox = sandbox();
    sandbox.run(&["apply", "--no-shipped", "group.yaml"]).expect(0);
    let url = format!("sqlite://{}", sandbox.path().join("gatewright.db").display());
    let other = sqlx::SqlitePool::connect(&url).await.unwrap();
    let lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    sandbox.write("group.yaml", &GROUP.replace("crew", "guests"));
    let run = sandbox.run(&["apply", "--no-shipped", "group.yaml"]).expect(1);
    drop(lock);
    other.close().await;
    assert_eq!(run.stderr.matches("another process is writing").count(), 1, "{}", run.stderr);
    assert!(run.stderr.contains("try again") && !run.stderr.contains("code: 5"), "{}", run.stderr);
}

#[test]
fn a_readable_key_is_a_warning_like_others() {
    let sandbox = sandbox();
    sandbox.run(&["apply", "--no-shipped", "group.yaml"]).expect(0);
    let key = sandbox.path().join("gatewright.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let run = sandbox.run(&["plan", "--no-shipped", "group.yaml"]).expect(0);
    assert_eq!(run.stderr, "warning: every user of this machine can read the key file `gatewright.key`\n");
}
