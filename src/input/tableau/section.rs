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
    DatabaseServers = "databaseServers", Table, [];
    Files = "files", Table, [];
    CloudFiles = "cloudFiles", Table, [];
    WebDataConnectors = "webDataConnectors", Table, [];
    DataClouds = "dataClouds", Table, [];
    /// Fields of any kind, for the data sources that they are of.
    Fields = "fields", Datasource, [];
    DatasourceFields = "datasourceFields", Datasource, [];
    ColumnFields = "columnFields", Datasource, [];
    CalculatedFields = "calculatedFields", Datasource, [];
    GroupFields = "groupFields", Datasource, [];
    BinFields = "binFields", Datasource, [];
    CombinedFields = "combinedFields", Datasource, [];
    SetFields = "setFields", Datasource, [];
    HierarchyFields = "hierarchyFields", Datasource, [];
    /// Columns of tables.
    Columns = "columns", Table, [];
}

impl Section {
    /// The section of objects of any kind, if this one has those of one kind.
    pub(super) fn of_any_kind(self) -> Option<Self> {
        match self {
            Self::DatabaseServers
            | Self::Files
            | Self::CloudFiles
            | Self::WebDataConnectors
            | Self::DataClouds => Some(Self::Databases),
            Self::DatasourceFields
            | Self::ColumnFields
            | Self::CalculatedFields
            | Self::GroupFields
            | Self::BinFields
            | Self::CombinedFields
            | Self::SetFields
            | Self::HierarchyFields => Some(Self::Fields),
            _ => None,
        }
    }

    /// This section, or the one of objects of any kind that has all of it.
    pub(super) fn widest(self) -> Self {
        self.of_any_kind().unwrap_or(self)
    }
}

/// The key of a section without the ending that pages have.
pub(super) fn base(key: &str) -> &str {
    key.strip_suffix("Connection").unwrap_or(key)
}
