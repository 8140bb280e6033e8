//! Tableau's connection types: which of them reach a warehouse, and which one.
//!
//! To add a connection type of a warehouse, add a row to `WAREHOUSES`; for a connection type of
//! anything else, add a line to `NOT_WAREHOUSE`. [`super::adapter`] lists the platforms of each dbt
//! adapter.

use std::borrow::Cow;

use super::dialect::Dialect;
use super::relation::{self, Relation};

/// Connection types that read files, sheets, extracts, web connectors or applications.
///
/// Names as the Metadata API and workbook files show them. An entry that ends in `:` stands for
/// all types that begin with it.
const NOT_WAREHOUSE: &[&str] = &[
    "excel",
    "excel-direct",
    "excel-reader",
    "textscan",
    "textclean",
    "csv",
    "text",
    "json",
    "pdf",
    "semistructpassivestore-direct",
    "stat-direct",
    "ogrdirect",
    "spatial",
    "google-sheets",
    "google-drive",
    "google-analytics",
    "googleanalytics",
    "googlesheets",
    "hyper",
    "dataengine",
    "extract",
    "tde",
    "sqlproxy",
    "publishedconnection",
    "webdata",
    "webdata-direct",
    "webdata:",
    "webdata-direct:",
    "cloudfile:",
    "onedrive",
    "sharepoint",
    "sharepointlist",
    "dropbox",
    "box",
    "salesforce",
    "odata",
    "msolap",
    "marketo",
    "eloqua",
    "quickbooks",
    "servicenow",
    "anaplan",
    "msaccess",
    "file",
    "cloudfile",
];

/// Those of extracts, whose data comes from elsewhere.
const EXTRACTS: &[&str] = &["hyper", "dataengine", "extract", "tde"];

/// Connection types of warehouses, each with its platform's usual name.
const WAREHOUSES: &[Row] = &[
    Row::new("snowflake", "snowflake").dialect(Dialect::Snowflake),
    Row::new("bigquery", "bigquery")
        .dialect(Dialect::BigQuery)
        .has_project_ids(),
    Row::new("googlebigquery", "bigquery")
        .dialect(Dialect::BigQuery)
        .has_project_ids(),
    Row::new("redshift", "redshift")
        .dialect(Dialect::Redshift)
        .repeats_schema(),
    Row::new("postgres", "postgres").dialect(Dialect::Postgres),
    Row::new("postgresql", "postgres").dialect(Dialect::Postgres),
    Row::new("amazonaurora", "postgres").dialect(Dialect::Postgres),
    Row::new("databricks", "databricks").dialect(Dialect::Databricks),
    Row::new("spark", "databricks")
        .dialect(Dialect::Databricks)
        .two_level(),
    Row::new("hive", "databricks")
        .dialect(Dialect::Databricks)
        .two_level(),
    Row::new("hadoophive", "databricks")
        .dialect(Dialect::Databricks)
        .two_level(),
    Row::new("hortonworkshadoophive", "databricks")
        .dialect(Dialect::Databricks)
        .two_level(),
    Row::new("maprhadoophive", "databricks").dialect(Dialect::Databricks),
    Row::new("awshadoophive", "databricks").dialect(Dialect::Databricks),
    Row::new("sqlserver", "sqlserver").dialect(Dialect::SqlServer),
    Row::new("mssql", "sqlserver").dialect(Dialect::SqlServer),
    Row::new("azure_sqldb", "sqlserver").dialect(Dialect::SqlServer),
    Row::new("azure_sql_dw", "sqlserver").dialect(Dialect::SqlServer),
    Row::new("athena", "athena")
        .dialect(Dialect::Trino)
        .two_level()
        .unreliable_schema(),
    Row::new("trino", "trino").dialect(Dialect::Trino),
    Row::new("presto", "trino").dialect(Dialect::Trino),
    Row::new("starburst", "trino").dialect(Dialect::Trino),
    Row::new("oracle", "oracle").dialect(Dialect::Oracle),
    Row::new("clickhouse", "clickhouse")
        .dialect(Dialect::ClickHouse)
        .two_level(),
    Row::new("mysql", "mysql")
        .dialect(Dialect::MySql)
        .two_level(),
    Row::new("mariadb", "mysql")
        .dialect(Dialect::MySql)
        .two_level(),
    Row::new("googlecloudsql", "mysql").dialect(Dialect::MySql),
    Row::new("teradata", "teradata").two_level(),
    Row::new("tbio", "teradata").two_level(),
    Row::new("vertica", "vertica"),
    Row::new("saphana", "saphana"),
    Row::new("exasol", "exasol").unreliable_schema(),
    Row::new("exasolution", "exasol").unreliable_schema(),
    Row::new("db2", "db2"),
    Row::new("netezza", "netezza"),
    Row::new("greenplum", "greenplum").dialect(Dialect::Postgres),
    Row::new("impala", "impala").dialect(Dialect::Databricks),
    Row::new("dremio", "dremio"),
    Row::new("singlestore", "singlestore").dialect(Dialect::MySql),
    Row::new("memsql", "singlestore").dialect(Dialect::MySql),
    Row::new("duckdb", "duckdb").dialect(Dialect::DuckDb),
    Row::new("monetdb", "monetdb"),
    Row::new("informix", "informix"),
    Row::new("sybasease", "sybase"),
    Row::new("sybaseiq", "sybase"),
    Row::new("firebird", "firebird"),
    Row::new("splunk", "splunk"),
    Row::new("denodo", "denodo"),
    Row::new("kyvos", "kyvos"),
    Row::new("mongodb", "mongodb"),
];

