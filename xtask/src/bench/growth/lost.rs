//! Kinds of input in which workbooks read what the state built and the manifest does not build any
//! more: lost links.

use serde_json::{Value, json};

use super::inputs::Inputs;
use super::parts::{Project, alike, answer, each, envelope, model, table, workbook};

/// An export of n workbooks, of which each reads the relation of a model of its own.
fn one_model_each(n: usize) -> Value {
    envelope(
        "food",
        &[answer(&each(n, |i| workbook(i, json!([table(i)]))))],
    )
}

/// A project with one model that nobody reads.
fn without_them() -> Project {
    Project::with([model(9_000_000, ["BISTRO", "MARTS", "STOCK"])])
}

/// n other models, whose relations have similar names.
fn renamed(n: usize) -> Project {
    Project::with((0..n).map(|i| model(9_000_000 + i, ["BISTRO", "MARTS", &format!("T{i}_NEW")])))
}

/// n models of the state are gone, and n workbooks read their relations.
pub(super) fn models_gone(n: usize) -> Inputs {
    Inputs::new(without_them(), &one_model_each(n)).with_state(Project::of(n))
}

/// In place of n models of the state are n with similar names, and n workbooks read the relations as
/// they were.
pub(super) fn models_renamed(n: usize) -> Inputs {
    Inputs::new(renamed(n), &one_model_each(n)).with_state(Project::of(n))
}

/// n models build in another schema than in the state, and n workbooks read the relations as they
/// were.
pub(super) fn relations_moved(n: usize) -> Inputs {
    let moved = (0..n).map(|i| model(i, ["BISTRO", "CORE", &format!("T{i}")]));
    Inputs::new(Project::with(moved), &one_model_each(n)).with_state(Project::of(n))
}

/// A model of the state is gone whose relation n workbooks read.
pub(super) fn model_of_many_workbooks(n: usize) -> Inputs {
    let export = envelope("food", &[answer(&alike(n))]);
    Inputs::new(without_them(), &export).with_state(Project::of(1))
}

/// n models of the state are gone whose relations one workbook reads.
pub(super) fn models_of_one_workbook(n: usize) -> Inputs {
    let export = envelope("food", &[answer(&[workbook(0, each(n, table).into())])]);
    Inputs::new(without_them(), &export).with_state(Project::of(n))
}

/// The patch of the day before left n exposures, and dbt has written a manifest since, without the
/// models.
pub(super) fn models_gone_after_a_patch(n: usize) -> Inputs {
    Inputs::new(Project::of(n), &one_model_each(n))
        .on_second_day()
        .written_again(without_them())
        .with_flags(&["--allow-mass-removal"])
}

/// The same with models of similar names.
pub(super) fn models_renamed_after_a_patch(n: usize) -> Inputs {
    Inputs::new(Project::of(n), &one_model_each(n))
        .on_second_day()
        .written_again(renamed(n))
        .with_flags(&["--allow-mass-removal"])
}
