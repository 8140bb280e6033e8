//! Tells why a file that is given as a manifest cannot be read as one.

use super::GIVE_A_MANIFEST;
use crate::input::mistaken::{self, TABLEAU_EXPORT, Wanted};
use crate::model::Failure;

/// The oldest schema that can be read.
pub(super) const OLDEST: u32 = 4;
/// The dbt versions that wrote the schemas before [`OLDEST`], by the number of the schema.
const WRITERS: [Option<&str>; OLDEST as usize] = [None, Some("0.19"), Some("0.20"), Some("0.21")];

const WANTED: Wanted = Wanted {
    what: "a dbt manifest",
    help: GIVE_A_MANIFEST,
};

/// The failure for bytes that are not UTF-8, if their beginning shows what they are.
pub(super) fn not_text(file: &str, bytes: &[u8]) -> Option<Failure> {
    WANTED.not_text(file, bytes)
}

/// The failure for another artifact, an old manifest, a Tableau export, …; `None` if the text does
/// not show that it is one.
pub(super) fn other_file(file: &str, text: &str) -> Option<Failure> {
    if let Some(address) = mistaken::schema(text) {
        return number(file, &address).err();
    }
    let what = mistaken::by_keys(text)?;
    let failure = WANTED.instead(file, what);
    Some(match what {
        TABLEAU_EXPORT => failure.help("are `--manifest` and `--tableau` swapped?"),
        _ => failure,
    })
}

/// The version in the URL of a manifest's schema, such as
/// `https://schemas.getdbt.com/dbt/manifest/v12.json`.
///
/// # Errors
/// It is the schema of another artifact, or an older one than can be read.
pub(super) fn number(file: &str, address: &str) -> Result<u32, Failure> {
    let version = match mistaken::parts(address) {
        ("manifest", Some(version)) => version,
        _ => return Err(WANTED.instead(file, &mistaken::artifact_name(address))),
    };
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

/// The failure for a manifest of a schema that is too old.
pub(super) fn too_old(file: &str, message: String) -> Failure {
    Failure::new(file, message).help(
        "the oldest schema that can be read is v4, of dbt 1.0: run `dbt parse` of dbt 1.0 or later, and give the manifest that it writes",
    )
}
