//! How the database and schema that Tableau shows become those of the project.

use super::line::{Line, NewPart, OldPart, RewriteLine};
use crate::model::relation::same_but_case;

/// What has to be done to a schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Renaming {
    /// This text stands before it for the project.
    Prefix(String),
    /// This text stands behind it for the project.
    Suffix(String),
    /// Tableau shows this text before it.
    WithoutPrefix(String),
    /// Tableau shows this text behind it.
    WithoutSuffix(String),
    /// It has another name altogether.
    Another {
        /// What Tableau shows.
        shown: String,
        /// What the project has.
        own: String,
    },
}

impl Renaming {
    /// What makes one schema of the other.
    pub fn new(shown: &str, own: &str) -> Self {
        if let Some((prefix, _)) = split_end(own, shown) {
            Self::Prefix(prefix.to_owned())
        } else if let Some((_, suffix)) = split_start(own, shown) {
            Self::Suffix(suffix.to_owned())
        } else if let Some((prefix, _)) = split_end(shown, own) {
            Self::WithoutPrefix(prefix.to_owned())
        } else if let Some((_, suffix)) = split_start(shown, own) {
            Self::WithoutSuffix(suffix.to_owned())
        } else {
            Self::Another {
                shown: shown.to_owned(),
                own: own.to_owned(),
            }
        }
    }

    /// The pattern and the new part for these pairs of schemas, of which each is renamed so.
    pub fn parts(&self, pairs: &[(String, String)]) -> (OldPart, NewPart) {
        if let [(shown, own)] = pairs {
            return (OldPart::is(shown), NewPart::Is(own.clone()));
        }
        let shown = pairs.iter().map(|(shown, _)| shown.clone()).collect();
        match self {
            Self::Prefix(text) => (OldPart::OneOf(shown), NewPart::Prefixed(text.clone())),
            Self::Suffix(text) => (OldPart::OneOf(shown), NewPart::Suffixed(text.clone())),
            Self::WithoutPrefix(text) => (OldPart::Behind(text.clone()), NewPart::Rest),
            Self::WithoutSuffix(text) => (OldPart::Before(text.clone()), NewPart::Rest),
            Self::Another { own, .. } => (OldPart::OneOf(shown), NewPart::Is(own.clone())),
        }
    }
}

/// The line that reads a database as the project's.
pub fn other_database(shown: &str, own: &str) -> Line {
    Line::Rewrite(RewriteLine {
        server: None,
        from: [Some(OldPart::is(shown)), None, None],
        to: [Some(NewPart::Is(own.to_owned())), None, None],
    })
}

/// The line that renames schemas of a database, and the database as well if a new one is given.
pub fn renamed(
    database: Option<&str>,
    own: Option<&str>,
    renaming: &Renaming,
    pairs: &[(String, String)],
) -> Line {
    let (from, to) = renaming.parts(pairs);
    line(database, own, from, to)
}

/// The line that reads one schema of a database as this one, and the database as well if a new one
/// is given.
pub fn other_schema(database: Option<&str>, own: Option<&str>, shown: &str, schema: &str) -> Line {
    let new = NewPart::Is(schema.to_owned());
    line(database, own, OldPart::is(shown), new)
}

fn line(database: Option<&str>, own: Option<&str>, from: OldPart, to: NewPart) -> Line {
    Line::Rewrite(RewriteLine {
        server: None,
        from: [database.map(OldPart::is), Some(from), None],
        to: [own.map(|own| NewPart::Is(own.to_owned())), Some(to), None],
    })
}

/// A text before and at its end, if that is this other text but for case.
fn split_end<'t>(text: &'t str, end: &str) -> Option<(&'t str, &'t str)> {
    let at = text.len().checked_sub(end.len()).filter(|at| *at > 0)?;
    let (before, after) = text.split_at_checked(at)?;
    same_but_case(after, end).then_some((before, after))
}

/// A text at its start and behind it, if the start is this other text but for case.
fn split_start<'t>(text: &'t str, start: &str) -> Option<(&'t str, &'t str)> {
    let (before, after) = text.split_at_checked(start.len())?;
    (!after.is_empty() && same_but_case(before, start)).then_some((before, after))
}

#[cfg(test)]
mod tests {
    use super::Renaming;

    #[test]
    fn prefixes_and_suffixes_are_found_in_any_case() {
        let check = |shown: &str, own: &str, expected: Renaming| {
            assert_eq!(Renaming::new(shown, own), expected);
        };
        check(
            "MARTS",
            "dbt_jane_marts",
            Renaming::Prefix("dbt_jane_".to_owned()),
        );
        check("marts", "MARTS_DEV", Renaming::Suffix("_DEV".to_owned()));
        check(
            "PROD_MARTS",
            "marts",
            Renaming::WithoutPrefix("PROD_".to_owned()),
        );
        check(
            "marts_v2",
            "marts",
            Renaming::WithoutSuffix("_v2".to_owned()),
        );
        let (shown, own) = ("größe".to_owned(), "x".to_owned());
        check("größe", "x", Renaming::Another { shown, own });
    }
}
