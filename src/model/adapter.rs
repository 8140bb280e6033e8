//! dbt's adapters: what their databases do with names, and which connections of Tableau reach them.
//!
//! `ADAPTERS` is the only place that knows adapters by name. To add one, add a row; a row states
//! only what differs from `UNLISTED`, which applies to every adapter without a row.

use super::dialect::Dialect;
use super::relation::Casing;

/// The adapters that are known here.
///
/// Casing, quoting and rendering are as dbt's own manifests show them for the adapters that have
/// one in `fixtures/dbt/`, else as the adapters' documentation says. The platforms are named as in
/// [`super::connection`]: the database's own, and others whose protocol it speaks. An adapter
/// without any is reached as if it had no row.
const ADAPTERS: &[Row] = &[
    Row::new("snowflake", &["snowflake"])
        .dialect(Dialect::Snowflake)
        .casing(Casing::UpperUnquoted)
        .unquoted(),
    Row::new("bigquery", &["bigquery"])
        .dialect(Dialect::BigQuery)
        .has_project_ids()
        .has_wildcard_tables(),
    Row::new("redshift", &["redshift"])
        .dialect(Dialect::Redshift)
        .casing(Casing::Lower),
    Row::new("postgres", &["postgres"])
        .dialect(Dialect::Postgres)
        .casing(Casing::LowerUnquoted),
    Row::new("databricks", &["databricks"])
        .dialect(Dialect::Databricks)
        .casing(Casing::Lower),
    Row::new("spark", &["databricks"])
        .dialect(Dialect::Databricks)
        .ignores_case(),
    Row::new("fabricspark", &["databricks"])
        .dialect(Dialect::Databricks)
        .ignores_case(),
    Row::new("sqlserver", &["sqlserver"])
        .dialect(Dialect::SqlServer)
        .may_ignore_case(),
    Row::new("synapse", &["sqlserver"])
        .dialect(Dialect::SqlServer)
        .may_ignore_case(),
    Row::new("fabric", &["sqlserver"])
        .dialect(Dialect::SqlServer)
        .may_ignore_case(),
    Row::new("athena", &["athena"])
        .dialect(Dialect::Trino)
        .casing(Casing::Lower),
    Row::new("trino", &["trino"])
        .dialect(Dialect::Trino)
        .casing(Casing::Lower),
    // The tables of Glue, a catalog, can be read over any of these.
    Row::new("glue", &["athena", "databricks", "trino"])
        .dialect(Dialect::Databricks)
        .ignores_case(),
    Row::new("duckdb", &[])
        .dialect(Dialect::DuckDb)
        .ignores_case(),
    Row::new("materialize", &["postgres"]).dialect(Dialect::Postgres),
    Row::new("risingwave", &["postgres"]).dialect(Dialect::Postgres),
    Row::new("yellowbrick", &["postgres"]).dialect(Dialect::Postgres),
    Row::new("greenplum", &["greenplum", "postgres"]).dialect(Dialect::Postgres),
    Row::new("doris", &["mysql"]).dialect(Dialect::MySql),
    Row::new("starrocks", &["mysql"]).dialect(Dialect::MySql),
    Row::new("tidb", &["mysql"]).dialect(Dialect::MySql),
    Row::new("singlestore", &["singlestore", "mysql"]).dialect(Dialect::MySql),
    Row::new("mysql", &["mysql"])
        .dialect(Dialect::MySql)
        .without_database(),
    Row::new("mysql5", &["mysql"])
        .dialect(Dialect::MySql)
        .without_database(),
    Row::new("mariadb", &["mysql"])
        .dialect(Dialect::MySql)
        .without_database(),
    Row::new("oracle", &["oracle"])
        .dialect(Dialect::Oracle)
        .casing(Casing::UpperUnquoted)
        .unquoted()
        .without_database(),
    Row::new("clickhouse", &["clickhouse"])
        .dialect(Dialect::ClickHouse)
        .without_database(),
    Row::new("hive", &["databricks"])
        .dialect(Dialect::Databricks)
        .ignores_case()
        .without_database(),
    Row::new("impala", &["impala"])
        .dialect(Dialect::Databricks)
        .ignores_case()
        .without_database(),
    Row::new("teradata", &["teradata"]),
    Row::new("vertica", &["vertica"]),
    Row::new("saphana", &["saphana"]),
    Row::new("exasol", &["exasol"]),
    Row::new("db2", &["db2"]),
    Row::new("netezza", &["netezza"]),
    Row::new("dremio", &["dremio"]),
];

/// What is assumed about an adapter that has no row, or that the manifest does not name.
const UNLISTED: &Row = &Row::new("", &[]);

/// Facts about one adapter.
#[derive(Debug)]
struct Row {
    name: &'static str,
    platforms: &'static [&'static str],
    dialect: Dialect,
    casing: Casing,
    ignores_case: bool,
    may_ignore_case: bool,
    quotes_names: bool,
    renders_database: bool,
    has_project_ids: bool,
    has_wildcard_tables: bool,
}

