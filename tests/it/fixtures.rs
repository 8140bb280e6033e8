//! Where the fixtures are, and the manifests that real dbt made.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

/// The repository's `fixtures` folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The bytes of `fixtures/dbt/<name>/manifest.json`, which may be gzipped.
pub(crate) fn manifest(name: &str) -> Vec<u8> {
    let plain = root().join("dbt").join(name).join("manifest.json");
    if plain.exists() {
        return fs::read(plain).unwrap();
    }
    let zipped = fs::File::open(plain.with_extension("json.gz"))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut bytes = Vec::new();
    GzDecoder::new(zipped).read_to_end(&mut bytes).unwrap();
    bytes
}

/// The names of all such manifests, sorted.
#[allow(dead_code, reason = "laws and accuracy ask for all of them")]
pub(crate) fn manifest_names() -> Vec<String> {
    let entries = fs::read_dir(root().join("dbt")).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path()).filter(|path| {
        path.join("manifest.json").exists() || path.join("manifest.json.gz").exists()
    });
    let mut names: Vec<String> = folders
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
