//! Regular expressions as Python means them, run by `fancy-regex` with bounds.
//!
//! The engine is close to Python but not the same: `$` before a last line feed, `[` and `&&` within a class, braces that
//! are no repetition, escapes that Python refuses. [`translate`] turns one into the other or says what is wrong.

use std::time::Instant;

use fancy_regex::{Captures, CompileError, Regex, RegexBuilder};

/// Steps of backtracking before a match is given up.
const BACKTRACK_LIMIT: usize = 500_000;
/// Bytes by which replacing may make a text longer.
const MAX_REPLACED: usize = 1 << 18;
const SIZE_LIMIT: usize = 1 << 20;

/// Compiles a pattern of Python; the error is a message for people.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&translate(pattern)?)
        .backtrack_limit(BACKTRACK_LIMIT)
        .delegate_size_limit(SIZE_LIMIT)
        .delegate_dfa_size_limit(SIZE_LIMIT)
        .build()
        .map_err(|error| reason(&error))
}

/// What the innermost error says, without the picture that it draws.
fn reason(error: &fancy_regex::Error) -> String {
    let mut message = error.to_string();
    if let fancy_regex::Error::CompileError(error) = error
        && let CompileError::InnerError(inner) = &**error
    {
        message = std::error::Error::source(inner).unwrap_or(inner).to_string();
    }
    let line = message.lines().rfind(|line| !line.trim().is_empty()).unwrap_or(&message).trim();
    let line = line.strip_prefix("error: ").unwrap_or(line);
    let line = line.split_once(": ").filter(|(head, _)| head.contains("position")).map_or(line, |(_, rest)| rest);
    let mut chars = line.trim_end_matches('.').chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// What went wrong with a match.
pub(crate) enum MatchError {
    /// It took too long.
    Slow,
    /// What comes out is too large.
    Large,
    /// The replacement is not one.
    Template(String),
}

impl From<fancy_regex::Error> for MatchError {
    fn from(_: fancy_regex::Error) -> Self {
        Self::Slow
    }
}

/// `re.sub`: every match, from left to right.
pub(crate) fn replace(regex: &Regex, value: &str, template: &str, until: Instant) -> Result<String, MatchError> {
    let parts = template_parts(regex, template).map_err(MatchError::Template)?;
    let most = MAX_REPLACED.saturating_add(value.len());
    let mut made = String::with_capacity(value.len());
    let (mut copied, mut at) = (0, 0);
    while at <= value.len() {
        if Instant::now() > until {
            return Err(MatchError::Slow);
        }
        let Some(found) = regex.captures_from_pos(value, at)? else { break };
        let Some(whole) = found.get(0) else { break };
        made.push_str(value.get(copied..whole.start()).unwrap_or_default());
        expand(&parts, &found, &mut made, most)?;
        copied = whole.end();
        at = whole.end();
        if whole.start() == whole.end() {
            at += value.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        }
    }
    made.push_str(value.get(copied..).unwrap_or_default());
    Ok(made)
}

enum Part {
    Text(String),
    Group(usize),
}

fn expand(parts: &[Part], found: &Captures<'_, str>, made: &mut String, most: usize) -> Result<(), MatchError> {
    for part in parts {
        made.push_str(match part {
            Part::Text(text) => text,
            Part::Group(index) => found.get(*index).map_or("", |group| group.as_str()),
        });
        if made.len() > most {
            return Err(MatchError::Large);
        }
    }
    Ok(())
}

fn template_parts(regex: &Regex, template: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = template.chars().peekable();
    while let Some(char) = rest.next() {
        if char != '\\' {
            text.push(char);
            continue;
        }
        let escape = rest.next().ok_or("bad escape (end of pattern)")?;
        let group = match escape {
            'g' => {
                let name: String = bracketed(&mut rest).ok_or("missing group name")?;
                name.parse().ok().or_else(|| group_index(regex, &name)).ok_or(format!("unknown group name '{name}'"))?
            }
            '1'..='9' => {
                let mut number = escape.to_string();
                number.extend(rest.next_if(char::is_ascii_digit));
                number.parse().unwrap_or(usize::MAX)
            }
            _ => {
                text.push(plain_escape(escape).ok_or(format!("bad escape \\{escape}"))?);
                continue;
            }
        };
        if group >= regex.captures_len() {
            return Err(format!("invalid group reference {group}"));
        }
        parts.push(Part::Text(std::mem::take(&mut text)));
        parts.push(Part::Group(group));
    }
    parts.push(Part::Text(text));
    Ok(parts)
}

fn bracketed(rest: &mut impl Iterator<Item = char>) -> Option<String> {
    (rest.next() == Some('<')).then_some(())?;
    let mut name = String::new();
    for char in rest {
        if char == '>' {
            return (!name.is_empty()).then_some(name);
        }
        name.push(char);
    }
    None
}

fn group_index(regex: &Regex, name: &str) -> Option<usize> {
    regex.capture_names().position(|known| known == Some(name))
}

fn plain_escape(char: char) -> Option<char> {
    Some(match char {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\u{7}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'b' => '\u{8}',
        '0' => '\0',
        other if other.is_ascii_alphanumeric() => return None,
        other => {
            // Python keeps the backslash of what is no letter only for letters; `\\` and `\.` are the character.
            other
        }
    })
}

/// A pattern of Python in the engine's words.
pub(crate) fn translate(pattern: &str) -> Result<String, String> {
    Translation { rest: pattern.chars().collect(), at: 0, made: String::new(), multiline: vec![false] }.run()
}

struct Translation {
    rest: Vec<char>,
    at: usize,
    made: String,
    /// Whether `$` stands at line ends, for every group that is open.
    multiline: Vec<bool>,
}

impl Translation {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn run(mut self) -> Result<String, String> {
        while let Some(char) = self.peek() {
            self.at += 1;
            match char {
                '\\' => self.escape(false)?,
                '[' => self.class()?,
                '(' => self.group()?,
                ')' => {
                    if self.multiline.len() == 1 {
                        return Err("unbalanced parenthesis".into());
                    }
                    self.multiline.pop();
                    self.made.push(')');
                }
                '$' if self.multiline.last() == Some(&false) => self.made.push_str(r"(?=\n?\z)"),
                '{' => self.brace(),
                '}' => self.made.push_str(r"\}"),
                other => self.made.push(other),
            }
        }
        if self.multiline.len() > 1 {
            return Err("missing ), unterminated subpattern".into());
        }
        Ok(self.made)
    }

    /// `{2}`, `{2,}`, `{,3}` and `{2,3}` repeat; every other brace is itself.
    fn brace(&mut self) {
        let end = self.rest.iter().skip(self.at).position(|char| *char == '}');
        let inner: String = self.rest.iter().skip(self.at).take(end.unwrap_or(0)).collect();
        let bounds = inner.split_once(',').unwrap_or((&inner, &inner));
        let digits = |text: &str| text.chars().all(|char| char.is_ascii_digit());
        if inner.is_empty() || !digits(bounds.0) || !digits(bounds.1) {
            self.made.push_str(r"\{");
            return;
        }
        let low = if bounds.0.is_empty() { "0" } else { bounds.0 };
        self.made.push_str(&match inner.contains(',') {
            true => format!("{{{low},{}}}", bounds.1),
            false => format!("{{{low}}}"),
        });
        self.at += inner.chars().count() + 1;
    }

    fn group(&mut self) -> Result<(), String> {
        let outer = self.multiline.last().copied().unwrap_or(false);
        self.made.push('(');
        self.multiline.push(outer);
        if self.peek() != Some('?') {
            return Ok(());
        }
        let flags: String =
            self.rest.iter().skip(self.at + 1).take_while(|char| char.is_ascii_alphabetic() || **char == '-').collect();
        let after = self.rest.get(self.at + 1 + flags.chars().count()).copied();
        if flags.is_empty() || flags.starts_with('P') || !matches!(after, Some(')' | ':')) {
            return Ok(());
        }
        let (on, off) = flags.split_once('-').unwrap_or((&flags, ""));
        if let Some(bad) = flags.chars().find(|char| !"imsxu-".contains(*char)) {
            return Err(format!("the flag `{bad}` is not supported"));
        }
        let multiline = (outer || on.contains('m')) && !off.contains('m');
        let keep = |text: &str| text.chars().filter(|char| *char != 'u').collect::<String>();
        let (on, off) = (keep(on), keep(off));
        self.at += 1 + flags.chars().count();
        self.made.push('?');
        self.made.push_str(&on);
        if !off.is_empty() {
            self.made.push('-');
            self.made.push_str(&off);
        }
        if after == Some(')') {
            // Flags of the whole rest; the group closes at once.
            self.multiline.pop();
            if let Some(last) = self.multiline.last_mut() {
                *last = multiline;
            }
            self.at += 1;
            match on.is_empty() && off.is_empty() {
                true => self.made.truncate(self.made.len() - 2),
                false => self.made.push(')'),
            }
        } else if let Some(last) = self.multiline.last_mut() {
            *last = multiline;
        }
        Ok(())
    }

    fn class(&mut self) -> Result<(), String> {
        self.made.push('[');
        if self.peek() == Some('^') {
            self.at += 1;
            self.made.push('^');
        }
        let mut first = true;
        loop {
            let char = self.peek().ok_or("unterminated character set")?;
            self.at += 1;
            match char {
                ']' if !first => break,
                '\\' => self.escape(true)?,
                '-' if self.peek() == Some('-') => return Err("`--` within a set is not supported".into()),
                '[' | ']' | '&' | '~' | '#' | ' ' => {
                    self.made.push('\\');
                    self.made.push(char);
                }
                other => self.made.push(other),
            }
            first = false;
        }
        self.made.push(']');
        Ok(())
    }

    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let char = self.peek().ok_or("bad escape (end of pattern)")?;
        self.at += 1;
        match char {
            'Z' if !in_class => self.made.push_str(r"\z"),
            'b' if in_class => self.made.push_str(r"\x08"),
            '0' => self.made.push_str(r"\x00"),
            'u' => self.code_point(4)?,
            'U' => self.code_point(8)?,
            'x' => self.code_point(2)?,
            'A' | 'B' | 'Z' if in_class => return Err(format!("bad escape \\{char}")),
            'A' | 'b' | 'B' | 'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'a' | 'f' | 'n' | 'r' | 't' | 'v' | '1'..='9' => {
                self.made.push('\\');
                self.made.push(char);
            }
            other if other.is_ascii_alphabetic() => return Err(format!("bad escape \\{other}")),
            other if other.is_ascii() => self.made.push_str(&format!("\\x{:02x}", u32::from(other))),
            other => self.made.push(other),
        }
        Ok(())
    }

    fn code_point(&mut self, digits: usize) -> Result<(), String> {
        let hex: String = self.rest.iter().skip(self.at).take(digits).collect();
        if hex.len() != digits || !hex.chars().all(|char| char.is_ascii_hexdigit()) {
            return Err("incomplete escape".into());
        }
        self.at += digits;
        self.made.push_str(&format!("\\x{{{hex}}}"));
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn matches(value: &str, pattern: &str) -> bool {
        compile(pattern).unwrap().is_match(value).unwrap()
    }

    #[test]
    fn means_what_python_means() {
        for (value, pattern) in [
            ("the admin here", ".*admin.*"),
            ("b\n", "^b$"),
            ("&", "[a&&b]"),
            ("[", "[[]"),
            ("]", "[]x]"),
            ("{", "{"),
            ("a{x}", "a{x}"),
            ("aa", "^a{,3}$"),
            ("a\nb", "(?m)^a$"),
            ("x-@_ /", r"^\w\-\@\_\ \/$"),
            ("é", r"\u00e9"),
            ("aa", "(?P<x>a)(?P=x)"),
            ("ABC", "(?i)abc"),
            ("ü", r"^\w$"),
            ("ab", r"(?<=a)b\Z"),
            ("#", "[#]"),
        ] {
            assert!(matches(value, pattern), "{value:?} ~ {pattern}");
        }
        for (value, pattern) in [("b\n\n", "^b$"), ("b\n", r"^b\Z"), ("aaaa", "^a{,3}$"), ("Admin", "admin")] {
            assert!(!matches(value, pattern), "{value:?} !~ {pattern}");
        }
    }

    #[test]
    fn refuses_what_python_refuses() {
        for pattern in ["(", ")", "[", r"\", r"\h", r"\p{L}", r"\z", "*a", "(?P<n>a", "(?a)x", r"\u12"] {
            assert!(compile(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn replaces_as_python_does() {
        let sub = |pattern: &str, repl: &str, value: &str| {
            let until = Instant::now() + std::time::Duration::from_secs(5);
            replace(&compile(pattern).unwrap(), value, repl, until).ok()
        };
        assert_eq!(sub("(.+)@.+", r"\1", "foo@example.org").as_deref(), Some("foo"));
        assert_eq!(sub("(?P<n>a)", r"[\g<n>]", "banana").as_deref(), Some("b[a]n[a]n[a]"));
        assert_eq!(sub("(a)(b)?", r"\2\g<1>", "a").as_deref(), Some("a"));
        assert_eq!(sub("x", "$1", "axb").as_deref(), Some("a$1b"));
        assert_eq!(sub("a*", "-", "baac").as_deref(), Some("-b--c-"));
        assert_eq!(sub(r"\s+", r"\\", "ü b").as_deref(), Some(r"ü\b"));
        assert_eq!(sub("a", r"\2", "a"), None);
        assert_eq!(sub("a", r"\g<z>", "a"), None);
    }
}
