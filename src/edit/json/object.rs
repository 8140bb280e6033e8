//! Edits the members of one JSON object and leaves every other byte of it as it is.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::splice::Edit;
use super::style::Style;
use crate::input::manifest::{Member, Members};

/// Changes of an object's members.
#[derive(Debug, Default)]
pub struct Change<'c> {
    /// New values by key, as JSON text; members that do not exist are added.
    pub set: BTreeMap<Cow<'c, str>, String>,
    /// The keys of members to remove; those that do not exist are ignored.
    pub remove: BTreeSet<&'c str>,
}

/// The edits that make a change to an object whose members are at `depth`.
///
/// If the keys are sorted, as in dbt 2, new members are inserted in that order. Otherwise they are
/// appended, sorted among themselves (dbt Core keeps the order in which it read things).
pub fn edits(
    text: &str,
    members: &Members,
    change: Change,
    style: &Style,
    depth: usize,
) -> Vec<Edit> {
    let mut slots = slots(members, change).peekable();
    let Some((first, last)) = members.ends() else {
        return fill_empty(members, slots, style, depth);
    };
    if slots.peek().is_none() {
        return vec![Edit {
            range: members.span.clone(),
            texts: vec!["{}".to_owned()],
        }];
    }
    let opening = &text[members.span.start + 1..first.start];
    walk(
        opening,
        members.span.start + 1,
        last.value.end,
        slots,
        style,
        depth,
    )
}

/// A member of the new object.
enum Slot<'s> {
    /// An existing member with its position, and its new value if that changes.
    Old(usize, Member<'s>, Option<String>),
    /// A new member.
    New(Cow<'s, str>, String),
}

/// The members of the new object in order. Lazy, since there may be hundreds of thousands of
/// existing ones.
fn slots<'s>(members: &'s Members, change: Change<'s>) -> impl Iterator<Item = Slot<'s>> {
    let Change { set, remove } = change;
    let is_sorted = members
        .iter()
        .zip(members.iter().skip(1))
        .all(|(a, b)| a.key < b.key);
    let mut values = vec![None; members.iter().len()];
    let mut new = Vec::new();
    for (key, value) in set {
        match members.position(&key) {
            Some(position) => values[position] = Some(value),
            None => new.push((key, value)),
        }
    }
    let mut new = new.into_iter().peekable();
    let stays = move |(_, member): &(usize, Member)| !remove.contains(member.key);
    let mut old = members.iter().enumerate().filter(stays).peekable();
    std::iter::from_fn(move || {
        let next_old = old.peek();
        let goes_first =
            |key: &str| next_old.is_none_or(|(_, member)| is_sorted && key < member.key);
        if let Some((key, value)) = new.next_if(|(key, _)| goes_first(key)) {
            return Some(Slot::New(key, value));
        }
        let (position, member) = old.next()?;
        Some(Slot::Old(position, member, values[position].take()))
    })
}

/// The edit of an object that is empty so far.
fn fill_empty<'s>(
    members: &Members,
    slots: impl Iterator<Item = Slot<'s>>,
    style: &Style,
    depth: usize,
) -> Vec<Edit> {
    let mut texts = Vec::new();
    for slot in slots {
        if let Slot::New(key, value) = slot {
            let lead = if texts.is_empty() {
                format!("{{{}", style.opening(depth))
            } else {
                style.separator(depth)
            };
            texts.extend([lead + &style.key(&key), value]);
        }
    }
    if texts.is_empty() {
        return Vec::new();
    }
    texts.push(format!("{}}}", style.opening(depth - 1)));
    vec![Edit {
        range: members.span.clone(),
        texts,
    }]
}

/// The member before the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Previous {
    /// The current member is the first.
    Start,
    /// The existing member at this position.
    Old(usize),
    /// A new member.
    New,
}

impl Previous {
    /// Whether the existing member at this position follows it directly in the old document.
    fn is_right_before(self, position: usize) -> bool {
        match position.checked_sub(1) {
            None => self == Self::Start,
            Some(before) => self == Self::Old(before),
        }
    }
}

