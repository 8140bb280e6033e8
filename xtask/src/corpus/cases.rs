//! The queries of `fixtures/sql`, and what a reader must find in them.
//!
//! A line `==== title` begins a query, as Tableau holds it; below a line `----` stands what must be
//! found, in any order: `read`, `written` or `remote` and a name, `unknown` or `doubt` and a reason.
//! `fixtures/README.md` says how names are written.

use std::collections::BTreeSet;
use std::path::Path;

use autoexpose::model::Dialect;

use crate::failure::Result;
use crate::repository;

/// A query, and what must be found in it.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) dialect: Dialect,
    /// The path of its file from `fixtures/sql`.
    pub(crate) file: String,
    pub(crate) title: String,
    pub(crate) query: String,
    pub(crate) expected: BTreeSet<String>,
}

/// All queries of the repository, in order.
///
/// # Errors
/// Those of the system, a folder that is none of a dialect, a file of another form.
pub(crate) fn read() -> Result<Vec<Case>> {
    let root = repository::root().join("fixtures/sql");
    let mut cases = Vec::new();
    for path in repository::files(&root)? {
        if path.extension().is_some_and(|ending| ending == "sql") {
            let inside = path.strip_prefix(&root).unwrap_or(&path);
            cases.extend(parse(inside, &repository::text(&path)?)?);
        }
    }
    Ok(cases)
}

fn parse(file: &Path, text: &str) -> Result<Vec<Case>> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let dialect = Dialect::ALL
        .into_iter()
        .find(|dialect| Path::new(dialect.name()) == folder)
        .ok_or_else(|| format!("{}: its folder is no dialect", file.display()))?;
    let mut cases = Vec::new();
    let mut is_expected = false;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("==== ") {
            is_expected = false;
            cases.push(Case {
                dialect,
                file: file.display().to_string(),
                title: title.to_owned(),
                query: String::new(),
                expected: BTreeSet::new(),
            });
            continue;
        }
        let case = cases
            .last_mut()
            .ok_or_else(|| format!("{}: it must begin with a title", file.display()))?;
        if is_expected {
            case.expected
                .extend((!line.is_empty()).then(|| line.to_owned()));
        } else if line == "----" {
            is_expected = true;
        } else {
            case.query += line;
            case.query += "\n";
        }
    }
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_and_what_must_be_found_are_told_apart() -> Result<()> {
        let text = "==== One\nSELECT 1\n\nFROM t\n----\nread t\n\n==== Two\nSELECT 2\n----\n";
        let cases = parse(Path::new("oracle/ctes.sql"), text)?;
        let [one, two] = cases.as_slice() else {
            return Err(format!("{cases:?}"));
        };
        assert_eq!(one.dialect, Dialect::Oracle);
        assert_eq!((one.title.as_str(), two.title.as_str()), ("One", "Two"));
        assert_eq!(one.query, "SELECT 1\n\nFROM t\n");
        assert_eq!(one.expected, BTreeSet::from(["read t".to_owned()]));
        assert!(two.expected.is_empty());
        assert!(parse(Path::new("access/ctes.sql"), text).is_err());
        assert!(parse(Path::new("oracle/ctes.sql"), "SELECT 1").is_err());
        Ok(())
    }
}
