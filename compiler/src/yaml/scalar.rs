//! What a plain scalar means in YAML 1.1, as the peer's reader takes it.
//!
//! `yes` is a truth value and `y` is text; `0777` is octal and `0o7` is text; `1e3` is text because an exponent needs
//! a point and a sign; `12:30:45` counts in sixties. Dates stay text in their own spelling.

/// A typed scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plain<'t> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'t str),
}

impl Plain<'_> {
    /// What it is called in messages.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Null => "nothing".to_owned(),
            Self::Bool(value) => format!("the truth value `{value}`"),
            Self::Int(value) => format!("the number `{value}`"),
            Self::Float(value) => format!("the number `{value}`"),
            Self::Text(value) if value.chars().count() <= 40 => format!("the text `{value}`"),
            Self::Text(_) => "a text".to_owned(),
        }
    }
}

/// Types a plain scalar.
pub(crate) fn resolve(text: &str) -> Plain<'_> {
    if let Some(value) = null(text).or_else(|| boolean(text)) {
        return value;
    }
    // Numbers begin with one of these; everything else is spared the attempts.
    if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
        && let Some(value) = integer(text).or_else(|| float(text))
    {
        return value;
    }
    Plain::Text(text)
}

/// `!!bool`, `!!int` and the like on a scalar; `None` when the text has no such form.
pub(crate) fn resolve_as<'t>(kind: &str, text: &'t str) -> Option<Plain<'t>> {
    match kind {
        "null" => Some(Plain::Null),
        "bool" => boolean(text),
        "int" => integer(text),
        "float" => float(text).or_else(|| match integer(text)? {
            #[expect(clippy::cast_precision_loss, reason = "a number written without a point is made one with it")]
            Plain::Int(value) => Some(Plain::Float(value as f64)),
            other => Some(other),
        }),
        _ => Some(Plain::Text(text)),
    }
}

fn null(text: &str) -> Option<Plain<'static>> {
    matches!(text, "" | "~" | "null" | "Null" | "NULL").then_some(Plain::Null)
}

fn boolean(text: &str) -> Option<Plain<'static>> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(Plain::Bool(true)),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(Plain::Bool(false)),
        _ => None,
    }
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn integer(text: &str) -> Option<Plain<'static>> {
    let (negative, body) = signed(text);
    if body.len() < 18 && !body.starts_with('0') && body.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Plain::Int);
    }
    let (digits, radix) = if let Some(rest) = body.strip_prefix("0b") {
        (rest, 2)
    } else if let Some(rest) = body.strip_prefix("0x") {
        (rest, 16)
    } else if body.contains(':') {
        return sexagesimal(negative, body);
    } else if let Some(rest) = body.strip_prefix('0').filter(|rest| !rest.is_empty()) {
        (rest, 8)
    } else {
        (body, 10)
    };
    // `1_000` is a number, `_` alone and `0x_` are not.
    let begins = digits.starts_with(|c: char| c.is_digit(radix)) || (radix != 10 && digits.starts_with('_'));
    if !begins || !digits.chars().all(|c| c == '_' || c.is_digit(radix)) {
        return None;
    }
    let digits: String = digits.chars().filter(|c| *c != '_').collect();
    number(negative, &digits, radix)
}

/// What is wrong with a plain scalar that is a number but none that JSON can hold.
pub(super) fn beyond(text: &str) -> Option<&'static str> {
    match resolve(text) {
        Plain::Float(value) if value.is_nan() => Some("is no number"),
        Plain::Float(value) if value.is_infinite() => Some("is not a finite number"),
        Plain::Float(_) if !text.contains('.') => Some("is beyond the whole numbers that can be held"),
        _ => None,
    }
}

