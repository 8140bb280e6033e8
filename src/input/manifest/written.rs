//! Which invocation of dbt wrote a manifest, and when.

use serde::Deserialize;

use super::document::Document;

/// Which invocation of dbt wrote a manifest, and when, as far as it says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Written {
    /// dbt's id of the invocation, which the other artifacts of that invocation have as well.
    pub invocation_id: Option<String>,
    /// When it was written.
    pub generated_at: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Top {
    metadata: Written,
}

/// Which invocation wrote a manifest. It is a pass of its own, for the verbs that compare the manifest
/// with other artifacts.
pub fn written(document: &Document) -> Written {
    // Values of types that dbt does not write tell nothing.
    let top = serde_json::from_str::<Top>(document.parsed);
    top.unwrap_or_default().metadata
}
