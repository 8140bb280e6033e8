//! Which codes a user may mean.

use super::all;
use super::entry::Entry;

/// How many letters a code that is meant may differ in.
const MOST_EDITS: usize = 3;
/// The shortest part of a code that may stand for it.
const SHORTEST_PART: usize = 3;
/// How many codes are named as near ones.
const MOST_NEAREST: usize = 5;

/// The codes of this name, alone (`unknown`) or with their kind (`outcome:unknown`), as a report may
/// show it (`[unknown]`).
pub fn find(asked: &str) -> Vec<Entry> {
    let asked = cleaned(asked);
    let mut entries = all();
    entries.retain(|entry| asked == entry.code || asked == entry.name());
    entries
}

/// The names that come nearest to one that is no code: those that contain it, or a part of it, then
/// those that differ in a few letters.
pub fn nearest(asked: &str) -> Vec<String> {
    let asked = cleaned(asked);
    let code = asked.rsplit(':').next().unwrap_or(&asked);
    let mut near = Vec::new();
    for entry in all() {
        if let Some(distance) = distance(code, entry.code) {
            near.push((distance, entry.code));
        }
    }
    near.sort_unstable();
    near.dedup();
    let names = near.into_iter().map(|(_, code)| code.to_owned());
    names.take(MOST_NEAREST).collect()
}

/// What is asked for, as codes are written.
fn cleaned(asked: &str) -> String {
    let asked = asked.trim().trim_start_matches('[').trim_end_matches(']');
    asked.to_lowercase().replace(['_', ' '], "-")
}

/// How far a code is from what is asked for; `None` if it is not near.
fn distance(asked: &str, code: &str) -> Option<usize> {
    let edits = strsim::levenshtein(asked, code);
    let is_part = asked.len() >= SHORTEST_PART && code.contains(asked);
    if is_part || edits <= MOST_EDITS && edits < asked.len().min(code.len()) {
        return Some(edits.min(MOST_EDITS));
    }
    let mut words = asked.split('-').filter(|word| word.len() > SHORTEST_PART);
    let has_word = words.any(|word| code.split('-').any(|other| other == word));
    has_word.then_some(MOST_EDITS + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(asked: &str) -> Vec<String> {
        find(asked).iter().map(Entry::name).collect()
    }

    #[test]
    fn a_code_is_found_in_each_kind_or_in_one() {
        assert_eq!(
            names("unknown"),
            ["outcome:unknown", "without-links:unknown", "gate:unknown"]
        );
        assert_eq!(names("outcome:unknown"), ["outcome:unknown"]);
        assert_eq!(names("[Mass_Removal]"), ["diagnostic:mass-removal"]);
        assert_eq!(names("outcome:mass-removal"), [""; 0]);
    }

    #[test]
    fn near_names_are_those_with_a_part_or_another_letter() {
        assert_eq!(nearest("mass-removel"), ["mass-removal"]);
        assert_eq!(nearest("outcome:linkd"), ["linked", "unlinked"]);
        assert!(nearest("incomplete").contains(&"export-incomplete".to_owned()));
        assert_eq!(nearest("zzzzzzzz"), [""; 0]);
        assert_eq!(nearest(""), [""; 0]);
    }
}
