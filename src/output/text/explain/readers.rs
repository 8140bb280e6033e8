//! Who reads a table, and how.

use std::fmt::{self, Write};

use super::super::{FAINT, HEADING, Page};
use super::fact::{BELOW, WIDTH};
use crate::model::listing::first_few;
use crate::output::differences::owner;
use crate::output::explain::excerpt::excerpt;
use crate::output::explain::facts::{PathFacts, QueryFacts, Reader, ThingFacts};

/// How many paths from a workbook to a table are shown, unless all are asked for.
const MOST_PATHS: usize = 2;

/// What is told of the readers of a table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// How they read it: there is one, which the answer is about.
    Paths,
    /// Each with its owner, and how it reads the table.
    Readers,
    /// The first few.
    Names,
}

impl Page {
    pub(super) fn readers(&mut self, thing: &ThingFacts, told: Told) -> fmt::Result {
        match told {
            Told::Paths => {
                let mut readers = thing.readers.iter();
                readers.try_for_each(|reader| self.way(thing, reader))
            }
            Told::Names => {
                let names = thing.readers.iter().map(shown);
                let names = match self.options.verbose {
                    true => names.collect::<Vec<_>>().join(", "),
                    false => first_few(thing.readers.len(), names),
                };
                self.fact("read by", &names)
            }
            Told::Readers => {
                let (readers, more) = self.capped(&thing.readers);
                for reader in readers {
                    let url = reader.workbook.url.as_ref().map(|url| format!(" · {url}"));
                    let reads = format!("{}{}", shown(reader), url.unwrap_or_default());
                    self.fact("read by", &reads)?;
                    self.way(thing, reader)?;
                }
                self.left_out(&" ".repeat(BELOW), more, "")
            }
        }
    }

    /// How a workbook reads a table, and which columns of it.
    fn way(&mut self, thing: &ThingFacts, reader: &Reader) -> fmt::Result {
        self.paths(thing, reader)?;
        let columns = reader.columns.as_ref().filter(|_| thing.link.is_some());
        let mut columns = columns.into_iter();
        columns.try_for_each(|columns| self.columns(columns))
    }

    /// The paths of a workbook to a table, unless it names the table itself and there is no other.
    fn paths(&mut self, thing: &ThingFacts, reader: &Reader) -> fmt::Result {
        if reader.paths.iter().all(|path| path.is_direct) {
            return Ok(());
        }
        let (paths, more) = self.capped_at(&reader.paths, MOST_PATHS);
        let mut last: Option<&QueryFacts> = None;
        for (at, path) in paths.iter().enumerate() {
            // Custom SQL that could not be read is called by its path.
            if path.text != thing.table {
                self.path(path)?;
            }
            let next = paths.get(at + 1).and_then(|path| path.query.as_ref());
            // Several data sources may hold one query.
            let query = path.query.as_ref().filter(|query| next != Some(*query));
            if let Some(query) = query.filter(|query| last != Some(*query)) {
                self.query(query)?;
                last = Some(query);
            }
        }
        let what = if more == 1 { "path" } else { "paths" };
        self.left_out(&" ".repeat(BELOW), more, what)
    }

    fn path(&mut self, path: &PathFacts) -> fmt::Result {
        match path.is_direct {
            true => self.fact("path", "the workbook itself"),
            false => self.fact("path", &path.text),
        }
    }

    /// A few lines of a query, with carets below the name.
    fn query(&mut self, query: &QueryFacts) -> fmt::Result {
        let digits = (query.place.line + 1).to_string().len();
        let indent = " ".repeat(BELOW + 2);
        let widest = WIDTH.saturating_sub(indent.len() + digits + 3);
        let shown = excerpt(&query.text, query.place, query.letters, widest);
        for (at, (number, line)) in shown.lines.iter().enumerate() {
            let number = self.paint(FAINT, &format!("{number:digits$} |"));
            let line = format!(" {line}");
            writeln!(self.text, "{indent}{number}{}", line.trim_end())?;
            if at == shown.marked {
                let bar = self.paint(FAINT, &format!("{:digits$} |", ""));
                let before = " ".repeat(shown.before + 1);
                let marks = self.paint(HEADING, &"^".repeat(shown.width));
                writeln!(self.text, "{indent}{bar}{before}{marks}")?;
            }
        }
        Ok(())
    }
}

/// A workbook with its owner, and that it gets no exposure if it is not selected.
pub(super) fn shown(reader: &Reader) -> String {
    let (title, _) = reader.workbook.title_and_luid();
    let owner = owner(&reader.workbook.owner);
    let owner = owner.map(|owner| format!(" ({owner})")).unwrap_or_default();
    match reader.is_selected {
        true => format!("{title}{owner}"),
        false => format!("{title}{owner}, not selected"),
    }
}
