//! Tells what a file is that is given by mistake in place of an artifact of dbt: by its first bytes,
//! the schema that it names, or its keys.

use std::borrow::Cow;

use serde::Deserialize;

use super::json::Keys;
use crate::model::Failure;

/// What a reader wants to be given.
pub(super) struct Wanted {
    /// What it is, with its article: "a dbt manifest".
    pub(super) what: &'static str,
    /// What to do about another file.
    pub(super) help: &'static str,
}

/// How files begin that are not text, what they are, and what to do if that makes text of them.
const BEGINNINGS: &[(&[u8], &str, Option<&str>)] = &[
    (b"\xff\xfe", "UTF-16 text", Some("save it as UTF-8")),
    (b"\xfe\xff", "UTF-16 text", Some("save it as UTF-8")),
    (b"PK\x03\x04", "a ZIP archive", Some("unpack it")),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", Some(DECOMPRESS)),
    (b"\xfd7zXZ\0", "compressed by xz", Some(DECOMPRESS)),
    (b"BZh", "compressed by bzip2", Some(DECOMPRESS)),
    (b"PAR1", "a Parquet file", None),
    // The protocols of Python's pickle since 2003.
    (b"\x80\x02", PICKLE, None),
    (b"\x80\x03", PICKLE, None),
    (b"\x80\x04", PICKLE, None),
    (b"\x80\x05", PICKLE, None),
    // MessagePack: a map of some size, then the first of its keys.
    (b"\x8f\xa5nodes", PARTIAL_PARSE, None),
    (b"\xde\0", PARTIAL_PARSE, None),
];
const DECOMPRESS: &str = "decompress it";
const PICKLE: &str = "a Python pickle, such as dbt's graph.gpickle";
const PARTIAL_PARSE: &str = "a MessagePack file, such as dbt's partial_parse.msgpack";

/// Files of dbt and of this program by two of their keys.
const KEYS: &[([&str; 2], &str)] = &[
    (
        ["semantic_models", "project_configuration"],
        "dbt's semantic_manifest.json",
    ),
    (["_invocation_id", "linked"], "dbt's graph_summary.json"),
    (["results", "elapsed_time"], "dbt's run_results.json"),
    (["schema_version", "unlinked"], "a report of autoexpose"),
];
/// What an export of Tableau is called.
pub(super) const TABLEAU_EXPORT: &str = "a Tableau export";

impl Wanted {
    /// The failure for a file that is something else.
    pub(super) fn instead(&self, file: &str, what: &str) -> Failure {
        let message = format!("this is {what}, not {}", self.what);
        Failure::new(file, message).help(self.help)
    }

    /// The failure for bytes that are not UTF-8, if their beginning shows what they are.
    pub(super) fn not_text(&self, file: &str, bytes: &[u8]) -> Option<Failure> {
        let (_, what, cure) = BEGINNINGS
            .iter()
            .find(|(start, ..)| bytes.starts_with(start))?;
        Some(match cure {
            None => self.instead(file, what),
            Some(cure) => Failure::new(file, format!("this is {what}: {cure}")).help(self.help),
        })
    }
}

/// What a file is by the keys of its text.
pub(super) fn by_keys(text: &str) -> Option<&'static str> {
    let Keys(keys) = serde_json::from_str(text).ok()?;
    let has = |key: &str| keys.iter().any(|k| k == key);
    if has("data") || has("errors") || has("autoexpose_export") || has("pageInfo") {
        return Some(TABLEAU_EXPORT);
    }
    let known = KEYS
        .iter()
        .find(|(keys, _)| keys.iter().all(|key| has(key)));
    known.map(|(_, what)| *what)
}

/// The URL of the schema that an artifact of dbt names.
pub(super) fn schema(text: &str) -> Option<Cow<'_, str>> {
    let head = serde_json::from_str::<Head>(text).ok()?;
    head.metadata?.dbt_schema_version
}

/// The artifact and the version in the URL of a schema, such as
/// `https://schemas.getdbt.com/dbt/manifest/v12.json`; the version is `None` if it is not a number.
pub(super) fn parts(address: &str) -> (&str, Option<u32>) {
    let mut parts = address.rsplit('/');
    let version = parts.next().and_then(|name| {
        let name = name.strip_prefix('v')?.strip_suffix(".json")?;
        name.parse().ok()
    });
    (parts.next().unwrap_or_default(), version)
}

/// The name of an artifact's file, by the URL of its schema; both as in `dbt-core`'s
/// `artifacts/schemas`.
pub(super) fn artifact_name(address: &str) -> String {
    let name = match parts(address) {
        ("manifest", Some(_)) => "manifest.json",
        ("catalog", _) => "catalog.json",
        ("run-results", _) => "run_results.json",
        ("sources", _) => "sources.json",
        ("semantic-manifest", _) => "semantic_manifest.json",
        _ => return format!("an artifact of the schema {}", address.escape_debug()),
    };
    format!("dbt's {name}")
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
