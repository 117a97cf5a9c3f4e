//! `gatewright serve` as a child, up to the line that says where it listens.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use super::process::Kept;
use super::sandbox::Sandbox;

/// How long a start may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Server {
    child: Kept,
    /// `http://127.0.0.1:1234`, without a slash at the end.
    pub(crate) url: String,
    /// The initial-setup link, where one was printed.
    pub(crate) setup: Option<String>,
}

impl Server {
    pub(crate) fn start(sandbox: &Sandbox, args: &[&str], env: &[(&str, &str)]) -> Self {
        Self::on("127.0.0.1:0", sandbox, args, env)
    }

    /// On an address of one's own choice: where the server that was here before listened.
    pub(crate) fn on(address: &str, sandbox: &Sandbox, args: &[&str], env: &[(&str, &str)]) -> Self {
        let log = std::fs::File::create(sandbox.path().join("serve.log")).unwrap();
        let mut command = sandbox.command();
        command.args(["serve", "--listen", address]).args(args).envs(env.iter().copied());
        let mut child = Kept(command.stdout(Stdio::piped()).stderr(log).spawn().unwrap());
        let lines = lines(child.0.stdout.take().unwrap());
        let Some(line) = lines.recv_timeout(PATIENCE).ok() else {
            child.kill();
            panic!("the server did not start:\n{}", std::fs::read_to_string(sandbox.path().join("serve.log")).unwrap());
        };
        let url = line.strip_prefix("listening on ").unwrap_or_else(|| panic!("{line}")).split(' ').next().unwrap();
        let url = url.trim_end_matches('/').to_owned();
        // The link comes at once after the address, or never.
        let setup = lines.recv_timeout(Duration::from_millis(500)).ok();
        let setup = setup.map(|line| line.rsplit(' ').next().unwrap().to_owned());
        Self { child, url, setup }
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill();
    }

    /// SIGTERM, as an init system does; gives the exit status.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let pid = self.child.0.id().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.0.wait().unwrap().code()
    }

    /// `127.0.0.1:1234`
    pub(crate) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }
}

/// Lines as they come. The reader goes on to the end, so that the child never waits for it.
fn lines(stdout: std::process::ChildStdout) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|length| length > 0) {
            if sender.send(line.trim_end().to_owned()).is_err() {
                break;
            }
            line.clear();
        }
        let _ = reader.read_to_end(&mut Vec::new());
    });
    receiver
}
