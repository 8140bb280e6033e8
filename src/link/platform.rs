//! Whether a Tableau connection can reach the warehouse that dbt builds in.

use crate::model::Adapter;
use crate::model::connection::{ConnectionType, Reach};

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

/// Judges a connection type for a dbt adapter.
pub fn judge(adapter: Adapter, connection: &ConnectionType) -> Verdict {
    match connection.reach() {
        Reach::NotWarehouse => Verdict::NotWarehouse,
        Reach::Warehouse(platform) if !adapter.is_reached_by(platform) => Verdict::OtherPlatform,
        Reach::Warehouse(_) | Reach::Anything => Verdict::Fits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(adapter: &str, connection: &str, expected: Verdict) {
        let connection = ConnectionType::new(Some(connection.into()));
        assert_eq!(
            judge(Adapter::from_name(adapter), &connection),
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
