//! Runs one compiled expression. Errors stay errors: whoever asks denies.

use std::collections::BTreeSet;
use std::net::IpAddr;

use gatewright_expression::{Compiled, EvaluateError, Input, Limits, Outcome, Value};
use uuid::Uuid;

use super::engine::Question;
use super::host::PolicyHost;
use super::values::map_get;
use super::{Ruling, Verdict};
use crate::directory::Directory;

/// Asks an expression policy; its changes of `context` stay in the question.
pub(super) async fn ask(compiled: &Compiled, question: &mut Question<'_>) -> Result<Ruling, EvaluateError> {
    let input = Input {
        user: question.user.clone(),
        http_request: question.http_request.clone(),
        obj: Value::Null,
        context: question.context.clone(),
        extra: Vec::new(),
        client_ip: Some(question.client_ip),
        is_sso_flow: matches!(map_get(&question.context, "is_sso"), Some(Value::Bool(true))),
    };
    let (outcome, seen) = run(compiled, input, question.directory).await?;
    question.seen.extend(seen);
    question.context = outcome.context;
    Ok(Ruling { verdict: Verdict::of(outcome.passing), messages: outcome.messages })
}

/// Evaluates a prompt's placeholder or initial value.
pub(crate) async fn evaluate_prompt(
    compiled: &Compiled,
    directory: &dyn Directory,
    user: Value,
    http_request: Value,
    client_ip: IpAddr,
    prompt_context: Value,
) -> Result<Value, EvaluateError> {
    let input = Input {
        user,
        http_request,
        obj: Value::Null,
        context: Value::Map(vec![("prompt_context".to_owned(), prompt_context.clone())]),
        extra: vec![("prompt_context".to_owned(), prompt_context)],
        client_ip: Some(client_ip),
        is_sso_flow: false,
    };
    Ok(run(compiled, input, directory).await?.0.value)
}

async fn run(
    compiled: &Compiled,
    input: Input,
    directory: &dyn Directory,
) -> Result<(Outcome, BTreeSet<Uuid>), EvaluateError> {
    let host = PolicyHost::new(directory);
    let outcome = compiled.evaluate(input, &host, &Limits::default()).await?;
    Ok((outcome, host.into_seen()))
}
