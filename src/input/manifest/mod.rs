//! dbt's `manifest.json`: relation facts of its nodes, its exposures, and the byte spans of
//! what an edit may touch.
//!
//! The document is parsed once, a large one on all cores, with borrowed views that skip what is not
//! needed, and is neither owned nor rebuilt: everything outside `exposures`, `parent_map` and
//! `child_map` stays as it is.

mod mask;
mod members;
mod nodes;
mod parts;
mod wire;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use foldhash::HashSet;
use md5::{Digest, Md5};
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

pub use self::members::{Member, Members};
use self::wire::{Metadata, Top};
use super::json;
use crate::model::{Adapter, Code, Diagnostic, Failure, Node};

const MAKE_AGAIN: &str = "let dbt write it again, with `dbt parse`";
const OLDEST: u32 = 4;
const NEWEST: u32 = 12;
/// Fusion wrote its v12 manifests under this number for a while.
const ALSO_NEWEST: u32 = 20;

/// A manifest as far as it matters here.
pub struct Manifest<'a> {
    /// The whole text, as it stands in the file.
    pub text: &'a str,
    /// Whether no letter of it is beyond ASCII.
    pub is_ascii: bool,
    /// The schema version, from 4 to 12; newer ones read as 12.
    pub schema: u32,
    /// Whether that stands there as 20, as only Fusion wrote it.
    pub is_v20: bool,
    /// The version of dbt that wrote it, if it says so.
    pub dbt_version: Option<Cow<'a, str>>,
    /// Whether its metadata has what dbt writes from 1.10 on, whatever its version says.
    pub is_since_1_10: bool,
    /// The adapter, as in `snowflake`; empty if it does not say so.
    pub adapter: Cow<'a, str>,
    /// The package of the project itself.
    pub root_package: String,
    /// The project's folder, which manifests before v8 repeat in each node.
    pub root_path: Option<Cow<'a, str>>,
    /// Models, seeds, snapshots and sources.
    pub nodes: Vec<Node<'a>>,
    /// The ids of all nodes and sources, in stretches.
    pub ids: Vec<Vec<Cow<'a, str>>>,
    /// The same to look them up, which is seldom done.
    set: OnceLock<HashSet<String>>,
    /// The exposures that stand in the file.
    pub exposures: Vec<Existing>,
    /// Exposures that someone switched off.
    pub disabled_exposures: Vec<Existing>,
    /// Where `exposures`, `parent_map` and `child_map` stand.
    pub spans: Spans<'a>,
}

/// Where the three maps stand that an edit may touch.
pub struct Spans<'a> {
    /// The exposures by id.
    pub exposures: Members<'a>,
    /// The parents of each node, unless the manifest has no such map.
    pub parent_map: Option<Members<'a>>,
    /// The children of each node, unless the manifest has no such map.
    pub child_map: Option<Members<'a>>,
}

/// An exposure that stands in the manifest.
#[derive(Debug, Clone, PartialEq)]
pub struct Existing {
    /// Its key.
    pub unique_id: String,
    /// The whole node.
    pub value: Value,
}

impl Manifest<'_> {
    /// Whether there is a node or a source with this id.
    pub fn has_id(&self, id: &str) -> bool {
        let set = || self.ids.iter().flatten().map(|id| id.to_string()).collect();
        self.set.get_or_init(set).contains(id)
    }
}

/// Reads a manifest. `masked` keeps a repaired copy of a text that is not quite JSON.
///
/// # Errors
/// Text that is not JSON, is another file than a manifest, has an unknown old schema, or names
/// a key twice where that would make an edit ambiguous.
pub fn read<'a>(
    file: &str,
    text: &'a str,
    masked: &'a OnceLock<String>,
) -> Result<(Manifest<'a>, Vec<Diagnostic>), Failure> {
    if let Some(reason) = json::not_json(text) {
        return Err(Failure::new(file, reason.to_string())
            .help("give dbt's target/manifest.json with `--manifest`"));
    }
    let mut diagnostics = Vec::new();
    let top = match parse(text) {
        Err(error) if error.classify() == Category::Syntax => {
            let Some(repaired) = mask::non_finite_numbers(text) else {
                return Err(json::failure(file, 0, &error, MAKE_AGAIN));
            };
            let repaired = masked.get_or_init(|| repaired);
            diagnostics.push(Diagnostic::note(
                Code::ManifestNotJson,
                file,
                "it holds NaN or Infinity, which dbt 2.0 and other strict readers refuse; these bytes stay as they are",
            ));
            parse(repaired)
        }
        other => other,
    };
    let top = top.map_err(|error| {
        other_file(file, text).unwrap_or_else(|| json::failure(file, 0, &error, MAKE_AGAIN))
    })?;
    let manifest = manifest(file, text, top, &mut diagnostics)?;
    Ok((manifest, diagnostics))
}

