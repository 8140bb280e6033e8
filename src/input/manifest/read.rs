//! The steps from a manifest's text to a [`Manifest`].

use serde_json::error::Category;
use serde_json::value::RawValue;

use super::document::{Document, Ids, Manifest, Spans};
use super::exposures::{self, Standing};
use super::members::Members;
use super::mistaken::other_file;
use super::source::Source;
use super::wire::{self, Top};
use super::{GIVE_A_MANIFEST, REGENERATE, chunks, nodes, root, version};
use crate::input::json::{self, without_mark};
use crate::model::{Adapter, Code, Diagnostic, Failure, Project};

/// Reads a manifest.
///
/// # Errors
/// The text is not UTF-8, not JSON, not a manifest, has an unsupported old schema, or has a
/// duplicate key where that would make an edit ambiguous.
pub fn read<'a>(source: &'a Source<'a>) -> Result<(Manifest<'a>, Vec<Diagnostic>), Failure> {
    let file = source.file;
    let file_text = source.text()?;
    let text = without_mark(file_text);
    if let Some(reason) = json::not_json(text) {
        return Err(Failure::new(file, reason.to_string()).help(GIVE_A_MANIFEST));
    }
    let mut diagnostics = Vec::new();
    let (top, parsed) = match parse(text) {
        Err(error) if error.classify() == Category::Syntax => {
            let Some(repaired) = source.repaired() else {
                return Err(json::failure(file, 0, &error, REGENERATE));
            };
            diagnostics.push(Diagnostic::new(
                Code::ManifestNotJson,
                file,
                "it contains NaN or Infinity, which dbt 2.0 and other strict readers refuse; these bytes are left as they are",
            ));
            (parse(repaired), repaired)
        }
        result => (result, text),
    };
    let top = top.map_err(|error| {
        other_file(file, text).unwrap_or_else(|| json::failure(file, 0, &error, REGENERATE))
    })?;
    let mut manifest = manifest(file, text, parsed, top, &mut diagnostics)?;
    manifest.document.file_text = file_text;
    Ok((manifest, diagnostics))
}

fn parse(text: &str) -> serde_json::Result<Top<'_>> {
    chunks::read(text, chunks::LENGTH).map_or_else(|| parse_in_one_pass(text), Ok)
}

pub(super) fn parse_in_one_pass(text: &str) -> serde_json::Result<Top<'_>> {
    let top = serde_json::from_str::<Top<'_>>(text)?;
    Ok(Top {
        is_ascii: text.is_ascii(),
        ..top
    })
}

/// Builds the manifest. `parsed` is the text that was parsed; it has the same spans as `text`.
fn manifest<'a>(
    file: &str,
    text: &'a str,
    parsed: &'a str,
    top: Top<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Manifest<'a>, Failure> {
    let missing = |key: &str| missing(file, text, key);
    let metadata = top.metadata.ok_or_else(|| missing("metadata"))?;
    let version = version::version(file, &metadata, diagnostics)?;
    let wire::Nodes { nodes, mut ids } = top.nodes.ok_or_else(|| missing("nodes"))?;
    let wire::Nodes {
        nodes: sources,
        ids: source_ids,
    } = top.sources.unwrap_or_default();
    ids.extend(source_ids);
    let ids = Ids::new(ids);
    let exposures = top.exposures.ok_or_else(|| missing("exposures"))?;
    let spans = spans(file, parsed, exposures, top.parent_map, top.child_map)?;
    let standing = Standing::read(file, parsed, &spans.exposures)?;
    let all_ids = ids.iter().chain(standing.ids_of_others());
    let root_package = root::package(file, &metadata, all_ids, top.macros)?;
    let all_nodes = nodes.iter().chain(&sources).flatten();
    let root_path = root::path(&root_package, all_nodes, &standing);
    let disabled = top.disabled.unwrap_or_default();
    let mut disabled_nodes = nodes::disabled(nodes.iter().chain(&sources).flatten());
    disabled_nodes.extend(disabled.nodes);
    let adapter_name = metadata.adapter_type.map(|text| text.0).unwrap_or_default();
    let project = Project {
        nodes: nodes::relations(
            nodes,
            sources,
            Adapter::from_name(&adapter_name),
            version.schema,
            metadata.quoting.as_ref(),
            top.macros,
        ),
        exposures: standing.of_project(&root_package),
        root_package,
        adapter_name,
        dbt_version: version.dbt.clone(),
        disabled_nodes,
        disabled_exposures: exposures::disabled(disabled.exposures),
        withheld_names: Vec::new(),
    };
    let has_nodes = ids.iter().next().is_some();
    diagnostics.extend(gaps(file, &spans, has_nodes, &project));
    let document = Document {
        file_text: text,
        text,
        parsed,
        is_ascii: top.is_ascii,
        version,
        root_path,
        ids,
        spans,
    };
    Ok(Manifest { project, document })
}

fn spans<'a>(
    file: &str,
    parsed: &'a str,
    exposures: &'a RawValue,
    parent_map: Option<&'a RawValue>,
    child_map: Option<&'a RawValue>,
) -> Result<Spans<'a>, Failure> {
    let members = |raw: &'a RawValue, key: &str| {
        Members::read(parsed, raw.get()).map_err(|problem| problem.failure(file, parsed, key))
    };
    let (parent_map, child_map) = rayon::join(
        || parent_map.map(|raw| members(raw, "parent_map")).transpose(),
        || child_map.map(|raw| members(raw, "child_map")).transpose(),
    );
    Ok(Spans {
        exposures: members(exposures, "exposures")?,
        parent_map: parent_map?,
        child_map: child_map?,
    })
}

/// Reports what a user would expect in a manifest and this one lacks.
fn gaps(file: &str, spans: &Spans, has_nodes: bool, project: &Project) -> Vec<Diagnostic> {
    let mut gaps = Vec::new();
    let maps = [&spans.parent_map, &spans.child_map];
    let maps_gap = if maps.iter().any(|map| map.is_none()) {
        Some("parent_map or child_map is missing, so lineage graphs cannot show the exposures")
    } else if has_nodes && maps.into_iter().flatten().any(lists_no_node) {
        Some(
            "parent_map or child_map lists none of the nodes, so lineage graphs show the exposures and what they read alone",
        )
    } else {
        None
    };
    gaps.extend(maps_gap.map(|gap| Diagnostic::new(Code::ManifestMapsMissing, file, gap)));
    if project.nodes.iter().all(|node| node.relation.is_none()) {
        gaps.push(Diagnostic::new(
            Code::NoRelations,
            file,
            "it contains no model, seed, snapshot or source with a relation, so nothing can be linked",
        ));
    }
    gaps
}

/// Whether a map has no key but those of exposures.
fn lists_no_node(map: &Members) -> bool {
    map.iter().all(|member| member.key.starts_with("exposure."))
}

fn missing(file: &str, text: &str, key: &str) -> Failure {
    other_file(file, text).unwrap_or_else(|| {
        let message = format!("not a dbt manifest: `{key}` is missing");
        Failure::new(file, message).help(GIVE_A_MANIFEST)
    })
}
