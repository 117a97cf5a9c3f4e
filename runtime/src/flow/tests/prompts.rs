//! Prompts: kinds of fields, their values and their errors.

use serde_json::{Value as Json, json};

use super::support::{World, component, gist};

/// A flow of one page and a dummy, and the keys of its fields.
fn page(fields: &[(&str, &str, Json)], stage: Json) -> World {
    let mut world = World::new();
    let flow = world.flow("f", "authorization", json!({}));
    let prompts: Vec<Json> =
        fields.iter().map(|(key, kind, more)| json!(world.prompt(key, kind, more.clone()))).collect();
    world.then(flow, "prompt", super::support::merged(json!({"fields": prompts}), stage));
    world.then(flow, "dummy", json!({"name": "after"}));
    world
}

fn errors(shown: &Json) -> Vec<String> {
    let Some(errors) = shown["response_errors"].as_object() else {
        return Vec::new();
    };
    let text = |error: &Json| format!("{} ({})", error["string"].as_str().unwrap(), error["code"].as_str().unwrap());
    errors
        .iter()
        .flat_map(|(key, list)| list.as_array().unwrap().iter().map(move |e| format!("{key}: {}", text(e))))
        .collect()
}

const KINDS: [&str; 13] = [
    "text",
    "text_area",
    "text_read_only",
    "text_area_read_only",
    "username",
    "email",
    "password",
    "number",
    "checkbox",
    "separator",
    "hidden",
    "static",
    "ak-locale",
];

fn every_kind() -> World {
    let fields: Vec<(&str, &str, Json)> = KINDS.iter().map(|kind| (*kind, *kind, json!({}))).collect();
    page(&fields, json!({}))
}

fn all(value: &Json) -> Json {
    Json::Object(KINDS.iter().map(|kind| ((*kind).to_owned(), value.clone())).collect())
}

#[tokio::test]
async fn every_kind_says_what_is_wrong() {
    let world = every_kind();
    world.user(1, "taken", "x");
    let mut browser = world.browser();
    let mut report = String::new();
    for (title, answer) in [
        ("nothing", json!({})),
        ("empty", all(&json!(""))),
        ("null", all(&Json::Null)),
        ("list", all(&json!(["x"]))),
        ("map", all(&json!({"x": 1}))),
        ("taken", all(&json!("taken"))),
        ("nul", all(&json!("a\u{0}b"))),
    ] {
        let shown = browser.post("f", answer).await;
        assert_eq!(component(&shown), "ak-stage-prompt");
        report.push_str(&format!("{title}\n  {}\n", errors(&shown).join("\n  ")));
    }
    insta::assert_snapshot!("prompt_errors", report);
}

#[tokio::test]
async fn every_kind_keeps_its_answer() {
    let world = every_kind();
    let mut browser = world.browser();
    let mut answer = all(&json!("ünï"));
    let fields = answer.as_object_mut().unwrap();
    fields.insert("email".to_owned(), json!(" a@b.co "));
    fields.insert("number".to_owned(), json!("-7"));
    fields.insert("checkbox".to_owned(), json!("on"));
    fields.insert("username".to_owned(), json!(" new "));
    fields.insert("password".to_owned(), json!(" pw "));
    fields.insert("text".to_owned(), json!(5));
    fields.insert("unasked".to_owned(), json!("x"));
    assert_eq!(gist(&browser.post("f", answer).await), "ak-stage-dummy after");
    let context = &browser.execution.as_ref().unwrap().context;
    let data = context.iter().find(|(key, _)| key == "prompt_data").map(|(_, data)| crate::policy::to_json(data));
    insta::assert_json_snapshot!("prompt_data", data.unwrap());
}

#[tokio::test]
async fn other_kinds_deny() {
    for kind in ["radio-button-group", "dropdown", "date", "date-time", "file"] {
        let world = page(&[("a", kind, json!({}))], json!({}));
        let shown = world.browser().get("f").await;
        assert_eq!(gist(&shown), "ak-stage-access-denied This form has a field that is not available in this version.");
    }
}

