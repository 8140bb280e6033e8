//! Texts that are inert in Markdown.

use super::super::printable;

/// The length at which a code span is cut, in characters, so that one line cannot fill the page.
const LONGEST_CODE: usize = 300;

/// A text as a code span on one line, cut if it is too long.
pub(super) fn code(text: &str) -> String {
    code_up_to(text, LONGEST_CODE)
}

/// The same, cut at another length.
pub(super) fn code_up_to(text: &str, longest: usize) -> String {
    let mut text = printable(text);
    if text.chars().count() > longest {
        text = text.chars().take(longest).chain(['…']).collect();
    }
    // The fence must be longer than any run of backticks inside.
    let longest_run = text
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest_run + 1);
    let pad = if text.is_empty() || text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn code_spans_hold_anything() {
        assert_eq!(code("a <b> @c [d](e)"), "`a <b> @c [d](e)`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb\u{1b}"), "`a\\u{a}b\\u{1b}`");
        assert_eq!(code(&"x".repeat(1000)).chars().count(), 303);
    }
}
