//! Permission rules: who may do what, or may not.

use std::collections::BTreeSet;

use super::asset::AssetKind;
use crate::model::display::display_enum;

/// A rule: somebody is allowed or denied a capability.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// Who.
    pub grantee: Grantee,
    /// The name of the capability, as Tableau spells it. Names that nothing here knows are kept and mean
    /// nothing.
    pub capability: String,
    /// Whether it is allowed.
    pub mode: Mode,
}

/// Whom a rule is about, by luid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grantee {
    /// A user.
    User(String),
    /// A group.
    Group(String),
    /// A group set: its rules are about users who are in all of its groups
    /// (<https://help.tableau.com/current/server-linux/en-us/group_sets.htm>).
    GroupSet(String),
}

/// What a rule says. Whatever is not `Allow` counts as a denial, so that an unknown word hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// Allowed.
    Allow,
    /// Denied.
    Deny,
}

/// All rules that one answer has.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rules {
    /// The rules; known to be none if it is empty.
    pub rules: BTreeSet<Rule>,
    /// Whose rules these are, if a lock puts them in place of the asset's own ones (`parent`).
    pub parent: Option<RulesParent>,
}

/// What locks the rules of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RulesParent {
    /// A project.
    Project,
    /// A database.
    Database,
    /// Something else.
    Other,
}

display_enum! {
    /// What somebody may do with an asset.
    pub enum Capability {
        /// See it.
        View => "view";
        /// Save another version in its place.
        Overwrite => "overwrite";
        /// Change who may do what with it.
        SetPermissions => "set-permissions";
    }
}

/// The capability of a project that makes somebody its leader, for all that is in it.
pub const PROJECT_LEADER: &str = "ProjectLeader";

/// Whether a capability shows that a project above gives leadership.
pub fn is_inherited_leader(capability: &str) -> bool {
    capability == "InheritedProjectLeader"
}

impl Capability {
    /// The name that rules of the REST API have for it ("Permissions" of the REST API's concepts).
    /// Projects have no rule for setting permissions: only leaders and owners may.
    pub fn rule_name(self, kind: AssetKind) -> Option<&'static str> {
        match self {
            Self::View => Some("Read"),
            Self::Overwrite => Some("Write"),
            Self::SetPermissions if kind == AssetKind::Project => None,
            Self::SetPermissions => Some("ChangePermissions"),
        }
    }
}
