//! `gatewright fmt` on files as they are found: other line ends, other permissions, links, standard input, full disks.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::Path;
use std::process::Stdio;

use crate::support::sandbox::{Run, Sandbox, finish};
use crate::support::{mode, run_as_nobody, skip};

const UGLY: &str = "version:   1\nmetadata: {name: x}\nentries:   []\n";
const NEAT: &str = "version: 1\nmetadata: {name: x}\nentries: []\n";
const BROKEN: &str = "version:   1\nmetadata: {name: x}\nentries: [1\n";

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// Nothing of ours lies about.
#[track_caller]
fn assert_tidy(sandbox: &Sandbox) {
    let names = walkdir::WalkDir::new(sandbox.path()).into_iter().map(|entry| entry.unwrap().file_name().to_owned());
    let drafts: Vec<_> = names.filter(|name| name.to_string_lossy().contains("gatewright-fmt")).collect();
    assert!(drafts.is_empty(), "{drafts:?}");
}

fn pipe(sandbox: &Sandbox, args: &[&str], text: &[u8]) -> Run {
    let mut command = sandbox.command();
    let mut child = command
        .arg("fmt")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text).unwrap();
    let output = child.wait_with_output().unwrap();
    Run {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap(),
    }
}

#[test]
fn standard_input_comes_out_in_layout() {
    let sandbox = Sandbox::new();
    let run = pipe(&sandbox, &["-"], UGLY.as_bytes()).expect(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), (NEAT, ""));
    assert_eq!(pipe(&sandbox, &["-"], NEAT.as_bytes()).expect(0).stdout, NEAT);
    let run = pipe(&sandbox, &["--check", "-"], UGLY.as_bytes()).expect(1);
    assert_eq!(run.stdout, "would format standard input\n");
    assert_eq!(pipe(&sandbox, &["--check", "-"], NEAT.as_bytes()).expect(0).stdout, "");
    let run = pipe(&sandbox, &["--diff", "-"], UGLY.as_bytes()).expect(0);
    assert!(run.stdout.contains("-version:   1") && run.stdout.contains("+version: 1"), "{}", run.stdout);
    // An editor that replaces its text by what comes out gets nothing in place of a text with mistakes.
    let run = pipe(&sandbox, &["-"], BROKEN.as_bytes()).expect(1);
    assert!(run.stdout.is_empty() && run.stderr.contains("[standard input:3:10]"), "{}{}", run.stdout, run.stderr);
    let run = pipe(&sandbox, &["-"], b"version: \xff\n").expect(1);
    assert!(run.stdout.is_empty() && run.stderr.contains("standard input is not UTF-8"), "{}", run.stderr);
    let run = pipe(&sandbox, &["--max-file-size", "10B", "-"], UGLY.as_bytes()).expect(1);
    assert!(run.stdout.is_empty() && run.stderr.contains("over the limit of 10 bytes"), "{}", run.stderr);
    assert_eq!(pipe(&sandbox, &["-"], b"").expect(0).stdout, "");
}

#[test]
fn other_line_ends_and_marks_become_ours() {
    let sandbox = Sandbox::new();
    let texts = [
        ("windows.yaml", UGLY.replace('\n', "\r\n")),
        ("open.yaml", UGLY.trim_end().to_owned()),
        ("mark.yaml", format!("\u{feff}{UGLY}")),
        ("marked-neat.yaml", format!("\u{feff}{NEAT}")),
        ("windows-neat.yaml", NEAT.replace('\n', "\r\n")),
        ("open-neat.yaml", NEAT.trim_end().to_owned()),
        ("blank.yaml", format!("{NEAT}\n\n")),
    ];
    for (name, text) in &texts {
        sandbox.write(name, text);
    }
    let run = sandbox.run(&["fmt", "--check", "."]).expect(1);
    assert!(run.stdout.ends_with("7 files would be formatted, 0 fine already\n"), "{}", run.stdout);
    for (name, text) in &texts {
        assert_eq!(read(&sandbox.path().join(name)), *text, "--check writes nothing");
        assert!(run.stdout.lines().any(|line| line == format!("would format ./{name}")), "{}", run.stdout);
    }
    sandbox.run(&["fmt", "."]).expect(0);
    for (name, _) in &texts {
        assert_eq!(read(&sandbox.path().join(name)), NEAT, "{name}");
    }
    assert!(
        sandbox
            .run(&["fmt", "--check", "."])
            .expect(0)
            .stdout
            .ends_with("0 files would be formatted, 7 fine already\n")
    );
}

