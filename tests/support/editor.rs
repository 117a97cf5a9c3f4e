//! The language server that editors use for YAML, driven as an editor drives it. It cannot reach any network.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::process::Kept;
use super::{missing, root};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Editor {
    input: ChildStdin,
    messages: Receiver<Json>,
    settings: Json,
    /// What was found in each file when it was last checked.
    findings: HashMap<String, Vec<Json>>,
    last: u64,
    /// What the server says beside the protocol.
    stderr: tempfile::NamedTempFile,
    _server: Kept,
}

/// A finding: the line, from 1, and what it says.
pub(crate) type Finding = (u64, String);

impl Editor {
    /// Starts one with the schema of the checkout for all files; `None`, said aloud, where there is no server.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let folder = root().join("target/editor/node_modules/yaml-language-server");
        let stderr = tempfile::NamedTempFile::new().unwrap();
        let server = Command::new("node")
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .arg("--require")
            .arg(root().join("tests/editor/offline.cjs"))
            .arg(folder.join("bin/yaml-language-server"))
            .arg("--stdio")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr.reopen().unwrap())
            .spawn();
        let Some(mut server) = server.ok().filter(|_| folder.is_dir()) else {
            missing(test, "yaml-language-server (npm ci of tests/editor in target/editor, as .ci/run does)");
            return None;
        };
        let (sender, messages) = channel();
        let output = server.stdout.take().unwrap();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let input = server.stdin.take().unwrap();
        let settings = settings();
        let (findings, last, server) = (HashMap::new(), 0, Kept(server));
        let mut editor = Self { input, messages, settings, findings, last, stderr, _server: server };
        editor.ask(
            "initialize",
            json!({
                "processId": null,
                "rootUri": null,
                "capabilities": {
                    "workspace": { "configuration": true },
                    "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } },
                },
            }),
        );
        editor.tell("initialized", json!({}));
        let settings = editor.settings.clone();
        editor.tell("workspace/didChangeConfiguration", json!({ "settings": settings }));
        let asks = |message: &Json| message["method"] == "workspace/configuration";
        editor.until("asking for the settings", |_, message| message.filter(|it| asks(it)).map(drop));
        Some(editor)
    }

    /// What it says about a text.
    pub(crate) fn check(&mut self, name: &str, text: &str) -> Vec<Finding> {
        let uri = self.open(name, text);
        let uri = uri.as_str();
        self.until(&format!("findings of {name}"), |editor, _| {
            let found = editor.findings.get(uri)?;
            Some(found.iter().map(|it| (it["range"]["start"]["line"].as_u64().unwrap() + 1, said(it))).collect())
        })
    }

    /// What it offers where `¦` stands: label and inserted text.
    pub(crate) fn complete(&mut self, name: &str, text: &str) -> Vec<(String, String)> {
        let (before, after) = text.split_once('¦').unwrap();
        let line = before.matches('\n').count();
        let character = before.rsplit('\n').next().unwrap().chars().count();
        // The schema is loaded when the first file was checked.
        self.check(name, &format!("{before}{after}"));
        let uri = uri(name);
        let answer = self.ask(
            "textDocument/completion",
            json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } }),
        );
        let text = |item: &Json, key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let items = answer["items"].as_array().unwrap_or_else(|| panic!("no items: {answer}"));
        items.iter().map(|item| (text(item, "label"), text(item, "insertText"))).collect()
    }

    /// What is shown over the place where `¦` stands.
    pub(crate) fn hover(&mut self, name: &str, text: &str) -> String {
        let (before, after) = text.split_once('¦').unwrap();
        let line = before.matches('\n').count();
        let character = before.rsplit('\n').next().unwrap().chars().count();
        self.check(name, &format!("{before}{after}"));
        let position = json!({ "line": line, "character": character });
        let answer =
            self.ask("textDocument/hover", json!({ "textDocument": { "uri": uri(name) }, "position": position }));
        answer["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// What the server wrote to standard error.
    pub(crate) fn complaints(&self) -> String {
        std::fs::read_to_string(self.stderr.path()).unwrap()
    }

    fn open(&mut self, name: &str, text: &str) -> String {
        let uri = uri(name);
        self.findings.remove(&uri);
        let document = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        uri
    }

    fn tell(&mut self, method: &str, params: Json) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: Json) -> Json {
        self.last += 1;
        let id = self.last;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.until(method, |_, message| {
            let answers = message.is_some_and(|message| message.get("method").is_none() && message["id"] == id);
            message.filter(|_| answers).map(|message| message["result"].clone())
        })
    }

    /// Reads messages, and answers what the server asks, until one is what was waited for.
    fn until<T>(&mut self, what: &str, mut wanted: impl FnMut(&Self, Option<&Json>) -> Option<T>) -> T {
        let mut message: Option<Json> = None;
        loop {
            if let Some(found) = wanted(self, message.as_ref()) {
                return found;
            }
            let Ok(next) = self.messages.recv_timeout(PATIENCE) else {
                panic!("the language server does not answer ({what}): {}", self.complaints());
            };
            self.handle(&next);
            message = Some(next);
        }
    }

    fn handle(&mut self, message: &Json) {
        let params = &message["params"];
        match (message["method"].as_str(), message.get("id")) {
            (Some("textDocument/publishDiagnostics"), _) => {
                let found = params["diagnostics"].as_array().cloned().unwrap_or_default();
                self.findings.insert(params["uri"].as_str().unwrap_or_default().to_owned(), found);
            }
            (Some("workspace/configuration"), Some(id)) => {
                let section = |item: &Json| self.settings[item["section"].as_str().unwrap_or_default()].clone();
                let answer: Vec<Json> = params["items"].as_array().into_iter().flatten().map(section).collect();
                self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": answer }));
            }
            (Some(_), Some(id)) => self.send(&json!({ "jsonrpc": "2.0", "id": id, "result": null })),
            _ => {}
        }
    }

    fn send(&mut self, message: &Json) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }
}

/// As `docs/editor.md` says, with the schema of the checkout.
fn settings() -> Json {
    let schema = format!("file://{}", root().join("schemas/blueprint.json").display());
    json!({
        "yaml": {
            "customTags": gatewright_compiler::schema::custom_tags(),
            "yamlVersion": "1.1",
            "schemas": { schema: "*.yaml" },
            "schemaStore": { "enable": false },
            "kubernetesCRDStore": { "enable": false },
            "validate": true,
            "completion": true,
            "hover": true,
        },
        "http": {},
    })
}

/// Beside the shipped files, so that the relative address of their schema is right.
fn uri(name: &str) -> String {
    format!("file://{}", root().join("blueprints/default").join(name).display())
}

fn said(finding: &Json) -> String {
    finding["message"].as_str().unwrap_or_default().to_owned()
}

/// The next message; none when the server has ended.
fn read(output: &mut BufReader<ChildStdout>) -> Option<Json> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
