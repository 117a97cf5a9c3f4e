//! What parts of this crate must never reach, kept mechanical.

use std::path::Path;

fn assert_lacks(path: &Path, words: &[&str]) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            assert_lacks(&entry.unwrap().path(), words);
        }
        return;
    }
    let text = std::fs::read_to_string(path).unwrap();
    for (number, line) in text.lines().enumerate() {
        let found = words.iter().find(|word| !line.trim_start().starts_with("//") && line.contains(**word));
        assert_eq!(found, None, "{}:{}", path.display(), number + 1);
    }
}

#[test]
fn planning_is_pure() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for part in ["plan", "diff.rs", "observed"] {
        assert_lacks(
            &source.join(part),
            &["sqlx", "tokio", "std::fs", "std::env", "crate::store", "Timestamp::now", "random"],
        );
    }
}
