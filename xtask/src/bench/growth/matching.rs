//! Kinds of input whose tables are hard to match.

use std::fmt::Write;

use serde_json::{Value, json};

use super::inputs::Inputs;
use super::parts::{Project, answer, each, model, source, table_named, workbook, workbook_with};

/// A name with letters enough for a case of its own for each table.
const LONG_NAME: &str = "SALES_AND_TIPS_OF_ALL_GUESTS";

/// Nodes of one schema and name in n databases, and tables of it in n others.
pub(super) fn same_schema_and_name(n: usize) -> Inputs {
    let project = Project::with((0..n).map(|i| model(i, [&format!("DB{i}"), "MARTS", "SALES"])));
    let tables = |i| json!([table_named(&format!("OTHER{i}"), "MARTS", "SALES")]);
    Inputs::new(project, &answer(&each(n, |i| workbook(i, tables(i)))))
}

/// Nodes of one name in n schemas, and tables of it in n others.
pub(super) fn same_name(n: usize) -> Inputs {
    let project = Project::with((0..n).map(|i| model(i, ["BISTRO", &format!("S{i}"), "SALES"])));
    let tables = |i| json!([table_named("BISTRO", &format!("OTHER{i}"), "SALES")]);
    Inputs::new(project, &answer(&each(n, |i| workbook(i, tables(i)))))
}

/// The same where the name alone may link a table.
pub(super) fn same_name_alone(n: usize) -> Inputs {
    let schema = |i| format!("S{i}");
    let project = Project::with((0..n).map(|i| model(i, ["BISTRO", &schema(i), LONG_NAME])));
    let tables = |i: usize| {
        json!([{
            "id": format!("t{i}"),
            "name": in_odd_case(LONG_NAME, i),
            "connectionType": "snowflake",
            "database": {"name": "BISTRO"},
        }])
    };
    Inputs::new(project, &answer(&each(n, |i| workbook(i, tables(i)))))
        .with_flags(&["--name-only", "snowflake"])
}

/// n workbooks that read one table, which fits n nodes.
pub(super) fn ambiguous_table_of_many_workbooks(n: usize) -> Inputs {
    ambiguous(n, |_| "SALES".to_owned())
}

/// n tables that differ in case alone and fit the same n nodes.
pub(super) fn ambiguous_tables(n: usize) -> Inputs {
    ambiguous(n, |i| in_odd_case(LONG_NAME, i))
}

fn ambiguous(n: usize, name: impl Fn(usize) -> String) -> Inputs {
    let one = name(0);
    let project = Project::with((0..n).map(|i| model(i, [&format!("DB{i}"), "MARTS", &one])));
    let tables = |i| json!([{"name": name(i), "schema": "MARTS", "connectionType": "snowflake"}]);
    Inputs::new(project, &answer(&each(n, |i| workbook(i, tables(i)))))
}

/// A name whose letters are small where the number has a bit.
fn in_odd_case(name: &str, number: usize) -> String {
    name.chars()
        .enumerate()
        .map(|(at, letter)| match number >> at & 1 {
            1 => letter.to_ascii_lowercase(),
            _ => letter,
        })
        .collect()
}

/// n wildcard sources side by side, and n tables of their dataset that fit none.
pub(super) fn wildcards_side_by_side(n: usize) -> Inputs {
    wildcards(n, |i| format!("events_{i}_*"), |i| format!("visits_{i}_1"))
}

/// n wildcard sources of one relation, and n tables that fit all of them.
pub(super) fn wildcards_alike(n: usize) -> Inputs {
    wildcards(n, |_| "events_*".to_owned(), |i| format!("events_{i}"))
}

/// Wildcard sources of which each prefix begins with the one before, and tables with all of them.
pub(super) fn wildcards_inside_each_other(n: usize) -> Inputs {
    // A name has at most so many letters, so sources share prefixes where there are more.
    let prefix = |i: usize| format!("{}*", "e".repeat(i % 1_000 + 1));
    wildcards(n, prefix, |i| format!("{}_{i}", "e".repeat(1_000)))
}

