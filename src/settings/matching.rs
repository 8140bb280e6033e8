//! How tables are matched, beyond the rules that are always on.

use std::collections::BTreeSet;

use super::Pattern;
use crate::model::ConnectionType;

/// How tables are matched.
#[derive(Debug, Clone, Default)]
pub struct Matching {
    /// Connection types for which a name alone may link.
    pub name_only: BTreeSet<String>,
    /// Connection types that read as others.
    pub connection_types: Vec<ReadAs>,
    /// Schemas of tables that come without one.
    pub default_schemas: Vec<DefaultSchema>,
    /// Packages whose sources go before those of others, the first first.
    pub prefer_packages: Vec<String>,
}

/// A connection type that reads as another one.
#[derive(Debug, Clone)]
pub struct ReadAs {
    /// The types that it is about.
    pub pattern: Pattern,
    /// What they read as.
    pub connection_type: String,
}

/// The schema of tables that come without one, as custom SQL names them.
#[derive(Debug, Clone)]
pub struct DefaultSchema {
    /// Where the user wrote it.
    pub place: String,
    /// The connection types that it is about; all if none is given.
    pub connection_type: Option<Pattern>,
    /// The databases that it is about; all if none is given.
    pub database: Option<Pattern>,
    /// The schema.
    pub schema: String,
}

impl DefaultSchema {
    /// Whether it is about tables of this connection and database. The type fits with and without
    /// the driver that carries it; what is not known is fitted by what fits everything.
    fn fits(&self, connection: &ConnectionType, database: Option<&str>) -> bool {
        let fits = |pattern: &Option<Pattern>, text: Option<&str>| {
            pattern
                .as_ref()
                .is_none_or(|pattern| pattern.fits(text.unwrap_or_default()))
        };
        [connection.base(), connection.as_str()]
            .into_iter()
            .any(|text| fits(&self.connection_type, text))
            && fits(&self.database, database)
    }
}

impl Matching {
    /// The first setting that is about connections of this type.
    pub fn reading_of(&self, connection: &ConnectionType) -> Option<&ReadAs> {
        let text = connection.as_str().unwrap_or_default();
        self.connection_types
            .iter()
            .find(|read_as| read_as.pattern.fits(text))
    }

    /// The connection type that another one reads as.
    pub fn read_as<'c>(&self, connection: &ConnectionType<'c>) -> ConnectionType<'c> {
        self.reading_of(connection).map_or_else(
            || connection.clone(),
            |read_as| ConnectionType::new(Some(read_as.connection_type.clone().into())),
        )
    }

    /// The first setting that gives a schema to tables without one, of this connection and database.
    pub fn schema_of(
        &self,
        connection: &ConnectionType,
        database: Option<&str>,
    ) -> Option<&DefaultSchema> {
        self.default_schemas
            .iter()
            .find(|schema| self.is_about(schema, connection, database))
    }

    /// Whether a default schema is about tables of this connection, as Tableau calls it or as it
    /// reads, and database.
    pub fn is_about(
        &self,
        schema: &DefaultSchema,
        connection: &ConnectionType,
        database: Option<&str>,
    ) -> bool {
        schema.fits(connection, database) || schema.fits(&self.read_as(connection), database)
    }
}
