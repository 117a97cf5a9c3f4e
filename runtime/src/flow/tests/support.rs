//! A world to run flows in, and a browser that keeps what `http/` would keep.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use gatewright_reconciler::snapshot::{Object, Snapshot};
use gatewright_reconciler::store::{Effect, Group, IdentifyBy, Lookup, Operator, TokenHash, User};
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::capability::{CapabilityError, Clock, HashError, Hasher, Random};
use crate::directory::{Directory, DirectoryError};
use crate::flow::{Engine, Execution, LoginChange, Request, Step, Turn, Visitor};
use crate::program::Program;

pub(super) struct World {
    pub(super) snapshot: Snapshot,
    pub(super) directory: Arc<Memory>,
    pub(super) hasher: Arc<CountingHasher>,
    next: u128,
}

pub(super) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

impl World {
    pub(super) fn new() -> World {
        World {
            snapshot: Snapshot { revision: 7, ..Snapshot::default() },
            directory: Arc::default(),
            hasher: Arc::default(),
            next: 0x1000,
        }
    }

    pub(super) fn add(&mut self, model: &str, attrs: Json) -> Uuid {
        self.next += 1;
        let id = id(self.next);
        let Json::Object(attrs) = attrs else { panic!("attrs are a map") };
        self.snapshot.objects.insert(id, Object { id, num: None, model: model.to_owned(), attrs });
        id
    }

    pub(super) fn flow(&mut self, slug: &str, designation: &str, more: Json) -> Uuid {
        let attrs =
            json!({"name": slug, "slug": slug, "title": format!("Title of {slug}"), "designation": designation});
        self.add("authentik_flows.flow", merged(attrs, more))
    }

    /// A stage of `authentik_stages_<app>.<app without underscores>stage`.
    pub(super) fn stage(&mut self, app: &str, more: Json) -> Uuid {
        let model = format!("authentik_stages_{app}.{}stage", app.replace('_', ""));
        let name = format!("{app}-{:x}", self.next);
        self.add(&model, merged(json!({"name": name}), more))
    }

    pub(super) fn bind(&mut self, flow: Uuid, stage: Uuid, order: i64, more: Json) -> Uuid {
        let attrs = json!({"target": flow, "stage": stage, "order": order});
        self.add("authentik_flows.flowstagebinding", merged(attrs, more))
    }

    /// A stage bound after all others.
    pub(super) fn then(&mut self, flow: Uuid, app: &str, more: Json) -> Uuid {
        let stage = self.stage(app, more);
        let order = i64::try_from(self.next).unwrap();
        self.bind(flow, stage, order, json!({}))
    }

    pub(super) fn expression(&mut self, source: &str) -> Uuid {
        let name = format!("policy-{:x}", self.next);
        self.add("authentik_policies_expression.expressionpolicy", json!({"name": name, "expression": source}))
    }

    /// An expression policy bound to something.
    pub(super) fn condition(&mut self, target: Uuid, source: &str, more: Json) -> Uuid {
        let policy = self.expression(source);
        let order = i64::try_from(self.next).unwrap();
        let attrs = json!({"target": target, "policy": policy, "order": order});
        self.add("authentik_policies.policybinding", merged(attrs, more))
    }

    pub(super) fn prompt(&mut self, key: &str, kind: &str, more: Json) -> Uuid {
        let order = i64::try_from(self.next).unwrap();
        let name = format!("{key}-{:x}", self.next);
        let attrs = json!({"name": name, "field_key": key, "label": key, "type": kind, "order": order});
        self.add("authentik_stages_prompt.prompt", merged(attrs, more))
    }

    pub(super) fn user(&self, number: i64, username: &str, password: &str) -> User {
        let now = Still.now();
        let user = User {
            id: id(u128::try_from(number).unwrap()),
            pk: number,
            username: username.to_owned(),
            name: format!("{username} Name"),
            email: format!("{username}@example.com"),
            is_active: true,
            user_type: "internal".to_owned(),
            path: "users".to_owned(),
            attributes: Map::new(),
            password_hash: Some(format!("hash:{password}")),
            password_change_date: Some(now),
            last_login: None,
            date_joined: now,
            version: 1,
        };
        self.directory.put(user.clone());
        user
    }