fn parse(text: &str) -> serde_json::Result<Top<'_>> {
    parts::read(text, parts::STEP).map_or_else(|| parse_in_one(text), Ok)
}

fn parse_in_one(text: &str) -> serde_json::Result<Top<'_>> {
    let top = serde_json::from_str::<Top<'_>>(text)?;
    Ok(Top {
        base: text.as_ptr() as usize,
        is_ascii: text.is_ascii(),
        ..top
    })
}

fn manifest<'a>(
    file: &str,
    text: &'a str,
    top: Top<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Manifest<'a>, Failure> {
    let missing = |key: &str| {
        let failure = Failure::new(file, format!("this is no dbt manifest: it has no `{key}`"));
        other_file(file, text)
            .unwrap_or_else(|| failure.help("give dbt's target/manifest.json with `--manifest`"))
    };
    let metadata = top.metadata.ok_or_else(|| missing("metadata"))?;
    let number = schema_version(file, &metadata, diagnostics)?;
    let schema = number.min(NEWEST);
    let wire::Nodes { nodes, mut ids } = top.nodes.ok_or_else(|| missing("nodes"))?;
    let wire::Nodes {
        nodes: sources,
        ids: source_ids,
    } = top.sources.unwrap_or_default();
    ids.extend(source_ids);
    let exposures = top.exposures.ok_or_else(|| missing("exposures"))?;
    let base = top.base;
    let span = |raw: &'a RawValue, key: &str| {
        Members::read(base, raw.get()).map_err(|problem| problem.failure(file, text, key))
    };
    let (parent_map, child_map) = rayon::join(
        || {
            top.parent_map
                .map(|raw| span(raw, "parent_map"))
                .transpose()
        },
        || top.child_map.map(|raw| span(raw, "child_map")).transpose(),
    );
    let spans = Spans {
        exposures: span(exposures, "exposures")?,
        parent_map: parent_map?,
        child_map: child_map?,
    };
    if spans.parent_map.is_none() || spans.child_map.is_none() {
        diagnostics.push(Diagnostic::warning(
            Code::ManifestMapsMissing,
            file,
            "it has no parent_map or no child_map, so lineage graphs cannot show the exposures",
        ));
    }
    let exposures = existing(file, text, base, exposures.get(), &spans.exposures)?;
    let ids_of_all = ids.iter().flatten().map(Cow::as_ref);
    let members = ids_of_all.chain(exposures.iter().map(|e| e.unique_id.as_str()));
    let root_package = root_package(file, &metadata, members, top.macros)?;
    let root_path = root_path(
        &root_package,
        nodes.iter().chain(&sources).flatten(),
        &exposures,
    );
    let adapter = metadata.adapter_type.map(|text| text.0).unwrap_or_default();
    let nodes = nodes::relations(
        nodes,
        sources,
        Adapter::from_name(&adapter),
        schema,
        metadata.quoting.as_ref(),
    );
    if !nodes.iter().any(|node| node.relation.is_some()) {
        diagnostics.push(Diagnostic::warning(
            Code::NoRelations,
            file,
            "it has no model, seed, snapshot or source with a relation, so nothing can be linked",
        ));
    }
    let disabled = top.disabled.unwrap_or_default().0;
    let existing_of = |(unique_id, value)| Existing { unique_id, value };
    Ok(Manifest {
        text,
        is_ascii: top.is_ascii,
        schema,
        is_v20: number == ALSO_NEWEST,
        is_since_1_10: metadata.quoting.is_some() || metadata.invocation_started_at.is_some(),
        dbt_version: metadata.dbt_version.map(|text| text.0),
        adapter,
        root_package,
        root_path,
        nodes,
        ids,
        set: OnceLock::new(),
        exposures,
        disabled_exposures: disabled.into_iter().map(existing_of).collect(),
        spans,
    })
}

