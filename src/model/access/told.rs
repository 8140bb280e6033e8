//! What was told, and what was not.

use std::collections::BTreeSet;

/// A fact, as far as anything tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Told<T> {
    /// No answer tells it.
    #[default]
    Missing,
    /// Tableau refused to tell it, with this reason.
    Refused(String),
    /// Answers of the same time tell different things.
    Differing,
    /// It is told.
    Given {
        /// The fact.
        value: T,
        /// When the answer was captured, in milliseconds since 1970.
        captured_at: Option<i64>,
    },
}

impl<T> Told<T> {
    /// The fact, if it is told.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Given { value, .. } => Some(value),
            Self::Missing | Self::Refused(_) | Self::Differing => None,
        }
    }

    /// When it was captured, in milliseconds since 1970, if it is told.
    pub fn captured_at(&self) -> Option<i64> {
        match self {
            Self::Given { captured_at, .. } => *captured_at,
            Self::Missing | Self::Refused(_) | Self::Differing => None,
        }
    }

    /// Why it is not known, in words behind what it is about; `None` if it is told.
    pub fn why_unknown(&self) -> Option<String> {
        match self {
            Self::Given { .. } => None,
            Self::Missing => Some("missing in the export".to_owned()),
            Self::Refused(reason) => Some(format!("refused by Tableau ({reason})")),
            Self::Differing => {
                Some("told in different ways by answers of the same time".to_owned())
            }
        }
    }
}

/// A list of luids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Those that are listed.
    pub luids: BTreeSet<String>,
    /// Whether these are all.
    pub wholeness: Wholeness,
    /// When the oldest of its pages was captured, in milliseconds since 1970.
    pub captured_at: Option<i64>,
}

/// Whether a list has everything that it should list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Wholeness {
    /// No answer has the list.
    #[default]
    Missing,
    /// Tableau refused it, with this reason.
    Refused(String),
    /// It lacks something, for this reason.
    Incomplete(&'static str),
    /// It has everything.
    Complete,
}

impl Listing {
    /// Whether the list has a luid; `None` where only a complete list could deny it.
    pub fn has(&self, luid: &str) -> Option<bool> {
        match (self.luids.contains(luid), &self.wholeness) {
            (true, _) => Some(true),
            (false, Wholeness::Complete) => Some(false),
            (false, _) => None,
        }
    }

    /// Whether it has everything.
    pub fn is_complete(&self) -> bool {
        self.wholeness == Wholeness::Complete
    }

    /// Why it may lack something, in words behind what it lists; `None` if it is complete.
    pub fn why_incomplete(&self) -> Option<String> {
        match &self.wholeness {
            Wholeness::Complete => None,
            Wholeness::Missing => Some("missing in the export".to_owned()),
            Wholeness::Refused(reason) => Some(format!("refused by Tableau ({reason})")),
            Wholeness::Incomplete(reason) => Some(format!("incomplete: {reason}")),
        }
    }
}
