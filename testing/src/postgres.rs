//! A PostgreSQL cluster for the tests of one process, in a folder of its own, reached by a socket in there.
//!
//! It is started by the first test that asks for a database, and ends with the process in whichever way that ends:
//! `cluster.sh` waits on a pipe whose other end this process holds, and stops the server when the pipe closes. The
//! system's own cluster is neither needed nor touched. Nothing listens on the network.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The user that all tests are, without a password.
const USER: &str = "gatewright";

/// An empty database, which goes when this does.
#[derive(Debug)]
pub struct Database {
    cluster: &'static Cluster,
    name: String,
}

#[derive(Debug)]
struct Cluster {
    binaries: PathBuf,
    folder: PathBuf,
    next: AtomicU32,
    /// Holds the pipe.
    _keeper: Child,
}

impl Database {
    /// A new one; `None`, said aloud once, where there is no PostgreSQL.
    #[must_use]
    pub fn new() -> Option<Self> {
        static CLUSTER: OnceLock<Option<Result<Cluster, String>>> = OnceLock::new();
        let cluster = CLUSTER.get_or_init(|| {
            let binaries = binaries();
            if binaries.is_none() {
                super::missing("PostgreSQL", "initdb (Debian package postgresql)");
            }
            binaries.map(Cluster::start)
        });
        let cluster = cluster.as_ref()?.as_ref().unwrap_or_else(|error| panic!("{error}"));
        let name = format!("test_{}", cluster.next.fetch_add(1, Ordering::Relaxed));
        cluster.run("postgres", &format!("CREATE DATABASE {name}"));
        Some(Self { cluster, name })
    }

    /// How to reach it.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_as(USER)
    }

    /// As another user of the cluster, who may have a password: `guest:hunter2`.
    #[must_use]
    pub fn url_as(&self, user: &str) -> String {
        format!("postgres://{user}@localhost/{}?host={}", self.name, self.cluster.folder.display())
    }

    /// Runs statements in it, as the administrator of the cluster; what they select, a line for each row.
    pub fn run(&self, sql: &str) -> String {
        self.cluster.run(&self.name, sql)
    }

    /// Runs a program of PostgreSQL on it, such as `pg_dump`, with further arguments.
    #[must_use]
    pub fn program(&self, name: &str) -> Command {
        let mut command = self.cluster.program(name);
        command.args(["--dbname", &self.name]);
        command
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        // The cluster goes soon anyway, and a test that panics must not panic twice.
        let _ = self.cluster.program("psql").args(["--dbname", "postgres", "--command", &sql]).output();
    }
}

impl Cluster {
    fn start(binaries: PathBuf) -> Result<Self, String> {
        // The script takes it away.
        let folder = tempfile::Builder::new().prefix("gatewright-").tempdir().unwrap().keep();
        let mut command = if is_root() {
            // It refuses to run as root.
            let owned = Command::new("chown").arg("postgres:").arg(&folder).status().unwrap();
            if !owned.success() {
                return Err("the user `postgres`, who comes with the Debian package, is missing".to_owned());
            }
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        command.args(["-c", include_str!("cluster.sh"), "cluster"]).arg(&binaries).arg(&folder).arg(USER);
        let mut keeper = command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut said).unwrap();
        if said != "ready\n" {
            let _ = keeper.wait();
            return Err("the test cluster did not start; what it wrote stands above".to_owned());
        }
        Ok(Self { binaries, folder, next: AtomicU32::new(1), _keeper: keeper })
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.binaries.join(name));
        command.arg("--host").arg(&self.folder).args(["--username", USER, "--no-password"]);
        command.stdin(Stdio::null());
        command
    }

    fn run(&self, database: &str, sql: &str) -> String {
        let mut command = self.program("psql");
        command.args(["--dbname", database, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
        let output = command.args(["--set", "ON_ERROR_STOP=1", "--command", sql]).output().unwrap();
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The folder of `initdb` and the others, which Debian keeps out of `PATH`; the newest. A link in `PATH` leads there.
fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let linked = std::env::split_paths(&path).find_map(|folder| folder.join("initdb").canonicalize().ok());
    linked.and_then(|initdb| Some(initdb.parent()?.to_owned())).or_else(|| {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
        folders.filter(|folder| folder.join("initdb").is_file()).max_by_key(|folder| version(folder))
    })
}

fn version(folder: &Path) -> Option<u32> {
    folder.parent()?.file_name()?.to_str()?.parse().ok()
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.trim_ascii() == b"0"
}