/// The number in a schema's address, as in `https://schemas.getdbt.com/dbt/manifest/v12.json`.
fn schema_version(
    file: &str,
    metadata: &Metadata,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<u32, Failure> {
    let old = |message: String| {
        Failure::new(format!("{file}: metadata.dbt_schema_version"), message)
            .help("manifests are read from dbt 1.0 (v4) on; let a newer dbt write it")
    };
    let address = metadata
        .dbt_schema_version
        .as_ref()
        .map(|text| text.0.as_ref());
    let address = address.filter(|address| !address.trim().is_empty());
    let address = address.ok_or_else(|| {
        old("the manifest names no schema version, as before dbt 0.19".to_owned())
    })?;
    let mut parts = address.rsplit('/');
    let version = parts.next().and_then(|name| {
        name.strip_prefix('v')?
            .strip_suffix(".json")?
            .parse::<u32>()
            .ok()
    });
    let artifact = parts.next().unwrap_or_default();
    let Some(version) = version.filter(|_| artifact == "manifest") else {
        let failure = Failure::new(
            file,
            format!(
                "this is no manifest but a dbt artifact of another kind: {}",
                address.escape_debug()
            ),
        );
        return Err(failure.help("give dbt's target/manifest.json with `--manifest`"));
    };
    match version {
        ..OLDEST => Err(old(format!("manifest schema v{version} is too old"))),
        OLDEST..=NEWEST | ALSO_NEWEST => Ok(version),
        _ => {
            let message = format!(
                "manifest schema v{version} is newer than v{NEWEST}; it is read as v{NEWEST}"
            );
            diagnostics.push(
                Diagnostic::warning(Code::ManifestNewerSchema, file, message)
                    .help("look for a newer autoexpose"),
            );
            Ok(version)
        }
    }
}

/// `metadata.project_name`; before dbt 1.6 the package whose md5 is `project_id`. The project
/// itself may have nothing but a source, an exposure or a macro, and all its models in packages.
fn root_package<'i>(
    file: &str,
    metadata: &Metadata,
    members: impl Iterator<Item = &'i str>,
    macros: Option<&RawValue>,
) -> Result<String, Failure> {
    if let Some(name) = &metadata.project_name {
        return Ok(name.0.clone().into_owned());
    }
    let packages = members.filter_map(package_of).collect::<BTreeSet<_>>();
    let found = match &metadata.project_id {
        Some(id) => {
            let is_root = |package: &&str| id.0 == md5_hex(package);
            let of_macro = || {
                let wire::Keys(ids) = serde_json::from_str(macros?.get()).ok()?;
                ids.iter()
                    .filter_map(|id| package_of(id))
                    .find(is_root)
                    .map(str::to_owned)
            };
            packages
                .iter()
                .copied()
                .find(is_root)
                .map(str::to_owned)
                .or_else(of_macro)
        }
        None => packages
            .first()
            .filter(|_| packages.len() == 1)
            .map(|&only| only.to_owned()),
    };
    found.ok_or_else(|| {
        Failure::new(
            format!("{file}: metadata.project_id"),
            "no package of the manifest is the root project",
        )
        .help("let dbt 1.6 or later write it, which names the project")
    })
}

/// The package in dbt's id of anything, which is `<kind>.<package>.<name>`.
fn package_of(id: &str) -> Option<&str> {
    id.split('.').nth(1).filter(|package| !package.is_empty())
}

/// The folder of the root project, as any of its members tells it.
fn root_path<'a, 'n>(
    root_package: &str,
    mut nodes: impl Iterator<Item = &'n wire::Node<'a>>,
    exposures: &[Existing],
) -> Option<Cow<'a, str>>
where
    'a: 'n,
{
    let is_of_root = |id: &str| package_of(id) == Some(root_package);
    let of_exposure = || {
        let mut of_root = exposures
            .iter()
            .filter(|exposure| is_of_root(&exposure.unique_id));
        of_root.find_map(|exposure| Some(exposure.value.get("root_path")?.as_str()?.to_owned()))
    };
    let of_node = |node: &wire::Node<'a>| node.root_path().filter(|_| is_of_root(&node.unique_id));
    nodes
        .find_map(of_node)
        .or_else(|| of_exposure().map(Cow::Owned))
}

fn md5_hex(text: &str) -> String {
    Md5::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The exposures of the file. Their syntax is known to be right; what can still fail is nesting.
fn existing(
    file: &str,
    text: &str,
    base: usize,
    raw: &str,
    members: &Members,
) -> Result<Vec<Existing>, Failure> {
    let start = raw.as_ptr() as usize - base;
    members
        .iter()
        .map(|member| {
            let value = &raw[member.value.start - start..member.value.end - start];
            let at = |message: String| {
                let (line, column) = json::position(&text.as_bytes()[..member.value.start]);
                Failure::new(
                    format!("{file}:{line}:{column}"),
                    format!("exposures.{}: {message}", member.key.escape_debug()),
                )
                .help(MAKE_AGAIN)
            };
            let mut value = value.as_bytes().to_vec();
            json::replace_lone_surrogates(&mut value);
            let value = serde_json::from_slice::<Value>(&value)
                .map_err(|error| at(json::message(&error)))?;
            if !value.is_object() {
                return Err(at("an exposure must be an object".to_owned()));
            }
            Ok(Existing {
                unique_id: member.key.to_owned(),
                value,
            })
        })
        .collect()
}

/// What a file is that is JSON and no manifest, if its keys tell.
fn other_file(file: &str, text: &str) -> Option<Failure> {
    let keys = serde_json::from_str::<wire::Keys>(text).ok()?.0;
    let has = |key: &str| keys.iter().any(|k| k == key);
    let is_export = has("data") || has("errors") || has("autoexpose_export") || has("pageInfo");
    is_export.then(|| {
        Failure::new(file, "this is a Tableau export and no dbt manifest")
            .help("are `--manifest` and `--tableau` swapped?")
    })
}
