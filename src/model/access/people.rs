//! Users and groups of a site.

use super::told::{Listing, Told};

/// A user of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name with which the user signs in.
    pub name: Option<String>,
    /// The most that the user may do.
    pub role: Told<SiteRole>,
    /// All groups of the user ("Get Groups for a User").
    pub groups: Listing,
}

/// A group of users.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: Option<String>,
    /// All of its users ("Get Users in Group").
    pub members: Listing,
}

impl Group {
    /// Whether it is the group that every user is in. Tableau makes it under this name on every site,
    /// and nobody can delete it
    /// (<https://help.tableau.com/current/online/en-us/to_add_users_groups.htm>).
    pub fn is_all_users(&self) -> bool {
        let name = self.name.as_deref().unwrap_or_default();
        name.trim().eq_ignore_ascii_case("All Users")
    }
}

/// The most that a user of a site may do, as far as it matters for what the user sees (`siteRole` of
/// "Query User On Site", with the names that older versions used).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SiteRole {
    /// An administrator of the server or the site.
    Administrator,
    /// May publish: `Creator`, `ExplorerCanPublish`.
    Publisher,
    /// May explore what others published.
    Explorer,
    /// May view.
    Viewer,
    /// Cannot sign in.
    Unlicensed,
    /// A role that is not documented.
    Other,
}

impl SiteRole {
    /// The role of a `siteRole`.
    pub fn of(text: &str) -> Self {
        match text.trim().to_ascii_lowercase().as_str() {
            "serveradministrator"
            | "siteadministrator"
            | "siteadministratorcreator"
            | "siteadministratorexplorer" => Self::Administrator,
            "creator" | "explorercanpublish" | "publisher" => Self::Publisher,
            "explorer" | "interactor" => Self::Explorer,
            "viewer" | "readonly" | "guest" | "viewerwithpublish" => Self::Viewer,
            "unlicensed" | "unlicensedwithpublish" => Self::Unlicensed,
            _ => Self::Other,
        }
    }

    /// Its stable name, for scripts.
    pub fn key(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Publisher => "publisher",
            Self::Explorer => "explorer",
            Self::Viewer => "viewer",
            Self::Unlicensed => "unlicensed",
            Self::Other => "other",
        }
    }

    /// What messages call users with it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Administrator => "an administrator",
            Self::Publisher => "a Creator or an Explorer who can publish",
            Self::Explorer => "an Explorer",
            Self::Viewer => "a Viewer",
            Self::Unlicensed => "unlicensed",
            Self::Other => "of a role that is not documented",
        }
    }
}
