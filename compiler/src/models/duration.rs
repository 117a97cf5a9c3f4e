//! Spans of time as blueprints write them: `hours=1;minutes=30`.

use std::borrow::Cow;
use std::time::Duration as Span;

use jiff::SignedDuration;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::suggest::closest;

/// The units, with their length in microseconds.
const UNITS: &[(&str, f64)] = &[
    ("microseconds", 1.0),
    ("milliseconds", 1e3),
    ("seconds", 1e6),
    ("minutes", 60e6),
    ("hours", 3_600e6),
    ("days", 86_400e6),
    ("weeks", 604_800e6),
];

/// What people write for each of them.
const SHORT: &[&[&str]] = &[
    &["us", "µs"],
    &["ms"],
    &["s", "sec", "secs"],
    &["m", "min", "mins"],
    &["h", "hr", "hrs"],
    &["d"],
    &["w", "wk", "wks"],
];

/// Longest span, in days: what the peer's arithmetic takes, and far below where a date would overflow.
const LONGEST_DAYS: f64 = 999_999.0;

/// A span of time. Keeps how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duration {
    text: String,
    span: Span,
}

impl Duration {
    /// Its length.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Whether it is nothing at all, which many settings read as "off".
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.span.is_zero()
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A number of seconds, for defaults.
    #[must_use]
    pub fn seconds(seconds: u64) -> Self {
        Self { text: format!("seconds={seconds}"), span: Span::from_secs(seconds) }
    }

    /// A number of minutes, for defaults.
    #[must_use]
    pub fn minutes(minutes: u64) -> Self {
        Self { text: format!("minutes={minutes}"), span: Span::from_secs(minutes * 60) }
    }

    /// A number of hours, for defaults.
    #[must_use]
    pub fn hours(hours: u64) -> Self {
        Self { text: format!("hours={hours}"), span: Span::from_secs(hours * 3_600) }
    }

    /// A number of days, for defaults.
    #[must_use]
    pub fn days(days: u64) -> Self {
        Self { text: format!("days={days}"), span: Span::from_secs(days * 86_400) }
    }

    /// A number of weeks, for defaults.
    #[must_use]
    pub fn weeks(weeks: u64) -> Self {
        Self { text: format!("weeks={weeks}"), span: Span::from_secs(weeks * 604_800) }
    }
}

/// Why a text is no span of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// Nothing in it.
    #[error("a duration needs at least one part, such as `minutes=5`")]
    Empty,
    /// A part that is not `unit=number`.
    #[error("`{0}` is not of the form `unit=number`")]
    Form(String),
    /// A unit that there is not.
    #[error("`{unit}` is not a unit of time{}", suggestion.map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    Unit {
        /// What was written.
        unit: String,
        /// What was probably meant.
        suggestion: Option<&'static str>,
    },
    /// Not a number, or below zero.
    #[error("`{0}` is not a number of at least zero")]
    Number(String),
    /// More than anybody can mean.
    #[error("a duration of more than {LONGEST_DAYS} days")]
    TooLong,
}

/// Reads `unit=number` parts, separated by `;` or `,`. Units from microseconds to weeks in any case; fractions are fine.
///
/// # Errors
///
/// When a part cannot be read. (The peer skips a unit that it does not know, which turns a slip into another duration.)
pub fn parse_duration(text: &str) -> Result<Span, DurationError> {
    let microseconds = parse(text, &|number| number >= 0.0)?;
    Span::try_from_secs_f64(microseconds / 1e6).map_err(|_| DurationError::TooLong)
}

/// The same where numbers may be below zero: `minutes=-5`.
///
/// # Errors
///
/// When a part cannot be read.
pub fn parse_offset(text: &str) -> Result<SignedDuration, DurationError> {
    let microseconds = parse(text, &|_| true)?;
    SignedDuration::try_from_secs_f64(microseconds / 1e6).map_err(|_| DurationError::TooLong)
}

/// The sum of the parts, in microseconds.
fn parse(text: &str, fits: &dyn Fn(f64) -> bool) -> Result<f64, DurationError> {
    let mut microseconds = 0.0;
    let mut parts = 0;
    for part in text.split([';', ',']).map(str::trim).filter(|part| !part.is_empty()) {
        microseconds += part_length(part, fits)?;
        parts += 1;
    }
    if parts == 0 {
        return Err(DurationError::Empty);
    }
    if microseconds.abs() > LONGEST_DAYS * 86_400e6 {
        return Err(DurationError::TooLong);
    }
    Ok(microseconds)
}