fn number(negative: bool, digits: &str, radix: u32) -> Option<Plain<'static>> {
    if digits.is_empty() {
        return (radix == 8).then_some(Plain::Int(0));
    }
    let spelled = if negative { format!("-{digits}") } else { digits.to_owned() };
    match i64::from_str_radix(&spelled, radix) {
        Ok(value) => Some(Plain::Int(value)),
        // Beyond 64 bits: a number all the same, though not an exact one.
        Err(_) if radix == 10 => spelled.parse().ok().map(Plain::Float),
        Err(_) => {
            let base = f64::from(radix);
            let value = digits.chars().filter_map(|c| c.to_digit(radix)).fold(0.0, |sum, d| sum * base + f64::from(d));
            Some(Plain::Float(if negative { -value } else { value }))
        }
    }
}

/// `[1-9][0-9_]*(:[0-5]?[0-9])+`
fn sexagesimal(negative: bool, body: &str) -> Option<Plain<'static>> {
    let mut parts = body.split(':');
    let first = parts.next()?;
    if !first.starts_with(|c: char| matches!(c, '1'..='9')) || !first.chars().all(|c| c == '_' || c.is_ascii_digit()) {
        return None;
    }
    let mut value: i64 = first.replace('_', "").parse().ok()?;
    for part in parts {
        value = value.checked_mul(60)?.checked_add(sixty(part)?)?;
    }
    Some(Plain::Int(if negative { -value } else { value }))
}

fn sixty(part: &str) -> Option<i64> {
    let fits = matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
    part.parse().ok().filter(|value| fits && *value < 60)
}

/// A float needs a point, and an exponent needs a sign.
fn float(text: &str) -> Option<Plain<'static>> {
    let (negative, body) = signed(text);
    let sign = if negative { -1.0 } else { 1.0 };
    match body {
        ".inf" | ".Inf" | ".INF" => return Some(Plain::Float(sign * f64::INFINITY)),
        ".nan" | ".NaN" | ".NAN" if body.len() == text.len() => {
            return Some(Plain::Float(f64::NAN));
        }
        _ => {}
    }
    let (whole, fraction) = body.split_once('.')?;
    if whole.contains(':') {
        return float_sexagesimal(sign, whole, fraction);
    }
    let (fraction, exponent) = match fraction.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (fraction, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte == b'_' || byte.is_ascii_digit());
    let leads = if whole.is_empty() { &fraction } else { &whole };
    if !leads.starts_with(|c: char| c.is_ascii_digit()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    if let Some(exponent) = exponent {
        let rest = exponent.strip_prefix(['-', '+'])?;
        if rest.is_empty() || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
    }
    let plain =
        format!("0{whole}.{fraction}0{}", exponent.map(|e| format!("e{e}")).unwrap_or_default()).replace('_', "");
    plain.parse::<f64>().ok().map(|value| Plain::Float(sign * value))
}

fn float_sexagesimal(sign: f64, whole: &str, fraction: &str) -> Option<Plain<'static>> {
    let Plain::Int(units) = sexagesimal_from_zero(whole)? else {
        return None;
    };
    if !fraction.bytes().all(|byte| byte == b'_' || byte.is_ascii_digit()) {
        return None;
    }
    let rest: f64 = format!("0.{}0", fraction.replace('_', "")).parse().ok()?;
    #[expect(clippy::cast_precision_loss, reason = "as the peer computes it")]
    Some(Plain::Float(sign * (units as f64 + rest)))
}

/// The float form may begin with a zero where the integer form may not.
fn sexagesimal_from_zero(whole: &str) -> Option<Plain<'static>> {
    let (first, rest) = whole.split_once(':')?;
    let trimmed = first.trim_start_matches('0');
    if trimmed.is_empty() && first.starts_with('0') {
        let Plain::Int(value) = sexagesimal(false, &format!("1:{rest}"))? else {
            return None;
        };
        let places = u32::try_from(rest.split(':').count()).ok()?;
        return Some(Plain::Int(value - 60_i64.checked_pow(places)?));
    }
    sexagesimal(false, &format!("{trimmed}:{rest}"))
}
