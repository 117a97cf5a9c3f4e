//! Reads single values of an answer, with the messages that clients of the peer know.

use serde_json::Value as Json;

use super::field_error;
use crate::flow::challenge::FieldError;

/// What is missing.
pub(super) fn required() -> FieldError {
    field_error("This field is required.", "required")
}

/// What is null.
pub(super) fn null() -> FieldError {
    field_error("This field may not be null.", "null")
}

/// What is empty.
pub(super) fn blank() -> FieldError {
    field_error("This field may not be blank.", "blank")
}

/// A text: numbers count as one, nothing else does.
pub(super) fn text(value: &Json) -> Result<String, FieldError> {
    let text = match value {
        Json::Null => return Err(null()),
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => {
            return Err(field_error("Not a valid string.", "invalid"));
        }
    };
    if text.contains('\0') {
        return Err(field_error("Null characters are not allowed.", "null_characters_not_allowed"));
    }
    Ok(text)
}

/// A text that is not too long.
pub(super) fn text_at_most(value: &Json, length: usize) -> Result<String, FieldError> {
    let text = text(value)?;
    at_most(&text, length)?;
    Ok(text)
}

/// Refuses a text that is too long.
pub(super) fn at_most(text: &str, length: usize) -> Result<(), FieldError> {
    // No text has more characters than bytes, so most need not be counted.
    if text.len() <= length || text.chars().count() <= length {
        return Ok(());
    }
    Err(field_error(&format!("Ensure this field has no more than {length} characters."), "max_length"))
}

/// A text that is there and not empty; `trim` takes the spaces around it away first.
pub(super) fn filled_text(value: Option<&Json>, trim: bool, length: usize) -> Result<String, FieldError> {
    let text = text(value.ok_or_else(required)?)?;
    let text = if trim { text.trim().to_owned() } else { text };
    if text.is_empty() {
        return Err(blank());
    }
    at_most(&text, length)?;
    Ok(text)
}

/// A yes or no, in the spellings that forms and clients use.
pub(super) fn boolean(value: &Json) -> Result<bool, FieldError> {
    let word = match value {
        Json::Null => return Err(null()),
        Json::Bool(value) => return Ok(*value),
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.trim().to_ascii_lowercase(),
        Json::Array(_) | Json::Object(_) => String::new(),
    };
    match word.as_str() {
        "t" | "y" | "yes" | "true" | "on" | "1" => Ok(true),
        "f" | "n" | "no" | "false" | "off" | "0" => Ok(false),
        _ => Err(field_error("Must be a valid boolean.", "invalid")),
    }
}

/// A whole number.
pub(super) fn integer(value: &Json) -> Result<i64, FieldError> {
    let number = match value {
        Json::Null => return Err(null()),
        Json::Number(number) => number.as_i64(),
        Json::String(text) => text.trim().parse().ok(),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    };
    number.ok_or_else(|| field_error("A valid integer is required.", "invalid"))
}

/// An address of the form that mail servers take: one `@`, a name before it, a host with a dot after it.
pub(super) fn email(text: &str) -> Result<(), FieldError> {
    let invalid = || field_error("Enter a valid email address.", "invalid");
    let (name, host) = text.rsplit_once('@').ok_or_else(invalid)?;
    let name_holds = !name.is_empty()
        && name.len() <= 64
        && name.split('.').all(|part| !part.is_empty())
        && name.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-.".contains(c));
    let label_holds = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let host_holds = host == "localhost" || (host.contains('.') && host.split('.').all(label_holds));
    if name_holds && host_holds && text.len() <= 254 { Ok(()) } else { Err(invalid()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["a@b.co", "ada.l+x@mail.example.org", "root@localhost"] {
            assert!(email(good).is_ok(), "{good}");
        }
        for bad in ["", "x", "@b.co", "a@", "a@b", "a@b..co", "a b@c.de", "a@-b.co", ".a@b.co", "a@b.co\n", "<a>@b.co"]
        {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn spellings_of_yes_and_no() {
        assert_eq!(boolean(&"on".into()), Ok(true));
        assert_eq!(boolean(&0.into()), Ok(false));
        assert!(boolean(&"".into()).is_err());
        assert!(boolean(&"maybe".into()).is_err());
    }
}
