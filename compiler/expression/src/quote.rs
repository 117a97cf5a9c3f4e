//! Percent encoding, as `urllib.parse` of Python has it.

/// Letters, digits and `_.-~` stay, as does what is in `safe`.
pub(crate) fn quote(text: &str, safe: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for byte in text.bytes() {
        let char = char::from(byte);
        if char.is_ascii_alphanumeric() || "_.-~".contains(char) || (char.is_ascii() && safe.contains(char)) {
            made.push(char);
        } else {
            made.push_str(&format!("%{byte:02X}"));
        }
    }
    made
}

/// What is no escape stays; what is no UTF-8 becomes the replacement character.
pub(crate) fn unquote(text: &str) -> String {
    let mut made = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = (first == b'%').then(|| after.split_at_checked(2)).flatten();
        let value = escaped.and_then(|(digits, _)| {
            let digits = std::str::from_utf8(digits).ok()?;
            digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u8::from_str_radix(digits, 16).ok())?
        });
        match (value, escaped) {
            (Some(value), Some((_, behind))) => {
                made.push(value);
                rest = behind;
            }
            _ => {
                made.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&made).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_back() {
        assert_eq!(quote("a b/ü?", "/"), "a%20b/%C3%BC%3F");
        assert_eq!(quote("a/~ü", "ü"), "a%2F~%C3%BC");
        assert_eq!(unquote("a%20b%2f%C3%BC%zz%4"), "a b/ü%zz%4");
        assert_eq!(unquote("%ff%"), "\u{fffd}%");
    }
}
