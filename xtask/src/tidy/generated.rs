//! The blocks of the documentation that come from the program itself.
//!
//! A block stands between `<!-- NAME -->` and `<!-- /NAME -->`, each on a line of its own, in one page
//! or in several.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::pages::Page;
use crate::failure::{Result, Trying};

/// A block: its name, and what stands between its marks.
pub(super) type Block = (String, String);

/// Compares the blocks of all pages with the program; with `fix`, writes them anew.
pub(super) fn check(
    root: &Path,
    pages: &[Page],
    blocks: &[Block],
    fix: bool,
) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    let mut missing: BTreeSet<&str> = blocks.iter().map(|(name, _)| name.as_str()).collect();
    for page in pages {
        let name = &page.name;
        let (fresh, wrong) = renewed(&page.text, blocks, &mut missing);
        complaints.extend(wrong.into_iter().map(|wrong| format!("{name}: {wrong}")));
        if fresh == page.text {
            continue;
        }
        if fix {
            fs::write(root.join(name), fresh).trying(name)?;
        } else {
            complaints.push(format!(
                "{name}: a block is not what the program says; run `cargo xtask tidy --fix`"
            ));
        }
    }
    let missing = missing.into_iter();
    complaints
        .extend(missing.map(|name| format!("docs: the block {name} is missing in all pages")));
    Ok(complaints)
}

/// The text with new content in each block, and what is wrong with the marks. Takes the blocks that
/// the text has out of `missing`.
fn renewed(text: &str, blocks: &[Block], missing: &mut BTreeSet<&str>) -> (String, Vec<String>) {
    let mut fresh = text.to_owned();
    let mut complaints = Vec::new();
    for (name, content) in blocks {
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let Some((before, rest)) = fresh.split_once(&start) else {
            continue;
        };
        missing.remove(name.as_str());
        let Some((_, after)) = rest.split_once(&end) else {
            complaints.push(format!("the block {name} does not end"));
            continue;
        };
        fresh = format!("{before}{start}{content}{end}{after}");
    }
    for name in ends(text) {
        if blocks.iter().all(|(known, _)| known != name) {
            complaints.push(format!(
                "the block {name} is not one that the program makes"
            ));
        }
    }
    (fresh, complaints)
}

/// The names of the blocks that end in a text.
fn ends(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.lines().filter_map(|line| line.strip_prefix("<!-- /"));
    ends.filter_map(|rest| rest.strip_suffix(" -->"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_renewed_and_marks_are_checked() {
        let blocks = ["a", "b", "c"].map(|name| (name.to_owned(), "new\n".to_owned()));
        let text = "<!-- a -->\nold\n<!-- /a -->\n<!-- b -->\nold\n<!-- d -->\n<!-- /d -->\n";
        let mut missing = BTreeSet::from(["a", "b", "c"]);
        let (fresh, complaints) = renewed(text, &blocks, &mut missing);
        assert_eq!(
            fresh,
            "<!-- a -->\nnew\n<!-- /a -->\n<!-- b -->\nold\n<!-- d -->\n<!-- /d -->\n"
        );
        assert_eq!(
            complaints,
            [
                "the block b does not end",
                "the block d is not one that the program makes",
            ]
        );
        assert_eq!(missing, BTreeSet::from(["c"]));
    }
}
