//! Tells what a file is that is given in place of a manifest that can be read: by its first bytes,
//! the schema that it names, or its keys.

use std::borrow::Cow;

use serde::Deserialize;

use super::{GIVE_A_MANIFEST, wire};
use crate::model::Failure;

/// The oldest schema that can be read.
pub(super) const OLDEST: u32 = 4;
/// The dbt versions that wrote the schemas before [`OLDEST`], by the number of the schema.
const WRITERS: [Option<&str>; OLDEST as usize] = [None, Some("0.19"), Some("0.20"), Some("0.21")];

/// How files begin that are not text, and what they are.
const BEGINNINGS: &[(&[u8], &str)] = &[
    (b"\xff\xfe", "UTF-16 text: save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text: save it as UTF-8"),
    (b"PK\x03\x04", "a ZIP archive: unpack it"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd: decompress it"),
    (b"\xfd7zXZ\0", "compressed by xz: decompress it"),
    (b"BZh", "compressed by bzip2: decompress it"),
    (b"PAR1", "a Parquet file, not a dbt manifest"),
    // The protocols of Python's pickle since 2003.
    (b"\x80\x02", PICKLE),
    (b"\x80\x03", PICKLE),
    (b"\x80\x04", PICKLE),
    (b"\x80\x05", PICKLE),
    // MessagePack: a map of some size, then the first of its keys.
    (b"\x8f\xa5nodes", PARTIAL_PARSE),
    (b"\xde\0", PARTIAL_PARSE),
];
const PICKLE: &str = "a Python pickle, such as dbt's graph.gpickle, not a dbt manifest";
const PARTIAL_PARSE: &str =
    "a MessagePack file, such as dbt's partial_parse.msgpack, not a dbt manifest";

/// Files of dbt and of this program by two of their keys; the keys of `metadata` come before.
const KEYS: &[([&str; 2], &str)] = &[
    (
        ["semantic_models", "project_configuration"],
        "dbt's semantic_manifest.json",
    ),
    (["_invocation_id", "linked"], "dbt's graph_summary.json"),
    (["results", "elapsed_time"], "dbt's run_results.json"),
    (["schema_version", "unlinked"], "a report of autoexpose"),
];

/// The failure for bytes that are not UTF-8, if their beginning shows what they are.
pub(super) fn not_text(file: &str, bytes: &[u8]) -> Option<Failure> {
    let known = BEGINNINGS
        .iter()
        .find(|(start, _)| bytes.starts_with(start));
    known.map(|(_, what)| Failure::new(file, format!("this is {what}")).help(GIVE_A_MANIFEST))
}

/// The failure for another artifact, an old manifest, a Tableau export, …; `None` if the text does
/// not show that it is one.
pub(super) fn other_file(file: &str, text: &str) -> Option<Failure> {
    let head = serde_json::from_str::<Head>(text).ok();
    let metadata = head.and_then(|head| head.metadata);
    if let Some(address) = metadata.and_then(|metadata| metadata.dbt_schema_version) {
        return number(file, &address).err();
    }
    let keys = serde_json::from_str::<wire::Keys>(text).ok()?.0;
    let has = |key: &str| keys.iter().any(|k| k == key);
    if has("data") || has("errors") || has("autoexpose_export") || has("pageInfo") {
        let failure = Failure::new(file, "this is a Tableau export, not a dbt manifest");
        return Some(failure.help("are `--manifest` and `--tableau` swapped?"));
    }
    let (_, what) = KEYS
        .iter()
        .find(|(keys, _)| keys.iter().all(|key| has(key)))?;
    Some(not_a_manifest(file, what))
}

/// The failure for a file that is something else.
fn not_a_manifest(file: &str, what: &str) -> Failure {
    Failure::new(file, format!("this is {what}, not a dbt manifest")).help(GIVE_A_MANIFEST)
}

/// The version in the URL of a manifest's schema, such as
/// `https://schemas.getdbt.com/dbt/manifest/v12.json`.
///
/// # Errors
/// It is the schema of another artifact, or an older one than can be read.
pub(super) fn number(file: &str, address: &str) -> Result<u32, Failure> {
    let mut parts = address.rsplit('/');
    let version = parts.next().and_then(|name| {
        name.strip_prefix('v')?
            .strip_suffix(".json")?
            .parse::<u32>()
            .ok()
    });
    let artifact = parts.next().unwrap_or_default();
    let version = version
        .filter(|_| artifact == "manifest")
        .ok_or_else(|| not_a_manifest(file, &artifact_name(artifact, address)))?;
    if version < OLDEST {
        let by = WRITERS.get(version as usize).copied().flatten();
        let by = by.map(|dbt| format!(", of dbt {dbt},")).unwrap_or_default();
        return Err(too_old(
            file,
            format!("manifest schema v{version}{by} is too old"),
        ));
    }
    Ok(version)
}

/// The name of an artifact's file, by the part of its schema's URL that names it; both as in
/// `dbt-core`'s `artifacts/schemas`.
fn artifact_name(artifact: &str, address: &str) -> String {
    let name = match artifact {
        "catalog" => "catalog.json",
        "run-results" => "run_results.json",
        "sources" => "sources.json",
        "semantic-manifest" => "semantic_manifest.json",
        _ => return format!("an artifact of the schema {}", address.escape_debug()),
    };
    format!("dbt's {name}")
}

/// The failure for a manifest of a schema that is too old.
pub(super) fn too_old(file: &str, message: String) -> Failure {
    Failure::new(file, message).help(
        "the oldest schema that can be read is v4, of dbt 1.0: run `dbt parse` of dbt 1.0 or later, and give the manifest that it writes",
    )
}

/// As much of a document as tells which artifact of dbt it is.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    metadata: Option<HeadMetadata<'a>>,
}

#[derive(Deserialize)]
struct HeadMetadata<'a> {
    #[serde(borrow, default)]
    dbt_schema_version: Option<Cow<'a, str>>,
}
