//! Changing accounts, making them, and the first one: what demands a proof.

use gatewright_reconciler::store::{Effect, UserPatch};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::support::{World, component, gist, id};
use crate::flow::LoginChange;

fn password_page(world: &mut World) -> Json {
    let first = world.prompt("password", "password", json!({}));
    let second = world.prompt("password_repeat", "password", json!({}));
    json!({"fields": [first, second]})
}

#[tokio::test]
async fn a_logged_in_user_changes_the_password() {
    let mut world = World::new();
    let flow = world.flow("change", "stage_configuration", json!({"authentication": "require_authenticated"}));
    let page = password_page(&mut world);
    world.then(flow, "prompt", page);
    world.then(flow, "user_write", json!({"user_creation_mode": "never_create"}));
    let ada = world.user(1, "ada", "old");
    let mut browser = world.browser().log_in(&ada);
    insta::assert_json_snapshot!("password_change", browser.get("change").await);
    let shown = browser.post("change", json!({"password": "new", "password_repeat": "other"})).await;
    assert_eq!(
        shown["response_errors"],
        json!({"non_field_errors": [{"string": "Passwords don't match.", "code": "invalid"}]})
    );
    let shown = browser.post("change", json!({"password": "new"})).await;
    assert_eq!(
        shown["response_errors"],
        json!({"password_repeat": [{"string": "This field is required.", "code": "required"}]})
    );
    let end = browser.post("change", json!({"password": " new ", "password_repeat": " new "})).await;
    assert_eq!(gist(&end), "xak-flow-redirect /");
    let patch = UserPatch { password_hash: Some("hash: new ".to_owned()), ..UserPatch::default() };
    assert_eq!(
        browser.effects,
        [
            Effect::UserUpdate { id: ada.id, expected_version: 1, patch },
            Effect::SessionsEnd { user: ada.id, except: Some([9; 32]) },
        ]
    );
    assert_eq!(browser.last_login, LoginChange::Keep);
}

#[tokio::test]
async fn a_logged_in_user_changes_own_data() {
    let mut world = World::new();
    let flow = world.flow("settings", "stage_configuration", json!({"authentication": "require_authenticated"}));
    let name = world.prompt("name", "text", json!({}));
    let locale = world.prompt("attributes.settings.locale", "ak-locale", json!({}));
    let email = world.prompt("email", "email", json!({}));
    world.then(flow, "prompt", json!({"fields": [name, locale, email]}));
    world.then(flow, "user_write", json!({}));
    let mut ada = world.user(1, "ada", "old");
    ada.attributes.insert("keep".to_owned(), 1.into());
    world.directory.put(ada.clone());
    let mut browser = world.browser().log_in(&ada);
    let answer = json!({
        "name": "Ada", "attributes.settings.locale": "de", "email": "ada@example.com",
        "is_active": false, "username": "root", "type": "internal", "password": "x",
    });
    assert_eq!(gist(&browser.post("settings", answer).await), "xak-flow-redirect /");
    let attributes = json!(world.directory.get(ada.id).unwrap().attributes);
    assert_eq!(attributes, json!({"keep": 1, "settings": {"locale": "de"}}));
    let [Effect::UserUpdate { patch, .. }] = browser.effects.as_slice() else { panic!("{:?}", browser.effects) };
    assert_eq!((patch.name.as_deref(), &patch.email, &patch.username), (Some("Ada"), &None, &None));
    assert_eq!(patch.password_hash, None, "only keys of the page's fields are taken");
    // The same once more changes nothing, so nothing is written.
    browser.effects.clear();
    let answer = json!({"name": "Ada", "attributes.settings.locale": "de", "email": "ada@example.com"});
    assert_eq!(gist(&browser.post("settings", answer).await), "xak-flow-redirect /");
    assert!(browser.effects.is_empty());
}

fn write_page(world: &mut World, flow: Uuid) {
    let name = world.prompt("name", "text", json!({}));
    world.then(flow, "prompt", json!({"fields": [name]}));
}

