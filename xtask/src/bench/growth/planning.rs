//! Kinds of input that are hard to select, to plan or to show.

use std::fmt::Write;

use serde_json::{Value, json};

use super::inputs::Inputs;
use super::parts::{Project, alike, answer, each, envelope, luid, table, workbook, workbook_with};

/// n rules that select nothing by an exact luid, and n workbooks.
pub(super) fn rules_of_luids(n: usize) -> Inputs {
    rules(n, |i| format!("luid: \"{}\"", luid(9_000_000 + i)))
}

/// n rules that select nothing by a pattern of titles, and n workbooks.
pub(super) fn rules_of_patterns(n: usize) -> Inputs {
    rules(n, |i| format!("name: \"*other{i}*\""))
}

fn rules(n: usize, rule: impl Fn(usize) -> String) -> Inputs {
    let mut config = "select:\n  exclude:\n".to_owned();
    for i in 0..n {
        // Writing to a String does not fail.
        let _ = writeln!(config, "    - {{{}}}", rule(i));
    }
    Inputs::new(Project::of(50), &answer(&alike(n))).with_config(config)
}

/// n rules about what exposures say, none of which fits, and n workbooks.
pub(super) fn rules_of_exposures(n: usize) -> Inputs {
    let mut config = "exposure:\n  rules:\n".to_owned();
    for i in 0..n {
        let luid = luid(9_000_000 + i);
        let _ = writeln!(
            config,
            "    - {{when: {{luid: \"{luid}\"}}, maturity: low}}"
        );
    }
    Inputs::new(Project::of(50), &answer(&alike(n))).with_config(config)
}

/// n exposures that are disabled, and n workbooks.
pub(super) fn disabled_exposures(n: usize) -> Inputs {
    let mut project = Project::of(50);
    let disabled = |i: usize| {
        let exposure = json!([{"name": format!("off_{i}"), "meta": {"luid": luid(9_000_000 + i)}}]);
        (format!("exposure.bistro.off_{i}"), exposure)
    };
    project.disabled = (0..n).map(disabled).collect();
    Inputs::new(project, &envelope("food", &[answer(&alike(n))]))
}

fn hand_written(name: &str, luids: &[String], nodes: usize) -> (String, Value) {
    let nodes = each(nodes, |i| format!("model.bistro.m{i}").into());
    let exposure = json!({
        "name": name,
        "unique_id": format!("exposure.bistro.{name}"),
        "meta": {"luids": luids},
        "depends_on": {"nodes": nodes},
    });
    (format!("exposure.bistro.{name}"), exposure)
}

/// One hand-written exposure of n workbooks, which depends on n nodes.
pub(super) fn twin_of_many_workbooks(n: usize) -> Inputs {
    let mut project = Project::of(n);
    let luids = (0..n).map(luid).collect::<Vec<_>>();
    project.exposures.extend([hand_written("hand", &luids, n)]);
    Inputs::new(project, &envelope("food", &[answer(&alike(n))]))
}

/// n hand-written exposures of one workbook.
pub(super) fn many_twins_of_a_workbook(n: usize) -> Inputs {
    let mut project = Project::of(50);
    project.exposures = (0..n)
        .map(|i| hand_written(&format!("hand_{i}"), &[luid(0)], 1))
        .collect();
    Inputs::new(project, &envelope("food", &[answer(&alike(n))]))
}

/// n hand-written exposures of one luid, which n sites have.
pub(super) fn twins_of_one_luid_on_many_sites(n: usize) -> Inputs {
    let mut project = Project::of(50);
    project.exposures = (0..n)
        .map(|i| hand_written(&format!("hand_{i}"), &[luid(0)], 1))
        .collect();
    let site = |i: usize| envelope(&format!("site{i}"), &[answer(&alike(1))]);
    Inputs::new(project, &each(n, site).into())
}

/// n workbooks whose luids begin alike and whose titles are one.
pub(super) fn luids_that_begin_alike(n: usize) -> Inputs {
    let member = |i: usize| {
        let luid = format!("00000000-1111-4111-8111-{i:012x}");
        json!({"luid": luid, "name": "Takings", "upstreamTables": [table(0)]})
    };
    let workbooks = each(n, |i| workbook_with(i, member(i)));
    Inputs::new(Project::of(50), &envelope("food", &[answer(&workbooks)]))
}

/// A title of n blanks and n pairs of colons.
pub(super) fn title_of_blanks_and_colons(n: usize) -> Inputs {
    title(&(" ".repeat(n) + &"::".repeat(n)))
}

/// A title of n brackets, blanks and colons.
pub(super) fn title_of_brackets_and_colons(n: usize) -> Inputs {
    title(&"[ :: ](".repeat(n))
}

fn title(title: &str) -> Inputs {
    let members = json!({"name": title, "description": title, "upstreamTables": [table(0)]});
    Inputs::new(Project::of(50), &answer(&[workbook_with(0, members)]))
}

/// n workbooks that all have an exposure from the day before.
pub(super) fn second_day(n: usize) -> Inputs {
    let export = envelope("food", &[answer(&alike(n))]);
    Inputs::new(Project::of(50), &export).on_second_day()
}

/// n workbooks that get an exposure, and read one table more that fits no node.
pub(super) fn first_day(n: usize) -> Inputs {
    let workbooks = each(n, |i| workbook(i, json!([table(i % 50), table(1_000 + i)])));
    Inputs::new(Project::of(50), &envelope("food", &[answer(&workbooks)]))
}

/// n sites of which each has a workbook of the same luid and its exposure from the day before.
pub(super) fn exposures_of_one_luid_on_many_sites(n: usize) -> Inputs {
    let site = |i: usize| envelope(&format!("site{i}"), &[answer(&alike(1))]);
    Inputs::new(Project::of(50), &each(n, site).into()).on_second_day()
}
