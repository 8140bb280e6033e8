//! How modules name each other: one `use` names one module, by the shortest way.

use super::code::{NamedPath, Source};
use super::tree::Tree;

/// Checks every file of a crate.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    tree.sources().flat_map(check_source).collect()
}

fn check_source(source: &Source) -> Vec<String> {
    let groups = source
        .nested_groups
        .iter()
        .map(|line| source.complaint(*line, "one `use` for each module, without nested groups"));
    let climbs = source
        .paths
        .iter()
        .filter(|path| climbs_to_root(source, path))
        .map(|path| source.complaint(path.line, "`super` leaves the room: begin with `crate`"));
    let restricted = source.restricted.iter().map(|line| {
        source.complaint(
            *line,
            "`pub(crate)` or `pub(super)` in place of `pub(in …)`",
        )
    });
    let mut complaints = groups.chain(climbs).chain(restricted).collect::<Vec<_>>();
    complaints.dedup();
    complaints
}

/// Whether a path climbs by `super` to the root of the crate, from where it can reach any room.
fn climbs_to_root(source: &Source, path: &NamedPath) -> bool {
    let climbed = path.segments.iter().take_while(|name| *name == "super");
    let steps = climbed.count();
    steps > 0 && steps >= source.module.0.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::tree;

    #[test]
    fn nested_groups_are_found() {
        let complaints = check(&tree(&[(
            "src/a.rs",
            "use crate::{link::x, plan::y};\nuse std::{fs, io};\nuse std::fmt::{self, Display};\nuse crate::b::{C, d::E};\nuse crate::model::{self, casing};\n",
        )]));
        let what = "one `use` for each module, without nested groups";
        assert_eq!(
            complaints,
            [1, 2, 4].map(|line| format!("src/a.rs:{line}: {what}"))
        );
    }

    #[test]
    fn visibility_by_path_is_found() {
        let complaints = check(&tree(&[(
            "src/a.rs",
            "pub(crate) struct A {\n    pub(in crate::a) b: u8,\n    pub(super) c: u8,\n}",
        )]));
        assert_eq!(
            complaints,
            ["src/a.rs:2: `pub(crate)` or `pub(super)` in place of `pub(in …)`"]
        );
    }

    #[test]
    fn a_way_out_of_the_room_is_found() {
        let complaints = check(&tree(&[
            ("src/link/mod.rs", "use super::plan;"),
            (
                "src/link/rules.rs",
                "use super::nearest;\nfn f() { super::super::plan::f(); }",
            ),
        ]));
        let what = "`super` leaves the room: begin with `crate`";
        assert_eq!(
            complaints,
            [
                format!("src/link/mod.rs:1: {what}"),
                format!("src/link/rules.rs:2: {what}"),
            ]
        );
    }
}