fn part_length(part: &str, fits: &dyn Fn(f64) -> bool) -> Result<f64, DurationError> {
    let (unit, number) = part.split_once('=').ok_or_else(|| DurationError::Form(part.to_owned()))?;
    let (unit, number) = (unit.trim(), number.trim());
    let Some((_, length)) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)) else {
        let suggestion = closest(unit, UNITS.iter().map(|(name, _)| *name));
        let suggestion = suggestion.and_then(|name| UNITS.iter().map(|(unit, _)| *unit).find(|unit| *unit == name));
        return Err(DurationError::Unit { unit: unit.to_owned(), suggestion });
    };
    let count: f64 = number.parse().map_err(|_| DurationError::Number(number.to_owned()))?;
    if !count.is_finite() || !fits(count) {
        return Err(DurationError::Number(number.to_owned()));
    }
    Ok(count * length)
}

/// What was meant by a text that is no span of time, where that is plain: `1h`, `14 days`, `hours:8`.
pub(super) fn meant(text: &str) -> Option<String> {
    let parts = text.split([';', ',']).map(str::trim).filter(|part| !part.is_empty());
    let parts: Option<Vec<String>> = parts.map(meant_part).collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join(";"))
}

fn meant_part(part: &str) -> Option<String> {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let head = part.trim_end_matches(is_number);
    // `hours=8`, `hours:8` and `hours 8`, or the number first.
    let (unit, number) = match part.get(head.len()..) {
        Some(number) if !number.is_empty() => (head, number),
        _ => {
            let unit = part.trim_start_matches(is_number);
            (unit, part.get(..part.len() - unit.len())?)
        }
    };
    number.parse::<f64>().ok()?;
    let unit = unit.trim_matches([' ', ':', '=']).to_lowercase();
    let short = UNITS.iter().zip(SHORT).find(|(_, short)| short.contains(&unit.as_str()));
    let name = |unit: &str| UNITS.iter().map(|(name, _)| *name).find(|name| *name == unit);
    let unit =
        short.map(|((name, _), _)| *name).or_else(|| name(closest(&unit, UNITS.iter().map(|(name, _)| *name))?))?;
    Some(format!("{unit}={number}"))
}

/// A span of time that may lie before its beginning: `minutes=-5`. Keeps how it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offset {
    text: String,
    span: SignedDuration,
}

impl Offset {
    /// Its length.
    #[must_use]
    pub fn span(&self) -> SignedDuration {
        self.span
    }

    /// A number of minutes, for defaults.
    #[must_use]
    pub fn minutes(minutes: i32) -> Self {
        Self { text: format!("minutes={minutes}"), span: SignedDuration::from_mins(minutes.into()) }
    }
}

/// Read from its text and written as it, with a schema that says its format.
macro_rules! as_text {
    ($name:ident, $format:literal, $parse:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.text.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                let span = $parse(&text).map_err(serde::de::Error::custom)?;
                Ok(Self { text, span })
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": $format })
            }
        }
    };
}

as_text!(Duration, "duration", parse_duration);
as_text!(Offset, "offset", parse_offset);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_peer_reads_and_commas() {
        let cases = [
            ("seconds=0", 0),
            ("hours=1;minutes=2", 3_720),
            ("hours=1,minutes=2,seconds=3", 3_723),
            ("Weeks=4", 2_419_200),
            (" days = 1.5 ; ", 129_600),
            ("milliseconds=2500;microseconds=500000", 3),
        ];
        for (text, seconds) in cases {
            assert_eq!(parse_duration(text), Ok(Span::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn offsets_may_be_below_zero() {
        assert_eq!(parse_offset("minutes=-5"), Ok(SignedDuration::from_mins(-5)));
        assert_eq!(parse_offset("hours=1;minutes=-5"), Ok(SignedDuration::from_mins(55)));
        assert_eq!(parse_offset("weeks=-1e300"), Err(DurationError::TooLong));
    }

    #[test]
    fn says_what_was_meant() {
        let cases = [
            ("1h", Some("hours=1")),
            ("14d", Some("days=14")),
            ("hours:8", Some("hours=8")),
            ("1.5 hours, 30min", Some("hours=1.5;minutes=30")),
            ("minute=5", Some("minutes=5")),
            ("1h30m", None),
            ("3600", None),
            ("soon", None),
            ("", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(meant(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let cases = [
            ("", "a duration needs at least one part, such as `minutes=5`"),
            ("3600", "`3600` is not of the form `unit=number`"),
            ("minute=5", "`minute` is not a unit of time; did you mean `minutes`?"),
            ("fortnights=1", "`fortnights` is not a unit of time"),
            ("hours=two", "`two` is not a number of at least zero"),
            ("hours=-1", "`-1` is not a number of at least zero"),
            ("weeks=1e300", "a duration of more than 999999 days"),
        ];
        for (text, message) in cases {
            assert_eq!(parse_duration(text).map_err(|error| error.to_string()), Err(message.to_owned()), "{text}");
        }
    }
}
