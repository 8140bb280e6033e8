//! How tables are matched, beyond the rules that are always on.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Pattern;
use super::pattern_list::{HasPatterns, PatternList};
use super::rewrite::{Asked, Rewrites, Rewritten};
use crate::model::relation::same_but_case;
use crate::model::{ConnectionType, Relation, Table};

/// What stands in a proposed line for a value that the user must choose. A schema of this name would
/// be taken for one that the user gave.
pub const CHOICE: &str = "…";

/// How tables are matched.
#[derive(Debug, Clone, Default)]
pub struct Matching {
    /// Connection types for which a name alone may link.
    pub name_only: BTreeSet<String>,
    /// Connection types that are treated as others; the first that fits is used.
    pub connection_types: PatternList<ReadAs, 1>,
    /// Schemas of tables without one; the first that fits is used.
    pub default_schemas: PatternList<DefaultSchema, 2>,
    /// Names that are read as other ones.
    pub rewrites: Rewrites,
    /// Packages whose sources take precedence over those of others, the most important first.
    pub prefer_packages: Vec<String>,
    /// Whether names that differ only in case are one name to the database.
    pub ignore_case: bool,
    /// Whether a table counts as unreadable that only custom SQL names which could not be read without
    /// a doubt.
    pub strict: bool,
    /// The project's databases, where tables of several fit one node by schema and name alone.
    pub databases: PatternList<Pattern, 1>,
}

impl Matching {
    /// Whether nothing is set.
    pub fn is_default(&self) -> bool {
        self.name_only.is_empty()
            && self.connection_types.is_empty()
            && self.default_schemas.is_empty()
            && self.rewrites.is_empty()
            && self.prefer_packages.is_empty()
            && !self.ignore_case
            && self.databases.is_empty()
    }

    /// Whether it is one of the databases that are named as the project's.
    pub fn names_database(&self, database: &str) -> bool {
        let mut candidates = self.databases.candidates(&[vec![database.into()]]);
        candidates.any(|pattern| pattern.fits(database))
    }

    /// The first setting for connections of this type.
    pub fn find_read_as(&self, connection: &ConnectionType) -> Option<&ReadAs> {
        if self.connection_types.is_empty() {
            return None;
        }
        self.connection_types
            .candidates(&read_as_texts(connection))
            .find(|read_as| read_as.fits(connection))
    }

    /// The settings for connections of none of these types.
    pub fn read_as_of_none<'m>(
        &'m self,
        connections: &BTreeSet<&ConnectionType>,
    ) -> Vec<&'m ReadAs> {
        self.connection_types
            .unused(connections.iter().copied(), read_as_texts, ReadAs::fits)
    }

    /// The databases that are named as the project's and are none of these.
    pub fn named_of_none<'m>(&'m self, databases: &BTreeSet<&str>) -> Vec<&'m Pattern> {
        self.databases.unused(
            databases.iter().copied(),
            |database| [vec![database.into()]],
            Pattern::fits,
        )
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
        if self.default_schemas.is_empty() {
            return None;
        }
        let asked = self.without_schema(table)?;
        self.default_schemas
            .candidates(&asked.texts())
            .find(|schema| schema.fits(&asked))
    }

    /// The settings that give a schema to none of these tables.
    pub fn default_schemas_of_none(&self, tables: &[Table]) -> Vec<&DefaultSchema> {
        if self.default_schemas.is_empty() {
            return Vec::new();
        }
        let asked = tables.iter().filter_map(|table| self.without_schema(table));
        let asked = asked.collect::<Vec<_>>();
        self.default_schemas
            .unused(&asked, WithoutSchema::texts, DefaultSchema::fits)
    }

    /// The name that a table is read as, made of the one that it has once it has its default schema;
    /// `None` if no entry is for it.
    pub fn rewritten<'t>(&self, table: &Table, relation: &Relation<'t>) -> Option<Rewritten<'t>> {
        if self.rewrites.is_empty() {
            return None;
        }
        let asked = Asked {
            connections: &self.connections(&table.connection),
            server: table.server.as_deref(),
        };
        let rewritten = self.rewrites.apply(&asked, relation);
        (!rewritten.entries.is_empty()).then_some(rewritten)
    }

    /// The connection type that Tableau gives, and the one that it is treated as.
    fn connections<'c>(&self, connection: &ConnectionType<'c>) -> [ConnectionType<'c>; 2] {
        [connection.clone(), self.read_as(connection)]
    }

    /// What is asked for a table; `None` if it has a schema.
    fn without_schema<'t>(&self, table: &'t Table) -> Option<WithoutSchema<'t>> {
        let relation = table.name.as_ref().ok()?;
        if relation.schema.is_some() {
            return None;
        }
        Some(WithoutSchema {
            connections: self.connections(&table.connection),
            database: relation.database.as_deref(),
            shown: table.doubtful_schema(),
        })
    }
}

/// A table without a schema, which [`DefaultSchema`] may be for.
struct WithoutSchema<'t> {
    /// The connection type that Tableau gives, and the one that it is treated as.
    connections: [ConnectionType<'t>; 2],
    database: Option<&'t str>,
    /// A schema that Tableau shows and that may be wrong.
    shown: Option<&'t str>,
}

impl WithoutSchema<'_> {
    /// The texts that the patterns of a setting are for: connection types with and without their
    /// driver (`_jdbc`, `_odbc`), and the database.
    fn texts(&self) -> [Vec<Cow<'_, str>>; 2] {
        let connections = self.connections.iter();
        let types = connections.flat_map(|connection| [connection.base(), connection.as_str()]);
        let known = |text: Option<&'_ str>| text.unwrap_or_default().to_owned().into();
        [types.map(known).collect(), vec![known(self.database)]]
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

impl HasPatterns<1> for ReadAs {
    fn patterns(&self) -> [Option<&Pattern>; 1] {
        [Some(&self.pattern)]
    }
}

impl HasPatterns<1> for Pattern {
    fn patterns(&self) -> [Option<&Pattern>; 1] {
        [Some(self)]
    }
}

/// The texts that the patterns of [`ReadAs`] are for.
fn read_as_texts<'c>(connection: &'c ConnectionType) -> [Vec<Cow<'c, str>>; 1] {
    [vec![connection.as_str().unwrap_or_default().into()]]
}

impl ReadAs {
    /// Whether it is for connections of this type.
    fn fits(&self, connection: &ConnectionType) -> bool {
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

impl HasPatterns<2> for DefaultSchema {
    fn patterns(&self) -> [Option<&Pattern>; 2] {
        [self.connection_type.as_ref(), self.database.as_ref()]
    }
}

impl DefaultSchema {
    /// Whether it is for a table, by the connection type that Tableau gives or the type that this one
    /// is treated as, with or without its driver. A table of which Tableau shows another schema is
    /// left out: one of the two is wrong, and nobody knows which.
    fn fits(&self, table: &WithoutSchema) -> bool {
        let mut connections = table.connections.iter();
        let fits_type = connections.any(|connection| {
            fits(&self.connection_type, connection.base())
                || fits(&self.connection_type, connection.as_str())
        });
        let fits_schema = table
            .shown
            .is_none_or(|shown| same_but_case(shown, &self.schema));
        fits_schema && fits_type && fits(&self.database, table.database)
    }
}

/// Whether a pattern, if there is one, fits a text. Only patterns that fit everything fit an
/// unknown text.
fn fits(pattern: &Option<Pattern>, text: Option<&str>) -> bool {
    pattern
        .as_ref()
        .is_none_or(|pattern| pattern.fits(text.unwrap_or_default()))
}