#[test]
fn permissions_stay() {
    let sandbox = Sandbox::new();
    for bits in [0o600, 0o640, 0o755, 0o666] {
        let path = sandbox.write("file.yaml", UGLY);
        mode(&path, bits);
        sandbox.run(&["fmt", "file.yaml"]).expect(0);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, bits);
        assert_eq!(read(&path), NEAT);
    }
    assert_tidy(&sandbox);
}

/// Root may change whose a file is, and does not by laying it out.
#[test]
fn the_owner_stays() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("file.yaml", UGLY);
    if chown(&path, Some(65534), Some(65534)).is_err() {
        return skip("the_owner_stays", "only root may give a file away");
    }
    sandbox.run(&["fmt", "file.yaml"]).expect(0);
    let metadata = fs::metadata(&path).unwrap();
    assert_eq!((metadata.uid(), metadata.gid(), read(&path).as_str()), (65534, 65534, NEAT));
}

#[test]
fn a_link_stays_and_its_file_is_laid_out_once() {
    let sandbox = Sandbox::new();
    let real = sandbox.write("elsewhere/real.yaml", UGLY);
    fs::create_dir(sandbox.path().join("set")).unwrap();
    for name in ["set/link.yaml", "set/other.yaml"] {
        symlink("../elsewhere/real.yaml", sandbox.path().join(name)).unwrap();
    }
    symlink("nowhere.yaml", sandbox.path().join("dangling.yaml")).unwrap();
    let run = sandbox.run(&["fmt", "set/link.yaml", "set/other.yaml", "elsewhere"]).expect(0);
    assert!(run.stdout.ends_with("1 file formatted, 0 fine already\n"), "{}", run.stdout);
    assert_eq!(read(&real), NEAT);
    assert!(fs::symlink_metadata(sandbox.path().join("set/link.yaml")).unwrap().is_symlink());
    assert!(!fs::symlink_metadata(&real).unwrap().is_symlink());
    let run = sandbox.run(&["fmt", "dangling.yaml"]).expect(1);
    assert!(run.stdout.contains("`dangling.yaml`") && !sandbox.path().join("nowhere.yaml").exists(), "{}", run.stdout);
    assert_tidy(&sandbox);
}

#[test]
fn what_is_fine_is_not_touched() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("file.yaml", NEAT);
    let of = |path: &Path| {
        let metadata = fs::metadata(path).unwrap();
        (metadata.ino(), metadata.mtime_nsec(), metadata.ctime_nsec())
    };
    let before = of(&path);
    sandbox.run(&["fmt", "file.yaml"]).expect(0);
    assert_eq!(of(&path), before);
}

#[test]
fn mistakes_in_some_files_keep_no_other_from_its_layout() {
    let sandbox = Sandbox::new();
    let (one, broken) = (sandbox.write("set/one.yaml", UGLY), sandbox.write("set/broken.yaml", BROKEN));
    let latin = sandbox.path().join("set/latin.yaml");
    fs::write(&latin, b"version: 1\nmetadata: {name: \xe4}\nentries: []\n").unwrap();
    let last = sandbox.write("set/z.yaml", UGLY);
    let run = sandbox.run(&["fmt", "set"]).expect(1);
    assert!(run.stdout.contains("[set/broken.yaml:3:10]") && run.stdout.contains("set/latin.yaml"), "{}", run.stdout);
    assert_eq!((read(&one).as_str(), read(&last).as_str(), read(&broken).as_str()), (NEAT, NEAT, BROKEN));
    assert!(fs::read(&latin).unwrap().contains(&0xe4));
}

