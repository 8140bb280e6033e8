//! The fields of each kind of object, apart from its links: one row per field.
//!
//! `field_sets!` explains the words of a row, and how to add one.

use std::borrow::Cow;

use jiff::Timestamp;

use super::super::arena::{Arena, Interner};
use super::super::envelope;
use super::super::wire::{self, Field, Text};
use super::field_sets::{Compare, FieldSet, any_two_differ};

field_sets! {
    /// A workbook.
    Workbook from (wire: &'a wire::Workbook<'a>) {
        luid: Option<&'a str>, copy, fill;
        name: Option<&'a str>, copy, fill, compare;
        description: Option<&'a str>, intern, fill, compare;
        uri: Option<&'a str>, copy, fill;
        vizportal_url_id: Option<&'a str>, copy, fill;
        project_name: Option<&'a str>, intern, fill, compare;
        project_luid: Option<&'a str>, intern, fill;
        container_type: Option<&'a str>, intern, fill;
        unsupported_sql: Option<bool> = wire.contains_unsupported_custom_sql, plain, fill;
        created_at: Option<&'a str>, intern, fill;
        updated_at: Option<&'a str>, intern, own, compare;
        owner: Option<User<'a>>, nested, fill;
        /// The names of its tags, which `ingest` puts here.
        tags: &'a [&'a str] = &[], intern_all, join;
    }

    /// A workbook's owner.
    User from (wire: &'a wire::User<'a>) {
        name: Option<&'a str>, intern, fill;
        username: Option<&'a str>, intern, fill;
        email: Option<&'a str>, intern, fill;
    }

    /// A table.
    Table from (wire: &'a wire::Table<'a>) {
        /// Whether it has an id or a luid.
        has_id: bool = wire.id.is_some() || wire.luid.is_some(), plain, own;
        name: Field<&'a str>, copy, fill, compare;
        full_name: Field<&'a str>, copy, fill, compare;
        schema: Field<&'a str>, intern, fill, compare;
        connection_type: Option<&'a str>, intern, fill, compare;
        database: Option<Database<'a>>, nested, merge, compare;
    }

    /// A database.
    Database from (wire: &'a wire::Database<'a>) {
        id: Option<&'a str>, intern, own;
        name: Field<&'a str>, intern, fill, compare;
        connection_type: Option<&'a str>, intern, fill, compare;
        /// The host of a database server.
        host_name: Option<&'a str>, intern, fill;
    }

    /// An object between workbooks and tables: a data source, custom SQL, a table of a virtual
    /// connection or a flow.
    Intermediate {
        /// The luid of a published data source.
        luid: Option<&'a str>, copy, fill;
        name: Option<&'a str>, intern, fill, compare;
        /// Whether it is, or contains, custom SQL that Tableau does not support.
        unsupported_sql: Option<bool>, plain, fill;
        /// Whether the export shows what it reads, and not only that it exists.
        is_described: bool, plain, either;
        /// Whether a data source has extracts.
        has_extracts: Option<bool>, plain, fill;
        /// When the extract of a data source last got new data.
        refreshed_at: Option<Timestamp>, plain, fill;
        /// The query of custom SQL.
        query: Field<&'a str>, copy, fill, compare;
        /// Whether the export lists the tables of custom SQL, even if there are none.
        has_tables: bool, plain, either;
        /// The connection type of custom SQL, which its database may have instead.
        connection_type: Option<&'a str>, intern, fill;
        database: Option<Database<'a>>, nested, merge;
    }

    /// A project, which only an envelope lists.
    Project from (listed: &'a envelope::Project<'a>) {
        name: Option<&'a str>, intern, fill, compare;
        parent_luid: Option<&'a str>, intern, fill, compare;
    }
}

/// The databases of two copies of a table are compared by name.
impl<'a> Compare for Option<Database<'a>> {
    type Known = &'a str;

    fn known(self) -> Option<&'a str> {
        self?.name.text()
    }
}

impl Table<'_> {
    /// Whether it has no database or no connection, which custom SQL that reads it may have.
    pub(super) fn lacks_something(&self) -> bool {
        let database = self.database.unwrap_or_default();
        let connections = [self.connection_type, database.connection_type];
        let mut connections = connections.into_iter().flatten();
        let has_connection = connections.any(|text| !text.trim().is_empty());
        database.name.text().is_none() || !has_connection
    }
}

impl<'a> Database<'a> {
    /// The database that a table names, completed from the one that it is in.
    pub(super) fn inside(self, holder: Self) -> Self {
        Self {
            id: self.id.or(holder.id),
            name: self.name.or(holder.name),
            connection_type: self.connection_type.or(holder.connection_type),
            host_name: self.host_name.or(holder.host_name),
        }
    }
}

impl<'a> Intermediate<'a> {
    /// The fields of custom SQL, apart from its name and its tables.
    pub(super) fn from_sql(
        query: &'a Field<Cow<str>>,
        unsupported_sql: Option<bool>,
        connection_type: &'a Option<Text>,
        database: &'a Option<wire::Database>,
    ) -> Self {
        Self {
            unsupported_sql,
            query: query.as_deref(),
            connection_type: connection_type.as_deref(),
            database: database.as_ref().map(Database::from),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: Field<&'static str>, database: &'static str) -> Table<'static> {
        let database = Database {
            name: Field::Given(database),
            ..Database::default()
        };
        Table {
            name,
            database: Some(database),
            ..Table::default()
        }
    }

    #[test]
    fn gaps_are_filled_from_another_copy() {
        let arena = Arena::default();
        let one = Workbook {
            name: Some("Sales"),
            tags: &["a"],
            ..Workbook::default()
        };
        let other = Workbook {
            name: Some("Revenue"),
            uri: Some("sites/1/workbooks/2"),
            updated_at: Some("2026-01-01T00:00:00Z"),
            tags: &["b"],
            ..Workbook::default()
        };
        let filled = one.filled_from(other, &arena);
        let expected = Workbook {
            uri: other.uri,
            tags: &["a", "b"],
            ..one
        };
        assert_eq!(filled, expected);
        assert!(one.differs_from(&other));
    }

    #[test]
    fn a_hidden_name_is_filled_but_stays_before_a_missing_one() {
        let arena = Arena::default();
        let (hidden, missing) = (table(Field::Null, "d"), table(Field::Absent, "d"));
        let named = table(Field::Given("t"), "d");
        assert_eq!(hidden.filled_from(named, &arena), named);
        assert_eq!(hidden.filled_from(missing, &arena), hidden);
        assert!(!hidden.differs_from(&named));
    }

    #[test]
    fn tables_of_databases_with_other_names_differ() {
        let [one, other] = ["d", "e"].map(|database| table(Field::Given("t"), database));
        assert!(one.differs_from(&other) && !one.differs_from(&one));
    }
}
