//! Where the secrets of a blueprint stand, so that no report shows them.
//!
//! Goes by the text alone, as broken files are shown too. In doubt it hides more: a value that looks odd is still a
//! value of its key.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

use gatewright_compiler::models;

/// Words that make a secret of a field, whole or after an underscore.
const WORDS: [&str; 7] = ["password", "passwd", "passphrase", "secret", "token", "key", "pass"];

/// Tags whose plain argument names a secret, and is none.
const NAMING: [&str; 6] = ["!Env", "!File", "!KeyOf", "!Context", "!Find", "!FindObject"];

/// The values of secret fields, in order and apart from each other.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (colon, _) in text.match_indices(':') {
        if found.last().is_some_and(|last| colon < last.end) {
            continue;
        }
        if let Some(key) = key_before(text, colon).filter(|key| is_secret(&key.name)) {
            found.extend(values(text, colon + 1, &key));
        }
    }
    found
}

/// A key of a map, as far as it matters here.
struct Key {
    name: String,
    /// Columns before it.
    indent: usize,
    /// It stands inside braces, so a comma may end its value.
    flow: bool,
    /// Nothing but dashes stands before it on its line.
    leads: bool,
}

fn key_before(text: &str, colon: usize) -> Option<Key> {
    let after = text.get(colon + 1..)?.chars().next();
    let head = text.get(..colon)?.trim_end_matches([' ', '"', '\'']);
    let quoted = text.get(head.len()..colon)?.contains(['"', '\'']);
    if after.is_some_and(|c| !c.is_whitespace()) && !quoted {
        return None;
    }
    let name = head.rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).next()?;
    let line = head.rfind('\n').map_or(0, |at| at + 1);
    let before = head.get(..head.len() - name.len())?.trim_end_matches(['"', '\'']);
    let on_line = before.get(line..).unwrap_or_default();
    let flow = before.trim_end().ends_with(['{', ',', '[']);
    let leads = on_line.chars().all(|c| matches!(c, ' ' | '-' | '?'));
    Some(Key { name: name.to_ascii_lowercase(), indent: on_line.chars().count(), flow, leads })
}

fn is_secret(name: &str) -> bool {
    let ends =
        |word: &str| name.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with(['_', '-', '.']));
    let (secret, plain) = fields();
    secret.contains(name) || (WORDS.iter().any(|word| ends(word)) && !plain.contains(name))
}

/// The names of fields that are secret in some model, and of the others.
fn fields() -> &'static (BTreeSet<String>, BTreeSet<String>) {
    static FIELDS: OnceLock<(BTreeSet<String>, BTreeSet<String>)> = OnceLock::new();
    FIELDS.get_or_init(|| {
        let all = || models::models().iter().flat_map(|model| &model.fields);
        let named =
            |secret: bool| all().filter(move |field| field.secret.is_some() == secret).map(|field| field.name.clone());
        (named(true).collect(), named(false).collect())
    })
}

/// What belongs to a key, from just after its colon.
fn values(text: &str, from: usize, key: &Key) -> Vec<Range<usize>> {
    let Some((start, names_only)) = skip_properties(text, from) else {
        return Vec::new();
    };
    let rest = text.get(start..).unwrap_or_default();
    let end = match rest.chars().next() {
        None => return Vec::new(),
        Some('"') => start + quoted(rest, '"'),
        Some('\'') => start + quoted(rest, '\''),
        Some('[' | '{') => start + balanced(rest),
        Some('\n' | '\r' | '#' | '|' | '>') if !key.flow || key.leads => {
            let line = start + line_length(rest);
            return pieces(text, line..line + block(text.get(line..).unwrap_or_default(), key.indent, true));
        }
        Some(_) if names_only => return Vec::new(),
        Some(_) if key.flow && !key.leads => start + rest.find([',', '}', ']', '\n']).unwrap_or(rest.len()),
        Some(_) => {
            let line = start + line_length(rest);
            line + block(text.get(line..).unwrap_or_default(), key.indent, false)
        }
    };
    pieces(text, start..end)
}

