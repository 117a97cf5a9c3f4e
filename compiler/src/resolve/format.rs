//! `!Format [template, value…]`: Python's `%` formatting.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::Chars;

use super::{Evaluator, Val, What, flow};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::yaml::Node;

const USAGE: &str = "`!Format [\"text with %s\", value]`";
const WIDEST: usize = 10_000;

#[derive(Default)]
struct Conversion {
    minus: bool,
    plus: bool,
    space: bool,
    zero: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
}

impl<'a> Evaluator<'a, '_> {
    pub(super) fn format(&mut self, node: &'a Node<'a>) -> Val<'a> {
        let Some(args) = self.args(node, 1..=usize::MAX, USAGE) else {
            return Val::unknown(node.whole());
        };
        let before = self.diagnostics.len();
        let values: Vec<Val<'a>> = args.iter().map(|arg| self.eval(arg)).collect();
        // Nobody means the text `None`, and an object that is called so would be made.
        let nulls = |found: &Diagnostic| values.iter().any(|value| value.is_null() && found.span == Some(value.span));
        for found in self.diagnostics.iter_mut().skip(before).filter(|found| nulls(found)) {
            if found.code == Code::UnknownContext {
                found.severity = Severity::Error;
                found.message.push_str(", and the text would hold `None`");
            }
        }
        // What is written right here is of no interest, unless an alias repeats it.
        let here = |value: &&Val<'a>| !value.has_parts() && value.node.is_some_and(|node| node.alias.is_none());
        let flow = flow::gather(values.iter().filter(|value| !here(value)), false);
        self.filled(node, &values).of(&flow)
    }

    fn filled(&mut self, node: &'a Node<'a>, values: &[Val<'a>]) -> Val<'a> {
        let Some((template, values)) = values.split_first() else {
            return Val::unknown(node.whole());
        };
        let Some(text) = self.label(template, USAGE) else {
            return Val::unknown(node.whole());
        };
        match fill(&text, values) {
            Ok(Some(text)) => {
                self.spend(text.len() / 64, node.whole());
                Val::text(text, node.whole())
            }
            Ok(None) => Val::unknown(node.whole()),
            Err(message) => {
                let help = braces(&text).unwrap_or_else(|| {
                    "the values follow the text, one for each `%s`; `%%` is a percent sign".to_owned()
                });
                self.misused(template.span, message, help)
            }
        }
    }
}

/// The help for a text that marks the places as other languages do.
fn braces(text: &str) -> Option<String> {
    let (before, rest) = text.split_once('{').filter(|_| !text.contains('%'))?;
    let (name, after) =
        rest.split_once('}').filter(|(name, _)| name.chars().all(|c| c.is_alphanumeric() || c == '_'))?;
    let dollar = if before.ends_with('$') { "$" } else { "" };
    Some(match (text.matches('{').count(), dollar) {
        (1, "") => format!("use `%s`, not `{{{name}}}`: `{before}%s{after}`"),
        _ => format!("use `%s`, not `{dollar}{{{name}}}`"),
    })
}

/// `Ok(None)` when a value is not known.
fn fill<'v>(template: &str, values: &'v [Val<'v>]) -> Result<Option<String>, String> {
    let mut result = String::with_capacity(template.len());
    let mut known = true;
    let mut values = values.iter();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            result.push(c);
            continue;
        }
        let (conversion, letter) = conversion(&mut chars, &mut values)?;
        if letter == '%' {
            result.push('%');
            continue;
        }
        let value = values.next().ok_or("the text wants more values than there are")?;
        match convert(&conversion, letter, value)? {
            Some(text) => result.push_str(&text),
            None => known = false,
        }
    }
    if values.next().is_some() {
        return Err("there are more values than the text takes".to_owned());
    }
    Ok(known.then_some(result))
}