/// Facts about one connection type of a warehouse.
#[derive(Debug)]
struct Row {
    name: &'static str,
    platform: &'static str,
    dialect: Dialect,
    is_two_level: bool,
    has_reliable_schema: bool,
    has_project_ids: bool,
    repeats_schema: bool,
}

impl Row {
    /// A type whose tables have a database and a schema, which Tableau's fields show.
    const fn new(name: &'static str, platform: &'static str) -> Self {
        Self {
            name,
            platform,
            dialect: Dialect::Generic,
            is_two_level: false,
            has_reliable_schema: true,
            has_project_ids: false,
            repeats_schema: false,
        }
    }

    /// Its platform has a dialect of SQL that is known.
    const fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Its platform's database and schema are the same thing, so that names have two levels (as
    /// DataHub's Tableau source treats it).
    const fn two_level(mut self) -> Self {
        self.is_two_level = true;
        self
    }

    /// Its tables' field `schema` may hold the last selected schema instead of the table's own
    /// (the Metadata API reference says so of Athena and Exasol).
    const fn unreliable_schema(mut self) -> Self {
        self.has_reliable_schema = false;
        self
    }

    /// Its databases are projects of Google Cloud.
    const fn has_project_ids(mut self) -> Self {
        self.has_project_ids = true;
        self
    }

    /// Its tables' field `name` may repeat the schema, as in `sales.orders` next to `sales` (as
    /// DataHub's Tableau source found it).
    const fn repeats_schema(mut self) -> Self {
        self.repeats_schema = true;
        self
    }
}

/// The known connection types of warehouses.
pub fn warehouse_types() -> impl Iterator<Item = &'static str> {
    WAREHOUSES.iter().map(|row| row.name)
}

/// The known connection types of anything else. One that ends in `:` stands for all that begin with
/// it.
pub fn other_types() -> impl Iterator<Item = &'static str> {
    NOT_WAREHOUSE.iter().copied()
}

/// The platforms that the known connection types reach.
#[cfg(test)]
pub(super) fn warehouse_platforms() -> impl Iterator<Item = &'static str> {
    WAREHOUSES.iter().map(|row| row.platform)
}

/// A connection type as Tableau shows it, in lower case; `None` if it shows none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ConnectionType<'a>(Option<Cow<'a, str>>);

/// What a connection type reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// A file, sheet, extract, web connector or application: never a dbt relation.
    NotWarehouse,
    /// The warehouse of this platform.
    Warehouse(&'static str),
    /// Generic JDBC or ODBC, a type that is not known here, or none: it may be any warehouse.
    Anything,
}

impl<'a> ConnectionType<'a> {
    /// Reads a connection type; null and empty ones are unknown.
    pub fn new(text: Option<Cow<'a, str>>) -> Self {
        let known = text.filter(|text| !text.trim().is_empty());
        Self(known.map(in_lower_case))
    }

    /// The type as text; `None` if it is unknown.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The type without its driver: `X_jdbc` and `X_odbc` read as `X`.
    pub fn base(&self) -> Option<&str> {
        let text = self.as_str()?;
        let base = text
            .strip_suffix("_jdbc")
            .or_else(|| text.strip_suffix("_odbc"));
        Some(base.unwrap_or(text))
    }

    /// What this type reaches.
    pub fn reach(&self) -> Reach {
        if self.base().is_some_and(is_not_warehouse) {
            return Reach::NotWarehouse;
        }
        self.row()
            .map_or(Reach::Anything, |row| Reach::Warehouse(row.platform))
    }

    /// The dialect of SQL that is spoken there; `None` if that can be any.
    pub fn dialect(&self) -> Option<Dialect> {
        self.row().map(|row| row.dialect)
    }

    /// Whether it reads an extract, which Tableau fills from something else.
    pub fn is_extract(&self) -> bool {
        self.base().is_some_and(|base| EXTRACTS.contains(&base))
    }

    /// Whether this platform's database is its schema.
    pub fn is_two_level(&self) -> bool {
        self.row().is_some_and(|row| row.is_two_level)
    }