/// Goes over blanks, a tag and an anchor; says whether the tag only names something.
fn skip_properties(text: &str, from: usize) -> Option<(usize, bool)> {
    let mut rest = text.get(from..)?.trim_start_matches([' ', '\t']);
    let mut names_only = false;
    while rest.starts_with(['!', '&']) {
        let word = rest.split(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | '{' | '}' | ']')).next()?;
        names_only |= NAMING.contains(&word);
        rest = rest.get(word.len()..)?.trim_start_matches([' ', '\t']);
    }
    Some((text.len() - rest.len(), names_only))
}

/// The length of a quoted text with its quotes. An open one ends with its line.
fn quoted(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quote == '"' => drop(chars.next()),
            _ if c != quote => {}
            _ if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == quote) => drop(chars.next()),
            _ => return at + 1,
        }
    }
    line_length(text)
}

/// The length of what stands in brackets. Open ones end with their line.
fn balanced(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' if depth == 1 => return at + 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    line_length(text)
}

/// The length of the first line, with its end.
fn line_length(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |at| at + 1)
}

/// The length of the lines that stand deeper than their key; of a list also those beside it.
fn block(text: &str, indent: usize, list: bool) -> usize {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        let blank = line.trim().is_empty();
        let deep = line.len() - line.trim_start_matches(' ').len();
        let item = list && deep == indent && line.trim_start().starts_with("- ");
        if !blank && deep <= indent && !item {
            break;
        }
        length += line.len();
    }
    length
}

/// The words of a value, without what only gives it its shape.
fn pieces(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = range.start;
    for line in text.get(range).unwrap_or_default().split_inclusive('\n') {
        let shape = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '[' | ']' | '{' | '}' | ',');
        let head = line.trim_start();
        let head = head.strip_prefix("- ").unwrap_or(head).trim_start_matches(shape);
        let start = at + line.len() - head.len();
        let end = start + head.trim_end_matches(shape).len();
        if end > start {
            found.push(start..end);
        }
        at += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_hidden(text: &str, expected: &str) {
        let mut shown = text.to_owned();
        for range in find(text).into_iter().rev() {
            let width = range.len();
            shown.replace_range(range, &"*".repeat(width));
        }
        assert_eq!(shown, expected);
    }

    #[test]
    fn values_of_secret_fields_are_found() {
        assert_hidden("attrs: {name: Sue, password: [hunter2]}", "attrs: {name: Sue, password: [*******]}");
        assert_hidden("password: hunter2 # old\nname: Sue\n", "password: *************\nname: Sue\n");
        assert_hidden("{\"password\":\"hun ter\", \"name\": \"a\"}", "{\"password\":\"*******\", \"name\": \"a\"}");
        assert_hidden("'api_key': 'a''b', x: y", "'api_key': '****', x: y");
        assert_hidden("{token: abc, name: d}", "{token: ***, name: d}");
        assert_hidden("password: !Format [x%s, abc]\nb: c", "password: !Format [********]\nb: c");
        assert_hidden("password: &a hunter2\n", "password: &a *******\n");
        assert_hidden("client_secret: \"open\nb: c", "client_secret: \"****\nb: c");
    }

    #[test]
    fn values_over_several_lines_are_found() {
        assert_hidden(
            "a:\n  key_data: |\n    -----\n    AB\n  b: c\n",
            "a:\n  key_data: |\n    *****\n    **\n  b: c\n",
        );
        assert_hidden("- password:\n    - abc\n  b: c\n", "- password:\n    - ***\n  b: c\n");
        assert_hidden("password:\n- abc\nb: c\n", "password:\n- ***\nb: c\n");
        assert_hidden("password: ab\n  cd\nb: c\n", "password: **\n  **\nb: c\n");
        assert_hidden("password: \"ab\n  cd\"\nb: c\n", "password: \"**\n  **\"\nb: c\n");
    }

    #[test]
    fn what_only_names_a_secret_is_shown() {
        for text in [
            "password: !Env PASSWORD\nb: c",
            "password: !KeyOf it\n",
            "password_stage: !KeyOf stage\npassword_fields: true\nfield_key: username\n",
            "monkey: banana\nname: password\nmodel: authentik_core.token\n",
            "url: https://token:80/key:x\n",
        ] {
            assert_hidden(text, text);
        }
    }
}
