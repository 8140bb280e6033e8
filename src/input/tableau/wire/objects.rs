//! The objects of the API: one table with their fields and the keys that these have in a response.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::doubt::Doubt;
use super::list::{List, RareList};
use super::readers;
use super::text::{Field, Luid, Text};

/// Who reads an object.
pub(crate) type Readers<'a> = readers::Readers<Reference<'a>, View<'a>>;

impl<'de: 'a, 'a> Deserialize<'de> for Field<Table<'a>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = Option::<Table<'a>>::deserialize(deserializer)?;
        Ok(table.map_or(Self::Null, Self::Given))
    }
}

/// A field that may come in two forms of one object.
trait Join {
    /// Adds a value. Returns whether its key came before.
    fn join(&mut self, other: Self) -> bool;
}

impl<T> Join for Option<T> {
    fn join(&mut self, other: Self) -> bool {
        let is_repeated = self.is_some();
        if other.is_some() {
            *self = other;
        }
        is_repeated
    }
}

impl<T> Join for Field<T> {
    fn join(&mut self, other: Self) -> bool {
        !matches!(std::mem::replace(self, other), Self::Absent)
    }
}

impl<T> Join for List<T> {
    fn join(&mut self, other: Self) -> bool {
        let is_repeated = self.is_same_form(&other);
        self.add(other);
        is_repeated
    }
}

impl<T> Join for RareList<T> {
    fn join(&mut self, other: Self) -> bool {
        let is_repeated = self.is_same_form(&other);
        *self = std::mem::take(self).and(other);
        is_repeated
    }
}

/// Makes the type of each object, with its fields and the keys that these have in a response. Other
/// keys are skipped, unless the group of fields behind `..` has them.
macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident {
        $($field:ident: $type:ty = $($key:literal)|+,)*
        $(..$group:ident: $group_type:ty)?
    })*) => { $(
        $(#[$doc])*
        #[derive(Debug, Default)]
        pub(crate) struct $name<'a> {
            $(pub(crate) $field: $type,)*
            $(pub(crate) $group: $group_type,)?
            /// Whether a key comes twice in it, or in an object inside.
            pub(crate) is_doubtful: bool,
        }

        impl Doubt for $name<'_> {
            fn is_doubtful(&self) -> bool {
                self.is_doubtful $(|| self.$group.is_doubtful())?
            }
        }

        impl<'a> $name<'a> {
            /// Reads the value of a key, if it is one of the object.
            ///
            /// # Errors
            /// A value of another form.
            pub(crate) fn read_key<'de: 'a, A: MapAccess<'de>>(
                &mut self,
                key: &str,
                map: &mut A,
            ) -> Result<bool, A::Error> {
                match key {
                    $($($key)|+ => {
                        let value: $type = map.next_value()?;
                        self.is_doubtful |= value.is_doubtful();
                        self.is_doubtful |= self.$field.join(value);
                    })*
                    other => {
                        $(if self.$group.read_key(other, map)? { return Ok(true); })?
                        let _ = other;
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }

        impl<'de: 'a, 'a> Deserialize<'de> for $name<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct ObjectVisitor<'a>(PhantomData<&'a ()>);
                impl<'de: 'a, 'a> Visitor<'de> for ObjectVisitor<'a> {
                    type Value = $name<'a>;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(concat!("a ", stringify!($name), " (an object)"))
                    }
                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$name<'a>, A::Error> {
                        let mut object = $name::default();
                        while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
                            if !object.read_key(&key, &mut map)? {
                                map.next_value::<IgnoredAny>()?;
                            }
                        }
                        Ok(object)
                    }
                }
                deserializer.deserialize_map(ObjectVisitor(PhantomData))
            }
        }
    )* };
}

