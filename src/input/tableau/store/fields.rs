//! What is known of an object beside what it leads to.
//!
//! Each of these is borrowed from an answer at first, to see whether it is known already, and is
//! then copied into the arena ([`InArena`]).

use std::borrow::Cow;

use super::super::arena::Interner;
use super::super::document;
use super::super::wire::{self, Field, Text};
use super::record::filled;

/// A value that can be moved into the arena, so that it outlives the response from which it borrows.
pub(super) trait InArena {
    /// The same type with the lifetime of the arena.
    type Stored<'a>;

    /// Copies its strings into the arena.
    fn store_in<'a>(&self, interner: &mut Interner<'a>) -> Self::Stored<'a>;
}

/// A workbook as it describes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Workbook<'a> {
    pub luid: Option<&'a str>,
    pub name: Option<&'a str>,
    pub description: Option<&'a str>,
    pub uri: Option<&'a str>,
    pub vizportal_url_id: Option<&'a str>,
    pub project_name: Option<&'a str>,
    pub project_luid: Option<&'a str>,
    pub container_type: Option<&'a str>,
    pub unsupported_sql: Option<bool>,
    pub created_at: Option<&'a str>,
    pub updated_at: Option<&'a str>,
    pub owner: Option<User<'a>>,
    pub tags: &'a [&'a str],
}

impl<'a> Workbook<'a> {
    /// The fields of a response, with the names of its tags.
    pub(super) fn new(wire: &'a wire::Workbook, tags: &'a [&'a str]) -> Self {
        Self {
            luid: text(&wire.luid),
            name: text(&wire.name),
            description: text(&wire.description),
            uri: text(&wire.uri),
            vizportal_url_id: text(&wire.vizportal_url_id),
            project_name: text(&wire.project_name),
            project_luid: text(&wire.project_luid),
            container_type: text(&wire.container_type),
            unsupported_sql: wire.contains_unsupported_custom_sql,
            created_at: text(&wire.created_at),
            updated_at: text(&wire.updated_at),
            owner: wire.owner.as_ref().map(User::new),
            tags,
        }
    }
}

impl InArena for Workbook<'_> {
    type Stored<'a> = Workbook<'a>;

    fn store_in<'a>(&self, interner: &mut Interner<'a>) -> Workbook<'a> {
        let tags = self
            .tags
            .iter()
            .map(|tag| interner.intern(tag))
            .collect::<Vec<_>>();
        Workbook {
            luid: self.luid.map(|text| interner.copy(text)),
            name: self.name.map(|text| interner.copy(text)),
            description: self.description.map(|text| interner.intern(text)),
            uri: self.uri.map(|text| interner.copy(text)),
            vizportal_url_id: self.vizportal_url_id.map(|text| interner.copy(text)),
            project_name: self.project_name.map(|text| interner.intern(text)),
            project_luid: self.project_luid.map(|text| interner.intern(text)),
            container_type: self.container_type.map(|text| interner.intern(text)),
            unsupported_sql: self.unsupported_sql,
            created_at: self.created_at.map(|text| interner.intern(text)),
            updated_at: self.updated_at.map(|text| interner.intern(text)),
            owner: self.owner.map(|owner| owner.store_in(interner)),
            tags: interner.arena.copy_slice(&tags),
        }
    }
}

/// A workbook's owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct User<'a> {
    pub name: Option<&'a str>,
    pub username: Option<&'a str>,
    pub email: Option<&'a str>,
}

impl<'a> User<'a> {
    fn new(wire: &'a wire::User) -> Self {
        let (name, username) = (text(&wire.name), text(&wire.username));
        Self {
            name,
            username,
            email: text(&wire.email),
        }
    }
}

impl InArena for User<'_> {
    type Stored<'a> = User<'a>;

    fn store_in<'a>(&self, interner: &mut Interner<'a>) -> User<'a> {
        User {
            name: self.name.map(|text| interner.intern(text)),
            username: self.username.map(|text| interner.intern(text)),
            email: self.email.map(|text| interner.intern(text)),
        }
    }
}

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Table<'a> {
    /// Whether it came with an id or a luid.
    pub has_id: bool,
    pub name: Field<&'a str>,
    pub full_name: Field<&'a str>,
    pub schema: Field<&'a str>,
    pub connection_type: Option<&'a str>,
    pub database: Option<Database<'a>>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(wire: &'a wire::Table) -> Self {
        Self {
            has_id: wire.id.is_some() || wire.luid.is_some(),
            name: wire.name.borrowed(),
            full_name: wire.full_name.borrowed(),
            schema: wire.schema.borrowed(),
            connection_type: text(&wire.connection_type),
            database: wire.database.as_ref().map(Database::new),
        }
    }
}