/// Walks along the members of the new object and collects the differences from the old document,
/// from `start` after the opening brace to `end` after the last existing member.
fn walk<'s>(
    opening: &str,
    start: usize,
    end: usize,
    slots: impl Iterator<Item = Slot<'s>>,
    style: &Style,
    depth: usize,
) -> Vec<Edit> {
    // The end of the last existing member that stays; what follows it may have to be removed.
    let mut at = start;
    let mut edits = Edits::default();
    let mut previous = Previous::Start;
    for slot in slots {
        let lead = || match previous {
            Previous::Start => opening.to_owned(),
            Previous::Old(_) | Previous::New => style.separator(depth),
        };
        match slot {
            Slot::Old(position, member, value) => {
                if !previous.is_right_before(position) {
                    edits.replace(at..member.start, [lead()]);
                }
                if let Some(value) = value {
                    edits.replace(member.value.clone(), [value]);
                }
                at = member.value.end;
                previous = Previous::Old(position);
            }
            Slot::New(key, value) => {
                edits.replace(at..at, [lead() + &style.key(&key), value]);
                previous = Previous::New;
            }
        }
    }
    edits.replace(at..end.max(at), []);
    edits.0
}

/// Edits in order; adjacent ones are joined.
#[derive(Default)]
struct Edits(Vec<Edit>);

impl Edits {
    fn replace<const N: usize>(&mut self, range: Range<usize>, texts: [String; N]) {
        if range.is_empty() && texts.iter().all(String::is_empty) {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.range.end == range.start => {
                last.range.end = range.end;
                last.texts.extend(texts);
            }
            _ => self.0.push(Edit {
                range,
                texts: texts.into(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::splice;

    #[track_caller]
    fn check(text: &str, set: &[&str], remove: &[&str], expected: &str) {
        let members = Members::read(text, text).expect("an object");
        let change = Change {
            set: set
                .iter()
                .map(|key| (Cow::Borrowed(*key), "9".to_owned()))
                .collect(),
            remove: remove.iter().copied().collect(),
        };
        let edits = edits(text, &members, change, &Style::detect(text, true), 1);
        assert_eq!(
            splice(text, &edits).concat(),
            expected,
            "{text} + {set:?} - {remove:?}"
        );
    }

    #[test]
    fn members_are_added_and_removed() {
        check(
            r#"{"b": 1, "d": 2}"#,
            &["c"],
            &[],
            r#"{"b": 1, "c": 9, "d": 2}"#,
        );
        check(
            r#"{"b": 1, "d": 2}"#,
            &["a", "e"],
            &[],
            r#"{"a": 9, "b": 1, "d": 2, "e": 9}"#,
        );
        check(
            r#"{"d": 1, "b": 2}"#,
            &["c", "a"],
            &[],
            r#"{"d": 1, "b": 2, "a": 9, "c": 9}"#,
        );
        check(r#"{"b": 1, "d": 2}"#, &["d"], &["b"], r#"{"d": 9}"#);
        check(r#"{"b": 1, "d": 2}"#, &["c"], &["b", "d"], r#"{"c": 9}"#);
        check(r#"{"b": 1, "d": 2}"#, &[], &["b", "d"], "{}");
        check(
            r#"{"a": 1, "b": 2, "c": 3}"#,
            &[],
            &["b"],
            r#"{"a": 1, "c": 3}"#,
        );
        check(
            r#"{"a": 1, "b": 2, "c": 3}"#,
            &[],
            &["c"],
            r#"{"a": 1, "b": 2}"#,
        );
        check("{}", &["a"], &[], r#"{"a":9}"#);
        check("{ }", &[], &["x"], "{ }");
    }

    #[test]
    fn indentation_stays() {
        check(
            "{\n  \"b\": 1\n}",
            &["a"],
            &[],
            "{\n  \"a\": 9,\n  \"b\": 1\n}",
        );
        check("{\n  \"b\": 1\n}", &["c"], &["b"], "{\n  \"c\": 9\n}");
        check(
            "{\n  \"b\": 1,\n  \"c\": 2\n}",
            &[],
            &["b"],
            "{\n  \"c\": 2\n}",
        );
    }
}
