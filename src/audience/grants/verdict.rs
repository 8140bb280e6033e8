//! What holds of a hidden table, and what is known of whom it is hidden from.

use std::collections::{BTreeMap, BTreeSet};

use super::grant::{Grant, Need};
use crate::audience::decision::Decision;
use crate::audience::rule::Rule;
use crate::model::access::SiteRole;

/// What is known of the user and the site, as far as it decides what hidden tables need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The site role; `None` if it is not known.
    pub role: Option<SiteRole>,
    /// Whether the site gives users permissions on tables from the content that uses them.
    pub automatic_access: Option<bool>,
    /// Whether the site has Data Management.
    pub data_management: Option<bool>,
}

/// What the rules say of a table now, and what would show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the user may view it as things are.
    pub decision: Decision,
    /// The rule behind it.
    pub rule: Rule,
    /// What that rule saw, without a full stop.
    pub why: String,
    /// Each grant that would show it, the smallest first, with what it needs beside.
    pub grants: BTreeMap<Grant, BTreeSet<Need>>,
}
