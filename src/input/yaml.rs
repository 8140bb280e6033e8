//! What is wrong with a YAML file, in the words of this program.

use super::plain_words::plain;
use crate::model::Failure;

/// The failure of a file that is not YAML, or has not the values that are asked for.
pub(super) fn failure(file: &str, error: &serde_saphyr::Error) -> Failure {
    let place = error.location().map_or_else(
        || file.to_owned(),
        |location| format!("{file}:{}:{}", location.line(), location.column()),
    );
    Failure::new(place, plain(&message(error)))
}

/// The parser's message without the place, which is told apart.
pub(super) fn message(error: &serde_saphyr::Error) -> String {
    let error = error.without_snippet().to_string();
    let message = error.split(" at line ").next().unwrap_or(&error);
    message.trim_end_matches(',').to_owned()
}
