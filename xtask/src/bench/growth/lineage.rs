//! Kinds of input that lead from workbooks to tables in many steps, or by many paths.

use serde_json::{Value, json};

use super::inputs::Inputs;
use super::parts::{Project, each, table, workbook_with};

/// A workbook behind n flows in a row.
pub(super) fn chain_of_flows(n: usize) -> Inputs {
    behind("flows", "upstreamFlows", n, |i| {
        (i + 1 < n).then_some(i + 1)
    })
}

/// A workbook behind n flows in a circle.
pub(super) fn circle_of_flows(n: usize) -> Inputs {
    behind("flows", "upstreamFlows", n, |i| Some((i + 1) % n))
}

/// A workbook behind n published data sources in a row.
pub(super) fn chain_of_published_sources(n: usize) -> Inputs {
    let next = |i| (i + 1 < n).then_some(i + 1);
    behind("publishedDatasources", "upstreamDatasources", n, next)
}

/// A workbook behind n published data sources in a circle.
pub(super) fn circle_of_published_sources(n: usize) -> Inputs {
    let next = |i| Some((i + 1) % n);
    behind("publishedDatasources", "upstreamDatasources", n, next)
}

fn behind(
    section: &str,
    upstream: &str,
    n: usize,
    next: impl Fn(usize) -> Option<usize>,
) -> Inputs {
    let object = |i: usize| {
        let next = next(i).map(|next| json!({"id": format!("o{next}")}));
        json!({
            "id": format!("o{i}"),
            "luid": format!("o{i}"),
            "name": format!("Step {i}"),
            "upstreamTables": [table(i % 50)],
            upstream: next.into_iter().collect::<Vec<_>>(),
        })
    };
    let workbook = workbook_with(0, json!({upstream: [{"id": "o0"}], "upstreamTables": []}));
    let data = json!({"workbooks": [workbook], section: each(n, object)});
    Inputs::new(Project::of(50), &json!({"data": data}))
}

/// n workbooks behind the same n flows in a row.
pub(super) fn chain_of_flows_of_many_workbooks(n: usize) -> Inputs {
    flows_of_many_workbooks(n, |i| (i + 1 < n).then_some(i + 1).into_iter().collect())
}

/// n workbooks behind the same flow, which reads n others.
pub(super) fn fan_of_flows_of_many_workbooks(n: usize) -> Inputs {
    flows_of_many_workbooks(n, |i| if i == 0 { (1..n).collect() } else { Vec::new() })
}

fn flows_of_many_workbooks(n: usize, upstream: impl Fn(usize) -> Vec<usize>) -> Inputs {
    let reference = |i: usize| json!({"id": format!("f{i}")});
    let flow = |i: usize| {
        json!({
            "id": format!("f{i}"),
            "name": format!("Step {i}"),
            "upstreamTables": [table(i % 50)],
            "upstreamFlows": upstream(i).into_iter().map(reference).collect::<Vec<_>>(),
        })
    };
    let workbook = |i| workbook_with(i, json!({"upstreamFlows": [{"id": "f0"}]}));
    let data = json!({"workbooks": each(n, workbook), "flows": each(n, flow)});
    Inputs::new(Project::of(50), &json!({"data": data}))
}

/// n pairs of flows in a row, each reached through both of the pair before.
pub(super) fn ladder_of_flows(n: usize) -> Inputs {
    let flow = |i: usize| {
        let next = i / 2 * 2 + 2;
        let upstream = if next < n {
            json!([{"id": format!("f{next}")}, {"id": format!("f{}", next + 1)}])
        } else {
            json!([])
        };
        json!({
            "id": format!("f{i}"),
            "name": format!("Step {i}"),
            "upstreamTables": [table(i % 50)],
            "upstreamFlows": upstream,
        })
    };
    let workbook = workbook_with(0, json!({"upstreamFlows": [{"id": "f0"}, {"id": "f1"}]}));
    let data = json!({"workbooks": [workbook], "flows": each(n, flow)});
    Inputs::new(Project::of(50), &json!({"data": data}))
}

/// A workbook whose n data sources name one published data source by reference.
pub(super) fn one_source_by_many_paths(n: usize) -> Inputs {
    let embedded = |i: usize| {
        json!({
            "id": format!("e{i}"),
            "name": format!("Till {i}"),
            "upstreamTables": [],
            "upstreamDatasources": [{"luid": "p0"}],
        })
    };
    let workbook = workbook_with(0, json!({"embeddedDatasources": each(n, embedded)}));
    let published = json!({
        "id": "p0",
        "luid": "p0",
        "name": "Till",
        "upstreamTables": each(n.min(50), table),
    });
    let data = json!({"workbooks": [workbook], "publishedDatasources": [published]});
    Inputs::new(Project::of(50), &json!({"data": data}))
}

/// The same where the published data source shows nothing but n extracts.
pub(super) fn extracts_by_many_paths(n: usize) -> Inputs {
    let embedded = |i: usize| {
        json!({
            "id": format!("e{i}"),
            "name": format!("Till {i}"),
            "upstreamDatasources": [{"luid": "p0"}],
        })
    };
    let extract = |i: usize| json!({"id": format!("x{i}"), "name": "Extract", "fullName": "[Extract].[Extract]", "connectionType": "hyper"});
    let workbook = workbook_with(0, json!({"embeddedDatasources": each(n, embedded)}));
    let published =
        json!({"id": "p0", "luid": "p0", "name": "Till", "upstreamTables": each(n, extract)});
    let data = json!({"workbooks": [workbook], "publishedDatasources": [published]});
    Inputs::new(Project::of(50), &json!({"data": data}))
}

