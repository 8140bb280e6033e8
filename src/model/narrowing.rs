//! The projects that an export was asked for, where it was not asked for the whole site.

use std::collections::BTreeSet;
use std::fmt;

/// The projects that an export was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Narrowing {
    /// The patterns by which the projects were chosen.
    pub patterns: BTreeSet<String>,
    /// The names of projects that lie in others, in lower case: a project of such a name need not be
    /// the one at the top.
    pub nested: BTreeSet<String>,
}

impl fmt::Display for Narrowing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patterns = self.patterns.iter().map(String::as_str);
        f.write_str(&patterns.collect::<Vec<_>>().join(", "))
    }
}