#[tokio::test]
async fn fields_are_shown_in_order_with_their_values() {
    let world = page(
        &[
            ("b", "text", json!({"order": 2, "placeholder": "PH", "initial_value": "IV", "sub_text": "small"})),
            ("a", "static", json!({"order": 1, "placeholder": "from placeholder"})),
            ("c", "hidden", json!({"order": 3, "placeholder": "ph", "initial_value": "iv"})),
            ("d", "checkbox", json!({"order": 4, "initial_value": "return True", "initial_value_expression": true})),
            (
                "e",
                "text",
                json!({"order": 5, "initial_value": "return user.username + str(prompt_context)", "initial_value_expression": true}),
            ),
            (
                "f",
                "text",
                json!({"order": 6, "initial_value": "return 1/0", "initial_value_expression": true, "placeholder": "return undefined.x", "placeholder_expression": true}),
            ),
        ],
        json!({}),
    );
    let ada = world.user(1, "ada", "x");
    insta::assert_json_snapshot!("prompt_fields", world.browser().log_in(&ada).get("f").await["fields"]);
}

#[tokio::test]
async fn an_initial_value_is_the_answer_that_was_not_given() {
    let world = page(&[("a", "text", json!({"initial_value": "given"})), ("b", "text", json!({}))], json!({}));
    let shown = world.browser().post("f", json!({})).await;
    assert_eq!(errors(&shown), ["b: This field is required. (required)"]);
}

#[tokio::test]
async fn a_value_that_nobody_can_change_is_the_servers() {
    let fields = [
        ("a", "hidden", json!({"initial_value": "return 42", "initial_value_expression": true})),
        ("b", "static", json!({"initial_value": "fixed"})),
        ("c", "text_read_only", json!({"initial_value": "fixed"})),
    ];
    let world = page(&fields, json!({}));
    let mut browser = world.browser();
    browser.post("f", json!({"a": "x", "b": "x", "c": "x"})).await;
    let context = &browser.execution.as_ref().unwrap().context;
    let data = context.iter().find(|(key, _)| key == "prompt_data").map(|(_, data)| crate::policy::to_json(data));
    assert_eq!(data, Some(json!({"a": 42, "b": "fixed", "c": "fixed"})));
}

#[tokio::test]
async fn a_hidden_value_that_cannot_be_worked_out_denies() {
    let broken = json!({"initial_value": "return 1/0", "initial_value_expression": true});
    let world = page(&[("a", "hidden", broken)], json!({}));
    assert_eq!(component(&world.browser().get("f").await), "ak-stage-access-denied");
}

#[tokio::test]
async fn all_passwords_of_a_page_must_agree() {
    let password = |key| (key, "password", json!({}));
    let world = page(&[password("a"), password("b"), password("c")], json!({}));
    let mut browser = world.browser();
    let shown = browser.post("f", json!({"a": "x", "b": "x", "c": "y"})).await;
    assert_eq!(errors(&shown), ["non_field_errors: Passwords don't match. (invalid)"]);
    assert_eq!(gist(&browser.post("f", json!({"a": "x", "b": "x", "c": "x"})).await), "ak-stage-dummy after");
}

/// A page with one field and validation policies.
fn validated(sources: &[&str]) -> World {
    let mut world = World::new();
    let policies: Vec<Json> = sources.iter().map(|source| json!(world.expression(source))).collect();
    let flow = world.flow("f", "authorization", json!({}));
    let a = world.prompt("a", "text", json!({}));
    world.then(flow, "prompt", json!({"fields": [a], "validation_policies": policies}));
    world.then(flow, "dummy", json!({"name": "after"}));
    world
}

