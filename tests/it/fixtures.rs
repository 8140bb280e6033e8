//! Where the fixtures are, and how they are read.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::Value;

/// The repository's `fixtures` folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The bytes of a file below `fixtures`, which may be gzipped there: then its name has `.gz` at
/// the end, and the given path does not.
pub(crate) fn read(path: &str) -> Vec<u8> {
    let plain = root().join(path);
    if plain.exists() {
        return fs::read(plain).unwrap();
    }
    let zipped = fs::File::open(root().join(format!("{path}.gz")))
        .unwrap_or_else(|error| panic!("fixtures/{path}: {error}"));
    let mut bytes = Vec::new();
    GzDecoder::new(zipped).read_to_end(&mut bytes).unwrap();
    bytes
}

/// The bytes of the manifest in the folder `fixtures/dbt/<name>`, which real dbt wrote.
pub(crate) fn manifest(name: &str) -> Vec<u8> {
    read(&format!("dbt/{name}/manifest.json"))
}

/// The names of all manifests that real dbt wrote, sorted.
pub(crate) fn manifest_names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join("dbt"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| has_manifest(folder))
        .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn has_manifest(folder: &Path) -> bool {
    folder.join("manifest.json").exists() || folder.join("manifest.json.gz").exists()
}

/// The bytes of every file below a folder, by their paths from there.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

/// Our marker in an exposure of a manifest: in `config.meta`, or where exposures have no `config`
/// (before dbt 1.3), in `meta`.
pub(crate) fn marker(exposure: &Value) -> Option<&Value> {
    let holder = exposure.get("config").unwrap_or(exposure);
    holder.get("meta")?.get("autoexpose")
}
