//! Values as YAML, for people who read plans: text that YAML 1.1 would read as something else is quoted.

use serde_json::Value as Json;

/// A value as YAML, without a line break at the end.
#[must_use]
pub fn yaml(value: &Json) -> String {
    match serde_yaml::to_string(value) {
        Ok(text) => text.strip_suffix('\n').unwrap_or(&text).to_owned(),
        // JSON is YAML too.
        Err(_) => value.to_string(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_like_a_blueprint() {
        insta::assert_snapshot!(yaml(&json!({"a": [1, "yes"], "text": "one\ntwo\n", "none": null})), @r#"
        a:
        - 1
        - "yes"
        text: |
          one
          two
        none: null
        "#);
    }

    /// Strings that a YAML 1.1 reader would take for something else come back as themselves.
    #[test]
    fn awkward_strings_come_back() {
        let strings = [
            "yes",
            "no",
            "on",
            "off",
            "y",
            "true",
            "null",
            "~",
            "0777",
            "1e3",
            "12:30:45",
            "1_000",
            "0x1F",
            "2024-01-01",
            "=",
            "<<",
            "- a",
            "a: b",
            "a #b",
            "%s",
            "@x",
            "`x`",
            "{x}",
            "[x]",
            "*x",
            "&x",
            "!x",
            "|",
            "> ",
            "",
            "  lead",
            "trail ",
            "tab\tin",
            "nul\0",
            "nb\u{a0}sp",
            "\u{feff}bom",
            "it's",
            "\"q\"",
            "a\\b",
            "---",
            "...",
            "?",
            "line1\nline2",
            "trail\n",
            "\nlead",
            "a\r\nb",
            "\u{85}nel",
            "\u{2028}ls",
            "\u{1f600}",
        ];
        for text in strings {
            let written = yaml(&json!({ "key": text }));
            let back: Json = serde_yaml::from_str(&written).unwrap();
            assert_eq!(back, json!({ "key": text }), "{written}");
        }
    }

    /// The same with the shared corpus, where it is there.
    #[test]
    fn the_corpus_of_awkward_strings_comes_back() {
        let Some(shared) = std::env::var_os("GATEWRIGHT_SHARED") else {
            return;
        };
        let path = std::path::Path::new(&shared).join("corpus/awkward-strings.json");
        let strings: Vec<String> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for text in strings {
            let written = yaml(&json!([text]));
            let back: Json = serde_yaml::from_str(&written).unwrap();
            assert_eq!(back, json!([text]), "{written}");
        }
    }
}
