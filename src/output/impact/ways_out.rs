//! What keeps the workbooks that a change breaks, if there is an honest way.

use std::collections::BTreeMap;

use super::ImpactAnswer;
use super::names::Words;
use crate::impact::{
    Cause, Change, ChangeIx, ColumnChange, ColumnUse, LostBy, LostRelation, Target, What,
};

/// What to do so that the workbooks lose nothing: one sentence for changes of one kind.
pub(super) fn ways_out(answer: &ImpactAnswer, words: Words) -> Vec<String> {
    let mut used = BTreeMap::<ChangeIx, Vec<&str>>::new();
    let effects = answer.impact.workbooks.iter();
    for effect in effects.flat_map(|reached| &reached.effects) {
        let Cause::Change(at) = effect.cause else {
            continue;
        };
        let needs = match effect.what {
            What::NotUpdated | What::RunFails | What::ColumnGone | What::PerhapsColumnGone => {
                used.entry(at).or_default()
            }
            _ => continue,
        };
        let columns = effect.columns.iter();
        let columns = columns.filter(|column| column.usage != ColumnUse::InDatasource);
        needs.extend(columns.map(|column| column.name.as_str()));
    }
    let mut ways = Vec::new();
    let mut alike = BTreeMap::<&LostBy, Vec<&str>>::new();
    for (at, mut columns) in used {
        columns.sort_unstable();
        columns.dedup();
        let Some(change) = answer.impact.changes.get(at.0) else {
            continue;
        };
        match &change.lost {
            Some(lost) if change.renamed.is_none() && lost.by != LostBy::Alias => {
                alike.entry(&lost.by).or_default().push(&change.unique_id);
            }
            Some(lost) => ways.push(of_alias(change, lost, words)),
            None => ways.push(of_columns(change, &columns, words)),
        }
    }
    let alike = alike
        .into_iter()
        .map(|(by, names)| of_relations(by, &names, words));
    ways.into_iter().chain(alike).collect()
}

/// How to find out whether relations moved, if that is not known.
pub(super) fn way_to_tell(answer: &ImpactAnswer) -> Option<&'static str> {
    let is_open = matches!(answer.impact.target, Target::Unknown(_));
    is_open.then_some(
        "if head is of the same target as base, say so with `--same-target`; else compare with a manifest for the target of base, as of `dbt parse --target prod`",
    )
}

/// The same way for relations that are lost alike, by the ids of their nodes.
fn of_relations(by: &LostBy, ids: &[&str], words: Words) -> String {
    let (it_is, a_view) = match ids.len() {
        1 => ("it is", "a view"),
        _ => ("they are", "views"),
    };
    let names = words.nodes(ids.iter().copied());
    match by {
        LostBy::Deleted | LostBy::Renamed | LostBy::Disabled | LostBy::Alias => {
            format!("keep {names} until the workbooks read other tables")
        }
        LostBy::Ephemeral => format!("build {names} as {a_view}, or as before"),
        LostBy::Schema | LostBy::Database | LostBy::Quoting => format!(
            "leave {names} where {it_is}, or build {a_view} there until the workbooks read the new tables"
        ),
    }
}

/// Ways to keep the name of a table.
fn of_alias(change: &Change, lost: &LostRelation, words: Words) -> String {
    let id = &change.unique_id;
    let now = change.renamed.as_ref().map_or(id, |renamed| &renamed.to);
    let alias = (words.code)(&format!("alias: {}", lost.name));
    let alias = format!("{alias} on {} keeps the name of the table", words.node(now));
    match &change.renamed {
        Some(renamed) if change.resource_type == "model" => {
            let query = format!("select * from {{{{ ref('{}') }}}}", renamed.name);
            let (name, query) = (words.node(id), (words.code)(&query));
            format!("{alias}; or keep {name} for a while as a view, {query}")
        }
        _ => alias,
    }
}

fn of_columns(change: &Change, columns: &[&str], words: Words) -> String {
    let name = words.node(&change.unique_id);
    let all = change.columns.iter();
    if all
        .clone()
        .any(|column| column.change == ColumnChange::FailsRun)
    {
        return format!(
            "keep the columns in {name}, or set its {}; a run with {} goes through and drops them",
            (words.code)("on_schema_change"),
            (words.code)("--full-refresh")
        );
    }
    let mut meant = all.filter(|column| columns.contains(&column.name.as_str()));
    let renamed = meant.find_map(|column| match &column.change {
        ColumnChange::Gone(Some(new)) => Some((&column.name, new)),
        _ => None,
    });
    match renamed {
        Some((old, new)) => {
            let [old, new] = [old, new].map(|column| (words.name)(column));
            format!("select {new} in {name} also as {old} until the workbooks are changed")
        }
        None => {
            let columns = words.names(columns.iter().copied());
            format!("leave {columns} in {name} until the workbooks are changed")
        }
    }
}
