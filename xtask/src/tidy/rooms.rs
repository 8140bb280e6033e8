//! Which room of `src` may use which other one.

use std::collections::BTreeSet;

use super::code::Source;
use super::tree::Tree;

/// What each room may use beside itself: rooms, or single modules of a room. `cli` and `pipeline`
/// bring all together, and no room uses them.
const ROOMS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("settings", &["model"]),
    ("input", &["model", "settings"]),
    ("sql", &["model"]),
    ("link", &["model", "settings"]),
    ("plan", &["link", "model", "settings"]),
    // What is withheld is named as exposures are, and found by the urls that they may have.
    ("withhold", &["model", "plan::address", "plan::naming"]),
    ("verdict", &["link", "model", "settings"]),
    ("report", &["link", "model", "plan", "settings", "verdict"]),
    // What reports say of workbooks and tables, the answers of gates say as well.
    (
        "check",
        &["link", "model", "plan", "report", "settings", "usage"],
    ),
    ("codes", &["link", "model", "plan", "settings", "verdict"]),
    (
        "doctor",
        &["link", "model", "remote", "settings", "verdict"],
    ),
    ("schedule", &["link", "model", "settings"]),
    ("audience", &["model"]),
    ("usage", &["link", "model"]),
    ("impact", &["link", "model", "settings", "sql"]),
    (
        "edit",
        &[
            "input::manifest",
            "input::property_file",
            "input::remembered",
            "model",
            "settings",
        ],
    ),
    ("setup", &["input::config", "input::dbt_project", "model"]),
    (
        "explain",
        &["link", "model", "plan", "settings", "usage", "verdict"],
    ),
    (
        "output",
        &[
            "audience", "check", "codes", "doctor", "explain", "impact", "link", "model", "plan",
            "report", "schedule", "settings", "setup", "usage", "verdict",
        ],
    ),
    // Which projects are asked for is written like which workbooks are exposed.
    ("remote", &["input::tableau", "model", "settings::pattern"]),
    // The patterns of `--tableau` are compiled as those of the settings are.
    ("io", &["model", "remote", "settings::pattern"]),
];
/// Modules that bring rooms together.
const ABOVE: [&str; 4] = ["", "cli", "main", "pipeline"];

/// Checks every file of the program.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    tree.sources()
        .filter(|source| !ABOVE.contains(&source.module.room()))
        .flat_map(|source| check_source(tree, source))
        .collect()
}

fn check_source(tree: &Tree, source: &Source) -> Vec<String> {
    let room = source.module.room();
    let Some((_, may_use)) = ROOMS.iter().find(|(known, _)| *known == room) else {
        return vec![source.complaint(1, format!("`{room}` is missing in the table of rooms"))];
    };
    let wrong = tree
        .uses(source)
        .filter(|(_, used)| used.room() != room)
        .filter(|(_, used)| !may_use.iter().any(|allowed| used.is_in(allowed)))
        .map(|(path, used)| source.complaint(path.line, format!("`{room}` may not use `{used}`")))
        .collect::<BTreeSet<_>>();
    wrong.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::tree;

    #[test]
    fn arrows_between_rooms_are_checked() {
        let complaints = check(&tree(&[
            ("src/lib.rs", "pub mod cli;"),
            ("src/attic.rs", ""),
            ("src/cli/mod.rs", "use crate::plan::y;"),
            ("src/link/mod.rs", "use crate::model::Node;"),
            ("src/model/mod.rs", "pub use self::node::Node;"),
            ("src/model/node.rs", "fn f() { crate::link::link() }"),
            (
                "src/plan/mod.rs",
                "use crate::link as l;\nfn f() { vec![crate::cli::x()] }",
            ),
        ]));
        assert_eq!(
            complaints,
            [
                "src/attic.rs:1: `attic` is missing in the table of rooms",
                "src/model/node.rs:1: `model` may not use `link`",
                "src/plan/mod.rs:2: `plan` may not use `cli`",
            ]
        );
    }
}
