//! Kinds of input that describe one object again and again.

use serde_json::{Value, json};

use super::inputs::Inputs;
use super::parts::{Project, alike, answer, each, envelope, luid, table, workbook, workbook_with};

/// n workbooks that describe one table in n ways.
pub(super) fn differing_tables(n: usize) -> Inputs {
    let table = |i: usize| {
        json!([{
            "id": "t0",
            "name": format!("T{i}"),
            "schema": "MARTS",
            "connectionType": "snowflake",
            "database": {"name": "BISTRO"},
        }])
    };
    Inputs::new(
        Project::of(50),
        &answer(&each(n, |i| workbook(i, table(i)))),
    )
}

/// n workbooks that describe one data source in n ways.
pub(super) fn differing_datasources(n: usize) -> Inputs {
    let datasource = |i: usize| {
        json!([{
            "id": "p0",
            "luid": "p0",
            "name": format!("Till {i}"),
            "upstreamTables": [{"id": format!("t{i}"), "name": format!("T{i}"), "schema": "MARTS"}],
        }])
    };
    let section = each(n, |i| datasource(i)[0].clone());
    let data = json!({"workbooks": alike(1), "publishedDatasources": section});
    Inputs::new(Project::of(50), &json!({"data": data}))
}

/// One workbook, described in n ways.
pub(super) fn differing_workbooks(n: usize) -> Inputs {
    let member = |i: usize| {
        let table = json!([{"id": format!("t{i}"), "name": format!("T{i}"), "schema": "MARTS"}]);
        json!({"name": format!("Takings {i}"), "tags": [{"name": format!("tag{i}")}], "upstreamTables": table})
    };
    Inputs::new(
        Project::of(50),
        &answer(&each(n, |i| workbook_with(0, member(i)))),
    )
}

/// The same, one in each file.
pub(super) fn differing_workbooks_in_files(n: usize) -> Inputs {
    let file = |i: usize| {
        let member = json!({"name": format!("Takings {i}"), "upstreamTables": [table(i % 50)]});
        answer(&[workbook_with(0, member)])
    };
    Inputs::of_files(Project::of(50), each(n, file))
}

/// One database, described in n ways.
pub(super) fn differing_databases(n: usize) -> Inputs {
    let table = |i: usize| {
        json!([{
            "id": format!("t{i}"),
            "name": "T0",
            "schema": "MARTS",
            "connectionType": "snowflake",
            "database": {"id": "d0", "name": format!("D{i}")},
        }])
    };
    Inputs::new(
        Project::of(50),
        &answer(&each(n, |i| workbook(i, table(i)))),
    )
}

/// One project, described in n ways.
pub(super) fn differing_projects(n: usize) -> Inputs {
    let mut envelope = envelope("food", &[answer(&alike(1))]);
    envelope["projects"] = each(n, |i| json!({"luid": "p0", "name": format!("P{i}")})).into();
    Inputs::new(Project::of(50), &envelope)
}

/// One workbook of n captures.
pub(super) fn many_captures(n: usize) -> Inputs {
    let capture = |i: usize| captured(i, &answer(&alike(1)));
    Inputs::new(Project::of(50), &each(n, capture).into())
}

/// One luid under n ids.
pub(super) fn one_luid_under_many_ids(n: usize) -> Inputs {
    let member =
        |i: usize| json!({"luid": luid(0), "name": "Takings", "upstreamTables": [table(i % 50)]});
    Inputs::new(
        Project::of(50),
        &answer(&each(n, |i| workbook_with(i, member(i)))),
    )
}

/// One id under n luids.
pub(super) fn one_id_under_many_luids(n: usize) -> Inputs {
    let member =
        |i: usize| json!({"id": "w0", "name": "Takings", "upstreamTables": [table(i % 50)]});
    Inputs::new(
        Project::of(50),
        &answer(&each(n, |i| workbook_with(i, member(i)))),
    )
}