    /// Whether the field `schema` may hold the last selected schema instead of the table's own.
    pub fn has_unreliable_schema(&self) -> bool {
        self.row().is_some_and(|row| !row.has_reliable_schema)
    }

    /// Whether its databases are projects of Google Cloud, for which Tableau may show the display
    /// name instead of the id.
    pub fn has_project_ids(&self) -> bool {
        self.row().is_some_and(|row| row.has_project_ids)
    }

    /// Whether the field `name` may repeat the schema.
    pub fn repeats_schema(&self) -> bool {
        self.row().is_some_and(|row| row.repeats_schema)
    }

    /// The relation of a name's parts, where what the name leaves out is filled in already. On a
    /// platform with names of two levels the database *is* the schema: it replaces a missing schema
    /// and adds nothing to another one.
    pub fn relation<'n>(
        &self,
        database: Option<Cow<'n, str>>,
        schema: Option<Cow<'n, str>>,
        name: Cow<'n, str>,
    ) -> Relation<'n> {
        let folded = |part: &Option<Cow<str>>| part.as_deref().map(relation::folded);
        let (database, schema) = match (database, schema) {
            (database, None) if self.is_two_level() && !self.has_unreliable_schema() => {
                (None, database)
            }
            (database, schema) if self.is_two_level() && folded(&database) == folded(&schema) => {
                (None, schema)
            }
            parts => parts,
        };
        Relation {
            database,
            schema,
            name,
        }
    }

    fn row(&self) -> Option<&'static Row> {
        let base = self.base()?;
        WAREHOUSES.iter().find(|row| row.name == base)
    }
}

fn in_lower_case(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        text
    }
}

fn is_not_warehouse(base: &str) -> bool {
    NOT_WAREHOUSE
        .iter()
        .any(|known| *known == base || (known.ends_with(':') && base.starts_with(known)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn names_where(has: impl Fn(&ConnectionType<'static>) -> bool) -> Vec<&'static str> {
        warehouse_types()
            .filter(|name| has(&ConnectionType::new(Some(Cow::Borrowed(name)))))
            .collect()
    }

    fn reach(text: &str) -> String {
        let connection = ConnectionType::new(Some(Cow::Borrowed(text)));
        format!("{:?}", connection.reach())
    }

    #[test]
    fn types_reach_their_platform() {
        assert_eq!(reach("Snowflake"), "Warehouse(\"snowflake\")");
        assert_eq!(reach("postgres_jdbc"), "Warehouse(\"postgres\")");
        assert_eq!(reach("mysql_odbc"), "Warehouse(\"mysql\")");
        assert_eq!(reach("webdata-direct:oracle-eloqua"), "NotWarehouse");
        assert_eq!(reach("cloudfile:onedrive-excel-direct"), "NotWarehouse");
        assert_eq!(reach("genericjdbc"), "Anything");
        assert_eq!(reach("somethingnew"), "Anything");
        assert_eq!(reach(" "), "Anything");
    }

    #[test]
    fn types_say_how_far_their_fields_can_be_trusted() {
        assert_eq!(
            names_where(ConnectionType::is_two_level),
            [
                "spark",
                "hive",
                "hadoophive",
                "hortonworkshadoophive",
                "athena",
                "clickhouse",
                "mysql",
                "mariadb",
                "teradata",
                "tbio",
            ]
        );
        assert_eq!(
            names_where(ConnectionType::has_unreliable_schema),
            ["athena", "exasol", "exasolution"]
        );
        assert_eq!(
            names_where(ConnectionType::has_project_ids),
            ["bigquery", "googlebigquery"]
        );
        assert_eq!(names_where(ConnectionType::repeats_schema), ["redshift"]);
    }

    #[test]
    fn types_of_one_platform_share_a_dialect() {
        let mut by_platform = std::collections::BTreeMap::new();
        for row in WAREHOUSES {
            let dialect = by_platform.entry(row.platform).or_insert(row.dialect);
            assert_eq!(*dialect, row.dialect, "{}", row.name);
        }
        assert_eq!(by_platform["mysql"], Dialect::MySql);
        assert_eq!(by_platform["teradata"], Dialect::Generic);
        let dialect = |text| ConnectionType::new(Some(Cow::Borrowed(text))).dialect();
        assert_eq!(dialect("Redshift_odbc"), Some(Dialect::Redshift));
        assert_eq!(dialect("genericjdbc"), None);
    }

    #[test]
    fn types_stand_in_one_row_each_and_reach_a_warehouse() {
        let names = warehouse_types().collect::<Vec<_>>();
        let distinct = names.iter().collect::<BTreeSet<_>>();
        assert_eq!(distinct.len(), names.len());
        let reached = names_where(|connection| matches!(connection.reach(), Reach::Warehouse(_)));
        assert_eq!(reached, names);
    }
}
