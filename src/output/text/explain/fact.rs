//! Facts below a table, each with what it is about.

use std::fmt::{self, Write};

use super::super::Page;
use crate::output::columns::wrapped;
use crate::output::printable;

/// The width of the terminal that is written for.
pub(super) const WIDTH: usize = 100;
/// The indent of what stands below a table.
pub(super) const BELOW: usize = 8;
/// The room for what a fact below a table is about.
const LABEL: usize = 9;

impl Page {
    /// Something that is known of a table.
    pub(super) fn fact(&mut self, what: &str, text: &str) -> fmt::Result {
        let indent = " ".repeat(BELOW);
        let room = WIDTH - BELOW - LABEL;
        for (at, line) in wrapped(&printable(text), room).enumerate() {
            let what = if at == 0 { what } else { "" };
            // What acts at the start of a line alone may stand there now.
            let line = printable(&line);
            let line = format!("{indent}{what:LABEL$}{line}");
            writeln!(self.text, "{line}")?;
        }
        Ok(())
    }
}
