//! Dresses a challenge: the flow's title and picture, and whom it is about.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::avatar::avatar;
use super::challenge::{Body, Challenge, FlowInfo, UserInfo};
use super::execution::{Identifier, Reveal};
use super::run::{Fault, Run};
use crate::policy::Subject;
use crate::program::{BrandInfo, FlowProgram};
use crate::stages::Errors;

/// A challenge with everything around it.
pub(crate) async fn challenge(run: &mut Run<'_>, body: Body, user: bool, errors: Errors) -> Result<Challenge, Fault> {
    let flow_info = info(run).await?;
    let subject = run.subject().await?;
    let user = user.then(|| user_info(shown_name(run, &subject)));
    Ok(Challenge { flow_info, body, response_errors: errors, user })
}

/// About the flow, for the person that it is about.
pub(crate) async fn info(run: &mut Run<'_>) -> Result<Option<FlowInfo>, Fault> {
    let subject = run.subject().await?;
    let shown = shown_name(run, &subject);
    let title = title(&run.flow.flow.title, if shown.is_empty() { "AnonymousUser" } else { &shown });
    Ok(Some(flow_info(run.flow, &run.brand, title)))
}

/// Access denied. Must work where nothing else does, so it asks nobody.
pub(crate) fn denied(run: &Run<'_>, subject: &Subject, message: Option<String>) -> Challenge {
    let raw = &run.flow.flow.title;
    let shown = shown_name(run, subject);
    // As the peer does: who is turned away at the door sees the title as it was written.
    let title = if run.execution.pending.is_some() { title(raw, &shown) } else { raw.clone() };
    Challenge {
        flow_info: Some(flow_info(run.flow, &run.brand, title)),
        body: Body::AccessDenied { error_message: Some(message.unwrap_or_else(|| "Unknown error".to_owned())) },
        response_errors: Errors::new(),
        user: Some(user_info(shown)),
    }
}

/// What is shown of the subject: what was typed, until more may be told.
fn shown_name(run: &Run<'_>, subject: &Subject) -> String {
    let proved = || subject.user().is_some_and(|user| run.proof_of(user).is_some());
    match &run.execution.identifier {
        Some(Identifier { typed, reveal: Reveal::Never }) => typed.clone(),
        Some(Identifier { typed, reveal: Reveal::Proved }) if !proved() => typed.clone(),
        _ => subject.username().to_owned(),
    }
}

/// The picture is made of the shown name alone: one of the display name would tell a user from a pretended one.
fn user_info(shown: String) -> UserInfo {
    UserInfo { pending_user_avatar: avatar(&shown), pending_user: shown }
}

fn flow_info(flow: &FlowProgram, brand: &BrandInfo, title: String) -> FlowInfo {
    let background = flow.flow.background.as_deref().filter(|url| !url.is_empty()).unwrap_or(&brand.background);
    let layout = serde_json::to_value(flow.flow.layout).ok();
    let layout = layout.as_ref().and_then(|layout| layout.as_str()).unwrap_or("stacked");
    FlowInfo {
        title,
        background: background.to_owned(),
        cancel_url: "/flows/-/cancel/".to_owned(),
        layout: layout.to_owned(),
    }
}

/// Fills `%(user)s` and `%(app)s`; a title with any other placeholder is shown as it stands.
fn title(raw: &str, user: &str) -> String {
    let mut filled = String::new();
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('%') {
        filled.push_str(before);
        rest = if let Some(after) = after.strip_prefix('%') {
            filled.push('%');
            after
        } else if let Some(after) = after.strip_prefix("(user)s") {
            filled.push_str(user);
            after
        } else if let Some(after) = after.strip_prefix("(app)s") {
            after
        } else {
            return raw.to_owned();
        };
    }
    filled + rest
}

/// Everything but what a query value may hold as it is.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// The page of a flow, with the query that the person came with.
pub(crate) fn flow_link(slug: &str, query: &[(String, String)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, QUERY).to_string();
    let pairs: Vec<String> = query.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
    let separator = if pairs.is_empty() { "" } else { "?" };
    format!("/if/flow/{slug}/{separator}{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_filled_or_left_alone() {
        for (raw, expected) in [
            ("Hello %(user)s", "Hello ada"),
            ("Consent for %(app)s", "Consent for "),
            ("100 %% sure", "100 % sure"),
            ("100 % sure, %(user)s", "100 % sure, %(user)s"),
            ("%(nope)s", "%(nope)s"),
        ] {
            assert_eq!(title(raw, "ada"), expected, "{raw}");
        }
    }

    #[test]
    fn links_keep_the_query() {
        assert_eq!(flow_link("a", &[]), "/if/flow/a/");
        let query = [("next".to_owned(), "/if/user/#/a b&c".to_owned())];
        assert_eq!(flow_link("a", &query), "/if/flow/a/?next=/if/user/%23/a%20b%26c");
    }
}