    /// Identification, password, login: what most flows begin with.
    pub(super) fn login_flow(&mut self) -> Uuid {
        let flow = self.flow("login", "authentication", json!({"title": "Welcome!"}));
        self.then(flow, "identification", json!({"user_fields": ["email", "username"]}));
        self.then(flow, "password", json!({"backends": ["authentik.core.auth.InbuiltBackend"]}));
        self.then(flow, "user_login", json!({}));
        flow
    }

    pub(super) fn browser(&self) -> Browser {
        Browser::new(self)
    }
}

pub(super) fn merged(mut base: Json, more: Json) -> Json {
    let (Json::Object(into), Json::Object(more)) = (&mut base, more) else { panic!("maps") };
    into.extend(more);
    base
}

/// Keeps what `http/` keeps, and checks what must hold of every turn.
pub(super) struct Browser {
    pub(super) program: Program,
    pub(super) engine: Engine,
    pub(super) execution: Option<Execution>,
    pub(super) user: Option<Uuid>,
    pub(super) session: Option<TokenHash>,
    pub(super) setup: Option<Uuid>,
    pub(super) query: Vec<(String, String)>,
    pub(super) effects: Vec<Effect>,
    pub(super) last_login: LoginChange,
    pub(super) directory: Arc<Memory>,
    pub(super) ip: IpAddr,
}

impl Browser {
    fn new(world: &World) -> Browser {
        let directory: Arc<dyn Directory> = Arc::<Memory>::clone(&world.directory);
        let hasher: Arc<dyn Hasher> = Arc::<CountingHasher>::clone(&world.hasher);
        Browser {
            program: Program::compile(&world.snapshot),
            engine: Engine::new(directory, Arc::new(Still), Arc::new(Seeded::default()), hasher),
            execution: None,
            user: None,
            session: None,
            setup: None,
            query: Vec::new(),
            effects: Vec::new(),
            last_login: LoginChange::Keep,
            directory: Arc::clone(&world.directory),
            ip: "192.0.2.1".parse().unwrap(),
        }
    }

    pub(super) fn log_in(mut self, user: &User) -> Browser {
        self.user = Some(user.id);
        self.session = Some([9; 32]);
        self
    }

    pub(super) fn request(&self, flow: &str) -> Request {
        let user = self.user.and_then(|id| self.directory.get(id));
        Request {
            flow: flow.to_owned(),
            query: self.query.clone(),
            visitor: Visitor {
                user,
                session: self.session,
                client_ip: self.ip,
                user_agent: "test".to_owned(),
                host: "id.example.com".to_owned(),
                path: format!("/if/flow/{flow}/"),
            },
            setup: self.setup,
        }
    }

    pub(super) async fn get_step(&mut self, flow: &str) -> Step {
        let turn = self.engine.get(&self.program, self.execution.clone(), &self.request(flow)).await;
        assert!(turn.effects.is_empty(), "a GET has effects: {:?}", turn.effects);
        assert_eq!(turn.login, LoginChange::Keep, "a GET changes the session");
        if let Some(execution) = &turn.execution {
            assert!(execution.proofs.is_empty() || self.execution.is_some(), "a GET made proofs");
        }
        self.keep(turn)
    }

    pub(super) async fn post_step(&mut self, flow: &str, answer: Json) -> Step {
        let Json::Object(answer) = answer else { panic!("answers are maps") };
        let turn = self.engine.post(&self.program, self.execution.clone(), &self.request(flow), &answer).await;
        self.keep(turn)
    }

