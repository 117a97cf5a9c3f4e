//! Every model against what is known of the peer's: names, attributes, types, required, null, unique, references, defaults,
//! choices.
//!
//! `facts.tsv` holds that in short, one attribute a line; where the facts are at hand (`GATEWRIGHT_SHARED`) it is held against
//! them (`UPDATE_FACTS=1` writes it). What is different on purpose stands in [`DIFFERENT`], with the reason.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::super::field::strings;
use super::super::{Field, KeyType, Model, is_peer_model, model, models};

const TABLE: &str = include_str!("facts.tsv");
const HEAD: &str = "model\tattribute\ttype\tflags\treference\tdefault\tchoices\n";

/// A line of the table.
struct Fact {
    model: String,
    attribute: String,
    /// `str`, `str≤50`, `slug≤50`, `email≤254`, `datetime`, `uuid`, `int`, `uint`, `float`, `bool`, `enum`, `object`, or one of
    /// these in brackets.
    kind: String,
    required: bool,
    nullable: bool,
    unique: bool,
    /// In lower case; empty for none.
    reference: String,
    /// As Python writes it; empty for none.
    default: String,
    /// Sorted; empty for none, or where the facts only count them.
    choices: Vec<String>,
}

/// Models and attributes that are different on purpose: which column, and why.
const DIFFERENT: &[(&str, &str, &str, &str)] = &[
    ("authentik_brands.brand", "branding_title", "default", "our own name"),
    ("authentik_brands.brand", "branding_logo", "default", "our own picture"),
    ("authentik_brands.brand", "branding_favicon", "default", "our own picture"),
    ("authentik_brands.brand", "branding_default_flow_background", "default", "our own picture"),
    ("authentik_core.application", "backchannel_providers", "reference", "the facts leave it out"),
    ("authentik_core.group", "users", "reference", "the facts leave it out"),
    ("authentik_core.group", "children", "reference", "the facts leave it out"),
    ("authentik_core.token", "user", "required", "the peer's blueprints cannot leave it out either"),
    ("authentik_crypto.certificatekeypair", "certificate_data", "required", "a pair is made when none is given"),
    ("authentik_events.event", "action", "choices", "later versions of the peer have one more"),
    ("authentik_events.notification", "event", "type", "the peer's answers hold the whole event, a file refers to it"),
    ("authentik_events.notificationtransport", "email_subject_prefix", "default", "our own name"),
    ("authentik_outposts.outpost", "type", "required", "the facts call it required and give a default"),
    (
        "authentik_policies_event_matcher.eventmatcherpolicy",
        "action",
        "choices",
        "later versions of the peer have one more",
    ),
    ("authentik_policies_geoip.geoippolicy", "countries", "choices", "the facts only count them"),
    ("authentik_rbac.initialpermissions", "permissions", "type", "named, as the peer's numbers mean nothing elsewhere"),
    (
        "authentik_rbac.initialpermissions",
        "permissions",
        "reference",
        "named, as the peer's numbers mean nothing elsewhere",
    ),
    ("authentik_stages_authenticator_email.authenticatoremailstage", "from_address", "default", "our own name"),
    ("authentik_stages_authenticator_email.authenticatoremailstage", "subject", "default", "our own name"),
    (
        "authentik_stages_authenticator_validate.authenticatorvalidatestage",
        "webauthn_allowed_device_types",
        "reference",
        "types are no objects here",
    ),
    (
        "authentik_stages_authenticator_webauthn.authenticatorwebauthnstage",
        "device_type_restrictions",
        "reference",
        "types are no objects here",
    ),
    ("authentik_stages_email.emailstage", "from_address", "default", "our own name"),
    ("authentik_stages_email.emailstage", "subject", "default", "our own name"),
    ("authentik_tenants.domain", "tenant", "reference", "there is one tenant, and no object for it"),
];

/// Attributes that the facts do not have, with the reason.
const MORE: &[(&str, &str, &str)] = &[
    ("authentik_blueprints.metaapplyblueprint", "context", "passed to the applied blueprint, which the peer cannot do"),
    ("authentik_events.notificationrule", "group", "the name in the peer's own files"),
];