fn conversion<'v>(
    chars: &mut Peekable<Chars<'_>>,
    values: &mut impl Iterator<Item = &'v Val<'v>>,
) -> Result<(Conversion, char), String> {
    let mut found = Conversion::default();
    while let Some(flag) = chars.next_if(|c| "-+ 0#".contains(*c)) {
        match flag {
            '-' => found.minus = true,
            '+' => found.plus = true,
            ' ' => found.space = true,
            '0' => found.zero = true,
            _ => found.alternate = true,
        }
    }
    if chars.next_if_eq(&'*').is_some() {
        let width = width(values)?;
        found.minus |= width < 0;
        found.width = usize::try_from(width.unsigned_abs()).unwrap_or(WIDEST);
    } else {
        found.width = number(chars)?.unwrap_or(0);
    }
    if chars.next_if_eq(&'.').is_some() {
        found.precision = Some(match chars.next_if_eq(&'*') {
            Some(_) => usize::try_from(width(values)?).unwrap_or(0),
            None => number(chars)?.unwrap_or(0),
        });
    }
    while chars.next_if(|c| "hlL".contains(*c)).is_some() {}
    match chars.next() {
        Some(letter) => Ok((found, letter)),
        None => Err("the text ends after a `%`".to_owned()),
    }
}

/// A width that is one of the values.
fn width<'v>(values: &mut impl Iterator<Item = &'v Val<'v>>) -> Result<i64, String> {
    let value = values.next().ok_or("the text wants more values than there are")?;
    match value.what {
        What::Int(width) if width.unsigned_abs() <= WIDEST as u64 => Ok(width),
        What::Int(width) => Err(format!("`%*` with {width} is too wide")),
        _ => Err(format!("`%*` takes a whole number, not {}", value.describe())),
    }
}

fn number(chars: &mut Peekable<Chars<'_>>) -> Result<Option<usize>, String> {
    let mut digits = String::new();
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    if digits.is_empty() {
        return Ok(None);
    }
    match digits.parse() {
        Ok(value) if value <= WIDEST => Ok(Some(value)),
        _ => Err(format!("`%{digits}` is too wide")),
    }
}

fn convert(conversion: &Conversion, letter: char, value: &Val<'_>) -> Result<Option<String>, String> {
    let text = match letter {
        's' => display(value),
        'r' | 'a' => repr(value),
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' | 'c' => match &value.what {
            What::Unknown | What::Entry(_) | What::Object(_) | What::Existing(_) => None,
            _ => Some(whole(conversion, letter, value)?),
        },
        'f' | 'F' | 'e' | 'E' | 'g' | 'G' => match &value.what {
            What::Unknown => None,
            _ => Some(fraction(conversion, letter, value)?),
        },
        '(' => return Err("`%(name)s` needs a map, which `!Format` does not take".to_owned()),
        other => return Err(format!("there is no `%{other}`")),
    };
    let numeric = !matches!(letter, 's' | 'r' | 'a' | 'c');
    Ok(text.map(|text| {
        let text = match conversion.precision {
            Some(precision) if matches!(letter, 's' | 'r' | 'a') => text.chars().take(precision).collect(),
            _ => text,
        };
        pad(conversion, text, numeric)
    }))
}

fn integer(value: &Val<'_>) -> Option<i64> {
    match value.what {
        What::Bool(value) => Some(i64::from(value)),
        What::Int(value) => Some(value),
        #[expect(clippy::cast_possible_truncation, reason = "`%d` cuts the fraction off, as the peer does")]
        What::Float(value) => Some(value as i64),
        _ => None,
    }
}

fn whole(conversion: &Conversion, letter: char, value: &Val<'_>) -> Result<String, String> {
    if letter == 'c' {
        return match &value.what {
            What::Text(text) if text.chars().count() == 1 => Ok(text.to_string()),
            What::Int(code) => u32::try_from(*code)
                .ok()
                .and_then(char::from_u32)
                .map(String::from)
                .ok_or_else(|| format!("{code} is no character")),
            _ => Err(format!("`%c` takes one character, not {}", value.describe())),
        };
    }
    let exact = !matches!(letter, 'x' | 'X' | 'o') || !matches!(value.what, What::Float(_));
    let number = integer(value)
        .filter(|_| exact)
        .ok_or_else(|| format!("`%{letter}` takes a number, not {}", value.describe()))?;
    let digits = match letter {
        'x' => format!("{:x}", number.unsigned_abs()),
        'X' => format!("{:X}", number.unsigned_abs()),
        'o' => format!("{:o}", number.unsigned_abs()),
        _ => number.unsigned_abs().to_string(),
    };
    let prefix = match letter {
        'x' | 'X' | 'o' if conversion.alternate => format!("0{letter}"),
        _ => String::new(),
    };
    let digits = format!("{digits:0>width$}", width = conversion.precision.unwrap_or(0));
    Ok(format!("{}{prefix}{digits}", sign(conversion, number < 0)))
}

