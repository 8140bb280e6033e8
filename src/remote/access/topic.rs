//! What is asked about who may see what: the path of each question, and how messages call it.

use crate::model::access::AssetKind;
use crate::remote::address::escaped;
use crate::remote::listing::PAGE_SIZE;

/// What a question is about. Luids are in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    /// How the site is set.
    Settings,
    /// All users of the site.
    Users,
    /// One user.
    User(String),
    /// Users of this name.
    UsersNamed(String),
    /// All groups of the site.
    Groups,
    /// Groups of this name, for whose members is asked.
    GroupsNamed(String),
    /// One group, for whose members is asked.
    Group(String),
    /// The members of a group.
    Members(String),
    /// The groups of a group set.
    GroupSet(String),
    /// The workbooks that a user may see: Tableau's own answer.
    Visible(String),
    /// All data sources, flows, virtual connections, databases or tables.
    Assets(AssetKind),
    /// The rules of an asset.
    Rules(AssetKind, String),
    /// The rules of a project or database for what is in it.
    Defaults {
        /// Whether a project or a database.
        holder: AssetKind,
        /// Its luid.
        luid: String,
        /// What is in it.
        of: AssetKind,
    },
}

impl Topic {
    /// Its path below the site; empty for the site itself.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Settings => String::new(),
            Self::Users => "users".to_owned(),
            Self::User(user) => format!("users/{user}"),
            Self::UsersNamed(name) => format!("users?filter=name:eq:{}", escaped(name)),
            Self::Groups => "groups".to_owned(),
            Self::GroupsNamed(name) => format!("groups?filter=name:eq:{}", escaped(name)),
            Self::Group(group) => format!("groups/{group}"),
            Self::Members(group) => format!("groups/{group}/users"),
            Self::GroupSet(set) => format!("groupsets/{set}"),
            Self::Visible(user) => format!("users/{user}/workbooks"),
            Self::Assets(kind) => path_of(*kind).to_owned(),
            Self::Rules(kind, luid) => format!("{}/{luid}/permissions", path_of(*kind)),
            Self::Defaults { holder, luid, of } => {
                let (holder, of) = (path_of(*holder), path_of(*of));
                format!("{holder}/{luid}/default-permissions/{of}")
            }
        }
    }

    /// The keys of the list that answers it, and of one of its items; `None` if it is not a list.
    pub(super) fn list(&self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Users | Self::UsersNamed(_) | Self::Members(_) => ("users", "user"),
            Self::Groups | Self::GroupsNamed(_) => ("groups", "group"),
            Self::Visible(_) => ("workbooks", "workbook"),
            Self::Assets(AssetKind::Datasource) => ("datasources", "datasource"),
            Self::Assets(AssetKind::Flow) => ("flows", "flow"),
            Self::Assets(AssetKind::VirtualConnection) => {
                ("virtualConnections", "virtualConnection")
            }
            Self::Assets(AssetKind::Database) => ("databases", "database"),
            Self::Assets(AssetKind::Table) => ("tables", "table"),
            _ => return None,
        })
    }

    /// The path of one of its pages; the only one where it is not a list.
    pub(super) fn page(&self, number: u64) -> String {
        let path = self.path();
        if self.list().is_none() {
            return path;
        }
        let and = if path.contains('?') { '&' } else { '?' };
        format!("{path}{and}pageSize={PAGE_SIZE}&pageNumber={number}")
    }

    /// What is asked for, as in `cannot ask for the users of the site`.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Settings => "the settings of the site".to_owned(),
            Self::Users => "the users of the site".to_owned(),
            Self::User(_) | Self::UsersNamed(_) => "a user".to_owned(),
            Self::Groups => "the groups of the site".to_owned(),
            Self::Group(_) | Self::GroupsNamed(_) => "a group".to_owned(),
            Self::Members(_) => "the members of a group".to_owned(),
            Self::GroupSet(_) => "the groups of a group set".to_owned(),
            Self::Visible(_) => "the workbooks that a user may see".to_owned(),
            Self::Assets(kind) => format!("the {kind}s of the site"),
            Self::Rules(kind, _) => format!("the permission rules of a {kind}"),
            Self::Defaults { holder, of, .. } => {
                format!("the default permissions of a {holder} for {of}s")
            }
        }
    }

    /// Whether nothing is missing where Tableau knows nothing of it: what was listed before may be gone,
    /// and an old server has no virtual connections.
    pub(super) fn may_be_nothing(&self) -> bool {
        matches!(
            self,
            Self::Members(_)
                | Self::GroupSet(_)
                | Self::Rules(..)
                | Self::Defaults { .. }
                | Self::Assets(AssetKind::VirtualConnection)
        )
    }
}

fn path_of(kind: AssetKind) -> &'static str {
    match kind {
        AssetKind::Project => "projects",
        AssetKind::Workbook => "workbooks",
        AssetKind::View => "views",
        AssetKind::Datasource => "datasources",
        AssetKind::Flow => "flows",
        AssetKind::VirtualConnection => "virtualconnections",
        AssetKind::Database => "databases",
        AssetKind::Table => "tables",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_have_the_paths_of_the_rest_api() {
        let luid = || "a".to_owned();
        let cases = [
            (Topic::Settings, ""),
            (Topic::Users, "users?pageSize=1000&pageNumber=2"),
            (Topic::User(luid()), "users/a"),
            (
                Topic::UsersNamed("ada, b+c@x".to_owned()),
                "users?filter=name:eq:ada%2C%20b%2Bc%40x&pageSize=1000&pageNumber=2",
            ),
            (
                Topic::Members(luid()),
                "groups/a/users?pageSize=1000&pageNumber=2",
            ),
            (
                Topic::Visible(luid()),
                "users/a/workbooks?pageSize=1000&pageNumber=2",
            ),
            (
                Topic::Rules(AssetKind::VirtualConnection, luid()),
                "virtualconnections/a/permissions",
            ),
            (
                Topic::Defaults {
                    holder: AssetKind::Project,
                    luid: luid(),
                    of: AssetKind::Workbook,
                },
                "projects/a/default-permissions/workbooks",
            ),
        ];
        for (topic, path) in cases {
            assert_eq!(topic.page(2), path);
        }
    }
}