    fn keep(&mut self, turn: Turn) -> Step {
        // It has to survive being stored.
        let stored = serde_json::to_string(&turn.execution).unwrap();
        self.execution = serde_json::from_str(&stored).unwrap();
        self.directory.apply(&turn.effects);
        self.effects.extend(turn.effects);
        match &turn.login {
            LoginChange::Keep => {}
            LoginChange::Login { user, .. } => {
                self.user = Some(*user);
                self.session = Some([8; 32]);
            }
            LoginChange::Logout => {
                self.user = None;
                self.session = None;
            }
        }
        if turn.login != LoginChange::Keep {
            self.last_login = turn.login;
        }
        turn.step
    }

    /// What a GET shows, as a client reads it.
    pub(super) async fn get(&mut self, flow: &str) -> Json {
        let step = self.get_step(flow).await;
        wire(step)
    }

    /// What a POST leads to, its 302 followed.
    pub(super) async fn post(&mut self, flow: &str, answer: Json) -> Json {
        match self.post_step(flow, answer).await {
            Step::Advanced => self.get(flow).await,
            step => wire(step),
        }
    }

    /// Identification and password, right ones.
    pub(super) async fn enter(&mut self, username: &str, password: &str) -> Json {
        self.get("login").await;
        self.post("login", json!({"uid_field": username})).await;
        self.post("login", json!({"password": password})).await
    }
}

pub(super) fn wire(step: Step) -> Json {
    match step {
        Step::Challenge(challenge) => {
            let mut json = serde_json::to_value(challenge).unwrap();
            if let Some(name) = json["pending_user"].as_str() {
                assert_eq!(json["pending_user_avatar"], crate::flow::avatar::avatar(name), "of what is shown alone");
                json["pending_user_avatar"] = "(avatar)".into();
            }
            json
        }
        Step::Redirect { to, .. } => json!({"component": "xak-flow-redirect", "to": to}),
        Step::Advanced => json!({"status": 302}),
        Step::UnknownFlow => json!({"status": 404}),
    }
}

pub(super) fn component(json: &Json) -> &str {
    json["component"].as_str().unwrap_or("none")
}

/// `component: text of the error`, for tables.
pub(super) fn gist(json: &Json) -> String {
    let text = json["error_message"].as_str().or(json["to"].as_str()).or(json["name"].as_str()).unwrap_or("");
    format!("{} {text}", component(json)).trim_end().to_owned()
}

pub(super) struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }
}

#[derive(Default)]
pub(super) struct Seeded(AtomicU64);

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), CapabilityError> {
        for byte in bytes {
            *byte = u8::try_from(self.0.fetch_add(1, Ordering::Relaxed) % 251).unwrap();
        }
        Ok(())
    }
}

#[derive(Default)]
pub(super) struct CountingHasher {
    pub(super) verified: AtomicUsize,
}

#[async_trait::async_trait]
impl Hasher for CountingHasher {
    async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, HashError> {
        self.verified.fetch_add(1, Ordering::Relaxed);
        Ok(hash == Some(format!("hash:{password}").as_str()))
    }

    async fn hash(&self, password: &str) -> Result<String, HashError> {
        Ok(format!("hash:{password}"))
    }
}

/// Users and groups in memory.
#[derive(Default)]
pub(super) struct Memory {
    users: Mutex<BTreeMap<Uuid, User>>,
    groups: Mutex<BTreeMap<Uuid, Vec<Group>>>,
    pub(super) down: std::sync::atomic::AtomicBool,
    pub(super) reads: AtomicUsize,
}

impl Memory {
    pub(super) fn put(&self, user: User) {
        self.users.lock().unwrap().insert(user.id, user);
    }

    pub(super) fn get(&self, id: Uuid) -> Option<User> {
        self.users.lock().unwrap().get(&id).cloned()
    }

    pub(super) fn named(&self, name: &str) -> Option<User> {
        self.users.lock().unwrap().values().find(|user| user.username == name).cloned()
    }

    pub(super) fn join(&self, user: Uuid, group: Group) {
        self.groups.lock().unwrap().entry(user).or_default().push(group);
    }

