//! `authentik_stages_prompt.promptstage`: a page of fields. `show` draws it, `check` reads its answers.

mod check;
mod show;

use serde_json::{Map, Value as Json};

use super::{Answer, Ask, Errors, Reach, field_error};
use crate::flow::challenge::Body;
use crate::flow::run::{Fault, Run};
use crate::policy::Verdict;
use crate::program::PromptPage;

pub(super) async fn reach(run: &mut Run<'_>, page: &PromptPage) -> Result<Reach, Fault> {
    let mut fields = Vec::new();
    for shown in show::fields(run, page).await? {
        fields.push(shown.into_challenge());
    }
    Ok(Reach::Ask(Ask { body: Body::Prompt { fields }, user: false }))
}

pub(super) async fn answer(run: &mut Run<'_>, page: &PromptPage, answer: &Map<String, Json>) -> Result<Answer, Fault> {
    let fields = show::fields(run, page).await?;
    let mut answers = match check::answers(run, &fields, answer).await? {
        Ok(answers) => answers,
        Err(errors) => return Ok(Answer::Wrong(errors)),
    };
    let ruling = run.validate(&page.policies, &mut answers).await?;
    if ruling.verdict != Verdict::Pass {
        return Ok(Answer::Wrong(refused(ruling.messages)));
    }
    run.add_prompt_data(answers);
    Ok(Answer::Done)
}

/// What the policies said; never nothing, since the person has to learn that there is an error.
fn refused(messages: Vec<String>) -> Errors {
    let said: Vec<String> = messages.into_iter().filter(|message| !message.trim().is_empty()).collect();
    let said = if said.is_empty() { vec!["These answers are not accepted.".to_owned()] } else { said };
    let errors = said.iter().map(|message| field_error(message, "invalid")).collect();
    Errors::from([("non_field_errors".to_owned(), errors)])
}
