//! Determines which dbt wrote a manifest.

use super::GIVE_A_MANIFEST;
use super::document::Version;
use super::wire::Metadata;
use crate::model::{Code, Diagnostic, Failure};

const OLDEST: u32 = 4;
const NEWEST: u32 = 12;
/// Some versions of Fusion gave their v12 manifests this number.
const ALSO_NEWEST: u32 = 20;

pub(super) fn version<'a>(
    file: &str,
    metadata: &Metadata<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Version<'a>, Failure> {
    let number = schema_version(file, metadata)?;
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

/// The version in a schema's URL, such as `https://schemas.getdbt.com/dbt/manifest/v12.json`.
fn schema_version(file: &str, metadata: &Metadata) -> Result<u32, Failure> {
    let address = metadata
        .dbt_schema_version
        .as_ref()
        .map(|text| text.0.as_ref())
        .filter(|address| !address.trim().is_empty())
        .ok_or_else(|| {
            let message = "the schema version is missing, as before dbt 0.19";
            too_old(file, message.to_owned())
        })?;
    let mut parts = address.rsplit('/');
    let version = parts.next().and_then(|name| {
        name.strip_prefix('v')?
            .strip_suffix(".json")?
            .parse::<u32>()
            .ok()
    });
    let artifact = parts.next().unwrap_or_default();
    let version = version.filter(|_| artifact == "manifest").ok_or_else(|| {
        let message = format!(
            "this dbt artifact is not a manifest: {}",
            address.escape_debug()
        );
        Failure::new(file, message).help(GIVE_A_MANIFEST)
    })?;
    if version < OLDEST {
        let message = format!("manifest schema v{version} is too old");
        return Err(too_old(file, message));
    }
    Ok(version)
}

fn too_old(file: &str, message: String) -> Failure {
    Failure::new(format!("{file}: metadata.dbt_schema_version"), message)
        .help("the oldest supported version is v4, of dbt 1.0; regenerate it with a newer dbt")
}
