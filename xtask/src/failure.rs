//! What goes wrong in a chore, as one sentence for a developer.

use std::fmt::Display;

/// The result of a step: a message is all that is left of an error.
pub(crate) type Result<T> = std::result::Result<T, String>;

/// Adds what was tried to the error of a step.
pub(crate) trait Trying<T> {
    /// Turns an error into `<what>: <error>`.
    fn trying(self, what: impl Display) -> Result<T>;
}

impl<T, E: Display> Trying<T> for std::result::Result<T, E> {
    fn trying(self, what: impl Display) -> Result<T> {
        self.map_err(|error| format!("{what}: {error}"))
    }
}
