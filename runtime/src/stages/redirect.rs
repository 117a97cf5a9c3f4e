//! `authentik_stages_redirect.redirectstage`: leads to an address or into another flow.

use gatewright_compiler::models::stages::{RedirectMode, RedirectStage};
use gatewright_expression::Value;

use super::{Leave, Reach};
use crate::flow::next::declared_target;
use crate::flow::run::{Fault, Run};

pub(super) fn reach(run: &Run<'_>, stage: &RedirectStage) -> Result<Reach, Fault> {
    if let Some(Value::String(target)) = run.context("redirect_stage_target") {
        return match target.strip_prefix("ak-flow://") {
            Some(slug) => Ok(flow(slug.trim_end_matches('/'), stage.keep_context)),
            None => address(target),
        };
    }
    match stage.mode {
        RedirectMode::Static => address(&stage.target_static),
        RedirectMode::Flow => {
            let slug = stage.target_flow.and_then(|target| run.program.slug(target.key()));
            slug.map(|slug| flow(slug, stage.keep_context)).ok_or_else(nowhere)
        }
    }
}

fn flow(slug: &str, keep_context: bool) -> Reach {
    Reach::Leave(Leave::Flow { slug: slug.to_owned(), keep_context })
}

fn address(target: &str) -> Result<Reach, Fault> {
    let target = declared_target(target).ok_or_else(nowhere)?;
    Ok(Reach::Leave(Leave::To(target.to_owned())))
}

fn nowhere() -> Fault {
    tracing::warn!("a redirect stage has no usable target, denying");
    Fault::Denied(None)
}
