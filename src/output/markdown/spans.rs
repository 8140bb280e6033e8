//! Texts that are inert in Markdown.

use super::super::printable;

/// The length at which a code span is cut, in characters, so that one line cannot fill the page.
const LONGEST_CODE: usize = 300;

/// A text as a code span on one line, cut if it is too long.
pub(crate) fn code(text: &str) -> String {
    code_up_to(text, LONGEST_CODE)
}

/// The same, cut at another length.
pub(super) fn code_up_to(text: &str, longest: usize) -> String {
    let mut text = printable(text);
    if text.chars().count() > longest {
        text = text.chars().take(longest).chain(['…']).collect();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.is_empty() || text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Lines as a block of code in this language.
pub(crate) fn fenced(language: &str, lines: &str) -> String {
    let fence = "`".repeat((longest_run(lines) + 1).max(3));
    format!("{fence}{language}\n{lines}\n{fence}")
}

/// The length of the longest run of backticks: a fence must be longer.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|letter| letter != '`').map(str::len);
    runs.max().unwrap_or_default()
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
