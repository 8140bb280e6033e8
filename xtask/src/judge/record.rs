//! How much each judge judged when it was last looked at, in `fixtures/dbt/judged*.txt`.
//!
//! A judge that suddenly accepts fewer manifests unpatched, or is not asked at all, would let
//! everything pass. Lines are a count and a judge's name.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::strict;
use crate::failure::{Result, Trying};

/// The comment above the counts.
const HEADER: &str = "\
# How many manifests each judge accepts unpatched, and so judges patched; or how many checks it
# makes. `cargo xtask judge` fails below these numbers; `--record` writes them anew.
";

/// Where counts are written down, and which judges need not be everywhere.
pub(super) struct Record {
    path: PathBuf,
    is_optional: fn(&str) -> bool,
}

impl Record {
    /// The record of the judges that are asked every time.
    pub(super) fn for_judges(dbt: &Path) -> Self {
        Self {
            path: dbt.join("judged.txt"),
            is_optional: |judge| judge == strict::OPTIONAL,
        }
    }

    /// The record of the readers, which are asked where they can be installed.
    pub(super) fn for_readers(dbt: &Path) -> Self {
        Self {
            path: dbt.join("judged-by-readers.txt"),
            is_optional: |_| true,
        }
    }

    /// Writes the counts down; a judge that is not everywhere keeps its count where it is not.
    pub(super) fn write(&self, judged: &BTreeMap<&str, usize>) -> Result<()> {
        let before = fs::read_to_string(&self.path).unwrap_or_default();
        let mut counts = counts(&before)?;
        counts.retain(|judge, _| (self.is_optional)(judge));
        counts.extend(judged);
        let mut text = HEADER.to_owned();
        for (judge, count) in counts {
            if count == 0 {
                return Err(format!(
                    "{judge} judges nothing, which is not worth recording"
                ));
            }
            let _ = writeln!(text, "{count:>3} {judge}");
        }
        fs::write(&self.path, text).trying(self.path.display())
    }

    /// Which judges judged less than is written down.
    pub(super) fn undercut(&self, judged: &BTreeMap<&str, usize>) -> Result<Vec<String>> {
        let text = fs::read_to_string(&self.path).trying(self.path.display())?;
        self.compare(&text, judged).trying(self.path.display())
    }

    fn compare(&self, recorded: &str, judged: &BTreeMap<&str, usize>) -> Result<Vec<String>> {
        let mut undercut = Vec::new();
        for (judge, recorded) in counts(recorded)? {
            let is_away = (self.is_optional)(judge) && !judged.contains_key(judge);
            let count = judged.get(judge).copied().unwrap_or_default();
            if count < recorded && !is_away {
                undercut.push(format!(
                    "{judge}: judged {count}, but {recorded} are recorded"
                ));
            }
        }
        Ok(undercut)
    }
}

/// The lines of a record: a count and a judge's name.
fn counts(recorded: &str) -> Result<BTreeMap<&str, usize>> {
    recorded
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (count, judge) = line.trim_start().split_once(' ')?;
            Some((judge, count.parse().ok()?))
        })
        .collect::<Option<_>>()
        .ok_or_else(|| format!("not a count and a judge in each line: {recorded:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_are_reported_and_more_are_welcome() -> Result<()> {
        let recorded = format!("# Note\n 3 a\n12 b: c\n 5 {}\n", strict::OPTIONAL);
        let record = Record::for_judges(Path::new(""));
        let compare = |judged: &[(&'static str, usize)]| {
            record.compare(&recorded, &judged.iter().copied().collect())
        };
        assert!(compare(&[("a", 3), ("b: c", 13), ("new", 1)])?.is_empty());
        assert_eq!(compare(&[("a", 2)])?.len(), 2);
        assert_eq!(
            compare(&[("a", 3), ("b: c", 12), (strict::OPTIONAL, 4)])?.len(),
            1
        );
        assert!(record.compare("three a", &BTreeMap::new()).is_err());
        Ok(())
    }

    #[test]
    fn readers_may_stay_away_but_not_read_less() -> Result<()> {
        let record = Record::for_readers(Path::new(""));
        let compare = |judged| record.compare("30 a\n36 b\n", &BTreeMap::from(judged));
        assert!(compare([("a", 30)])?.is_empty());
        assert_eq!(compare([("a", 0)])?.len(), 1);
        Ok(())
    }

    #[test]
    fn who_is_away_keeps_its_count() -> Result<()> {
        let folder = tempfile::tempdir().trying("a temporary folder")?;
        let record = Record::for_readers(folder.path());
        record.write(&BTreeMap::from([("a", 1), ("b", 2)]))?;
        record.write(&BTreeMap::from([("b", 3)]))?;
        let text = fs::read_to_string(&record.path).trying("the record")?;
        assert_eq!(text, format!("{HEADER}  1 a\n  3 b\n"));
        assert!(record.write(&BTreeMap::from([("b", 0)])).is_err());
        Ok(())
    }
}