fn wildcards(
    n: usize,
    identifier: impl Fn(usize) -> String,
    name: impl Fn(usize) -> String,
) -> Inputs {
    let mut project = Project::with([]);
    project.adapter = "bigquery";
    project.sources = (0..n)
        .map(|i| source(i, ["bistro-till-1", "till", &identifier(i)]))
        .collect();
    let table = |i| {
        json!({
            "name": name(i),
            "schema": "till",
            "fullName": format!("[bistro-till-1].[till].[{}]", name(i)),
            "connectionType": "bigquery",
        })
    };
    Inputs::new(
        project,
        &answer(&each(n, |i| workbook(i, json!([table(i)])))),
    )
}

/// 20 nodes and tables whose long names differ in a few letters.
pub(super) fn near_misses_on_long_names(n: usize) -> Inputs {
    near_misses(20, |i| format!("{i:04}{}", "ab".repeat(n / 2)))
}

/// n nodes and tables whose names differ in a few letters.
pub(super) fn near_misses_on_many_names(n: usize) -> Inputs {
    near_misses(n, |i| format!("SALES_OF_{i:07}_PLATES"))
}

fn near_misses(count: usize, name: impl Fn(usize) -> String) -> Inputs {
    let project = Project::with((0..count).map(|i| model(i, ["BISTRO", "MARTS", &name(i)])));
    let table = |i| table_named("BISTRO", "MARTS", &format!("{}XY", name(i)));
    let workbooks = each(count, |i| workbook(i, json!([table(i)])));
    Inputs::new(project, &answer(&workbooks))
}

/// One table's copies in n databases, each read by a workbook of its own.
pub(super) fn one_table_in_many_databases(n: usize) -> Inputs {
    let table = |i: usize| {
        json!([{
            "id": "t0",
            "name": "T0",
            "schema": "MARTS",
            "connectionType": "snowflake",
            "database": {"name": format!("D{i}")},
        }])
    };
    Inputs::new(
        Project::of(50),
        &answer(&each(n, |i| workbook(i, table(i)))),
    )
}

/// n entries of `default_schema`, of which none fits, and n tables without a schema.
pub(super) fn default_schemas(n: usize) -> Inputs {
    let mut config = "match:\n  default_schema:\n".to_owned();
    for i in 0..n {
        // Writing to a String does not fail.
        let _ = writeln!(
            config,
            "    - {{database: \"OTHER{i}\", schema: \"MARTS\"}}"
        );
    }
    let table = |i: usize| {
        json!([{
            "id": format!("t{i}"),
            "name": format!("T{i}"),
            "connectionType": "snowflake",
            "database": {"name": format!("D{i}")},
        }])
    };
    Inputs::new(
        Project::of(50),
        &answer(&each(n, |i| workbook(i, table(i)))),
    )
    .with_config(config)
}

/// n entries of `rewrite`, of which one is for each of n tables.
pub(super) fn rewrites(n: usize) -> Inputs {
    let entry = |i: usize| match i % 2 {
        0 => format!("{{database: \"OLD{i}\", to: {{database: BISTRO}}}}"),
        _ => format!("{{database: \"/(old)_{i}/\", to: {{database: \"{{1}}\"}}}}"),
    };
    let database = |i: usize| match i % 2 {
        0 => format!("OLD{i}"),
        _ => format!("OLD_{i}"),
    };
    rewritten(n, entry, database)
}

/// n entries of `rewrite` in a row, of which each is for the name that the one before makes.
pub(super) fn rewrites_in_a_row(n: usize) -> Inputs {
    let entry = |i: usize| format!("{{database: OLD{i}, to: {{database: OLD{}}}}}", i + 1);
    rewritten(n, entry, |i| format!("OLD{i}"))
}

