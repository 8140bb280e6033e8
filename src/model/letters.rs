//! Letters one by one: their case, and those that nobody can see.
//!
//! Databases map one letter to one letter when they fold case (Unicode's *simple* case mapping), so
//! the length of a name never changes: `ß` has no upper case, and `SS` is another name.

/// The text in lower case.
pub fn lower(text: &str) -> String {
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.chars().map(lower_letter).collect()
    }
}

/// The text in upper case.
pub fn upper(text: &str) -> String {
    if text.is_ascii() {
        text.to_ascii_uppercase()
    } else {
        text.chars().map(upper_letter).collect()
    }
}

/// The text that is the same for all texts which differ only in case.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.chars().map(folded_letter).collect()
    }
}

/// One of a letter's forms in lower case, the same for all of them: `Σ`, `σ` and `ς` are `σ`.
fn folded_letter(letter: char) -> char {
    match letter {
        // Turkish letters without a partner: their other case is that of another letter.
        'ı' | 'İ' => letter,
        _ => lower_letter(upper_letter(letter)),
    }
}

fn lower_letter(letter: char) -> char {
    single(letter.to_lowercase()).unwrap_or(letter)
}

fn upper_letter(letter: char) -> char {
    single(letter.to_uppercase()).unwrap_or(letter)
}

fn single(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
}

/// Whether it takes no room on the screen (zero-width blanks, joiners, marks of direction, …).
pub fn is_zero_width(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether it looks like a plain blank or like nothing, and is neither.
pub fn is_unseen(letter: char) -> bool {
    is_zero_width(letter) || (letter.is_whitespace() && letter != ' ')
}

/// A letter by its number, as YAML's double quotes read it.
pub fn by_number(letter: char) -> String {
    match u32::from(letter) {
        number @ ..=0xffff => format!("\\u{number:04X}"),
        number => format!("\\U{number:08X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_changes_letter_by_letter() {
        assert_eq!(upper("straße ŉ ﬁ ü"), "STRAßE ŉ ﬁ Ü");
        assert_eq!(lower("STRAßE İ ΟΔΟΣ"), "straße İ οδοσ");
        assert_eq!(upper("orders"), "ORDERS");
        assert_eq!(lower("ORDERS"), "orders");
    }

    #[test]
    fn folding_joins_the_cases_of_one_letter() {
        assert_eq!(folded("ΟΔΟΣ"), folded("οδος"));
        assert_eq!(folded("STRAẞE"), folded("straße"));
        assert_ne!(folded("STRASSE"), folded("straße"));
        assert_ne!(folded("ﬁ"), folded("FI"));
        assert_ne!(folded("ı"), folded("I"));
        assert_eq!(folded("ORDERS"), "orders");
    }

    #[test]
    fn folding_twice_is_folding_once() {
        for letter in '\0'..=char::MAX {
            let once = folded_letter(letter);
            assert_eq!(folded_letter(once), once, "{letter:?}");
        }
    }

    #[test]
    fn blanks_other_than_the_plain_one_are_unseen() {
        for letter in ['\u{a0}', '\u{200b}', '\u{feff}', '\t', '\u{3000}'] {
            assert!(is_unseen(letter), "{letter:?}");
        }
        assert!(!is_unseen(' ') && !is_unseen('a') && !is_unseen('ü'));
    }
}
