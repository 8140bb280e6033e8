//! Tableau's connection types: which of them reach a warehouse, and which one.

use std::borrow::Cow;

/// Connection types that read files, sheets, extracts, web connectors or applications.
///
/// Prefixes end in `:`. Names as the Metadata API and workbook files show them.
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

/// Connection types of warehouses, each with the platform's usual name.
const WAREHOUSE: &[(&str, &str)] = &[
    ("snowflake", "snowflake"),
    ("bigquery", "bigquery"),
    ("googlebigquery", "bigquery"),
    ("redshift", "redshift"),
    ("postgres", "postgres"),
    ("postgresql", "postgres"),
    ("amazonaurora", "postgres"),
    ("databricks", "databricks"),
    ("spark", "databricks"),
    ("hive", "databricks"),
    ("hadoophive", "databricks"),
    ("hortonworkshadoophive", "databricks"),
    ("maprhadoophive", "databricks"),
    ("awshadoophive", "databricks"),
    ("sqlserver", "sqlserver"),
    ("mssql", "sqlserver"),
    ("azure_sqldb", "sqlserver"),
    ("azure_sql_dw", "sqlserver"),
    ("athena", "athena"),
    ("trino", "trino"),
    ("presto", "trino"),
    ("starburst", "trino"),
    ("oracle", "oracle"),
    ("clickhouse", "clickhouse"),
    ("mysql", "mysql"),
    ("mariadb", "mysql"),
    ("googlecloudsql", "mysql"),
    ("teradata", "teradata"),
    ("tbio", "teradata"),
    ("vertica", "vertica"),
    ("saphana", "saphana"),
    ("exasol", "exasol"),
    ("exasolution", "exasol"),
    ("db2", "db2"),
    ("netezza", "netezza"),
    ("greenplum", "greenplum"),
    ("impala", "impala"),
    ("dremio", "dremio"),
    ("singlestore", "singlestore"),
    ("memsql", "singlestore"),
    ("duckdb", "duckdb"),
    ("monetdb", "monetdb"),
    ("informix", "informix"),
    ("sybasease", "sybase"),
    ("sybaseiq", "sybase"),
    ("firebird", "firebird"),
    ("splunk", "splunk"),
    ("denodo", "denodo"),
    ("kyvos", "kyvos"),
    ("mongodb", "mongodb"),
];

/// Platforms on which a database and a schema are the same thing, so that names have two levels
/// (facts as kept by DataHub's Tableau source).
const TWO_LEVEL: &[&str] = &[
    "athena",
    "hive",
    "hadoophive",
    "hortonworkshadoophive",
    "spark",
    "mysql",
    "mariadb",
    "teradata",
    "tbio",
    "clickhouse",
];

/// The known connection types of warehouses.
pub fn warehouse_types() -> impl Iterator<Item = &'static str> {
    WAREHOUSE.iter().map(|(name, _)| *name)
}

/// A Tableau connection type as Tableau gives it, in lower case; `None` where it gives none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ConnectionType<'a>(Option<Cow<'a, str>>);

/// What a connection type reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach<'c> {
    /// A file, sheet, extract, web connector or application: never a dbt relation.
    NotWarehouse,
    /// The warehouse of this platform.
    Warehouse(&'c str),
    /// Generic JDBC or ODBC, a type that is not known here, or none: it may be any warehouse.
    Anything,
}

impl<'a> ConnectionType<'a> {
    /// Reads a connection type; null and empty ones are unknown.
    pub fn new(text: Option<Cow<'a, str>>) -> Self {
        let text = text.filter(|text| !text.trim().is_empty());
        Self(text.map(|text| {
            if text.bytes().any(|b| b.is_ascii_uppercase()) {
                Cow::Owned(text.to_ascii_lowercase())
            } else {
                text
            }
        }))
    }

    /// The type as text; `None` where it is unknown.
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The type without the driver that carries it: `X_jdbc` and `X_odbc` read as `X`.
    pub fn base(&self) -> Option<&str> {
        let text = self.as_str()?;
        Some(
            text.strip_suffix("_jdbc")
                .or_else(|| text.strip_suffix("_odbc"))
                .unwrap_or(text),
        )
    }

    /// What this type reaches.
    pub fn reach(&self) -> Reach<'_> {
        let Some(base) = self.base() else {
            return Reach::Anything;
        };
        let is_file =
            |known: &&str| *known == base || (known.ends_with(':') && base.starts_with(*known));
        if NOT_WAREHOUSE.iter().any(is_file) {
            return Reach::NotWarehouse;
        }
        WAREHOUSE
            .iter()
            .find(|(name, _)| *name == base)
            .map_or(Reach::Anything, |(_, platform)| Reach::Warehouse(platform))
    }

    /// Whether this platform's database is its schema.
    pub fn is_two_level(&self) -> bool {
        self.base().is_some_and(|base| TWO_LEVEL.contains(&base))
    }

    /// Whether the field `schema` may hold the last selected schema instead of the table's own
    /// (named in the Metadata API reference for Athena and Exasol).
    pub fn has_unreliable_schema(&self) -> bool {
        matches!(self.base(), Some("athena" | "exasol" | "exasolution"))
    }
}

/// Whether this can be the id of a Google Cloud project; else it is its display name.
pub fn is_project_id(text: &str) -> bool {
    let id = text.split_once(':').map_or(text, |(_domain, id)| id);
    let bytes = id.as_bytes();
    let edge = |byte: u8| byte.is_ascii_lowercase();
    (6..=30).contains(&bytes.len())
        && edge(bytes[0])
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
        && bytes[bytes.len() - 1] != b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn display_names_are_no_project_ids() {
        assert!(!is_project_id("My Project 42084"));
        assert!(!is_project_id("Sales"));
        assert!(is_project_id("demo-323403"));
        assert!(is_project_id("example.com:demo-323403"));
    }
}
