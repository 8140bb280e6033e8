//! How much each judge judged when it was last looked at, in `fixtures/dbt/judged.txt`.
//!
//! A judge that suddenly accepts fewer manifests unpatched, or is not asked at all, would let
//! everything pass. Lines are a count and a judge's name.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use super::strict;
use crate::failure::{Result, Trying};

/// What is said above the counts.
const HEADER: &str = "\
# How many manifests each judge accepts unpatched, and so judges patched; or how many checks it
# makes. `cargo xtask judge` fails below these numbers; `--record` writes them anew.
";

/// Writes the counts down; a judge that is not everywhere keeps its count where it is not.
pub(super) fn write(path: &Path, judged: &BTreeMap<&str, usize>) -> Result<()> {
    let before = fs::read_to_string(path).unwrap_or_default();
    let mut lines = BTreeMap::new();
    if let Some(line) = before.lines().find(|line| line.ends_with(strict::OPTIONAL)) {
        lines.insert(strict::OPTIONAL, line.to_owned());
    }
    for (judge, count) in judged {
        if *count == 0 {
            return Err(format!("{judge} judges nothing, which is not worth recording"));
        }
        lines.insert(judge, format!("{count:>3} {judge}"));
    }
    let mut text = HEADER.to_owned();
    for line in lines.values() {
        let _ = writeln!(text, "{line}");
    }
    fs::write(path, text).trying(path.display())
}

/// Which judges judged less than is written down.
pub(super) fn undercut(path: &Path, judged: &BTreeMap<&str, usize>) -> Result<Vec<String>> {
    let text = fs::read_to_string(path).trying(path.display())?;
    compare(&text, judged).trying(path.display())
}

fn compare(recorded: &str, judged: &BTreeMap<&str, usize>) -> Result<Vec<String>> {
    let mut undercut = Vec::new();
    for line in recorded.lines().filter(|line| !line.starts_with('#')) {
        let parts = line.trim_start().split_once(' ');
        let parts = parts.and_then(|(count, judge)| Some((count.parse::<usize>().ok()?, judge)));
        let (recorded, judge) = parts.ok_or_else(|| format!("no count and judge: {line:?}"))?;
        let is_away = judge == strict::OPTIONAL && !judged.contains_key(judge);
        let count = judged.get(judge).copied().unwrap_or_default();
        if count < recorded && !is_away {
            undercut.push(format!("{judge}: judged {count}, but {recorded} are recorded"));
        }
    }
    Ok(undercut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_are_told_and_more_are_welcome() -> Result<()> {
        let recorded = format!("# Note\n 3 a\n12 b: c\n 5 {}\n", strict::OPTIONAL);
        let compare = |judged: &[(&'static str, usize)]| {
            compare(&recorded, &judged.iter().copied().collect())
        };
        assert!(compare(&[("a", 3), ("b: c", 13), ("new", 1)])?.is_empty());
        assert_eq!(compare(&[("a", 2)])?.len(), 2);
        assert_eq!(compare(&[("a", 3), ("b: c", 12), (strict::OPTIONAL, 4)])?.len(), 1);
        assert!(super::compare("three a", &BTreeMap::new()).is_err());
        Ok(())
    }
}
