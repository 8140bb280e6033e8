//! The sections of responses whose lists are checked for completeness.

use crate::model::ObjectKind;

/// Makes the sections: name of the key, the kind of its objects in messages, and all kinds of
/// objects of which it lists all, if it is complete.
macro_rules! sections {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $kind:ident, [$($of:ident),*];)*) => {
        /// A section of responses.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Section { $($(#[$doc])* $variant,)* }

        impl Section {
            /// The section of this key, which may be that of pages.
            pub(super) fn find(key: &str) -> Option<Self> {
                match base(key) {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// Whether all of it comes under one key, so that a later list of it is a list of the same.
            pub(super) fn has_one_key(self) -> bool {
                !matches!(self, Self::DatabasesOfAKind | Self::FieldsOfAKind)
            }

            /// What messages call its objects.
            pub(super) fn kind(self) -> ObjectKind {
                match self { $(Self::$variant => ObjectKind::$kind,)* }
            }

            /// The kinds of objects of which it lists all.
            pub(super) fn lists(self) -> &'static [ObjectKind] {
                match self { $(Self::$variant => &[$(ObjectKind::$of),*],)* }
            }
        }
    };
}

sections! {
    Workbooks = "workbooks", Workbook, [Workbook];
    Datasources = "datasources", Datasource, [Datasource, Embedded, Published];
    Embedded = "embeddedDatasources", Embedded, [Embedded];
    Published = "publishedDatasources", Published, [Published];
    DatabaseTables = "databaseTables", Table, [Table];
    /// Tables of any kind.
    Tables = "tables", Table, [Table, CustomSql, VirtualTable];
    CustomSql = "customSQLTables", CustomSql, [CustomSql];
    VirtualConnections = "virtualConnections", VirtualConnection, [VirtualConnection];
    VirtualTables = "virtualConnectionTables", VirtualTable, [VirtualTable];
    Flows = "flows", Flow, [Flow];
    Views = "views", View, [];
    Sheets = "sheets", View, [];
    Dashboards = "dashboards", View, [];
    /// Databases of any kind, for the tables in them.
    Databases = "databases", Table, [Table];
    /// Databases of one kind only; there are several such sections.
    DatabasesOfAKind = "databaseServers", Table, [];
    /// Fields of data sources.
    Fields = "fields", Datasource, [];
    /// Fields of one kind only; there are several such sections.
    FieldsOfAKind = "datasourceFields", Datasource, [];
    /// Columns of tables.
    Columns = "columns", Table, [];
}

/// The key of a section without the ending that pages have.
pub(super) fn base(key: &str) -> &str {
    key.strip_suffix("Connection").unwrap_or(key)
}
