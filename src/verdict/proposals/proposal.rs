//! What is proposed before it is tried.

use crate::model::listing::first_few;
use crate::verdict::cause::{Cure, Why};
use crate::verdict::line::Line;
use crate::verdict::withheld::Because;

/// How many values are tried where the user must choose one.
const MOST_CHOICES: usize = 4;
/// How many entries one proposal may have.
const MOST_LINES: usize = 20;

/// Lines to be tried.
pub struct Proposal {
    /// Why tables are not linked if they link by these lines.
    pub(super) explains: Explains,
    /// The lines.
    pub entries: Vec<Entry>,
    /// Values for what the user must choose in them; one empty text if there is nothing to choose.
    pub choices: Vec<String>,
    /// Cures that are better than the lines.
    pub before: Vec<Cure>,
    /// Cures that are not.
    pub behind: Vec<Cure>,
    /// A line that may link more in their place, with its risk.
    pub risky: Option<(Line, &'static str)>,
    /// Why they are not even tried.
    pub doubt: Option<Because>,
    /// Lines for fewer tables each, to be tried if these are refused.
    pub narrower: Vec<Proposal>,
}

/// One line.
#[derive(Clone)]
pub struct Entry {
    /// The line.
    pub line: Line,
    /// What it reads as what, for the sentence of the cause.
    pub names: Vec<String>,
    /// The tables that it is for.
    pub items: Vec<usize>,
}

/// A cause, which may depend on which lines are left.
#[derive(Clone)]
pub(super) enum Explains {
    This(Why),
    ByNames(fn(String) -> Why),
}

impl Proposal {
    /// One line without anything to choose.
    pub fn new(why: Why, line: Line, items: &[usize]) -> Self {
        let (names, items) = (Vec::new(), items.to_vec());
        Self::of(Explains::This(why), vec![Entry { line, names, items }])
    }

    /// Lines of one cause, which tells the first few of their names.
    pub fn of_entries(why: fn(String) -> Why, entries: Vec<Entry>) -> Self {
        Self::of(Explains::ByNames(why), entries)
    }

    /// Any number of such lines, so many at a time as one proposal may have.
    pub fn in_parts(why: fn(String) -> Why, entries: Vec<Entry>) -> Vec<Self> {
        let parts = entries.chunks(MOST_LINES);
        parts
            .map(|part| Self::of_entries(why, part.to_vec()))
            .collect()
    }

    fn of(explains: Explains, entries: Vec<Entry>) -> Self {
        Self {
            explains,
            entries,
            choices: vec![String::new()],
            before: Vec::new(),
            behind: Vec::new(),
            risky: None,
            doubt: None,
            narrower: Vec::new(),
        }
    }

    /// The same with values of which the user must choose one.
    pub fn of_choices(self, choices: impl IntoIterator<Item = String>) -> Self {
        Self {
            choices: choices.into_iter().take(MOST_CHOICES).collect(),
            ..self
        }
    }

    /// Why tables are not linked if they link by these lines.
    pub fn why(&self) -> Why {
        match &self.explains {
            Explains::This(why) => why.clone(),
            Explains::ByNames(why) => {
                let names = || self.entries.iter().flat_map(|entry| &entry.names);
                why(first_few(names().count(), names()))
            }
        }
    }

    /// Its lines.
    pub fn lines(&self) -> Vec<Line> {
        self.entries
            .iter()
            .map(|entry| entry.line.clone())
            .collect()
    }

    /// The tables that its lines are for.
    pub fn items(&self) -> impl Iterator<Item = usize> + Clone {
        let entries = self.entries.iter();
        entries.flat_map(|entry| entry.items.iter().copied())
    }
}