impl Row {
    /// An adapter that renders relations with their database and quotes every part, and whose
    /// database stores names as written.
    const fn new(name: &'static str, platforms: &'static [&'static str]) -> Self {
        Self {
            name,
            platforms,
            dialect: Dialect::Generic,
            casing: Casing::AsWritten,
            ignores_case: false,
            may_ignore_case: false,
            quotes_names: true,
            renders_database: true,
            has_project_ids: false,
            has_wildcard_tables: false,
        }
    }

    /// Its database has a dialect of SQL that is known.
    const fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Its database stores names in another form than the written one.
    const fn casing(mut self, casing: Casing) -> Self {
        self.casing = casing;
        self
    }

    /// Its database has no two names that differ only in case, whatever their spelling.
    const fn ignores_case(mut self) -> Self {
        self.ignores_case = true;
        self
    }

    /// Whether its database has such names is the choice of who set it up.
    const fn may_ignore_case(mut self) -> Self {
        self.may_ignore_case = true;
        self
    }

    /// It quotes nothing unless the project says so.
    const fn unquoted(mut self) -> Self {
        self.quotes_names = false;
        self
    }

    /// It leaves the database out of the relations that it renders.
    const fn without_database(mut self) -> Self {
        self.renders_database = false;
        self
    }

    /// Its databases are projects of Google Cloud.
    const fn has_project_ids(mut self) -> Self {
        self.has_project_ids = true;
        self
    }

    /// A name that ends in `*` stands for all tables whose names begin like it.
    const fn has_wildcard_tables(mut self) -> Self {
        self.has_wildcard_tables = true;
        self
    }
}

/// The dbt adapter that a manifest was made with.
#[derive(Debug, Clone, Copy)]
pub struct Adapter<'a> {
    name: &'a str,
    row: Option<&'static Row>,
}

impl<'a> Adapter<'a> {
    /// The adapter of this name, as the manifest spells it; an empty one is not known.
    pub fn from_name(name: &'a str) -> Self {
        Self {
            name,
            row: ADAPTERS.iter().find(|row| row.name == name),
        }
    }

    /// Its name as the manifest spells it; empty if the manifest does not name it.
    pub fn name(self) -> &'a str {
        self.name
    }

    /// Whether it is one of those that are known here.
    pub fn is_known(self) -> bool {
        self.row.is_some()
    }

    /// The dialect of SQL that its database speaks.
    pub fn dialect(self) -> Dialect {
        self.facts().dialect
    }

    /// How its database stores identifiers.
    pub fn casing(self) -> Casing {
        self.facts().casing
    }

    /// Whether spellings that differ only in case are one name to its database, although it stores
    /// them as written.
    pub fn ignores_case(self) -> bool {
        self.facts().ignores_case
    }

    /// Whether such spellings are one name to some of its databases, as by the collations of SQL
    /// Server.
    pub fn may_ignore_case(self) -> bool {
        self.facts().may_ignore_case
    }

    /// Whether it quotes identifiers unless the project says otherwise.
    pub fn quotes_names(self) -> bool {
        self.facts().quotes_names
    }

    /// Whether the relations that it renders start with the database.
    pub fn renders_database(self) -> bool {
        self.facts().renders_database
    }

    /// Whether its databases are projects of Google Cloud, for which Tableau may show the display
    /// name instead of the id.
    pub fn has_project_ids(self) -> bool {
        self.facts().has_project_ids
    }

    /// Whether a name that ends in `*` stands for all tables whose names begin like it.
    pub fn has_wildcard_tables(self) -> bool {
        self.facts().has_wildcard_tables
    }

    /// Whether a connection to this platform can reach its database.
    ///
    /// An adapter without platforms is reached by its own name and by every platform that no row
    /// claims; an adapter that is not known, by every platform.
    pub fn is_reached_by(self, platform: &str) -> bool {
        match self.facts().platforms {
            platforms if !platforms.is_empty() => platforms.contains(&platform),
            _ => self.name.is_empty() || self.name == platform || !is_claimed(platform),
        }
    }

    fn facts(self) -> &'static Row {
        self.row.unwrap_or(UNLISTED)
    }
}

