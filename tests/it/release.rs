//! What a release packs is what installers look for.

use std::fs;
use std::path::Path;

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The value of the first line `<key><value>"`.
fn value<'t>(text: &'t str, key: &str) -> &'t str {
    let (_, rest) = text.split_once(key).unwrap();
    rest.split_once('"').unwrap().0
}

#[test]
fn binstall_finds_what_the_workflow_packs() {
    let (cargo, workflow) = (file("Cargo.toml"), file(".github/workflows/release.yml"));
    // The tag is `v` and the version, which the workflow itself checks.
    let packed = value(&workflow, "\n          name=\"")
        .replace("$TAG", "v{ version }")
        .replace("$TARGET", "{ target }");
    assert!(workflow.contains("tar -czf \"$name.tar.gz\" \"$name\""));
    assert_eq!(
        value(&cargo, "\npkg-url = \""),
        format!("{{ repo }}/releases/download/v{{ version }}/{packed}.tar.gz")
    );
    assert_eq!(
        value(&cargo, "\nbin-dir = \""),
        format!("{packed}/{{ bin }}{{ binary-ext }}")
    );
    assert_eq!(value(&cargo, "\npkg-fmt = \""), "tgz");
}
