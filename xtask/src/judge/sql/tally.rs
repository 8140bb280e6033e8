//! What a judge says about statements, beside what we read.

use std::collections::BTreeSet;

use autoexpose::model::Dialect;
use autoexpose::sql::{self, TableReference, Usage};
use serde::Deserialize;

use crate::failure::Result;

/// A statement, and the tables that it names by a judge.
#[derive(Debug, Deserialize)]
pub(super) struct Statement {
    pub(super) judge: String,
    pub(super) dialect: String,
    text: String,
    /// Their parts, joined by dots; `None` if the judge refuses the statement.
    tables: Option<BTreeSet<String>>,
}

/// How far a judge and the reader agree.
#[derive(Debug)]
pub(super) struct Tally {
    /// Whether it is no engine, and known to be wrong itself.
    pub(super) is_hint: bool,
    pub(super) statements: usize,
    pub(super) refused: usize,
    pub(super) agreed: usize,
    pub(super) ours_only: usize,
    pub(super) theirs_only: usize,
    /// How many disagreements were shown.
    pub(super) shown: usize,
}

impl Tally {
    pub(super) fn new(is_hint: bool) -> Self {
        Self {
            is_hint,
            statements: 0,
            refused: 0,
            agreed: 0,
            ours_only: 0,
            theirs_only: 0,
            shown: 0,
        }
    }

    /// Adds a statement; returns what is disagreed about, if anything is.
    pub(super) fn add(&mut self, statement: &Statement) -> Result<Option<String>> {
        let Some(tables) = &statement.tables else {
            self.refused += 1;
            return Ok(None);
        };
        let theirs: BTreeSet<String> = tables.iter().map(|name| name.to_lowercase()).collect();
        let ours = read(&statement.text, dialect(&statement.dialect)?);
        let ours_only: Vec<&String> = ours.difference(&theirs).collect();
        let theirs_only: Vec<&String> = theirs.difference(&ours).collect();
        self.statements += 1;
        self.agreed += ours.intersection(&theirs).count();
        self.ours_only += ours_only.len();
        self.theirs_only += theirs_only.len();
        if ours_only.is_empty() && theirs_only.is_empty() {
            return Ok(None);
        }
        Ok(Some(format!(
            "only we read {ours_only:?}, only they read {theirs_only:?}\n  {}",
            statement.text.replace('\n', "\n  ")
        )))
    }

    pub(super) fn precision(&self) -> f64 {
        share(self.agreed, self.ours_only)
    }

    pub(super) fn recall(&self) -> f64 {
        share(self.agreed, self.theirs_only)
    }

    /// Whether the reader is worse than it has to be.
    pub(super) fn is_worse(&self) -> bool {
        !self.is_hint && (self.precision() < 0.999 || self.recall() < 0.99)
    }
}

/// The share of these beside others; all of nothing is all.
fn share(part: usize, others: usize) -> f64 {
    if part + others == 0 {
        return 1.0;
    }
    part as f64 / (part + others) as f64
}

fn dialect(name: &str) -> Result<Dialect> {
    Dialect::ALL
        .into_iter()
        .find(|dialect| dialect.name() == name)
        .ok_or_else(|| format!("{name} is no dialect"))
}

/// The tables that the reader finds, read or written: judges do not tell both apart alike.
fn read(text: &str, dialect: Dialect) -> BTreeSet<String> {
    // As Tableau holds it.
    let text = text.replace('<', "<<").replace('>', ">>");
    let reading = sql::read(&text, dialect);
    let tables = reading.tables.iter();
    tables
        .filter(|table| table.usage != Usage::Remote)
        .map(joined)
        .collect()
}

/// The parts of a name in lower case, without those that are left out.
fn joined(table: &TableReference<'_>) -> String {
    let parts = table.parts.iter().map(|part| part.text.as_ref());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(".").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(text: &str, tables: Option<&[&str]>) -> Statement {
        Statement {
            judge: "a judge".to_owned(),
            dialect: "postgres".to_owned(),
            text: text.to_owned(),
            tables: tables.map(|names| names.iter().map(ToString::to_string).collect()),
        }
    }

    #[test]
    fn what_is_agreed_upon_is_told_from_the_rest() -> Result<()> {
        let mut tally = Tally::new(false);
        assert_eq!(tally.add(&statement("SELECT * FORM t", None))?, None);
        let agreed = statement("SELECT * FROM A.b WHERE x <> 1", Some(&["a.b"]));
        assert_eq!(tally.add(&agreed)?, None);
        assert!(!tally.is_worse());
        let told = tally.add(&statement("SELECT * FROM a", Some(&["b", "c"])))?;
        assert!(told.is_some_and(|told| told.contains(r#"["a"], only they read ["b", "c"]"#)));
        assert_eq!((tally.statements, tally.refused), (2, 1));
        assert_eq!((tally.precision(), tally.recall()), (0.5, 1.0 / 3.0));
        assert!(tally.is_worse());
        Ok(())
    }
}
