//! How well queries were read when the figures were last recorded, in `fixtures/sql/record.txt`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use super::figures::Figures;
use crate::failure::{Result, Trying};
use crate::repository;

const HEADER: &str = "\
# How `cargo xtask corpus` read the queries of each dialect: how many there are, and tables that
# were found, missed, wrong. Fewer queries or finds, or more errors, fail; `--record` writes anew.
";

/// The file with the figures.
pub(super) struct Record {
    path: PathBuf,
}

impl Record {
    pub(super) fn of_repository() -> Self {
        Self {
            path: repository::root().join("fixtures/sql/record.txt"),
        }
    }

    pub(super) fn write(&self, figures: &BTreeMap<&str, Figures>) -> Result<()> {
        let mut text = HEADER.to_owned();
        for (dialect, figures) in figures {
            let _ = writeln!(
                text,
                "{dialect}: {} queries, {} unlike, {} found, {} missed, {} wrong",
                figures.queries,
                figures.unlike,
                figures.found,
                figures.expected - figures.found,
                figures.wrong,
            );
        }
        fs::write(&self.path, text).trying(self.path.display())
    }

    /// What is worse than recorded.
    pub(super) fn undercut(&self, figures: &BTreeMap<&str, Figures>) -> Result<Vec<String>> {
        let text = fs::read_to_string(&self.path).trying(self.path.display())?;
        compare(&text, figures).trying(self.path.display())
    }
}

fn compare(recorded: &str, figures: &BTreeMap<&str, Figures>) -> Result<Vec<String>> {
    let mut worse = Vec::new();
    for line in recorded.lines().filter(|line| !line.starts_with('#')) {
        let (dialect, before) = parse(line).ok_or_else(|| format!("not figures: {line:?}"))?;
        let now = figures.get(dialect).copied().unwrap_or_default();
        let missed = |figures: &Figures| figures.expected - figures.found;
        let is_worse = now.queries < before.queries
            || now.found < before.found
            || now.unlike > before.unlike
            || missed(&now) > missed(&before)
            || now.wrong > before.wrong;
        if is_worse {
            worse.push(format!("{dialect}: {now:?} after {before:?}"));
        }
    }
    Ok(worse)
}

/// A line: a dialect and its figures.
fn parse(line: &str) -> Option<(&str, Figures)> {
    let (dialect, rest) = line.split_once(": ")?;
    let numbers = rest
        .split(", ")
        .map(|figure| figure.split(' ').next()?.parse().ok());
    let numbers: Vec<usize> = numbers.collect::<Option<_>>()?;
    let [queries, unlike, found, missed, wrong] = numbers[..] else {
        return None;
    };
    let figures = Figures {
        queries,
        unlike,
        expected: found + missed,
        found,
        wrong,
    };
    Some((dialect, figures))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worse_figures_are_told() -> Result<()> {
        let recorded = "# Note\noracle: 5 queries, 0 unlike, 9 found, 1 missed, 0 wrong\n";
        let compare = |queries, expected, found, wrong| {
            let figures = Figures {
                queries,
                unlike: 0,
                expected,
                found,
                wrong,
            };
            compare(recorded, &BTreeMap::from([("oracle", figures)])).map(|worse| worse.len())
        };
        assert_eq!(compare(5, 10, 9, 0)?, 0);
        assert_eq!(compare(6, 12, 12, 0)?, 0);
        assert_eq!(compare(4, 10, 9, 0)?, 1);
        assert_eq!(compare(5, 11, 9, 0)?, 1);
        assert_eq!(compare(5, 10, 9, 1)?, 1);
        assert!(super::compare("oracle: 5", &BTreeMap::new()).is_err());
        assert_eq!(super::compare(recorded, &BTreeMap::new())?.len(), 1);
        Ok(())
    }
}
