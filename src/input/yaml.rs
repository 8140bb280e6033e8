//! What is wrong with a YAML file, in the words of this program.

use super::plain_words::plain;
use crate::model::Failure;

/// The failure of a file that is not YAML, or has not the values that are asked for.
pub(super) fn failure(file: &str, text: &str, error: &serde_saphyr::Error) -> Failure {
    if let Some(line) = conflict(text) {
        return Failure::new(
            format!("{file}:{line}"),
            "this line is a conflict marker of git",
        )
        .help("resolve the conflict first");
    }
    let place = error.location().map_or_else(
        || file.to_owned(),
        |location| format!("{file}:{}:{}", location.line(), location.column()),
    );
    Failure::new(place, plain(&message(error)))
}

/// The line on which a merge of git left its first conflict, from 1 on. No YAML begins a line like
/// that, so it is what is wrong with the text, wherever the parser stumbles
/// (<https://git-scm.com/docs/git-merge#_how_conflicts_are_presented>).
fn conflict(text: &str) -> Option<usize> {
    let begins = |line: &str| line.starts_with("<<<<<<< ");
    let ends = |line: &str| line.starts_with(">>>>>>> ");
    let first = text.lines().position(begins)?;
    text.lines().skip(first).any(ends).then_some(first + 1)
}

/// The parser's message without the place, which is told apart.
pub(super) fn message(error: &serde_saphyr::Error) -> String {
    let error = error.without_snippet().to_string();
    let message = error.split(" at line ").next().unwrap_or(&error);
    message.trim_end_matches(',').to_owned()
}
