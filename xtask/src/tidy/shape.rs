//! How a file looks: its first line, its length, its name.

use super::code::Source;
use super::tree::Tree;

/// The most lines of a file before its tests.
const MOST_LINES: usize = 400;
/// Names that do not say what is inside.
const EMPTY_NAMES: [&str; 6] = ["common", "helper", "helpers", "misc", "util", "utils"];

/// Checks every file of a crate.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    tree.sources().flat_map(check_source).collect()
}

fn check_source(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    if !source.text.starts_with("//!") {
        let what = "the first line must say what the module is for (`//!`)";
        complaints.push(source.complaint(1, what));
    }
    let lines = source.body().lines().count();
    if lines > MOST_LINES {
        let what = format!("{lines} lines before its tests; the most is {MOST_LINES}");
        complaints.push(source.complaint(lines, what));
    }
    if let Some(name) = source.module.0.last()
        && EMPTY_NAMES.contains(&name.as_str())
    {
        complaints.push(source.complaint(1, "the name does not say what is inside"));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::tree;

    #[test]
    fn first_line_length_and_name_are_checked() {
        let long = format!(
            "//! Long.\n{}#[cfg(test)]\nmod tests {{}}\n",
            "\n".repeat(MOST_LINES)
        );
        let fits = long.replacen('\n', "", 1);
        let complaints = check(&tree(&[
            ("src/long.rs", &long),
            ("src/fits.rs", &fits),
            ("src/room/utils.rs", "//! Useful.\n"),
            ("src/silent.rs", "use std::fmt;\n"),
        ]));
        assert_eq!(
            complaints,
            [
                "src/long.rs:401: 401 lines before its tests; the most is 400",
                "src/room/utils.rs:1: the name does not say what is inside",
                "src/silent.rs:1: the first line must say what the module is for (`//!`)",
            ]
        );
    }
}