fn rewritten(
    n: usize,
    entry: impl Fn(usize) -> String,
    database: impl Fn(usize) -> String,
) -> Inputs {
    let mut config = "match:\n  rewrite:\n".to_owned();
    for i in 0..n {
        let _ = writeln!(config, "    - {}", entry(i));
    }
    let tables = |i: usize| json!([table_named(&database(i), "MARTS", &format!("T{}", i % 50))]);
    Inputs::new(
        Project::of(50),
        &answer(&each(n, |i| workbook(i, tables(i)))),
    )
    .with_config(config)
}

/// n patterns of connection types, of which none fits, and n tables of n types.
pub(super) fn connection_types(n: usize) -> Inputs {
    let mut config = "match:\n  connection_types:\n".to_owned();
    for i in 0..n {
        let _ = writeln!(config, "    \"odd{i}*\": snowflake");
    }
    let table =
        |i: usize| json!([{"name": "T0", "schema": "MARTS", "connectionType": format!("type{i}")}]);
    Inputs::new(
        Project::of(50),
        &answer(&each(n, |i| workbook(i, table(i)))),
    )
    .with_config(config)
}

/// One workbook that reads n tables of n data sources.
pub(super) fn one_workbook_of_many_tables(n: usize) -> Inputs {
    let datasource = |i: usize| -> Value {
        json!({
            "id": format!("d{i}"),
            "name": "Till",
            "upstreamTables": [table_named("BISTRO", "MARTS", &format!("T{i}"))],
        })
    };
    let workbook = workbook_with(0, json!({"embeddedDatasources": each(n, datasource)}));
    Inputs::new(Project::of(n), &answer(&[workbook]))
}

/// n tables with long names that fit no node, in one data source that n workbooks read.
pub(super) fn unknown_tables_of_one_source(n: usize) -> Inputs {
    let name = |i: usize| format!("T{i:06}{}", "X".repeat(n * LETTERS_OF_A_PAIR));
    of_one_source(n, |i| table_named("BISTRO", "MARTS", &name(i)))
}

/// n tables whose names Tableau hides and that have long ids, in one data source that n workbooks
/// read.
pub(super) fn hidden_tables_of_one_source(n: usize) -> Inputs {
    let id = |i: usize| format!("{i:06}{}", "x".repeat(n * LETTERS_OF_A_PAIR));
    of_one_source(n, |i| json!({"id": id(i), "name": null, "fullName": null}))
}

/// How many letters of the input there are for each pair of a workbook and a table.
const LETTERS_OF_A_PAIR: usize = 8;

fn of_one_source(n: usize, table: impl Fn(usize) -> Value) -> Inputs {
    let upstream = json!({"upstreamDatasources": [{"luid": "p0"}]});
    let published =
        json!({"id": "p0", "luid": "p0", "name": "Till", "upstreamTables": each(n, table)});
    let data = json!({
        "workbooks": each(n, |i| workbook_with(i, upstream.clone())),
        "publishedDatasources": [published],
    });
    Inputs::new(Project::of(50), &json!({"data": data})).listed_in_json()
}

/// n entries of `databases`, and n tables in n other databases that schema and name alone link to
/// one node.
pub(super) fn databases(n: usize) -> Inputs {
    let mut config = "match:\n  databases:\n".to_owned();
    for i in 0..n {
        // Writing to a String does not fail.
        let _ = writeln!(config, "    - \"OTHER{i}\"");
    }
    let table = |i: usize| {
        json!([{
            "id": format!("t{i}"),
            "name": "T0",
            "schema": "MARTS",
            "fullName": format!("[D{i}].[MARTS].[T0]"),
            "connectionType": "oracle",
        }])
    };
    let mut project = Project::of(50);
    project.adapter = "oracle";
    Inputs::new(project, &answer(&each(n, |i| workbook(i, table(i))))).with_config(config)
}
