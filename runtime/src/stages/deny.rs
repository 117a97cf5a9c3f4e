//! `authentik_stages_deny.denystage`: ends the flow with a message.

use gatewright_compiler::models::stages::DenyStage;
use gatewright_expression::Value;

use super::Reach;
use crate::flow::run::Run;

pub(super) fn reach(run: &Run<'_>, stage: &DenyStage) -> Reach {
    let message = match run.context("deny_message") {
        Some(Value::String(message)) => message.clone(),
        _ => stage.deny_message.clone(),
    };
    Reach::Invalid(Some(message).filter(|message| !message.trim().is_empty()))
}
