//! How custom SQL is read.

use crate::model::connection::Reach;
use crate::model::{ConnectionType, Dialect};

/// How custom SQL is read.
pub struct Options<'o> {
    /// The connection type that another one is treated as.
    pub read_as: &'o (dyn for<'c> Fn(&ConnectionType<'c>) -> ConnectionType<'c> + Sync),
    /// The dialects of the projects' warehouses. Where a connection may reach any warehouse, it is
    /// theirs, if they have one.
    pub of_projects: Vec<Dialect>,
    /// Whether a table counts as unreadable if its query could not be read without a doubt.
    pub is_strict: bool,
    /// Whether the run asks which columns queries name.
    pub asks_columns: bool,
}

impl Options<'_> {
    /// The dialect of a connection.
    pub(super) fn dialect(&self, connection: &ConnectionType) -> Dialect {
        let connection = (self.read_as)(connection);
        match connection.reach() {
            Reach::NotWarehouse => Dialect::Generic,
            Reach::Warehouse(_) | Reach::Anything => connection
                .dialect()
                .unwrap_or_else(|| self.of_all_projects()),
        }
    }

    fn of_all_projects(&self) -> Dialect {
        match self.of_projects.as_slice() {
            [first, others @ ..] if others.iter().all(|other| other == first) => *first,
            _ => Dialect::Generic,
        }
    }
}
