//! What somebody could be given, and what it needs to have an effect.

use crate::model::access::AssetId;
use crate::model::display::display_enum;

/// Something that a user could be given. The smaller it is, the earlier it comes: permission to see
/// something before power over it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grant {
    /// Nothing: what the user has already is enough, once the site is set so.
    Nothing,
    /// A rule of the table that allows the user to view it.
    TableRule,
    /// A rule that allows the user to view content in which the table is embedded.
    ContentRule(AssetId),
    /// A rule for the tables of the database that locks it.
    DatabaseRule(AssetId),
    /// A rule for the tables of the project that locks it.
    ProjectRule(AssetId),
    /// Ownership of content that uses it.
    Owner(AssetId),
    /// Leadership of a project.
    Leader(AssetId),
    /// The role of an administrator.
    Administrator,
}

impl Grant {
    /// Its stable name, for scripts.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::TableRule => "table-rule",
            Self::ContentRule(_) => "content-rule",
            Self::DatabaseRule(_) => "database-rule",
            Self::ProjectRule(_) => "project-rule",
            Self::Owner(_) => "owner",
            Self::Leader(_) => "leader",
            Self::Administrator => "administrator",
        }
    }

    /// What it is about, if it is about one thing.
    pub fn about(&self) -> Option<&AssetId> {
        match self {
            Self::Nothing | Self::TableRule | Self::Administrator => None,
            Self::ContentRule(id)
            | Self::DatabaseRule(id)
            | Self::ProjectRule(id)
            | Self::Owner(id)
            | Self::Leader(id) => Some(id),
        }
    }
}

display_enum! {
    /// What has to be so that a grant has an effect. Roles, locks and embedding that are known to be right
    /// are not among them.
    pub enum Need {
        /// The role of the user permits it: Explorer, or more.
        Role => "role";
        /// The site gives users permissions on tables from the content that uses them.
        AutomaticAccess => "automatic-access";
        /// The site has Data Management.
        DataManagement => "data-management";
        /// The table is not embedded in content.
        NotEmbedded => "not-embedded";
        /// The database of the table is not locked.
        Unlocked => "database-unlocked";
        /// The database of the table is locked.
        Locked => "database-locked";
    }
}