/// Unique in the peer by its serialisers, which the facts do not count, or because nothing else names it.
const UNIQUE_TOO: &[(&str, &str)] = &[
    ("authentik_brands.brand", "domain"),
    ("authentik_core.group", "name"),
    ("authentik_enterprise.license", "key"),
    ("authentik_core.user", "username"),
    ("authentik_tenants.domain", "domain"),
];

/// Defaults of the peer that only say "empty", or that its functions make.
const NO_DEFAULT: &[&str] = &[
    "None",
    "dict",
    "list",
    "now",
    "default_brand",
    "default_device_classes",
    "default_event_duration",
    "','.join(default_scopes())",
];

/// Functions of the peer that make a new key for every object.
const GENERATED: &[&str] = &["default_token_key", "generate_client_secret", "generate_id"];

/// Defaults that the facts call by the name of a constant.
const NAMED: &[(&str, &str)] = &[
    ("SHA256", "'http://www.w3.org/2001/04/xmlenc#sha256'"),
    ("RSA_SHA256", "'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'"),
    ("SAMLNameIDPolicy.UNSPECIFIED", "'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'"),
    ("SAMLNameIDPolicy.PERSISTENT", "'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'"),
];

/// Parts of names of attributes that hold secrets.
const SECRET_NAMES: &[&str] =
    &["secret", "password", "private_key", "token", "key_data", "credentials", "keytab", "ccache", "kubeconfig"];

/// Attributes that are called like secrets and are none.
const NO_SECRET: &[(&str, &str)] = &[
    ("authentik_policies_password.passwordpolicy", "password_field"),
    ("authentik_policies_unique_password.uniquepasswordpolicy", "password_field"),
    ("authentik_policies_unique_password.uniquepasswordpolicy", "num_historical_passwords"),
    ("authentik_providers_oauth2.oauth2provider", "access_token_validity"),
    ("authentik_providers_oauth2.oauth2provider", "refresh_token_validity"),
    ("authentik_providers_proxy.proxyprovider", "access_token_validity"),
    ("authentik_providers_proxy.proxyprovider", "basic_auth_password_attribute"),
    ("authentik_providers_proxy.proxyprovider", "refresh_token_validity"),
    ("authentik_sources_oauth.oauthsource", "access_token_url"),
    ("authentik_sources_oauth.oauthsource", "request_token_url"),
    ("authentik_stages_authenticator_static.authenticatorstaticstage", "token_count"),
    ("authentik_stages_authenticator_static.authenticatorstaticstage", "token_length"),
    ("authentik_stages_authenticator_email.authenticatoremailstage", "token_expiry"),
    ("authentik_stages_email.emailstage", "token_expiry"),
    ("authentik_stages_identification.identificationstage", "password_stage"),
    ("authentik_stages_identification.identificationstage", "passwordless_flow"),
    ("authentik_stages_password.passwordstage", "allow_show_password"),
];

fn facts() -> Vec<Fact> {
    let fact = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let flag = |flag| cells[3].contains(flag);
        Fact {
            model: cells[0].to_owned(),
            attribute: cells[1].to_owned(),
            kind: cells[2].to_owned(),
            required: flag('r'),
            nullable: flag('n'),
            unique: flag('u'),
            reference: cells[4].to_owned(),
            default: cells[5].to_owned(),
            choices: cells[6].split('|').filter(|choice| !choice.is_empty()).map(str::to_owned).collect(),
        }
    };
    TABLE.lines().skip(1).map(fact).collect()
}

