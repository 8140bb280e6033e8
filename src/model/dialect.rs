//! The dialects of SQL in which custom SQL is written.

use super::relation::Casing;

/// A dialect, as far as names and places of tables go. Relatives that agree in these share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// Snowflake.
    Snowflake,
    /// BigQuery, in GoogleSQL.
    BigQuery,
    /// Amazon Redshift.
    Redshift,
    /// PostgreSQL, and what is derived from it.
    Postgres,
    /// Databricks, Spark, Hive and Impala.
    Databricks,
    /// SQL Server, Azure SQL, Synapse and Fabric.
    SqlServer,
    /// MySQL, MariaDB, and what speaks their protocol.
    MySql,
    /// Oracle Database.
    Oracle,
    /// Trino, Presto and Athena.
    Trino,
    /// ClickHouse.
    ClickHouse,
    /// DuckDB.
    DuckDb,
    /// Any other database, or one that is not known.
    Generic,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Snowflake,
        Self::BigQuery,
        Self::Redshift,
        Self::Postgres,
        Self::Databricks,
        Self::SqlServer,
        Self::MySql,
        Self::Oracle,
        Self::Trino,
        Self::ClickHouse,
        Self::DuckDb,
        Self::Generic,
    ];

    /// Its name in one word of lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Snowflake => "snowflake",
            Self::BigQuery => "bigquery",
            Self::Redshift => "redshift",
            Self::Postgres => "postgres",
            Self::Databricks => "databricks",
            Self::SqlServer => "sqlserver",
            Self::MySql => "mysql",
            Self::Oracle => "oracle",
            Self::Trino => "trino",
            Self::ClickHouse => "clickhouse",
            Self::DuckDb => "duckdb",
            Self::Generic => "generic",
        }
    }

    /// How a database of this dialect stores the names that somebody types.
    pub fn casing(self) -> Casing {
        match self {
            Self::Snowflake | Self::Oracle => Casing::UpperUnquoted,
            Self::Postgres => Casing::LowerUnquoted,
            Self::Redshift | Self::Databricks | Self::Trino => Casing::Lower,
            Self::BigQuery
            | Self::SqlServer
            | Self::MySql
            | Self::ClickHouse
            | Self::DuckDb
            | Self::Generic => Casing::AsWritten,
        }
    }

    /// Whether two names are different if only their case differs, once they are stored.
    pub fn heeds_case(self) -> bool {
        match self {
            Self::Snowflake | Self::Oracle | Self::Postgres | Self::BigQuery | Self::ClickHouse => {
                true
            }
            Self::Redshift
            | Self::Databricks
            | Self::Trino
            | Self::SqlServer
            | Self::MySql
            | Self::DuckDb
            | Self::Generic => false,
        }
    }

    /// The schema of a table whose name leaves it out between two dots, as in `a..t`; `None` if that
    /// depends on the login.
    pub fn schema_left_out(self) -> Option<&'static str> {
        (self == Self::Snowflake).then_some("PUBLIC")
    }
}
