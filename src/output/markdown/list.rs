//! Entries with a list below them, and their length.

use std::fmt::Write;

/// The length at which the list below an entry is cut, in characters, for the same reason.
const LONGEST_LIST: usize = 4_000;

/// An entry with a list below it, which is cut if it is too long.
pub(super) fn with_list(mut block: String, lines: impl IntoIterator<Item = String>) -> String {
    let mut used = 0;
    let mut left_out = 0;
    for line in lines {
        used += line.chars().count();
        if used > LONGEST_LIST {
            left_out += 1;
        } else {
            block.push_str("\n  - ");
            block.push_str(&line);
        }
    }
    if left_out > 0 {
        // Writing to a String does not fail.
        let _ = write!(block, "\n  - … and {left_out} more");
    }
    block
}

/// The length of some entries, in characters.
pub(super) fn length(blocks: &[String]) -> usize {
    let lengths = blocks.iter().map(|block| block.chars().count() + 1);
    lengths.sum()
}