fn sign(conversion: &Conversion, negative: bool) -> &'static str {
    match (negative, conversion.plus, conversion.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    }
}

fn fraction(conversion: &Conversion, letter: char, value: &Val<'_>) -> Result<String, String> {
    let number = match value.what {
        What::Float(value) => value,
        #[expect(clippy::cast_precision_loss, reason = "as the peer does")]
        _ => integer(value).ok_or_else(|| format!("`%{letter}` takes a number, not {}", value.describe()))? as f64,
    };
    let precision = conversion.precision.unwrap_or(6);
    let size = number.abs();
    let text = match letter.to_ascii_lowercase() {
        'f' => format!("{size:.precision$}"),
        'e' => exponent(size, precision),
        _ => general(size, precision.max(1)),
    };
    let text = if letter.is_ascii_uppercase() { text.to_uppercase() } else { text };
    Ok(format!("{}{text}", sign(conversion, number < 0.0)))
}

/// `1.500000e+03`
fn exponent(size: f64, precision: usize) -> String {
    let text = format!("{size:.precision$e}");
    match text.split_once('e') {
        Some((digits, power)) => {
            let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
            format!("{digits}e{sign}{power:0>2}")
        }
        None => text,
    }
}

fn general(size: f64, precision: usize) -> String {
    let power = if size == 0.0 {
        0
    } else {
        exponent(size, precision - 1).rsplit('e').next().and_then(|p| p.parse().ok()).unwrap_or(0)
    };
    let digits = i32::try_from(precision).unwrap_or(i32::MAX);
    let trim = |text: String| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    if power < -4 || power >= digits {
        let text = exponent(size, precision - 1);
        let (mantissa, power) = text.split_once('e').unwrap_or((&text, "+00"));
        return format!("{}e{power}", trim(mantissa.to_owned()));
    }
    let places = usize::try_from(digits - 1 - power).unwrap_or(0);
    trim(format!("{size:.places$}"))
}

fn pad(conversion: &Conversion, text: String, numeric: bool) -> String {
    let missing = conversion.width.saturating_sub(text.chars().count());
    if missing == 0 {
        return text;
    }
    if conversion.minus {
        return format!("{text}{}", " ".repeat(missing));
    }
    if conversion.zero && numeric {
        let digits = text.trim_start_matches(['-', '+', ' ']);
        let sign = text.strip_suffix(digits).unwrap_or_default();
        return format!("{sign}{}{digits}", "0".repeat(missing));
    }
    format!("{}{text}", " ".repeat(missing))
}

/// Python's `str()`; none where the value is not known.
pub(super) fn display(value: &Val<'_>) -> Option<String> {
    match &value.what {
        What::Text(text) => Some(text.to_string()),
        _ => repr(value),
    }
}

/// Python's `repr()`.
fn repr(value: &Val<'_>) -> Option<String> {
    Some(match &value.what {
        What::Null | What::Nothing => "None".to_owned(),
        What::Bool(true) => "True".to_owned(),
        What::Bool(false) => "False".to_owned(),
        What::Int(value) => value.to_string(),
        What::Float(value) => float(*value),
        What::Text(text) => quoted(text),
        What::List(items) => {
            format!("[{}]", items.iter().map(repr).collect::<Option<Vec<_>>>()?.join(", "))
        }
        What::Map(pairs) => {
            let pair =
                |(name, _, value): &(Cow<'_, str>, _, Val<'_>)| Some(format!("{}: {}", quoted(name), repr(value)?));
            format!("{{{}}}", pairs.iter().map(pair).collect::<Option<Vec<_>>>()?.join(", "))
        }
        What::Existing(key) => match &key.key {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        },
        What::Entry(_) | What::Object(_) | What::Secret | What::Unknown => return None,
    })
}

/// The shortest digits that give the number back: with an exponent from `1e16` and below `1e-04`.
fn float(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-4..1e16).contains(&size) {
        return if value.fract() == 0.0 { format!("{value:.1}") } else { value.to_string() };
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, power)) => {
            let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
            format!("{digits}e{sign}{power:0>2}")
        }
        None => text,
    }
}

fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut result = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            c if c == quote => result.extend(['\\', c]),
            c => result.push(c),
        }
    }
    result.push(quote);
    result
}
