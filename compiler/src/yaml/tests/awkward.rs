//! Strings that YAML takes for something else: as the peer's reader types them, and as themselves in quotes.

use super::*;
use serde_json::Value as Json;

/// What a text means as the value of a key: its JSON, or that it is refused.
fn meaning(text: &str) -> String {
    let text = format!("key: {text}");
    let (root, diagnostics) = read(&text);
    if diagnostics.iter().any(|found| found.severity == crate::diagnostic::Severity::Error) {
        return "refused".to_owned();
    }
    let Some(Node { kind: Kind::Map(pairs), .. }) = root else { panic!("{text:?}") };
    let [(key, _, value)] = &*pairs else { panic!("{text:?}") };
    assert_eq!(key, "key");
    match value.plain() {
        Some(Plain::Float(value)) if value.is_nan() => ".nan".to_owned(),
        Some(Plain::Float(value)) if value.is_infinite() => ".inf".to_owned(),
        _ if value.tag.is_some() => show(value),
        _ => suite::json(value).to_string(),
    }
}

#[test]
fn a_string_without_quotes_means_what_the_peer_reads() {
    let (mut wrong, mut strings) = (Vec::new(), Vec::new());
    for line in include_str!("awkward.tsv").lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<_> = line.split('\t').collect();
        let text: String = serde_json::from_str(parts[0]).unwrap();
        let ours = meaning(&text);
        // With a third column, a fourth says why.
        let differs = parts.get(2).is_some_and(|expected| parts.len() == 4 && *expected == ours && ours != parts[1]);
        let same = match (serde_json::from_str::<Json>(parts[1]), serde_json::from_str::<Json>(&ours)) {
            (Ok(peers), Ok(ours)) => suite::same(&peers, &ours),
            _ => parts[1] == ours,
        };
        if !differs && (parts.len() != 2 || !same) {
            wrong.push(format!("{line}\tours: {ours}"));
        }
        strings.push(text);
    }
    assert!(strings.len() > 60);
    assert!(wrong.is_empty(), "{wrong:#?}");
    if let Some(shared) = std::env::var_os("GATEWRIGHT_SHARED") {
        let corpus = std::fs::read_to_string(Path::new(&shared).join("corpus/awkward-strings.json")).unwrap();
        assert_eq!(serde_json::from_str::<Vec<String>>(&corpus).unwrap(), strings);
    }
}

#[test]
fn a_string_in_quotes_is_itself() {
    for line in include_str!("awkward.tsv").lines().filter(|line| !line.starts_with('#')) {
        let text: String = serde_json::from_str(line.split('\t').next().unwrap()).unwrap();
        let escaped: String = text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
        let escaped = format!("\"{escaped}\"");
        assert_eq!(meaning(&escaped), Json::from(text.as_str()).to_string());
        // Without a break or control character it can stand in quotes as it is.
        if !text.contains(|c: char| c.is_control() || c == '\u{2028}') {
            assert_eq!(meaning(&format!("'{}'", text.replace('\'', "''"))), Json::from(text.as_str()).to_string());
        }
        let document = format!("key: {escaped}\n");
        assert_eq!(crate::fmt::format(FileId(0), &document).as_ref(), Ok(&document));
    }
}
