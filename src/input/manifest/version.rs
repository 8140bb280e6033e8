//! Determines which dbt wrote a manifest.

use super::document::Version;
use super::mistaken::{OLDEST, number, too_old};
use super::wire::Metadata;
use crate::model::{Code, Diagnostic, Failure};

const NEWEST: u32 = 12;
/// Some versions of Fusion gave their v12 manifests this number.
const ALSO_NEWEST: u32 = 20;

/// The schemas that can be read, in words.
pub fn known_schemas() -> String {
    format!("schema v{OLDEST} to v{NEWEST} and v{ALSO_NEWEST}")
}

pub(super) fn version<'a>(
    file: &str,
    metadata: &Metadata<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Version<'a>, Failure> {
    let address = metadata.dbt_schema_version.as_ref();
    let address = address.map(|text| text.0.trim()).unwrap_or_default();
    if address.is_empty() {
        let message = "the schema version is missing, as in manifests before dbt 0.19";
        return Err(too_old(file, message.to_owned()));
    }
    let number = number(file, address)?;
    if number > NEWEST && number != ALSO_NEWEST {
        let message =
            format!("manifest schema v{number} is newer than v{NEWEST}; it is read as v{NEWEST}");
        diagnostics.push(
            Diagnostic::new(Code::ManifestNewerSchema, file, message).help("update autoexpose"),
        );
    }
    Ok(Version {
        schema: number.min(NEWEST),
        is_v20: number == ALSO_NEWEST,
        dbt: metadata.dbt_version.as_ref().map(|text| text.0.clone()),
        is_since_1_10: metadata.quoting.is_some() || metadata.invocation_started_at.is_some(),
    })
}
