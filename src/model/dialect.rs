//! The dialects of SQL in which custom SQL is written.

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
}
