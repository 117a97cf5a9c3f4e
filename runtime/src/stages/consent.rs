//! `authentik_stages_consent.consentstage`: asks whether something is agreed to.
//!
//! Without an application in the context it always asks and keeps nothing; applications come with a later version,
//! so the modes make no difference yet.

use gatewright_expression::Value;
use serde_json::{Map, Value as Json};

use super::{Answer, Ask, Reach};
use crate::flow::challenge::{Body, ConsentPermission};
use crate::flow::executor::{token_errors, token_matches};
use crate::flow::run::{Fault, Run};
use crate::policy::{map_get, to_text};

pub(super) fn reach(run: &mut Run<'_>) -> Result<Reach, Fault> {
    let token = match run.execution.scratch.token.clone() {
        Some(token) => token,
        None => run.token()?,
    };
    run.execution.scratch.token = Some(token.clone());
    let header_text = match run.context("consent_header") {
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    let body = Body::Consent {
        header_text,
        permissions: permissions(run.context("consent_permissions")),
        additional_permissions: permissions(run.context("consent_additional_permissions")),
        token,
    };
    Ok(Reach::Ask(Ask { body, user: true }))
}

fn permissions(value: Option<&Value>) -> Vec<ConsentPermission> {
    let Some(Value::List(items)) = value else {
        return Vec::new();
    };
    let text = |item: &Value, key: &str| map_get(item, key).map(to_text).unwrap_or_default();
    items.iter().map(|item| ConsentPermission { name: text(item, "name"), id: text(item, "id") }).collect()
}

pub(super) fn answer(run: &Run<'_>, answer: &Map<String, Json>) -> Answer {
    if token_matches(run.execution.scratch.token.as_deref(), answer) {
        Answer::Done
    } else {
        Answer::Wrong(token_errors(answer))
    }
}
