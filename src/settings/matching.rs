//! How tables are matched, beyond the rules that are always on.

use std::collections::BTreeSet;

use super::Pattern;
use crate::model::relation::same_but_case;
use crate::model::{ConnectionType, Table};

/// How tables are matched.
#[derive(Debug, Clone, Default)]
pub struct Matching {
    /// Connection types for which a name alone may link.
    pub name_only: BTreeSet<String>,
    /// Connection types that are treated as others; the first that fits is used.
    pub connection_types: Vec<ReadAs>,
    /// Schemas of tables without one; the first that fits is used.
    pub default_schemas: Vec<DefaultSchema>,
    /// Packages whose sources take precedence over those of others, the most important first.
    pub prefer_packages: Vec<String>,
    /// Whether names that differ only in case are one name to the database.
    pub ignore_case: bool,
    /// The project's databases, where tables of several fit one node by schema and name alone.
    pub databases: Vec<Pattern>,
}

impl Matching {
    /// Whether it is one of the databases that are named as the project's.
    pub fn names_database(&self, database: &str) -> bool {
        self.databases.iter().any(|pattern| pattern.fits(database))
    }

    /// The first setting for connections of this type.
    pub fn find_read_as(&self, connection: &ConnectionType) -> Option<&ReadAs> {
        self.connection_types
            .iter()
            .find(|read_as| read_as.fits(connection))
    }

    /// The connection type that another one is treated as.
    pub fn read_as<'c>(&self, connection: &ConnectionType<'c>) -> ConnectionType<'c> {
        match self.find_read_as(connection) {
            Some(ReadAs { target, .. }) => ConnectionType::new(Some(target.clone().into())),
            None => connection.clone(),
        }
    }

    /// The first setting that gives a schema to this table; `None` if it has a schema.
    pub fn find_default_schema(&self, table: &Table) -> Option<&DefaultSchema> {
        self.default_schemas
            .iter()
            .find(|schema| self.fits_default_schema(schema, table))
    }

    /// Whether a default schema is for this table, by the connection type that Tableau gives or the
    /// type that this one is treated as. A table of which Tableau shows another schema is left out:
    /// one of the two is wrong, and nobody knows which.
    pub fn fits_default_schema(&self, schema: &DefaultSchema, table: &Table) -> bool {
        let Some(relation) = table
            .name
            .as_ref()
            .ok()
            .filter(|name| name.schema.is_none())
        else {
            return false;
        };
        let database = relation.database.as_deref();
        let shown = table.doubtful_schema();
        shown.is_none_or(|shown| same_but_case(shown, &schema.schema))
            && (schema.fits(&table.connection, database)
                || schema.fits(&self.read_as(&table.connection), database))
    }
}

/// A connection type that is treated as another one.
#[derive(Debug, Clone)]
pub struct ReadAs {
    /// The types that Tableau gives.
    pub pattern: Pattern,
    /// The type that they are treated as.
    pub target: String,
}

impl ReadAs {
    /// Whether it is for connections of this type.
    pub fn fits(&self, connection: &ConnectionType) -> bool {
        self.pattern.fits(connection.as_str().unwrap_or_default())
    }
}

/// The schema of tables without one, as custom SQL names them.
#[derive(Debug, Clone)]
pub struct DefaultSchema {
    /// Where the user wrote it.
    pub place: String,
    /// The connection types that it is for; `None` for all.
    pub connection_type: Option<Pattern>,
    /// The databases that it is for; `None` for all.
    pub database: Option<Pattern>,
    /// The schema.
    pub schema: String,
}

impl DefaultSchema {
    /// Whether it is for tables of this connection and database. The connection type may fit with
    /// or without its driver (`_jdbc`, `_odbc`).
    fn fits(&self, connection: &ConnectionType, database: Option<&str>) -> bool {
        let fits_type = fits(&self.connection_type, connection.base())
            || fits(&self.connection_type, connection.as_str());
        fits_type && fits(&self.database, database)
    }
}

/// Whether a pattern, if there is one, fits a text. Only patterns that fit everything fit an
/// unknown text.
fn fits(pattern: &Option<Pattern>, text: Option<&str>) -> bool {
    pattern
        .as_ref()
        .is_none_or(|pattern| pattern.fits(text.unwrap_or_default()))
}