#[test]
fn json_is_left_as_it_is() {
    let sandbox = Sandbox::new();
    let text = "{\"version\":   1, \"metadata\": {\"name\": \"x\"}, \"entries\": []}";
    let (named, found) = (sandbox.write("named.json", text), sandbox.write("set/found.json", text));
    let run = sandbox.run(&["fmt", "named.json", "set"]).expect(0);
    assert!(run.stderr.contains("`named.json` is JSON: left as it is"), "{}", run.stderr);
    assert!(run.stdout.ends_with("0 files formatted, 0 fine already\n"), "{}", run.stdout);
    assert_eq!((read(&named).as_str(), read(&found).as_str()), (text, text));
}

#[test]
fn a_file_that_may_not_be_written_is_named_and_the_others_are_laid_out() {
    let test = "a_file_that_may_not_be_written_is_named_and_the_others_are_laid_out";
    let sandbox = Sandbox::new();
    let locked = sandbox.write("set/a.yaml", UGLY);
    let open = sandbox.write("set/b.yaml", UGLY);
    mode(&locked, 0o444);
    mode(&open, 0o664);
    mode(open.parent().unwrap(), 0o777);
    let Some(run) = run_as_nobody(&sandbox, &["fmt", "set"]) else { return skip(test, "there is no setpriv") };
    let run = run.expect(1);
    assert!(run.stderr.contains("`set/a.yaml` cannot be written: permission denied"), "{}", run.stderr);
    assert_eq!((read(&locked).as_str(), read(&open).as_str()), (UGLY, NEAT));
    let wanted = "formatted set/b.yaml\n1 file formatted, 0 fine already, 1 not written\n";
    assert_eq!(run.stdout, wanted);
    if fs::metadata(&locked).unwrap().gid() == 0 {
        let bits = fs::metadata(&open).unwrap().permissions().mode() & 0o7777;
        assert_eq!(bits, 0o644, "its new group may do what others may");
    }
    // A file of a folder in which nothing can be made cannot be replaced whole.
    let shut = sandbox.write("shut/a.yaml", UGLY);
    mode(&shut, 0o666);
    mode(shut.parent().unwrap(), 0o555);
    let run = run_as_nobody(&sandbox, &["fmt", "shut"]).unwrap().expect(1);
    let why = "`shut/a.yaml` cannot be written: no file can be made beside it to replace it by: permission denied";
    assert!(run.stderr.contains(why), "{}", run.stderr);
    assert_eq!(read(&shut), UGLY);
    assert_tidy(&sandbox);
}

/// The limit of the shell on the sizes of files ends a write in the middle as a full disk does.
#[test]
fn a_full_disk_leaves_the_file_as_it_was() {
    let sandbox = Sandbox::new();
    let entries: String =
        (0..2000).map(|at| format!("  - model:   authentik_core.group\n    identifiers: {{name: g{at}}}\n")).collect();
    let text = format!("version: 1\nmetadata: {{name: x}}\nentries:\n{entries}");
    let path = sandbox.write("file.yaml", &text);
    let mut command = std::process::Command::new("bash");
    command.args([
        "-c",
        "trap '' XFSZ; ulimit -f 8; exec \"$@\"",
        "bash",
        env!("CARGO_BIN_EXE_gatewright"),
        "fmt",
        "file.yaml",
    ]);
    let run = finish(command.current_dir(sandbox.path())).expect(1);
    assert!(run.stderr.contains("`file.yaml` cannot be written"), "{}", run.stderr);
    assert_eq!(read(&path), text);
    assert_tidy(&sandbox);
}
