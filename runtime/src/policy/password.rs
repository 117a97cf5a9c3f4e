//! The password policy: counts of characters, then strength. Pure.
//!
//! A failure always says something, since an empty message would leave the person without an error.

use gatewright_compiler::models::policies::PasswordPolicy;
use gatewright_expression::Value;

use super::engine::Question;
use super::values::{map_get, to_text};
use super::{Ruling, Verdict};

/// How much of a password is scored; scoring takes time that grows with the length.
const SCORED_CHARS: usize = 72;

/// Asks the policy about the password in the prompt data.
pub(super) fn ask(policy: &PasswordPolicy, question: &Question<'_>) -> Result<Ruling, String> {
    let prompted = map_get(&question.context, "prompt_data").and_then(|data| map_get(data, &policy.password_field));
    let password = match prompted.or_else(|| map_get(&question.context, &policy.password_field)) {
        None | Some(Value::Null) => {
            return Ok(fail(vec!["Password not set in context".to_owned()]));
        }
        Some(value) => to_text(value),
    };
    if policy.check_static_rules && !static_rules_hold(policy, &password) {
        return Ok(fail(vec![static_message(policy)]));
    }
    if policy.check_have_i_been_pwned {
        return Err("online password lists are not available in this version".to_owned());
    }
    if policy.check_zxcvbn {
        return Ok(strength(policy, &password, question));
    }
    Ok(Ruling::of(Verdict::Pass))
}

fn fail(messages: Vec<String>) -> Ruling {
    Ruling { verdict: Verdict::Fail, messages }
}

fn static_message(policy: &PasswordPolicy) -> String {
    match policy.error_message.trim() {
        "" => "Invalid password.".to_owned(),
        message => message.to_owned(),
    }
}

fn static_rules_hold(policy: &PasswordPolicy, password: &str) -> bool {
    let count = |wanted: &dyn Fn(char) -> bool| i64::try_from(password.chars().filter(|c| wanted(*c)).count());
    let enough = |wanted: &dyn Fn(char) -> bool, least: i64| count(wanted).is_ok_and(|found| found >= least);
    enough(&|_| true, policy.length_min.into())
        && enough(&|c| c.is_ascii_digit(), policy.amount_digits.into())
        && enough(&|c| c.is_ascii_lowercase(), policy.amount_lowercase.into())
        && enough(&|c| c.is_ascii_uppercase(), policy.amount_uppercase.into())
        && enough(&|c| policy.symbol_charset.contains(c), policy.amount_symbols.into())
}

fn strength(policy: &PasswordPolicy, password: &str, question: &Question<'_>) -> Ruling {
    let scored: String = password.chars().take(SCORED_CHARS).collect();
    let mut inputs = vec![question.site];
    if let Some(user) = question.subject {
        inputs.extend([user.username.as_str(), user.name.as_str(), user.email.as_str()]);
    }
    let estimate = zxcvbn::zxcvbn(&scored, &inputs);
    if i64::from(u8::from(estimate.score())) > i64::from(policy.zxcvbn_score_threshold) {
        return Ruling::of(Verdict::Pass);
    }
    let mut messages = vec!["Password is too weak.".to_owned()];
    if let Some(feedback) = estimate.feedback() {
        messages.extend(feedback.suggestions().iter().map(ToString::to_string));
    }
    fail(messages)
}