#[test]
fn the_table_says_what_the_facts_say() {
    let Ok(shared) = std::env::var("GATEWRIGHT_SHARED") else {
        assert!(std::env::var_os("GATEWRIGHT_REQUIRE_ALL").is_none(), "skipped: GATEWRIGHT_SHARED is not set");
        return;
    };
    let facts: Json =
        serde_json::from_str(&std::fs::read_to_string(format!("{shared}/facts/models.json")).unwrap()).unwrap();
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let mut table = HEAD.to_owned();
    for (model, fact) in facts.as_object().unwrap() {
        for (attribute, fact) in fact["attrs"].as_object().unwrap().iter().filter(|(name, _)| !name.ends_with("_set")) {
            let long = text(&fact["type"]);
            let (open, close) = if long.starts_with('[') { ("[", "]") } else { ("", "") };
            let kind = match long.split_once("enum(") {
                Some(_) => format!("{open}enum{close}"),
                None => long.clone(),
            };
            let flags: String = [("required", 'r'), ("nullable", 'n'), ("unique", 'u')]
                .into_iter()
                .filter(|(name, _)| fact[*name] == Json::Bool(true))
                .map(|(_, flag)| flag)
                .collect();
            let inside = long.split_once("enum(").map(|(_, rest)| rest.trim_end_matches([')', ']']).to_owned());
            let mut choices: Vec<String> = match fact.get("enum").and_then(Json::as_array) {
                Some(values) => values.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
                None => inside
                    .filter(|text| !text.ends_with(" values"))
                    .map_or(Vec::new(), |text| text.split('|').map(str::to_owned).collect()),
            };
            choices.sort();
            let (reference, default) = (text(&fact["ref"]).to_lowercase(), text(&fact["default"]));
            writeln!(table, "{model}\t{attribute}\t{kind}\t{flags}\t{reference}\t{default}\t{}", choices.join("|"))
                .unwrap();
        }
    }
    if std::env::var_os("UPDATE_FACTS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/models/tests/facts.tsv"), table).unwrap();
    } else {
        assert_eq!(TABLE, table, "run the test with UPDATE_FACTS=1");
    }
}

#[test]
fn every_model_of_the_peer_is_here() {
    let facts = facts();
    let names: BTreeSet<&str> = facts.iter().map(|fact| fact.model.as_str()).collect();
    let ours: BTreeSet<&str> = models().iter().map(|model| model.name).collect();
    assert_eq!(ours, names);
    assert!(names.iter().all(|name| is_peer_model(name)));
}