#[tokio::test]
async fn nobody_is_written_without_a_proof() {
    let mut world = World::new();
    let flow = world.flow("take", "authentication", json!({}));
    world.then(flow, "identification", json!({"user_fields": ["username"]}));
    write_page(&mut world, flow);
    world.then(flow, "user_write", json!({}));
    world.then(flow, "user_login", json!({}));
    let bob = world.user(2, "bob", "b");
    world.user(1, "ada", "a");
    // Neither by an anonymous visitor, nor by somebody else, nor as somebody who does not exist.
    for (mut browser, name) in [
        (world.browser(), "ada"),
        (world.browser().log_in(&bob), "ada"),
        (world.browser(), "nobody"),
        (world.browser().log_in(&bob), "nobody"),
    ] {
        browser.post("take", json!({"uid_field": name})).await;
        let end = browser.post("take", json!({"name": "Mallory"})).await;
        assert_eq!(component(&end), "ak-stage-access-denied", "{name}");
        assert!(browser.effects.is_empty());
        assert_eq!(browser.last_login, LoginChange::Keep);
        assert!(browser.execution.is_none());
    }
    // The session's own user is proved by the session.
    let mut browser = world.browser().log_in(&bob);
    browser.post("take", json!({"uid_field": "bob"})).await;
    assert_eq!(gist(&browser.post("take", json!({"name": "Robert"})).await), "xak-flow-redirect /");
    let LoginChange::Login { auth_method, .. } = &browser.last_login else { panic!("no login") };
    assert_eq!(auth_method, "session");
}

#[tokio::test]
async fn proofs_are_dropped_with_the_user_they_prove() {
    let mut world = World::new();
    let flow = world.flow("swap", "authentication", json!({}));
    world.then(flow, "identification", json!({"user_fields": ["username"]}));
    world.then(flow, "password", json!({"backends": ["authentik.core.auth.InbuiltBackend"]}));
    world.then(flow, "identification", json!({"user_fields": ["username"]}));
    world.then(flow, "user_login", json!({}));
    let ada = world.user(1, "ada", "a");
    world.user(2, "bob", "b");
    for (second, end, user) in [
        ("bob", "ak-stage-access-denied", None),
        ("nobody", "ak-stage-access-denied", None),
        ("ada", "xak-flow-redirect", Some(ada.id)),
    ] {
        let mut browser = world.browser();
        browser.post("swap", json!({"uid_field": "ada"})).await;
        browser.post("swap", json!({"password": "a"})).await;
        let shown = browser.post("swap", json!({"uid_field": second})).await;
        assert_eq!((component(&shown), browser.user), (end, user), "{second}");
    }
}

fn enrolment(world: &mut World, write: Json) {
    let flow = world.flow("enroll", "enrollment", json!({}));
    let username = world.prompt("username", "username", json!({}));
    let email = world.prompt("email", "email", json!({"required": false}));
    let mut fields = vec![json!(username), json!(email)];
    fields.extend(password_page(world)["fields"].as_array().unwrap().clone());
    world.then(flow, "prompt", json!({"fields": fields}));
    world.then(flow, "user_write", write);
    world.then(flow, "user_login", json!({}));
}

fn newcomer() -> Json {
    json!({"username": "new", "email": "new@example.com", "password": "p", "password_repeat": "p"})
}

#[tokio::test]
async fn somebody_new_is_made_and_logged_in() {
    let mut world = World::new();
    enrolment(&mut world, json!({"user_type": "internal_service_account", "user_path_template": "/staff/"}));
    let mut browser = world.browser();
    assert_eq!(gist(&browser.post("enroll", newcomer()).await), "xak-flow-redirect /");
    let [Effect::UserCreate(new), Effect::UserLoggedIn { id }] = browser.effects.as_slice() else {
        panic!("{:?}", browser.effects)
    };
    assert_eq!(*id, new.id);
    assert_eq!((new.username.as_str(), new.user_type.as_str()), ("new", "service_account"));
    assert_eq!((new.path.as_str(), new.is_active), ("staff", true));
    assert_eq!(new.password_hash.as_deref(), Some("hash:p"));
    let LoginChange::Login { user, auth_method, .. } = &browser.last_login else { panic!("no login") };
    assert_eq!((*user, auth_method.as_str()), (new.id, "created"));
}

#[tokio::test]
async fn what_new_users_are_refused_for() {
    let mut world = World::new();
    enrolment(&mut world, json!({"user_creation_mode": "never_create"}));
    let mut browser = world.browser();
    let end = browser.post("enroll", newcomer()).await;
    assert_eq!(gist(&end), "ak-stage-access-denied No user found and can't create new user.");

    let mut world = World::new();
    enrolment(&mut world, json!({"create_users_as_inactive": true}));
    let mut browser = world.browser();
    let end = browser.post("enroll", newcomer()).await;
    assert_eq!(gist(&end), "ak-stage-access-denied This account is not active.");
    assert!(matches!(browser.effects.as_slice(), [Effect::UserCreate(_)]), "it waits to be let in");
    assert_eq!(browser.last_login, LoginChange::Keep);

    let mut world = World::new();
    enrolment(&mut world, json!({"create_users_group": id(0x77)}));
    let mut browser = world.browser();
    assert_eq!(component(&browser.post("enroll", newcomer()).await), "ak-stage-access-denied");
    assert!(browser.effects.is_empty(), "a group that is not there is not left out in silence");
}

