//! A server with a few flows and the administrator `akadmin`, on a port of its own.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use gatewright_reconciler::snapshot::{Object, Snapshot};
use gatewright_reconciler::store::{InstallationKey, Store};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::client::Client;
use crate::capability::{OsRandom, SystemClock};
use crate::{Config, Runtime};

/// Password of the administrator.
pub(super) const PASSWORD: &str = "correct horse battery";
/// API token of the administrator.
pub(super) const TOKEN: &str = "an-api-token-of-the-administrator-0123456789";

/// A server that stops with its test.
pub(super) struct Site {
    pub(super) runtime: Runtime,
    pub(super) store: Store,
    pub(super) address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Site {
    /// With the administrator set up.
    pub(super) async fn new() -> Site {
        let site = Site::unset().await;
        let now = Timestamp::now();
        assert!(site.store.bootstrap(Some(PASSWORD), Some("root@example.org"), Some(TOKEN), now).await.unwrap());
        site
    }

    /// Before anybody was set up.
    pub(super) async fn unset() -> Site {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let store = Store::open(&url, InstallationKey::from_bytes(&[7; 32]).unwrap()).await.unwrap();
        let (runtime, address) = start(&store).await;
        Site { runtime, store, address, _folder: folder }
    }

    /// Another server on the same database.
    pub(super) async fn again(&self) -> SocketAddr {
        start(&self.store).await.1
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    pub(super) fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// How many sessions and executions of anonymous visitors there are: sweeping in the far future takes them away.
    pub(super) async fn rows(&self) -> u64 {
        let later = Timestamp::now() + SignedDuration::from_hours(24);
        self.store.sweep(later).await.unwrap()
    }

    /// A client that is logged in as the administrator.
    pub(super) async fn logged_in(&self) -> Client {
        let mut client = self.client();
        let url = "/api/v3/flows/executor/login/?query=";
        client.post_json(url, &json!({ "uid_field": "akadmin" })).await;
        let reply = client.post_json(url, &json!({ "password": PASSWORD })).await;
        assert_eq!(reply.component(), "xak-flow-redirect", "{reply:?}");
        client
    }
}

async fn start(store: &Store) -> (Runtime, SocketAddr) {
    let config = Config {
        public_url: "https://login.example.org".parse().unwrap(),
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
    };
    let runtime = Runtime::of_snapshot(store.clone(), config, Arc::new(SystemClock), Arc::new(OsRandom), &snapshot());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = runtime.clone();
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    (runtime, address)
}

#[derive(Default)]
struct Draft {
    objects: BTreeMap<Uuid, Object>,
}

impl Draft {
    fn add(&mut self, model: &str, attrs: Json) -> Uuid {
        let id = Uuid::from_u128(0x1000 + self.objects.len() as u128);
        let attrs = attrs.as_object().unwrap().clone();
        self.objects.insert(id, Object { id, num: None, model: model.to_owned(), attrs });
        id
    }

    fn flow(&mut self, slug: &str, designation: &str, authentication: &str, stages: &[Uuid]) -> Uuid {
        let flow = self.add(
            "authentik_flows.flow",
            json!({
                "name": slug, "slug": slug, "title": format!("Title of {slug}"),
                "designation": designation, "authentication": authentication,
            }),
        );
        for (order, stage) in stages.iter().enumerate() {
            let binding = json!({ "target": flow, "stage": stage, "order": order });
            self.add("authentik_flows.flowstagebinding", binding);
        }
        flow
    }

    fn prompt(&mut self, key: &str, kind: &str, order: i64) -> Uuid {
        let attrs = json!({ "name": key, "field_key": key, "label": key, "type": kind, "order": order });
        self.add("authentik_stages_prompt.prompt", attrs)
    }
}

fn snapshot() -> Snapshot {
    let mut draft = Draft::default();
    let who = draft.add(
        "authentik_stages_identification.identificationstage",
        json!({ "name": "who", "user_fields": ["email", "username"] }),
    );
    let backends = json!({ "name": "proof", "backends": ["authentik.core.auth.InbuiltBackend"] });
    let proof = draft.add("authentik_stages_password.passwordstage", backends);
    let login = draft.add("authentik_stages_user_login.userloginstage", json!({ "name": "in" }));
    let logout = draft.add("authentik_stages_user_logout.userlogoutstage", json!({ "name": "out" }));
    let first = draft.prompt("password", "password", 0);
    let second = draft.prompt("password_repeat", "password", 1);
    let fields = json!({ "name": "new", "fields": [first, second] });
    let new = draft.add("authentik_stages_prompt.promptstage", fields);
    let write = draft.add("authentik_stages_user_write.userwritestage", json!({ "name": "write" }));
    let news = draft.prompt("news", "checkbox", 0);
    let mail = draft.prompt("mail", "email", 1);
    let form = draft.add("authentik_stages_prompt.promptstage", json!({ "name": "form", "fields": [news, mail] }));
    let away = json!({ "name": "away", "mode": "static", "target_static": "https://wiki.example/a?b=c" });
    let away = draft.add("authentik_stages_redirect.redirectstage", away);
    draft.flow("login", "authentication", "none", &[who, proof, login]);
    draft.flow("out", "invalidation", "none", &[logout]);
    draft.flow("default-password-change", "stage_configuration", "require_authenticated", &[new, write]);
    draft.flow("initial-setup", "stage_configuration", "none", &[new, write, login]);
    let note = draft.prompt("note", "text_area", 0);
    let note = draft.add("authentik_stages_prompt.promptstage", json!({ "name": "note", "fields": [note] }));
    draft.flow("notes", "enrollment", "none", &[note, form]);
    let crowded = draft.flow("crowded", "enrollment", "none", &[form]);
    let source = "context[\"flow_plan\"].context[\"crowd\"] = \"x\" * 5000\nreturn True";
    let crowd = json!({ "name": "crowd", "expression": source });
    let crowd = draft.add("authentik_policies_expression.expressionpolicy", crowd);
    draft.add("authentik_policies.policybinding", json!({ "target": crowded, "policy": crowd, "order": 0 }));
    draft.flow("watchful", "authentication", "none", &[who, proof, form, login]);
    draft.flow("form", "enrollment", "none", &[form, away]);
    Snapshot { revision: 0, objects: draft.objects }
}
