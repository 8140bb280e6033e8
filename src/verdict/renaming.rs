//! How one part of the names that Tableau shows becomes that of the project.

use super::line::Line;
use super::rewrite_line::{NewPart, OldPart, RewriteLine};
use crate::model::relation::same_but_case;

/// What has to be done to a schema or database.
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
    /// Tableau shows one text before it, and the project has another one there.
    OtherPrefix {
        /// What Tableau shows, with the separator at its end.
        shown: String,
        /// What the project has.
        own: String,
    },
    /// The same with texts behind it.
    OtherSuffix {
        /// What Tableau shows, with the separator at its start.
        shown: String,
        /// What the project has.
        own: String,
    },
    /// It has another name altogether.
    Another {
        /// What Tableau shows.
        shown: String,
        /// What the project has.
        own: String,
    },
}

/// What stands between the parts of a name: dbt puts `_` between the schema of a target and that of a
/// model, and projects of Google Cloud have `-`.
const SEPARATORS: [char; 2] = ['_', '-'];

impl Renaming {
    /// What makes one name of the other.
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
            let other_end = || other_prefix(shown, own).or_else(|| other_suffix(shown, own));
            other_end().unwrap_or_else(|| Self::Another {
                shown: shown.to_owned(),
                own: own.to_owned(),
            })
        }
    }

    /// Whether it says nothing about other names than this one pair.
    pub fn is_another(&self, pairs: usize) -> bool {
        match self {
            Self::Another { .. } => true,
            // What two names end in is often chance.
            Self::OtherPrefix { .. } | Self::OtherSuffix { .. } => pairs < 2,
            Self::Prefix(_) | Self::Suffix(_) | Self::WithoutPrefix(_) | Self::WithoutSuffix(_) => {
                false
            }
        }
    }

    /// The name that is the stem of others: `prod` and `dbt_ada`, where `prod_marts` is
    /// `dbt_ada_marts`. dbt calls the schema of a target so.
    pub fn stem(&self) -> Option<Self> {
        let Self::OtherPrefix { shown, own } = self else {
            return None;
        };
        let stem = |text: &str| text.strip_suffix(SEPARATORS).map(str::to_owned);
        Some(Self::new(&stem(shown)?, &stem(own)?))
    }

    /// The pattern and the new part for these pairs of names, of which each is renamed so, or is the
    /// stem of the others.
    pub fn parts(&self, pairs: &[(String, String)]) -> (OldPart, NewPart) {
        if let [(shown, own)] = pairs {
            return (OldPart::is(shown), NewPart::Is(own.clone()));
        }
        let shown_texts = || OldPart::OneOf(pairs.iter().map(|(shown, _)| shown.clone()).collect());
        match self {
            Self::Prefix(text) => (shown_texts(), NewPart::Prefixed(text.clone())),
            Self::Suffix(text) => (shown_texts(), NewPart::Suffixed(text.clone())),
            Self::Another { own, .. } => (shown_texts(), NewPart::Is(own.clone())),
            Self::OtherPrefix { shown, own } => {
                let stem = stem(shown, own).filter(|(stem, ..)| {
                    let mut names = pairs.iter().map(|(name, _)| name);
                    names.any(|name| same_but_case(name, stem))
                });
                match stem {
                    Some((shown, separator, own)) => (
                        OldPart::Stem(shown.to_owned(), separator),
                        NewPart::Around(own.to_owned(), String::new()),
                    ),
                    None => self.with_ends(shown),
                }
            }
            Self::WithoutPrefix(text)
            | Self::WithoutSuffix(text)
            | Self::OtherSuffix { shown: text, .. } => self.with_ends(text),
        }
    }

    /// The pattern for what Tableau shows before or behind the names, and the new part.
    fn with_ends(&self, end: &str) -> (OldPart, NewPart) {
        let end = end.to_owned();
        let (own, none) = (self.own_end().unwrap_or_default().to_owned(), String::new());
        match self {
            Self::WithoutSuffix(_) | Self::OtherSuffix { .. } => {
                (OldPart::Before(end), NewPart::Around(none, own))
            }
            _ => (OldPart::Behind(end), NewPart::Around(own, none)),
        }
    }

    /// The same as [`Self::parts`] of several pairs with another text in place of what Tableau shows
    /// before or behind the names; `None` if it shows none there.
    pub fn parts_with(&self, end: &str) -> Option<(OldPart, NewPart)> {
        self.shown_end().map(|_| self.with_ends(end))
    }

    /// What Tableau shows before or behind the names.
    pub fn shown_end(&self) -> Option<&str> {
        match self {
            Self::WithoutPrefix(text) | Self::WithoutSuffix(text) => Some(text),
            Self::OtherPrefix { shown, .. } | Self::OtherSuffix { shown, .. } => Some(shown),
            Self::Prefix(_) | Self::Suffix(_) | Self::Another { .. } => None,
        }
    }

    fn own_end(&self) -> Option<&str> {
        match self {
            Self::OtherPrefix { own, .. } | Self::OtherSuffix { own, .. } => Some(own),
            _ => None,
        }
    }
}

