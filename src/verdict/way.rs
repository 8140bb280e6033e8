//! Ways in which tables may link.

use super::renaming::Renaming;
use super::rewrite_line::{Part, RewriteLine};
use crate::model::NodeIx;
use crate::model::relation::folded;

/// The ways of one table, with the node that each leads to.
pub type Ways = Vec<(Way, NodeIx)>;

/// Tables that may link in one way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Their database is read as the project's.
    Database {
        /// The database that Tableau shows.
        shown: String,
        /// The project's.
        own: String,
    },
    /// Their schema is renamed.
    Schema {
        /// The database that Tableau shows, if it shows one.
        database: Option<String>,
        /// What becomes of the schema.
        renaming: Renaming,
    },
    /// Both.
    DatabaseAndSchema {
        /// The database that Tableau shows.
        shown: String,
        /// The project's.
        own: String,
        /// What becomes of the schema.
        renaming: Renaming,
    },
    /// This name is read as that of a relation.
    Alias(RewriteLine),
    /// They are over this connection type, and it reads as the project's.
    Connection(String),
    /// They have a schema by default.
    DefaultSchema {
        /// Their connection type without its driver, if it is known.
        connection: Option<String>,
        /// Their database, if Tableau shows one.
        database: Option<String>,
    },
    /// Their database is the project's.
    ProjectDatabase,
    /// One of these packages takes precedence.
    Package(Vec<String>),
    /// Case does not count.
    IgnoreCase,
    /// Any of these, equally well.
    OneOf(Vec<Way>),
}

impl Way {
    /// What becomes of the schema, if only that or the database as well is another one.
    pub fn renaming(&mut self) -> Option<&mut Renaming> {
        match self {
            Self::Schema { renaming, .. } | Self::DatabaseAndSchema { renaming, .. } => {
                Some(renaming)
            }
            _ => None,
        }
    }

    /// Whether this is the other, or one of several of which the other is one.
    pub fn includes(&self, other: &Self) -> bool {
        match self {
            Self::OneOf(ways) => ways.contains(other),
            way => way == other,
        }
    }

    /// Whether both read a name as that of one relation, but for case.
    pub fn is_same_but_case(&self, other: &Self) -> bool {
        let new_name = |way: &Self| match way {
            Self::Alias(line) => {
                let name = line.to[Part::Name as usize].as_ref();
                name.map(|name| folded(&name.text(Part::Name)))
            }
            _ => None,
        };
        new_name(self) == new_name(other)
    }
}