/// Whether some adapter with a row is reached by this platform.
fn is_claimed(platform: &str) -> bool {
    ADAPTERS.iter().any(|row| row.platforms.contains(&platform))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::connection::warehouse_platforms;
    use super::*;

    /// Every platform, and the adapters that it reaches.
    const REACHED: &[(&str, &[&str])] = &[
        ("snowflake", &["snowflake"]),
        ("bigquery", &["bigquery"]),
        ("redshift", &["redshift"]),
        (
            "postgres",
            &[
                "postgres",
                "materialize",
                "risingwave",
                "yellowbrick",
                "greenplum",
            ],
        ),
        (
            "databricks",
            &["databricks", "spark", "fabricspark", "glue", "hive"],
        ),
        ("sqlserver", &["sqlserver", "synapse", "fabric"]),
        ("athena", &["athena", "glue"]),
        ("trino", &["trino", "glue"]),
        ("oracle", &["oracle"]),
        ("clickhouse", &["clickhouse"]),
        (
            "mysql",
            &[
                "mysql",
                "mysql5",
                "mariadb",
                "doris",
                "starrocks",
                "tidb",
                "singlestore",
            ],
        ),
        ("teradata", &["teradata"]),
        ("vertica", &["vertica"]),
        ("saphana", &["saphana"]),
        ("exasol", &["exasol"]),
        ("db2", &["db2"]),
        ("netezza", &["netezza"]),
        ("greenplum", &["greenplum"]),
        ("impala", &["impala"]),
        ("dremio", &["dremio"]),
        ("singlestore", &["singlestore"]),
    ];

    fn names_where(has: impl Fn(Adapter<'static>) -> bool) -> BTreeSet<&'static str> {
        ADAPTERS
            .iter()
            .map(|row| row.name)
            .filter(|name| has(Adapter::from_name(name)))
            .collect()
    }

    #[track_caller]
    fn check_casing(casing: Casing, names: &[&'static str]) {
        let found = names_where(|adapter| adapter.casing() == casing);
        assert_eq!(found, names.iter().copied().collect());
    }

    #[test]
    fn names_stand_in_one_row_each() {
        assert_eq!(names_where(|_| true).len(), ADAPTERS.len());
    }

    #[test]
    fn databases_keep_names_in_their_own_case() {
        check_casing(Casing::UpperUnquoted, &["snowflake", "oracle"]);
        check_casing(Casing::LowerUnquoted, &["postgres"]);
        check_casing(
            Casing::Lower,
            &["databricks", "athena", "trino", "redshift"],
        );
    }

    #[test]
    fn databases_speak_their_own_dialect() {
        for name in [
            "snowflake",
            "bigquery",
            "redshift",
            "postgres",
            "databricks",
        ] {
            assert_eq!(Adapter::from_name(name).dialect().name(), name);
        }
        let speakers = |dialect| names_where(|adapter| adapter.dialect() == dialect);
        assert_eq!(
            speakers(Dialect::Generic),
            BTreeSet::from([
                "db2", "dremio", "exasol", "netezza", "saphana", "teradata", "vertica"
            ])
        );
        assert_eq!(
            speakers(Dialect::Trino),
            BTreeSet::from(["athena", "trino"])
        );
        assert_eq!(Adapter::from_name("").dialect(), Dialect::Generic);
    }

    #[test]
    fn some_databases_ignore_case() {
        assert_eq!(
            names_where(Adapter::ignores_case),
            BTreeSet::from(["duckdb", "fabricspark", "glue", "hive", "impala", "spark"])
        );
        assert_eq!(
            names_where(Adapter::may_ignore_case),
            BTreeSet::from(["fabric", "sqlserver", "synapse"])
        );
    }

    #[test]
    fn adapters_render_relations_in_their_own_way() {
        assert_eq!(
            names_where(|adapter| !adapter.quotes_names()),
            BTreeSet::from(["snowflake", "oracle"])
        );
        assert_eq!(
            names_where(|adapter| !adapter.renders_database()),
            BTreeSet::from([
                "oracle",
                "clickhouse",
                "mysql",
                "mysql5",
                "mariadb",
                "hive",
                "impala",
            ])
        );
        assert_eq!(
            names_where(Adapter::has_project_ids),
            BTreeSet::from(["bigquery"])
        );
        assert_eq!(
            names_where(Adapter::has_wildcard_tables),
            BTreeSet::from(["bigquery"])
        );
    }

    #[test]
    fn platforms_reach_their_adapters_and_no_others() {
        for platform in warehouse_platforms() {
            let expected = REACHED
                .iter()
                .find(|(name, _)| *name == platform)
                .map(|(_, adapters)| adapters.iter().copied().collect())
                .unwrap_or_else(|| BTreeSet::from(["duckdb"]));
            let found = names_where(|adapter| adapter.is_reached_by(platform));
            assert_eq!(found, expected, "{platform}");
        }
        let known = warehouse_platforms().collect::<BTreeSet<_>>();
        let named = ADAPTERS
            .iter()
            .flat_map(|row| row.platforms.iter().copied());
        assert_eq!(named.filter(|name| !known.contains(name)).count(), 0);
    }

    #[test]
    fn adapters_without_a_row_are_reached_by_what_no_row_claims() {
        let adapter = Adapter::from_name("duckdb");
        assert!(adapter.is_reached_by("duckdb"));
        assert!(adapter.is_reached_by("monetdb"));
        assert!(!adapter.is_reached_by("snowflake"));
        assert!(Adapter::from_name("").is_reached_by("snowflake"));
        for name in ["monetdb", "", "Snowflake"] {
            let adapter = Adapter::from_name(name);
            assert_eq!(adapter.name(), name);
            assert_eq!(adapter.casing(), Casing::AsWritten);
            assert!(adapter.quotes_names() && adapter.renders_database());
            assert!(!adapter.has_project_ids() && !adapter.ignores_case());
        }
    }
}
