//! Whether a Tableau connection can reach the warehouse that dbt builds in.

use crate::model::Adapter;
use crate::model::connection::{ConnectionType, Reach};

/// Why no relation of the project can be read over a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutOfReach {
    /// It reads files, sheets, extracts or web pages.
    NotWarehouse,
    /// It reads another warehouse.
    OtherPlatform,
}

/// Whether tables of this connection type can be relations of this adapter. A type that may be any
/// warehouse can.
///
/// # Errors
/// The connection type alone proves that they are not.
pub fn reaches(connection: &ConnectionType, adapter: Adapter) -> Result<(), OutOfReach> {
    match connection.reach() {
        Reach::NotWarehouse => Err(OutOfReach::NotWarehouse),
        Reach::Warehouse(platform) if !adapter.is_reached_by(platform) => {
            Err(OutOfReach::OtherPlatform)
        }
        Reach::Warehouse(_) | Reach::Anything => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(adapter: &str, connection: &str, expected: Result<(), OutOfReach>) {
        let connection = ConnectionType::new(Some(connection.into()));
        let found = reaches(&connection, Adapter::from_name(adapter));
        assert_eq!(found, expected, "{adapter} {connection:?}");
    }

    #[test]
    fn connections_reach_their_adapters() {
        check("snowflake", "snowflake", Ok(()));
        check("snowflake", "snowflake_odbc", Ok(()));
        check("snowflake", "redshift", Err(OutOfReach::OtherPlatform));
        check("snowflake", "genericodbc", Ok(()));
        check("snowflake", "", Ok(()));
        check("snowflake", "vertica", Err(OutOfReach::OtherPlatform));
        check("fabric", "azure_sql_dw", Ok(()));
        check("spark", "hadoophive", Ok(()));
        check("postgres", "amazonaurora", Ok(()));
        check("trino", "presto", Ok(()));
        check("duckdb", "snowflake", Err(OutOfReach::OtherPlatform));
        check("duckdb", "duckdb", Ok(()));
        check("duckdb", "monetdb", Ok(()));
        check("duckdb", "excel-direct", Err(OutOfReach::NotWarehouse));
        check("", "snowflake", Ok(()));
        check("", "textscan", Err(OutOfReach::NotWarehouse));
    }
}