#[test]
fn every_attribute_is_what_the_peer_says() {
    let facts = facts();
    let mut found = Vec::new();
    for fact in &facts {
        let Some(model) = model(&fact.model) else { continue };
        compare(&mut found, model, fact);
    }
    for model in models() {
        for field in &model.fields {
            let known = |(of, name, _): &(&str, &str, &str)| (*of, *name) == (model.name, field.name.as_str());
            let there = facts.iter().any(|fact| (fact.model.as_str(), &fact.attribute) == (model.name, &field.name));
            if there == MORE.iter().any(known) {
                found.push(format!(
                    "{}.{}: not in the facts, or in them and in the list of those that are not",
                    model.name, field.name
                ));
            }
        }
    }
    let known = |line: &String| {
        DIFFERENT.iter().any(|(model, field, what, _)| line.starts_with(&format!("{model}.{field}: {what} ")))
    };
    let unknown: Vec<&String> = found.iter().filter(|line| !known(line)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    for (model, field, what, reason) in DIFFERENT {
        let begin = format!("{model}.{field}: {what} ");
        assert!(found.iter().any(|line| line.starts_with(&begin)), "{begin}is not different: {reason}");
    }
}

fn compare(found: &mut Vec<String>, model: &Model, fact: &Fact) {
    let name = &fact.attribute;
    let mut differ = |what: &str, ours: String, theirs: String| {
        if ours != theirs {
            found.push(format!("{}.{name}: {what} is {ours}, the peer's {theirs}", model.name));
        }
    };
    let Some(field) = model.field(name) else { return differ("attribute", "missing".to_owned(), "there".to_owned()) };
    let property = &model.schema()["properties"][name];
    differ("required", field.required.to_string(), fact.required.to_string());
    differ("nullable", field.nullable.to_string(), fact.nullable.to_string());
    let unique = model.keys.contains(&[name.as_str()].as_slice());
    let unique_too = UNIQUE_TOO.contains(&(model.name, name));
    differ("unique", unique.to_string(), (fact.unique || unique_too).to_string());
    differ("type", kind(field, property), plain(&fact.kind, &fact.reference));
    let reference = field.reference.as_ref().map_or("", |reference| reference.kind);
    differ("reference", reference.to_owned(), fact.reference.clone());
    let inner = property.get("items").unwrap_or(property);
    let mut choices: Vec<String> =
        inner["enum"].as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect();
    choices.sort();
    differ("choices", choices.join("|"), fact.choices.join("|"));
    // An empty secret is none.
    let shown = field.secret.is_none() || fact.default != "''";
    let default =
        NAMED.iter().find(|(name, _)| *name == fact.default).map_or(fact.default.as_str(), |(_, value)| value);
    let generated = GENERATED.contains(&default);
    differ("generated", field.generated.to_string(), generated.to_string());
    if shown && !default.is_empty() && !generated && !NO_DEFAULT.contains(&default) {
        differ("default", python(field.default.as_ref()), default.to_owned());
    }
}

/// Our type as the facts write it.
fn kind(field: &Field, property: &Json) -> String {
    if let Some(reference) = &field.reference {
        let key = if reference.key == KeyType::Integer { "int" } else { "uuid" };
        return if reference.many { format!("[{key}]") } else { key.to_owned() };
    }
    match property.get("items") {
        Some(items) if property["type"] == "array" => format!("[{}]", one(items)),
        _ => one(property),
    }
}

fn one(property: &Json) -> String {
    let format = property["format"].as_str().unwrap_or_default();
    let kinds = strings(property.get("type"));
    let base = match (kinds.first().copied().unwrap_or_default(), format) {
        _ if property["enum"].is_array() || format == "permission" => return "enum".to_owned(),
        ("string", "date-time") => return "datetime".to_owned(),
        ("string", "uuid") => return "uuid".to_owned(),
        ("string", "slug") => "slug",
        ("string", "email") => "email",
        ("string", _) => "str",
        ("integer", _) => return "int".to_owned(),
        ("number", _) => return "float".to_owned(),
        ("boolean", _) => return "bool".to_owned(),
        (other, _) => return other.to_owned(),
    };
    match property["maxLength"].as_u64() {
        Some(most) => format!("{base}≤{most}"),
        None => base.to_owned(),
    }
}

/// The facts' type as ours can be compared with: which numbers count is up to us, and a key that is called a number is the
/// target's own key.
fn plain(kind: &str, reference: &str) -> String {
    let numbered = ["", "user", "provider", "oauth2provider", "racprovider"].contains(&reference);
    match kind {
        "uint" => "int".to_owned(),
        "int" if !numbered => "uuid".to_owned(),
        "[int]" if !numbered => "[uuid]".to_owned(),
        other => other.to_owned(),
    }
}

fn python(default: Option<&Json>) -> String {
    match default {
        None => "none".to_owned(),
        Some(Json::String(text)) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        Some(Json::Bool(true)) => "True".to_owned(),
        Some(Json::Bool(false)) => "False".to_owned(),
        Some(other) => other.to_string(),
    }
}

/// Whatever is called like a secret is one, or stands in the list of those that are not.
#[test]
fn secrets_are_marked() {
    let mut wrong = Vec::new();
    for model in models() {
        for field in &model.fields {
            let called = SECRET_NAMES.iter().any(|part| field.name.contains(part));
            let excused = NO_SECRET.contains(&(model.name, field.name.as_str()));
            let text = field.reference.is_none() && model.schema()["properties"][&field.name]["type"] != "boolean";
            if called && text && field.secret.is_none() != excused {
                wrong.push(format!("{}.{}", model.name, field.name));
            }
        }
    }
    assert!(wrong.is_empty(), "secret or not? {wrong:#?}");
    for (name, field) in NO_SECRET {
        assert!(model(name).is_none_or(|model| model.field(field).is_some()), "{name} has no `{field}`");
    }
}