/// A workbook whose data source has n columns of one table by reference.
pub(super) fn columns_of_one_table(n: usize) -> Inputs {
    let field = |_| json!({"upstreamColumns": [{"table": {"id": "t0", "name": "T0"}}]});
    let datasource = json!({"id": "d0", "name": "Till", "fields": each(n, field)});
    of_datasource(datasource)
}

/// A workbook whose data source has n columns of n tables by reference.
pub(super) fn columns_of_many_tables(n: usize) -> Inputs {
    let field = |i: usize| {
        let table = json!({"id": format!("t{i}"), "name": format!("T{i}"), "schema": "MARTS"});
        json!({"upstreamColumns": [{"table": table}]})
    };
    of_datasource(json!({"id": "d0", "name": "Till", "fields": each(n, field)}))
}

fn of_datasource(datasource: Value) -> Inputs {
    let workbook = workbook_with(0, json!({"embeddedDatasources": [datasource]}));
    Inputs::new(Project::of(50), &json!({"data": {"workbooks": [workbook]}}))
}

/// Custom SQL that n workbooks read, and n queries that mention one table.
pub(super) fn queries_of_one_table(n: usize) -> Inputs {
    let sql = |i: usize| {
        json!({
            "id": format!("q{i}"),
            "name": "Custom SQL Query",
            "query": "select 1",
            "tables": [{"id": "t0", "name": "T0", "schema": "MARTS"}],
            "downstreamWorkbooks": [{"luid": "none"}],
        })
    };
    let queries = each(n, |i| json!({"id": format!("q{i}")}));
    let table =
        json!({"id": "t0", "name": "T0", "schema": "MARTS", "referencedByQueries": queries});
    let workbook = |i| workbook_with(i, json!({"upstreamTables": [{"id": "t0", "name": "T0"}]}));
    let data = json!({
        "workbooks": each(n, workbook),
        "databaseTables": [table],
        "customSQLTables": each(n, sql),
    });
    Inputs::new(Project::of(50), &json!({"data": data}))
}

/// n tables of a virtual connection, and n workbooks of which each uses one.
pub(super) fn tables_of_a_virtual_connection(n: usize) -> Inputs {
    let member = |i: usize| {
        json!({
            "id": format!("v{i}"),
            "name": format!("T{i}"),
            "upstreamTables": [table(i % 50)],
        })
    };
    let connection = json!({"id": "c0", "luid": "c0", "name": "Till", "tables": each(n, member)});
    let workbook = |i: usize| {
        let used = json!([{"id": format!("v{i}"), "virtualConnection": {"id": "c0"}}]);
        let connections = json!([{"id": "c0"}]);
        workbook_with(
            i,
            json!({
                "upstreamVirtualConnectionTables": used,
                "upstreamVirtualConnections": connections,
            }),
        )
    };
    let data = json!({"workbooks": each(n, workbook), "virtualConnections": [connection]});
    Inputs::new(Project::of(50), &json!({"data": data}))
}

/// n workbooks in n projects, each inside the one before.
pub(super) fn chain_of_projects(n: usize) -> Inputs {
    let project = |i: usize| {
        let parent = i.checked_sub(1).map(|parent| format!("p{parent}"));
        json!({"luid": format!("p{i}"), "name": format!("P{i}"), "parent_luid": parent})
    };
    let workbook = |i: usize| {
        let members = json!({"projectLuid": format!("p{i}"), "upstreamTables": [table(0)]});
        workbook_with(i, members)
    };
    let answer = json!({"data": {"workbooks": each(n, workbook)}});
    let mut envelope = super::parts::envelope("food", &[answer]);
    envelope["projects"] = each(n, project).into();
    Inputs::new(Project::of(50), &envelope)
}

/// One sheet under n names, which n workbooks list as theirs.
pub(super) fn one_sheet_of_many_workbooks(n: usize) -> Inputs {
    let sheet = |i: usize| json!({"id": "v0", "name": format!("Sheet {i}"), "upstreamTables": [table(i % 50)]});
    let workbook = |i| workbook_with(i, json!({"sheets": [{"id": "v0"}], "upstreamTables": []}));
    let data = json!({"workbooks": each(n, workbook), "sheets": each(n, sheet)});
    Inputs::new(Project::of(50), &json!({"data": data}))
}

/// n flows that write one data source of which nothing else is known, and n data sources that read it.
pub(super) fn flows_into_an_unknown_source(n: usize) -> Inputs {
    let flow = |i: usize| {
        json!({
            "id": format!("f{i}"),
            "name": format!("Step {i}"),
            "upstreamTables": [table(i % 50)],
            "downstreamDatasources": [{"id": "p0"}],
        })
    };
    let embedded = |i: usize| {
        json!({
            "id": format!("e{i}"),
            "name": format!("Till {i}"),
            "upstreamDatasources": [{"id": "p0"}],
        })
    };
    let workbook = workbook_with(0, json!({"embeddedDatasources": each(n, embedded)}));
    let data = json!({"workbooks": [workbook], "flows": each(n, flow)});
    Inputs::new(Project::of(50), &json!({"data": data}))
}
