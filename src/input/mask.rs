//! Repairs artifacts of dbt that are not quite JSON.
//!
//! dbt Core writes `NaN`, `Infinity` and `-Infinity` where YAML has `.nan` and `.inf`, in `meta` and in
//! `vars`. A copy with valid numbers of the same length is parsed instead, so that all spans stay right.

/// The text with these literals replaced; `None` if it has none outside strings.
pub(super) fn non_finite_numbers(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut found = false;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let number: &[u8] = match rest[0] {
            b'"' => {
                at += string_length(rest);
                continue;
            }
            b'N' if rest.starts_with(b"NaN") => b"0.0",
            b'I' if rest.starts_with(b"Infinity") => b"1.000000",
            _ => {
                at += 1;
                continue;
            }
        };
        bytes[at..at + number.len()].copy_from_slice(number);
        at += number.len();
        found = true;
    }
    found.then(|| String::from_utf8(bytes).ok()).flatten()
}

/// The length of the JSON string at the start of `bytes`, quotes included.
fn string_length(bytes: &[u8]) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::non_finite_numbers;

    #[test]
    fn literals_are_masked_and_strings_kept() {
        let text = r#"{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN \" Infinity"}"#;
        let masked = non_finite_numbers(text).expect("has literals");
        assert_eq!(
            masked,
            r#"{"a": 0.0, "b": [-1.000000, 1.000000], "c": "NaN \" Infinity"}"#
        );
        assert_eq!(non_finite_numbers(r#"{"a": "NaN"}"#), None);
        assert_eq!(non_finite_numbers("\"open"), None);
    }
}