/// A line that reads this part of a name as another.
pub fn other_database(shown: OldPart, own: NewPart) -> Line {
    Line::Rewrite(RewriteLine {
        server: None,
        from: [Some(shown), None, None],
        to: [Some(own), None, None],
    })
}

/// A line that reads schemas of a database otherwise, and the database as well if a new one is given.
pub fn other_schema(
    database: Option<&str>,
    own: Option<&str>,
    (from, to): (OldPart, NewPart),
) -> Line {
    Line::Rewrite(RewriteLine {
        server: None,
        from: [database.map(OldPart::is), Some(from), None],
        to: [own.map(|own| NewPart::Is(own.to_owned())), Some(to), None],
    })
}

/// The texts before what both names end in, from a separator on.
fn other_prefix(shown: &str, own: &str) -> Option<Renaming> {
    let mut separators = shown
        .char_indices()
        .filter(|(_, it)| SEPARATORS.contains(it));
    separators.find_map(|(at, separator)| {
        let (before, end) = shown.split_at(at);
        let (own, _) = split_end(own, end)?;
        (!before.is_empty() && end.len() > 1).then(|| Renaming::OtherPrefix {
            shown: format!("{before}{separator}"),
            own: format!("{own}{separator}"),
        })
    })
}

/// The texts behind what both names begin with, up to a separator.
fn other_suffix(shown: &str, own: &str) -> Option<Renaming> {
    let mut separators = shown.char_indices().rev();
    separators.find_map(|(at, separator)| {
        let (start, behind) = shown.split_at(at + separator.len_utf8());
        let (_, own) = split_start(own, start)?;
        let is_split = SEPARATORS.contains(&separator) && at > 0 && !behind.is_empty();
        is_split.then(|| Renaming::OtherSuffix {
            shown: format!("{separator}{behind}"),
            own: format!("{separator}{own}"),
        })
    })
}

/// Two texts without the separator at their ends, and that of the first, if both have one.
fn stem<'t>(shown: &'t str, own: &'t str) -> Option<(&'t str, char, &'t str)> {
    let separator = shown.chars().next_back()?;
    let shown = shown.strip_suffix(SEPARATORS)?;
    Some((shown, separator, own.strip_suffix(SEPARATORS)?))
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

    fn check(shown: &str, own: &str, expected: Renaming) {
        assert_eq!(Renaming::new(shown, own), expected, "{shown} {own}");
    }

    #[test]
    fn prefixes_and_suffixes_are_found_in_any_case() {
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

    #[test]
    fn other_prefixes_and_suffixes_are_found_at_separators() {
        let other_prefix = |shown: &str, own: &str| Renaming::OtherPrefix {
            shown: shown.to_owned(),
            own: own.to_owned(),
        };
        let other_suffix = |shown: &str, own: &str| Renaming::OtherSuffix {
            shown: shown.to_owned(),
            own: own.to_owned(),
        };
        let another = |shown: &str, own: &str| Renaming::Another {
            shown: shown.to_owned(),
            own: own.to_owned(),
        };
        check(
            "prod_marts",
            "dbt_ada_marts",
            other_prefix("prod_", "dbt_ada_"),
        );
        check(
            "PROD_FIN_MARTS",
            "dev_fin_marts",
            other_prefix("PROD_", "dev_"),
        );
        check("marts_prod", "marts_dev", other_suffix("_prod", "_dev"));
        check("größe-prod", "größe-dev", other_suffix("-prod", "-dev"));
        check("armarts", "bomarts", another("armarts", "bomarts"));
        check("_marts", "x_core", another("_marts", "x_core"));
        check("prod_", "dev_", another("prod_", "dev_"));
        let stem = other_prefix("prod_", "dbt_ada_").stem();
        assert_eq!(stem, Some(another("prod", "dbt_ada")));
    }
}