impl InArena for Table<'_> {
    type Stored<'a> = Table<'a>;

    fn store_in<'a>(&self, interner: &mut Interner<'a>) -> Table<'a> {
        Table {
            has_id: self.has_id,
            name: self.name.map(|text| interner.copy(text)),
            full_name: self.full_name.map(|text| interner.copy(text)),
            schema: self.schema.map(|text| interner.intern(text)),
            connection_type: self.connection_type.map(|text| interner.intern(text)),
            database: self.database.map(|database| database.store_in(interner)),
        }
    }
}

/// A database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Database<'a> {
    pub id: Option<&'a str>,
    pub name: Field<&'a str>,
    pub connection_type: Option<&'a str>,
}

impl<'a> Database<'a> {
    pub(super) fn new(wire: &'a wire::Database) -> Self {
        let (id, connection_type) = (text(&wire.id), text(&wire.connection_type));
        Self {
            id,
            name: wire.name.borrowed(),
            connection_type,
        }
    }

    /// This database, its gaps filled from another copy.
    pub(super) fn completed(self, other: Self) -> Self {
        Self {
            id: self.id,
            name: filled(self.name, other.name),
            connection_type: self.connection_type.or(other.connection_type),
        }
    }
}

impl InArena for Database<'_> {
    type Stored<'a> = Database<'a>;

    fn store_in<'a>(&self, interner: &mut Interner<'a>) -> Database<'a> {
        Database {
            id: self.id.map(|text| interner.intern(text)),
            name: self.name.map(|text| interner.intern(text)),
            connection_type: self.connection_type.map(|text| interner.intern(text)),
        }
    }
}

/// What stands between workbooks and tables: a data source, custom SQL, a table of a virtual
/// connection or a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Intermediate<'a> {
    pub name: Option<&'a str>,
    /// Whether it is, or contains, custom SQL that Tableau does not support.
    pub unsupported_sql: Option<bool>,
    /// The query of custom SQL.
    pub query: Field<&'a str>,
    pub has_tables: bool,
    /// The connection of custom SQL, which its database may tell too.
    pub connection_type: Option<&'a str>,
    pub database: Option<Database<'a>>,
}

impl<'a> Intermediate<'a> {
    /// What custom SQL says of itself, beside its name and its tables.
    pub(super) fn of_sql(
        query: &'a Field<Cow<str>>,
        unsupported_sql: Option<bool>,
        connection_type: &'a Option<Text>,
        database: &'a Option<wire::Database>,
    ) -> Self {
        Self {
            unsupported_sql,
            query: query.borrowed(),
            connection_type: text(connection_type),
            database: database.as_ref().map(Database::new),
            ..Self::default()
        }
    }
}

impl InArena for Intermediate<'_> {
    type Stored<'a> = Intermediate<'a>;

    fn store_in<'a>(&self, interner: &mut Interner<'a>) -> Intermediate<'a> {
        Intermediate {
            name: self.name.map(|text| interner.intern(text)),
            unsupported_sql: self.unsupported_sql,
            query: self.query.map(|text| interner.copy(text)),
            has_tables: self.has_tables,
            connection_type: self.connection_type.map(|text| interner.intern(text)),
            database: self.database.map(|database| database.store_in(interner)),
        }
    }
}

/// A project, which only an envelope lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Project<'a> {
    pub luid: &'a str,
    pub name: Option<&'a str>,
    pub parent_luid: Option<&'a str>,
}

impl<'a> Project<'a> {
    pub(super) fn new(listed: &'a document::Project) -> Self {
        let (name, parent_luid) = (text(&listed.name), text(&listed.parent_luid));
        Self {
            luid: &listed.luid.0,
            name,
            parent_luid,
        }
    }
}

impl InArena for Project<'_> {
    type Stored<'a> = Project<'a>;

    fn store_in<'a>(&self, interner: &mut Interner<'a>) -> Project<'a> {
        Project {
            luid: interner.intern(self.luid),
            name: self.name.map(|text| interner.intern(text)),
            parent_luid: self.parent_luid.map(|text| interner.intern(text)),
        }
    }
}

/// The text of a field.
pub(super) fn text<'a>(field: &'a Option<Text>) -> Option<&'a str> {
    field.as_ref().map(|Text(text)| text.as_ref())
}