#[tokio::test]
async fn a_logged_in_user_makes_no_second_account_by_accident() {
    let mut world = World::new();
    enrolment(&mut world, json!({}));
    let ada = world.user(1, "ada", "a");
    let mut browser = world.browser().log_in(&ada);
    browser.post("enroll", newcomer()).await;
    assert!(browser.effects.iter().all(|effect| !matches!(effect, Effect::UserCreate(_))));
}

fn setup_flow(world: &mut World) {
    let flow = world.flow("initial-setup", "stage_configuration", json!({}));
    let header = world.prompt("header", "static", json!({"initial_value": "Welcome"}));
    let email = world.prompt("email", "email", json!({}));
    let mut fields = vec![json!(header), json!(email)];
    fields.extend(password_page(world)["fields"].as_array().unwrap().clone());
    world.then(flow, "prompt", json!({"fields": fields}));
    let write = world.then(flow, "user_write", json!({"user_creation_mode": "never_create"}));
    let prefill = "context[\"flow_plan\"].context[\"pending_user\"] = ak_user_by(username=\"akadmin\")\nreturn True";
    world.condition(write, prefill, json!({}));
    let login = world.then(flow, "user_login", json!({}));
    let lock = "from authentik.flows.models import Flow, FlowAuthenticationRequirement\n\
                Flow.objects.filter(slug=\"initial-setup\").update(\n    \
                authentication=FlowAuthenticationRequirement.REQUIRE_SUPERUSER,\n)\nreturn True";
    world.condition(login, lock, json!({}));
    world.condition(flow, "return not ak_user_by(username=\"akadmin\").has_usable_password()", json!({}));
}

#[tokio::test]
async fn the_initial_setup_needs_its_link() {
    let mut world = World::new();
    setup_flow(&mut world);
    let mut akadmin = world.user(1, "akadmin", "unset");
    akadmin.password_hash = None;
    world.directory.put(akadmin.clone());
    let answer = json!({"email": "root@example.com", "password": "pw", "password_repeat": "pw"});

    for mut browser in [world.browser(), world.browser().log_in(&akadmin)] {
        let end = browser.get("initial-setup").await;
        assert_eq!(gist(&end), "ak-stage-access-denied Flow does not apply to current user.");
        assert_eq!(component(&browser.post("initial-setup", answer.clone()).await), "ak-stage-access-denied");
        assert!(browser.effects.is_empty());
    }

    // A link that closes meanwhile stops an execution that it began.
    let mut browser = world.browser();
    browser.setup = Some(akadmin.id);
    assert_eq!(component(&browser.get("initial-setup").await), "ak-stage-prompt");
    browser.setup = None;
    assert_eq!(component(&browser.post("initial-setup", answer.clone()).await), "ak-stage-access-denied");
    assert!(browser.effects.is_empty());

    let mut browser = world.browser();
    browser.setup = Some(akadmin.id);
    browser.get("initial-setup").await;
    assert_eq!(gist(&browser.post("initial-setup", answer).await), "xak-flow-redirect /");
    let kinds: Vec<&str> = browser
        .effects
        .iter()
        .map(|effect| match effect {
            Effect::UserUpdate { .. } => "update",
            Effect::SessionsEnd { .. } => "sessions end",
            Effect::SetupComplete => "setup complete",
            Effect::UserLoggedIn { .. } => "logged in",
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["update", "sessions end", "setup complete", "logged in"]);
    assert_eq!(browser.user, Some(akadmin.id));
    assert_eq!(world.directory.get(akadmin.id).unwrap().email, "root@example.com");
}

#[tokio::test]
async fn the_link_proves_nothing_in_other_flows() {
    let mut world = World::new();
    let flow = world.flow("login", "authentication", json!({}));
    world.then(flow, "identification", json!({"user_fields": ["username"]}));
    world.then(flow, "user_login", json!({}));
    let akadmin = world.user(1, "akadmin", "x");
    let mut browser = world.browser();
    browser.setup = Some(akadmin.id);
    assert_eq!(component(&browser.post("login", json!({"uid_field": "akadmin"})).await), "ak-stage-access-denied");
    assert_eq!(browser.user, None);
}
