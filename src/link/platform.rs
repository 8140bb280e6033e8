//! Whether a Tableau connection can reach the warehouse that dbt builds in.

use crate::model::connection::{ConnectionType, Reach};

/// What each listed dbt adapter's warehouse is called in [`crate::model::connection`].
///
/// An adapter that is not listed accepts every warehouse that is not a listed adapter's.
const ADAPTERS: &[(&str, &[&str])] = &[
    ("snowflake", &["snowflake"]),
    ("bigquery", &["bigquery"]),
    ("redshift", &["redshift"]),
    ("postgres", &["postgres"]),
    ("databricks", &["databricks"]),
    ("spark", &["databricks"]),
    ("sqlserver", &["sqlserver"]),
    ("synapse", &["sqlserver"]),
    ("fabric", &["sqlserver"]),
    ("athena", &["athena"]),
    ("trino", &["trino"]),
    ("glue", &["athena", "databricks", "trino"]),
    ("materialize", &["postgres"]),
    ("risingwave", &["postgres"]),
    ("yellowbrick", &["postgres"]),
    ("doris", &["mysql"]),
    ("starrocks", &["mysql"]),
    ("tidb", &["mysql"]),
    ("fabricspark", &["databricks"]),
    ("oracle", &["oracle"]),
    ("clickhouse", &["clickhouse"]),
    ("mysql", &["mysql"]),
    ("mysql5", &["mysql"]),
    ("mariadb", &["mysql"]),
    ("teradata", &["teradata"]),
    ("vertica", &["vertica"]),
    ("saphana", &["saphana"]),
    ("exasol", &["exasol"]),
    ("db2", &["db2"]),
    ("netezza", &["netezza"]),
    ("greenplum", &["greenplum", "postgres"]),
    ("impala", &["impala"]),
    ("dremio", &["dremio"]),
    ("singlestore", &["singlestore", "mysql"]),
    ("hive", &["databricks"]),
];

/// What the connection type alone says about a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may be a relation of this warehouse.
    Fits,
    /// It is no warehouse table at all.
    NotWarehouse,
    /// It is a table of another warehouse.
    OtherPlatform,
}

/// Judges a connection type for a dbt adapter. An empty adapter (unknown) accepts every warehouse.
pub fn judge(adapter: &str, connection: &ConnectionType) -> Verdict {
    let platform = match connection.reach() {
        Reach::NotWarehouse => return Verdict::NotWarehouse,
        Reach::Anything => return Verdict::Fits,
        Reach::Warehouse(platform) => platform,
    };
    let listed = ADAPTERS.iter().find(|(name, _)| *name == adapter);
    let fits = match listed {
        Some((_, platforms)) => platforms.contains(&platform),
        None => {
            adapter.is_empty()
                || platform == adapter
                || !ADAPTERS
                    .iter()
                    .any(|(_, platforms)| platforms.contains(&platform))
        }
    };
    if fits {
        Verdict::Fits
    } else {
        Verdict::OtherPlatform
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(adapter: &str, connection: &str, expected: Verdict) {
        let connection = ConnectionType::new(Some(connection.into()));
        assert_eq!(
            judge(adapter, &connection),
            expected,
            "{adapter} {connection:?}"
        );
    }

    #[test]
    fn connections_reach_their_adapters() {
        check("snowflake", "snowflake", Verdict::Fits);
        check("snowflake", "snowflake_odbc", Verdict::Fits);
        check("snowflake", "redshift", Verdict::OtherPlatform);
        check("snowflake", "genericodbc", Verdict::Fits);
        check("snowflake", "", Verdict::Fits);
        check("snowflake", "vertica", Verdict::OtherPlatform);
        check("fabric", "azure_sql_dw", Verdict::Fits);
        check("spark", "hadoophive", Verdict::Fits);
        check("postgres", "amazonaurora", Verdict::Fits);
        check("trino", "presto", Verdict::Fits);
        check("duckdb", "snowflake", Verdict::OtherPlatform);
        check("duckdb", "duckdb", Verdict::Fits);
        check("duckdb", "monetdb", Verdict::Fits);
        check("duckdb", "excel-direct", Verdict::NotWarehouse);
        check("", "snowflake", Verdict::Fits);
        check("", "textscan", Verdict::NotWarehouse);
    }
}
