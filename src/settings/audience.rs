//! For whom a run shows lineage, and what of it.

use std::collections::BTreeSet;

use crate::model::Fact;
use crate::model::access::Subject;

/// For whom a run shows lineage, and what of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudienceSettings {
    /// The audience; `None` if everything is shown.
    pub who: Option<Subject>,
    /// What becomes of workbooks that it may not see.
    pub withheld: WithheldAs,
    /// The facts that are shown of every workbook.
    pub show: BTreeSet<Fact>,
    /// What is shown in the place of a title.
    pub label: String,
    /// After how many days what an export says of permissions counts as unknown; `None` for never.
    pub max_age_days: Option<u32>,
    /// The time of the run, in milliseconds since 1970, as far as ages matter. Only the edge of the
    /// program knows it.
    pub now: Option<i64>,
}

impl AudienceSettings {
    /// Whether it depends on what exports say of permissions what is shown.
    pub fn asks_access(&self) -> bool {
        self.who.as_ref().is_some_and(|who| *who != Subject::Nobody)
    }

    /// What Tableau itself shows in the place of names that somebody may not see
    /// (<https://help.tableau.com/current/online/en-us/dm_perms_assets.htm>).
    pub const LABEL: &'static str = "Permissions required";
}

impl Default for AudienceSettings {
    fn default() -> Self {
        Self {
            who: None,
            withheld: WithheldAs::default(),
            show: BTreeSet::new(),
            label: Self::LABEL.to_owned(),
            max_age_days: None,
            now: None,
        }
    }
}

/// What becomes of workbooks that the audience may not see: the two ways of Tableau's setting
/// "Sensitive Lineage Information".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WithheldAs {
    /// They stay, without what tells them apart.
    #[default]
    Obfuscate,
    /// They are left out.
    Filter,
}

impl WithheldAs {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Obfuscate => "obfuscate",
            Self::Filter => "filter",
        }
    }
}