/// n ids and n luids in a row: each object shares its luid with one neighbour and its id with the
/// other.
pub(super) fn ids_and_luids_in_a_row(n: usize) -> Inputs {
    let member = |i: usize| {
        let number = n - i;
        let (id, luid) = (number.div_ceil(2), number / 2);
        json!({"id": format!("w{id}"), "luid": super::parts::luid(luid), "name": "Takings", "upstreamTables": [table(0)]})
    };
    Inputs::new(
        Project::of(50),
        &answer(&each(n, |i| workbook_with(i, member(i)))),
    )
}

/// One table under n names, by reference.
pub(super) fn one_id_under_many_names(n: usize) -> Inputs {
    let sources = |i: usize| {
        json!({
            "id": format!("d{i}"),
            "name": "Till",
            "upstreamDatasources": [{"id": "p0", "name": format!("Till {i}")}],
        })
    };
    let workbook = |i| workbook_with(i, json!({"embeddedDatasources": [sources(i)]}));
    let published = json!({"id": "p0", "luid": "p0", "name": "Till", "upstreamTables": [table(0)]});
    let data = json!({"workbooks": each(n, workbook), "publishedDatasources": [published]});
    Inputs::new(Project::of(50), &json!({"data": data}))
}

/// One object n times in a row.
pub(super) fn equal_copies(n: usize) -> Inputs {
    Inputs::new(
        Project::of(50),
        &answer(&each(n, |_| workbook(0, json!([table(0)])))),
    )
}

/// n sites of one workbook each.
pub(super) fn many_sites(n: usize) -> Inputs {
    let site = |i: usize| {
        let workbook: Value = workbook(i, json!([table(i % 50)]));
        envelope(&format!("site{i}"), &[answer(&[workbook])])
    };
    Inputs::new(Project::of(50), &each(n, site).into())
}

/// n sites of which only the server is known, beside n that are known in full.
pub(super) fn sites_known_in_part(n: usize) -> Inputs {
    let site = |i: usize| {
        let workbook: Value = workbook(i, json!([table(i % 50)]));
        let mut envelope = envelope(&format!("site{i}"), &[answer(&[workbook])]);
        envelope["server"] = format!("https://tableau{}.bistro.example", i / 2).into();
        if i.is_multiple_of(2) {
            envelope["site"] = Value::Null;
        }
        envelope
    };
    Inputs::new(Project::of(50), &each(n, site).into())
}

/// n sites, and n files that do not name theirs.
pub(super) fn files_without_a_site(n: usize) -> Inputs {
    let site = |i: usize| {
        let workbook: Value = workbook(i, json!([table(i % 50)]));
        envelope(&format!("site{i}"), &[answer(&[workbook])])
    };
    let file = |i: usize| match i.checked_sub(1) {
        None => each(n, site).into(),
        Some(i) => answer(&[workbook(i, json!([table(1)]))]),
    };
    Inputs::of_files(Project::of(50), each(n + 1, file))
}

/// Eight captures of n sheets in n workbooks, of which the last one has none of the sheets before.
pub(super) fn captures_of_sheets(n: usize) -> Inputs {
    let capture = |time: usize| {
        let sheet = |i: usize| {
            json!({
                "id": format!("v{time}-{i}"),
                "name": format!("Sheet {i}"),
                "workbook": {"id": format!("w{i}")},
                "upstreamTables": [table((i + time) % 50)],
            })
        };
        let inside = |i| json!({"sheets": [sheet(i)], "upstreamTables": []});
        let workbooks = each(n, |i| workbook_with(i, inside(i)));
        captured(
            time,
            &json!({"data": {"workbooks": workbooks, "sheets": each(n, sheet)}}),
        )
    };
    Inputs::new(Project::of(50), &each(8, capture).into())
}

/// An envelope that was captured so many seconds after the first.
fn captured(seconds: usize, answer: &Value) -> Value {
    let mut envelope = envelope("food", std::slice::from_ref(answer));
    let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
    let time = format!("2026-05-01T{hours:02}:{minutes:02}:{:02}Z", seconds % 60);
    envelope["captured_at"] = time.into();
    envelope
}
