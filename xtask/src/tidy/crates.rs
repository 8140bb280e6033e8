//! Which room of `src` may use which crate, so that a heavy crate stays in one room.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::Tree;

/// Every dependency, as code writes its name, and the modules that may use it, those inside them
/// included. A row names no module that does not use the crate.
const CRATES: &[(&str, &[&str])] = &[
    ("aho_corasick", &["settings::pattern_list"]),
    ("anstream", &["cli::args::report"]),
    (
        "anstyle",
        &[
            "cli::print",
            "output::access::text",
            "output::check::text",
            "output::codes::text",
            "output::doctor::text",
            "output::hidden::text",
            "output::impact::text",
            "output::refresh::text",
            "output::text",
        ],
    ),
    ("base64", &["remote::jwt"]),
    ("bumpalo", &["input::tableau::arena"]),
    ("bytes", &["edit::docs_index"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli::man"]),
    ("deunicode", &["plan::naming"]),
    ("encoding_rs", &["io::plain"]),
    ("encoding_rs_io", &["io::plain"]),
    ("flate2", &["io::content", "io::plain", "io::write::chunks"]),
    ("foldhash", &["edit", "input", "link", "plan", "sql"]),
    ("globset", &["io::export", "settings::pattern"]),
    ("granit_parser", &["setup::outline"]),
    ("hmac", &["remote::jwt"]),
    ("indexmap", &["input"]),
    ("indicatif", &["io::progress"]),
    (
        "jiff",
        &[
            "cli::audience_settings",
            "cli::fetch",
            "doctor::export",
            "cli::refresh",
            "input::artifacts",
            "input::refresh_state",
            "input::tableau",
            "model::artifacts",
            "model::refresh",
            "output::differences",
            "output::impact",
            "output::refresh",
            "remote::moment",
            "remote::refresh",
            "remote::retry",
            "schedule",
        ],
    ),
    ("libc", &["io::write::unix"]),
    ("md5", &["input::manifest"]),
    (
        "memchr",
        &[
            "input::json",
            "input::manifest::chunks",
            "input::static_docs",
            "input::tableau::chunks",
        ],
    ),
    ("memmap2", &["io::content"]),
    ("parquet", &["edit::docs_index"]),
    (
        "percent_encoding",
        &[
            "input::tableau::access",
            "output::annotations",
            "plan::address",
        ],
    ),
    ("quick_junit", &["output::annotations"]),
    (
        "rayon",
        &[
            "cli",
            "edit",
            "impact",
            "input",
            "io::content::unix",
            "link",
            "report",
            "pipeline",
            "plan",
            "settings::selection",
            "sql",
        ],
    ),
    ("regex", &["settings::whole_regex"]),
    ("regex_syntax", &["settings::whole_regex"]),
    ("rpassword", &["cli::fetch"]),
    ("rustls_native_certs", &["io::http"]),
    (
        "schemars",
        &[
            "input::config",
            "output::access::json",
            "output::check::json",
            "output::doctor::json",
            "output::hidden::json",
            "output::json",
            "output::refresh::json",
        ],
    ),
    ("secrecy", &["cli::fetch", "io::http", "remote"]),
    (
        "serde",
        &[
            "edit",
            "input",
            "output::access::json",
            "output::annotations",
            "output::check::json",
            "output::doctor::json",
            "output::hidden::json",
            "output::json",
            "output::refresh::json",
            "output::yaml",
            "remote",
        ],
    ),
    (
        "serde_json",
        &[
            "edit",
            "input",
            "output::access::json",
            "output::annotations",
            "output::check::json",
            "output::doctor::json",
            "output::hidden::json",
            "output::json",
            "output::refresh::json",
            "output::yaml",
            "remote",
        ],
    ),
    (
        "serde_saphyr",
        &[
            "edit::yaml",
            "input::config",
            "input::dbt_project",
            "input::property_file",
            "input::yaml",
            "output::yaml",
        ],
    ),
    (
        "sha2",
        &[
            "check::finding",
            "edit::yaml",
            "input::manifest",
            "plan::naming",
            "remote::jwt",
        ],
    ),
    ("signal_hook", &["io::write::unix"]),
    ("similar", &["output::hunks"]),
    ("strsim", &["codes::finding", "input::config"]),
    ("tempfile", &["io::write"]),
    ("thread_local", &["input::tableau::arena"]),
    ("unicode_normalization", &["link::alike"]),
    ("unicode_width", &["output::columns"]),
    ("xattr", &["io::write::unix"]),
    ("ureq", &["io::http"]),
    (
        "url",
        &[
            "model::server",
            "plan::address",
            "plan::build",
            "remote::address",
        ],
    ),
];

/// Checks that the table, `Cargo.toml` and the code agree.
pub(super) fn check(tree: &Tree, manifest: &str) -> Vec<String> {
    compare(tree, &dependencies(manifest), CRATES)
}

fn compare(tree: &Tree, dependencies: &BTreeSet<String>, table: &[(&str, &[&str])]) -> Vec<String> {
    let table = table
        .iter()
        .flat_map(|(name, rooms)| rooms.iter().map(|room| (*name, *room)))
        .collect::<BTreeSet<_>>();
    let mut needed = BTreeSet::new();
    let mut complaints = BTreeMap::new();
    for source in tree.sources() {
        for (path, full) in tree.outside(source) {
            let Some(name) = dependencies.get(&full[0]) else {
                continue;
            };
            let row = table
                .iter()
                .find(|(known, room)| known == name && source.module.is_in(room));
            if let Some(row) = row {
                needed.insert(*row);
                continue;
            }
            // One complaint for each module and crate.
            complaints.entry((&source.module, name)).or_insert_with(|| {
                let what = format!("`{}` may not use the crate `{name}`", source.module);
                source.complaint(path.line, what)
            });
        }
    }
    let idle = table
        .difference(&needed)
        .map(|(name, room)| format!("`{room}` does not use the crate `{name}`: correct the table"));
    complaints.into_values().chain(idle).collect()
}

/// The names of `[dependencies]` and of those of single systems, as code writes them.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut is_inside = false;
    manifest
        .lines()
        .filter(|line| {
            if line.starts_with('[') {
                is_inside = *line == "[dependencies]"
                    || line.starts_with("[target.") && line.ends_with(".dependencies]");
                return false;
            }
            is_inside && !line.starts_with('#')
        })
        .filter_map(|line| Some(line.split_once(" = ")?.0))
        .map(|name| match name {
            // Its library has another name than its package.
            "md-5" => "md5".to_owned(),
            name => name.replace('-', "_"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::tree;

    #[test]
    fn crates_stay_in_their_rooms() {
        let manifest = "[package]\nname = \"x\"\n\n[dependencies]\n# JSON.\nserde_json = \"1\"\nmd-5 = { version = \"1\" }\n\n[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n\n[lints]\nworkspace = true\n";
        let dependencies = dependencies(manifest);
        assert_eq!(
            dependencies.iter().collect::<Vec<_>>(),
            ["libc", "md5", "serde_json"]
        );
        let tree = tree(&[
            (
                "src/input/mod.rs",
                "use serde_json as json;\nfn f() { json::from_str() }",
            ),
            (
                "src/link.rs",
                "use std::fmt;\nfn f() { vec![serde_json::json!({})]; serde_json::x() }\n#[cfg(test)]\nmod tests { use md5::Md5; }",
            ),
        ]);
        let table: &[(&str, &[&str])] = &[("serde_json", &["input"]), ("md5", &["input"])];
        assert_eq!(
            compare(&tree, &dependencies, table),
            [
                "src/link.rs:2: `link` may not use the crate `serde_json`",
                "`input` does not use the crate `md5`: correct the table",
            ]
        );
    }
}