    fn apply(&self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::UserCreate(new) => self.put(User {
                    id: new.id,
                    pk: 100,
                    username: new.username.clone(),
                    name: new.name.clone(),
                    email: new.email.clone(),
                    is_active: new.is_active,
                    user_type: new.user_type.clone(),
                    path: new.path.clone(),
                    attributes: new.attributes.clone(),
                    password_hash: new.password_hash.clone(),
                    password_change_date: None,
                    last_login: None,
                    date_joined: Still.now(),
                    version: 1,
                }),
                Effect::UserUpdate { id, expected_version, patch } => {
                    let mut user = self.get(*id).expect("the user is there");
                    assert_eq!(user.version, *expected_version);
                    user.username = patch.username.clone().unwrap_or(user.username);
                    user.name = patch.name.clone().unwrap_or(user.name);
                    user.email = patch.email.clone().unwrap_or(user.email);
                    user.attributes = patch.attributes.clone().unwrap_or(user.attributes);
                    user.password_hash = patch.password_hash.clone().or(user.password_hash);
                    user.version += 1;
                    self.put(user);
                }
                _ => {}
            }
        }
    }

    fn check(&self) -> Result<(), DirectoryError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        if self.down.load(Ordering::Relaxed) {
            return Err(DirectoryError::Failed("down".to_owned()));
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl Directory for Memory {
    async fn user_by_id(&self, id: Uuid) -> Result<Option<User>, DirectoryError> {
        self.check()?;
        Ok(self.get(id))
    }

    async fn user_find(&self, lookups: &[Lookup]) -> Result<Option<User>, DirectoryError> {
        self.check()?;
        let users = self.users.lock().unwrap();
        let mut found = Vec::new();
        for user in users.values() {
            let json = serde_json::to_value(user).unwrap();
            let mut all = true;
            for lookup in lookups {
                let Some(value) = json.get(&lookup.field) else {
                    return Err(DirectoryError::UnknownField(lookup.field.clone()));
                };
                assert_eq!(lookup.operator, Operator::Exact);
                all &= *value == lookup.value;
            }
            if all {
                found.push(user.clone());
            }
        }
        Ok(found.into_iter().next())
    }

    async fn user_identify(
        &self,
        by: &[IdentifyBy],
        value: &str,
        case_insensitive: bool,
    ) -> Result<Vec<User>, DirectoryError> {
        self.check()?;
        let same = |a: &str| {
            if case_insensitive { a.to_lowercase() == value.to_lowercase() } else { a == value }
        };
        let users = self.users.lock().unwrap();
        let mut found: Vec<User> = Vec::new();
        for by in by {
            let matches: Vec<&User> = users
                .values()
                .filter(|user| match by {
                    IdentifyBy::Username => same(&user.username),
                    IdentifyBy::Email => same(&user.email),
                    IdentifyBy::Upn => user.attributes.get("upn").and_then(Json::as_str).is_some_and(same),
                })
                .collect();
            for user in matches {
                if !found.iter().any(|other| other.id == user.id) {
                    found.push(user.clone());
                }
            }
        }
        found.truncate(2);
        Ok(found)
    }

    async fn username_taken(&self, username: &str, except: Option<Uuid>) -> Result<bool, DirectoryError> {
        self.check()?;
        let users = self.users.lock().unwrap();
        let same = |user: &User| user.username.to_lowercase() == username.to_lowercase();
        Ok(users.values().any(|user| same(user) && Some(user.id) != except))
    }

    async fn user_groups(&self, id: Uuid) -> Result<Vec<Group>, DirectoryError> {
        self.check()?;
        Ok(self.groups.lock().unwrap().get(&id).cloned().unwrap_or_default())
    }

    async fn group_exists(&self, id: Uuid) -> Result<bool, DirectoryError> {
        self.check()?;
        Ok(self.groups.lock().unwrap().values().flatten().any(|group| group.id == id))
    }

    async fn consent_get(&self, _: Uuid, _: Uuid, _: Timestamp) -> Result<Option<String>, DirectoryError> {
        Ok(None)
    }
}
