//! The unified diff of two texts.
//!
//! Not by `TextDiff` of the same crate: it brings each of its algorithms once for every form of its
//! input, of which one is ever used here, and makes the program 0.8 MB larger.

use std::fmt::Write;

use similar::algorithms::{Capture, Compact, Replace, myers};
use similar::udiff::UnifiedHunkHeader;
use similar::{DiffOp, group_diff_ops};

/// How many equal lines are shown around a change.
const CONTEXT: usize = 3;

/// Renders the diff of two texts of whole lines, with the names of both; empty if they are equal.
pub(super) fn unified([old, new]: [&str; 2], [old_name, new_name]: [&str; 2]) -> String {
    let [old, new] = [old, new].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    let mut text = String::new();
    for hunk in group_diff_ops(changes(&old, &new), CONTEXT) {
        // Writing to a String does not fail.
        if text.is_empty() {
            let _ = writeln!(text, "--- {old_name}\n+++ {new_name}");
        }
        let _ = writeln!(text, "{}", UnifiedHunkHeader::new(&hunk));
        for change in hunk.iter().flat_map(|part| part.iter_changes(&old, &new)) {
            let _ = write!(text, "{}{}", change.tag(), change.value());
        }
    }
    text
}

/// The parts that are equal, removed, added and replaced.
fn changes<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<DiffOp> {
    let mut parts = Compact::new(Replace::new(Capture::new()), old, new);
    let Ok(()) = myers::diff(&mut parts, old, 0..old.len(), new, 0..new.len());
    parts.into_inner().into_inner().into_ops()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};
    use similar::TextDiff;

    use super::unified;

    proptest! {
        #[test]
        fn diffs_are_those_of_the_whole_crate(
            old in prop::collection::vec(0..6_u8, 0..150),
            changes in prop::collection::vec((any::<prop::sample::Index>(), 0..9_u8), 0..9),
        ) {
            let mut new = old.clone();
            for (place, line) in changes {
                // The least ones remove a line, and the others put one in.
                let place = place.index(new.len() + 1);
                if line < 3 && place < new.len() {
                    new.remove(place);
                } else {
                    new.insert(place, line);
                }
            }
            let [old, new] = [old, new].map(|lines| {
                let lines = lines.iter().map(|line| format!("line {line}\n"));
                lines.collect::<String>()
            });
            let whole = TextDiff::from_lines(&old, &new);
            let whole = whole.unified_diff().header("a/old", "b/new").to_string();
            assert_eq!(unified([&old, &new], ["a/old", "b/new"]), whole);
        }
    }
}