objects! {
    Workbook {
        id: Option<Text<'a>> = "id",
        luid: Option<Luid<'a>> = "luid",
        name: Option<Text<'a>> = "name",
        description: Option<Text<'a>> = "description",
        uri: Option<Text<'a>> = "uri",
        vizportal_url_id: Option<Text<'a>> = "vizportalUrlId",
        project_name: Option<Text<'a>> = "projectName",
        project_luid: Option<Luid<'a>> = "projectLuid",
        container_type: Option<Text<'a>> = "containerType",
        contains_unsupported_custom_sql: Option<bool> = "containsUnsupportedCustomSql",
        created_at: Option<Text<'a>> = "createdAt",
        updated_at: Option<Text<'a>> = "updatedAt",
        owner: Option<User<'a>> = "owner",
        tags: List<Tag<'a>> = "tags" | "tagsConnection",
        views: List<View<'a>> = "views" | "viewsConnection",
        sheets: List<View<'a>> = "sheets" | "sheetsConnection",
        dashboards: List<View<'a>> = "dashboards" | "dashboardsConnection",
        embedded_datasources: List<Datasource<'a>> = "embeddedDatasources" | "embeddedDatasourcesConnection",
        upstream_tables: List<Table<'a>> = "upstreamTables" | "upstreamTablesConnection",
        upstream_datasources: List<Datasource<'a>> = "upstreamDatasources" | "upstreamDatasourcesConnection",
        upstream_virtual_connections: List<VirtualConnection<'a>> =
            "upstreamVirtualConnections" | "upstreamVirtualConnectionsConnection",
        upstream_virtual_connection_tables: List<VirtualConnectionTable<'a>> =
            "upstreamVirtualConnectionTables" | "upstreamVirtualConnectionTablesConnection",
        upstream_flows: List<Flow<'a>> = "upstreamFlows" | "upstreamFlowsConnection",
        upstream_databases: RareList<Database<'a>> = "upstreamDatabases" | "upstreamDatabasesConnection",
    }

    User {
        luid: Option<Luid<'a>> = "luid",
        name: Option<Text<'a>> = "name",
        username: Option<Text<'a>> = "username",
        email: Option<Text<'a>> = "email",
    }

    /// A sheet or dashboard.
    View {
        id: Option<Text<'a>> = "id",
        luid: Option<Text<'a>> = "luid",
        name: Option<Text<'a>> = "name",
        workbook: Option<Reference<'a>> = "workbook",
        path: Option<Text<'a>> = "path",
        upstream_tables: RareList<Table<'a>> = "upstreamTables" | "upstreamTablesConnection",
        upstream_columns: RareList<Column<'a>> = "upstreamColumns" | "upstreamColumnsConnection",
        upstream_datasources: RareList<Datasource<'a>> = "upstreamDatasources" | "upstreamDatasourcesConnection",
        parent_embedded_datasources: RareList<Datasource<'a>> =
            "parentEmbeddedDatasources" | "parentEmbeddedDatasourcesConnection",
        upstream_virtual_connections: RareList<VirtualConnection<'a>> =
            "upstreamVirtualConnections" | "upstreamVirtualConnectionsConnection",
        upstream_virtual_connection_tables: RareList<VirtualConnectionTable<'a>> =
            "upstreamVirtualConnectionTables" | "upstreamVirtualConnectionTablesConnection",
        upstream_flows: RareList<Flow<'a>> = "upstreamFlows" | "upstreamFlowsConnection",
        upstream_fields: RareList<DatasourceField<'a>> = "upstreamFields" | "upstreamFieldsConnection",
        datasource_fields: RareList<DatasourceField<'a>> = "datasourceFields" | "datasourceFieldsConnection",
        sheet_fields: RareList<DatasourceField<'a>> = "sheetFieldInstances" | "sheetFieldInstancesConnection",
        worksheet_fields: RareList<DatasourceField<'a>> = "worksheetFields" | "worksheetFieldsConnection",
        dashboard_fields: RareList<DatasourceField<'a>> =
            "dashboardFieldInstances" | "dashboardFieldInstancesConnection",
        sheets: RareList<View<'a>> = "sheets" | "sheetsConnection",
        dashboards: RareList<View<'a>> = "containedInDashboards" | "containedInDashboardsConnection",
    }

    Tag {
        name: Option<Text<'a>> = "name",
    }

    /// An embedded or published data source. Where a list has both, `typename` says which kind each one
    /// is.
    Datasource {
        typename: Option<Text<'a>> = "__typename",
        id: Option<Text<'a>> = "id",
        luid: Option<Luid<'a>> = "luid",
        name: Option<Text<'a>> = "name",
        updated_at: Option<Text<'a>> = "updatedAt",
        has_extracts: Option<bool> = "hasExtracts",
        extract_last_refresh_time: Option<Text<'a>> = "extractLastRefreshTime",
        extract_last_incremental_update_time: Option<Text<'a>> = "extractLastIncrementalUpdateTime",
        extract_last_update_time: Option<Text<'a>> = "extractLastUpdateTime",
        contains_unsupported_custom_sql: Option<bool> = "containsUnsupportedCustomSql",
        upstream_tables: List<Table<'a>> = "upstreamTables" | "upstreamTablesConnection",
        upstream_datasources: List<Datasource<'a>> = "upstreamDatasources" | "upstreamDatasourcesConnection",
        parent_published_datasources: List<Datasource<'a>> =
            "parentPublishedDatasources" | "parentPublishedDatasourcesConnection",
        upstream_virtual_connections: List<VirtualConnection<'a>> =
            "upstreamVirtualConnections" | "upstreamVirtualConnectionsConnection",
        upstream_virtual_connection_tables: List<VirtualConnectionTable<'a>> =
            "upstreamVirtualConnectionTables" | "upstreamVirtualConnectionTablesConnection",
        upstream_flows: List<Flow<'a>> = "upstreamFlows" | "upstreamFlowsConnection",
        upstream_databases: RareList<Database<'a>> = "upstreamDatabases" | "upstreamDatabasesConnection",
        fields: List<DatasourceField<'a>> = "fields" | "fieldsConnection",
        workbook: Option<Reference<'a>> = "workbook",
        ..readers: Readers<'a>
    }

    /// A field of a data source, for the tables behind its columns. Some queries call the columns of a
    /// `ColumnField` just so.
    DatasourceField {
        typename: Option<Text<'a>> = "__typename",
        id: Option<Text<'a>> = "id",
        name: Option<Text<'a>> = "name",
        data_type: Option<Text<'a>> = "dataType",
        formula: Option<Text<'a>> = "formula",
        upstream_columns: List<Column<'a>> = "upstreamColumns" | "upstreamColumnsConnection",
        columns: RareList<Column<'a>> = "columns" | "columnsConnection",
        upstream_fields: RareList<FieldReference<'a>> = "upstreamFields" | "upstreamFieldsConnection",
        remote_field: Option<Box<DatasourceField<'a>>> = "remoteField",
        upstream_tables: RareList<Table<'a>> = "upstreamTables" | "upstreamTablesConnection",
        datasource: Option<Box<Reference<'a>>> = "datasource",
        ..readers: Readers<'a>
    }

    /// A mention of a field, in its data source.
    FieldReference {
        id: Option<Text<'a>> = "id",
        name: Option<Text<'a>> = "name",
        datasource: Option<Box<Reference<'a>>> = "datasource",
    }

    /// A column of a table. Fields name it together with its table, a table together with the fields
    /// that use it.
    Column {
        id: Option<Text<'a>> = "id",
        name: Option<Text<'a>> = "name",
        table: Field<Table<'a>> = "table",
        referenced_by_fields: RareList<ReferencingField<'a>> = "referencedByFields" | "referencedByFieldsConnection",
        ..readers: Readers<'a>
    }

    /// A mention of an object by its ids.
    Reference {
        id: Option<Text<'a>> = "id",
        luid: Option<Luid<'a>> = "luid",
        name: Option<Text<'a>> = "name",
    }

    /// A `DatabaseTable`. Where a list has tables of any kind, `typename` says which kind each one is;
    /// the fields from there on are those of a `CustomSQLTable` and a `VirtualConnectionTable`.
    Table {
        id: Option<Text<'a>> = "id",
        luid: Option<Luid<'a>> = "luid",
        name: Field<Cow<'a, str>> = "name",
        full_name: Field<Cow<'a, str>> = "fullName",
        schema: Field<Cow<'a, str>> = "schema",
        connection_type: Option<Text<'a>> = "connectionType",
        database: Option<Database<'a>> = "database",
        referenced_by_queries: RareList<CustomSql<'a>> = "referencedByQueries" | "referencedByQueriesConnection",
        upstream_flows: RareList<Flow<'a>> = "upstreamFlows" | "upstreamFlowsConnection",
        typename: Option<Text<'a>> = "__typename",
        query: Field<Cow<'a, str>> = "query",
        is_unsupported_custom_sql: Option<bool> = "isUnsupportedCustomSql",
        contains_unsupported_custom_sql: Option<bool> = "containsUnsupportedCustomSql",
        tables: RareList<Table<'a>> = "tables" | "tablesConnection",
        upstream_tables: RareList<Table<'a>> = "upstreamTables" | "upstreamTablesConnection",
        virtual_connection: Option<Box<Reference<'a>>> = "virtualConnection",
        columns: RareList<OwnColumn<'a>> = "columns" | "columnsConnection",
        ..readers: Readers<'a>
    }

    /// A database of any kind, with the tables in it.
    Database {
        id: Option<Text<'a>> = "id",
        luid: Option<Luid<'a>> = "luid",
        name: Field<Cow<'a, str>> = "name",
        connection_type: Option<Text<'a>> = "connectionType",
        host_name: Option<Text<'a>> = "hostName",
        tables: RareList<Table<'a>> = "tables" | "tablesConnection",
    }

    /// A `CustomSQLTable`.
    CustomSql {
        id: Option<Text<'a>> = "id",
        name: Field<Cow<'a, str>> = "name",
        query: Field<Cow<'a, str>> = "query",
        is_unsupported_custom_sql: Option<bool> = "isUnsupportedCustomSql",
        connection_type: Option<Text<'a>> = "connectionType",
        database: Option<Database<'a>> = "database",
        tables: List<Table<'a>> = "tables" | "tablesConnection",
        columns: RareList<OwnColumn<'a>> = "columns" | "columnsConnection",
        ..readers: Readers<'a>
    }

    /// A column in its table, for the data sources whose fields use it. A table may have hundreds.
    OwnColumn {
        name: Option<Text<'a>> = "name",
        referenced_by_fields: RareList<ReferencingField<'a>> = "referencedByFields" | "referencedByFieldsConnection",
        ..readers: Readers<'a>
    }

    ReferencingField {
        id: Option<Text<'a>> = "id",
        name: Option<Text<'a>> = "name",
        datasource: Option<Reference<'a>> = "datasource",
        ..readers: Readers<'a>
    }

    VirtualConnection {
        id: Option<Text<'a>> = "id",
        luid: Option<Luid<'a>> = "luid",
        name: Option<Text<'a>> = "name",
        tables: List<VirtualConnectionTable<'a>> = "tables" | "tablesConnection",
        ..readers: Readers<'a>
    }

    VirtualConnectionTable {
        id: Option<Text<'a>> = "id",
        luid: Option<Luid<'a>> = "luid",
        name: Field<Cow<'a, str>> = "name",
        contains_unsupported_custom_sql: Option<bool> = "containsUnsupportedCustomSql",
        upstream_tables: List<Table<'a>> = "upstreamTables" | "upstreamTablesConnection",
        virtual_connection: Option<Reference<'a>> = "virtualConnection",
        columns: RareList<OwnColumn<'a>> = "columns" | "columnsConnection",
        ..readers: Readers<'a>
    }

    Flow {
        id: Option<Text<'a>> = "id",
        luid: Option<Luid<'a>> = "luid",
        name: Option<Text<'a>> = "name",
        contains_unsupported_custom_sql: Option<bool> = "containsUnsupportedCustomSql",
        upstream_tables: List<Table<'a>> = "upstreamTables" | "upstreamTablesConnection",
        upstream_datasources: List<Datasource<'a>> = "upstreamDatasources" | "upstreamDatasourcesConnection",
        upstream_flows: List<Flow<'a>> = "upstreamFlows" | "upstreamFlowsConnection",
        downstream_tables: List<Reference<'a>> = "downstreamTables" | "downstreamTablesConnection",
        ..readers: Readers<'a>
    }
}
