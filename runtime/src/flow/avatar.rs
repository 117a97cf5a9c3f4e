//! The picture of a user: its initials on a colour of its name, drawn here, so nothing is fetched from elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A `data:` URI of an SVG picture. Only letters and digits of the name get into it, so there is nothing to escape.
pub(crate) fn avatar(name: &str) -> String {
    let hue = u16::from_le_bytes(first_two(blake3::hash(name.as_bytes()).as_bytes())) % 360;
    let initials = initials(name);
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\" width=\"64\" height=\"64\">\
         <circle cx=\"32\" cy=\"32\" r=\"32\" fill=\"hsl({hue} 45% 38%)\"/>\
         <text x=\"32\" y=\"33\" fill=\"#fff\" font-family=\"system-ui,sans-serif\" font-size=\"26\" \
         text-anchor=\"middle\" dominant-baseline=\"central\">{initials}</text></svg>"
    );
    format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg))
}

fn first_two(bytes: &[u8; 32]) -> [u8; 2] {
    let [a, b, ..] = *bytes;
    [a, b]
}

/// First letters of the first and the last word, or the first two of a single word.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let letters: String = match words.as_slice() {
        [] => String::new(),
        [only] => only.chars().take(2).collect(),
        [first, .., last] => first.chars().take(1).chain(last.chars().take(1)).collect(),
    };
    letters.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_names() {
        for (name, expected) in [("akadmin", "AK"), ("Ada B. Lovelace", "AL"), ("a@b.c", "AC"), ("", ""), ("<&>", "")] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_has_one_picture() {
        assert_eq!(avatar("akadmin"), avatar("akadmin"));
        assert!(avatar("<script>").starts_with("data:image/svg+xml;base64,"));
    }
}