#[tokio::test]
async fn validation_policies_must_all_pass_and_are_all_heard() {
    let world = validated(&[
        "if context[\"prompt_data\"][\"a\"] == \"bad\":\n    ak_message(\"must not be bad\")\n    return False\nreturn True",
        "ak_message(\"second says \" + request.context.get(\"prompt_data\").get(\"a\"))\n\
         return len(request.context[\"prompt_data\"][\"a\"]) < 10",
    ]);
    let mut browser = world.browser();
    let shown = browser.post("f", json!({"a": "bad"})).await;
    assert_eq!(
        errors(&shown),
        ["non_field_errors: must not be bad (invalid)", "non_field_errors: second says bad (invalid)"]
    );
    let shown = browser.post("f", json!({"a": "this is too long"})).await;
    assert_eq!(errors(&shown), ["non_field_errors: second says this is too long (invalid)"]);
    assert_eq!(gist(&browser.post("f", json!({"a": "fine"})).await), "ak-stage-dummy after");
}

#[tokio::test]
async fn a_refusal_is_never_silent() {
    for source in ["return False", "return None", "return 1/0", "ak_message(\" \")\nreturn False"] {
        let world = validated(&[source]);
        let shown = world.browser().post("f", json!({"a": "x"})).await;
        assert_eq!(errors(&shown), ["non_field_errors: These answers are not accepted. (invalid)"], "{source}");
    }
}

#[tokio::test]
async fn validation_policies_may_change_the_answers() {
    let world = validated(&["context[\"prompt_data\"][\"b\"] = context[\"prompt_data\"][\"a\"] + \"!\"\nreturn True"]);
    let mut browser = world.browser();
    browser.post("f", json!({"a": "x"})).await;
    let context = &browser.execution.as_ref().unwrap().context;
    let data = context.iter().find(|(key, _)| key == "prompt_data").map(|(_, data)| crate::policy::to_json(data));
    assert_eq!(data, Some(json!({"a": "x", "b": "x!"})));
}

/// A page that asks for a password under a password policy.
async fn password_verdict(policy: Json, password: &str) -> Vec<String> {
    let mut world = World::new();
    let attrs = super::support::merged(json!({"name": "strong"}), policy);
    let policy = world.add("authentik_policies_password.passwordpolicy", attrs);
    let flow = world.flow("f", "authorization", json!({}));
    let field = world.prompt("password", "password", json!({}));
    world.then(flow, "prompt", json!({"fields": [field], "validation_policies": [policy]}));
    world.then(flow, "dummy", json!({}));
    errors(&world.browser().post("f", json!({"password": password})).await)
}

#[tokio::test]
async fn password_policies() {
    let says = |text: &str| vec![format!("non_field_errors: {text} (invalid)")];
    let length = json!({"length_min": 8, "error_message": "At least 8 characters."});
    assert_eq!(password_verdict(length.clone(), "short").await, says("At least 8 characters."));
    assert_eq!(password_verdict(length, "lööong en").await, Vec::<String>::new());
    assert_eq!(password_verdict(json!({"length_min": 8}), "short").await, says("Invalid password."));
    for (rule, good, bad) in [
        ("amount_digits", "a1", "a²"),
        ("amount_uppercase", "aB", "aÄ"),
        ("amount_lowercase", "Ab", "Aä"),
        ("amount_symbols", "a ", "a§"),
    ] {
        assert_eq!(password_verdict(json!({rule: 1}), good).await, Vec::<String>::new(), "{rule}");
        assert_eq!(password_verdict(json!({rule: 1}), bad).await, says("Invalid password."), "{rule}");
    }
    let weak = password_verdict(json!({"check_zxcvbn": true}), "password1234").await;
    assert_eq!(weak.first(), says("Password is too weak.").first());
    assert!(weak.len() > 1, "with a suggestion: {weak:?}");
    assert!(password_verdict(json!({"check_zxcvbn": true}), "twelve-Umbrellas%under.tea").await.is_empty());
    // What cannot be asked denies.
    assert_eq!(
        password_verdict(json!({"check_have_i_been_pwned": true}), "anything").await,
        says("These answers are not accepted.")
    );
}
