//! Reads how a manifest defines nodes and macros, for a comparison with another manifest.
//!
//! The text was parsed before. This pass goes through it once more and cuts each node into the slices
//! that are compared, and reads no further: [`details()`] does that for the nodes that differ.

mod details;
mod members;
mod raw;

use std::borrow::Cow;

use rayon::prelude::*;
use serde_json::value::RawValue;

use self::details::{details, value_text};
use self::members::{Members, Top, is_compared};
use super::Document;
use super::graph::raw::{is_true, json, object, text, texts};
use super::pairs::Pairs;
use super::wire::Text;
use crate::model::definition::{Definition, Definitions, LazyText, MacroDefinition, PARTS};

/// Reads the definitions of a manifest.
pub fn definitions<'a>(document: &Document<'a>) -> Definitions<'a> {
    let top = serde_json::from_str::<Top>(document.parsed).unwrap_or_default();
    let listed = top.nodes.into_iter().chain(top.sources);
    let listed = listed.flat_map(|Members(members)| members);
    let mut members = listed
        .map(|(id, node)| (id, node, true))
        .collect::<Vec<_>>();
    let functions = top.functions.map(pairs).unwrap_or_default().into_iter();
    let functions = functions.map(|(id, value)| (id, value, true));
    let disabled = top.disabled.into_iter().flat_map(disabled);
    let others = functions.chain(disabled);
    let others = others.filter(|(id, ..)| is_compared(id));
    members.extend(others.map(|(id, value, is_listed)| (id, object(Some(value)), is_listed)));
    let macros = top.macros.map(pairs).unwrap_or_default();
    let members = members.into_par_iter();
    let mut nodes = members
        .map(|(id, raw, is_listed)| definition(id, raw, is_listed))
        .collect::<Vec<_>>();
    // What is disabled comes behind what is enabled.
    nodes.sort_by(|a, b| {
        let order = a.unique_id.cmp(&b.unique_id);
        order.then(b.is_enabled.cmp(&a.is_enabled))
    });
    nodes.dedup_by(|later, first| later.unique_id == first.unique_id);
    let macros = macros.into_par_iter();
    let mut macros = macros
        .map(|(id, value)| macro_definition(id, value))
        .collect::<Vec<_>>();
    macros.sort_by(|a, b| a.unique_id.cmp(&b.unique_id));
    macros.dedup_by(|later, first| later.unique_id == first.unique_id);
    Definitions { nodes, macros }
}

/// The members of an object; empty for any other value.
fn pairs(value: &RawValue) -> Vec<(Cow<'_, str>, &RawValue)> {
    let Pairs(pairs) = serde_json::from_str::<Pairs<Text>>(value.get()).unwrap_or_default();
    pairs
        .into_iter()
        .map(|(Text(id), value)| (id, value))
        .collect()
}

/// What is disabled: a list for each id, of which the first is taken.
fn disabled(value: &RawValue) -> impl Iterator<Item = (Cow<'_, str>, &RawValue, bool)> {
    pairs(value).into_iter().filter_map(|(id, value)| {
        let list = serde_json::from_str::<Vec<&RawValue>>(value.get()).ok()?;
        Some((id, *list.first()?, false))
    })
}

fn definition<'a>(id: Cow<'a, str>, raw: raw::Node<'a>, is_listed: bool) -> Definition<'a> {
    let depends_on = object::<raw::DependsOn>(raw.depends_on);
    let config = object::<raw::Enabled>(raw.config);
    let deferred = object::<raw::Deferred>(raw.defer_relation);
    let spelling = |value: Option<&'a RawValue>| value.map_or("", RawValue::get);
    let lazy = |value: Option<&'a RawValue>| LazyText {
        spelling: json(value).unwrap_or_default(),
        read: value_text,
    };
    Definition {
        is_enabled: is_listed && json(config.enabled) != Some("false"),
        name: text(raw.name).unwrap_or_default(),
        source_name: text(raw.source_name),
        package: text(raw.package_name).unwrap_or_default(),
        file: text(raw.original_file_path),
        version: json(raw.version),
        depends_on: sorted(texts(depends_on.nodes)),
        macros: sorted(texts(depends_on.macros)),
        deferred_relation: text(deferred.relation_name),
        is_deferred: is_true(raw.deferred),
        code: lazy(raw.raw_code.or(raw.raw_sql)),
        compiled: lazy(raw.compiled_code.or(raw.compiled_sql)),
        parts: raw.parts().map(spelling),
        read: details,
        unique_id: id,
    }
}

fn sorted(mut ids: Vec<Cow<'_, str>>) -> Vec<Cow<'_, str>> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn macro_definition<'a>(id: Cow<'a, str>, value: &'a RawValue) -> MacroDefinition<'a> {
    let raw = object::<raw::Macro>(Some(value));
    let depends_on = object::<raw::DependsOn>(raw.depends_on);
    MacroDefinition {
        unique_id: id,
        file: text(raw.original_file_path),
        text: LazyText {
            spelling: json(raw.macro_sql).unwrap_or_default(),
            read: value_text,
        },
        macros: sorted(texts(depends_on.macros)),
    }
}

const _: () = assert!(raw::NAMES.len() == PARTS);

#[cfg(test)]
mod tests;
