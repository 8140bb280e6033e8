//! Where the values of a YAML text stand: the keys of its map, and the entries of their lists.
//!
//! The places come from the parser that the reader of the file has as well, so that both agree on what
//! the text says.

use std::ops::Range;

use granit_parser::{Event, Parser, StructureStyle};

/// A text whose value is a map.
pub(super) struct Outline {
    /// Its keys that are texts, in order.
    pub(super) keys: Vec<Key>,
    /// Whether it is written in block style, one key below the other.
    pub(super) is_block: bool,
}

/// A key, with its value.
pub(super) struct Key {
    pub(super) name: String,
    pub(super) at: Range<usize>,
    pub(super) value: Value,
}

pub(super) enum Value {
    Scalar(Range<usize>),
    List(List),
    Other,
}

/// A list.
pub(super) struct List {
    /// Whether it is written in brackets.
    pub(super) is_flow: bool,
    /// Whether the text uses it in other places as well.
    pub(super) is_shared: bool,
    /// Its entries; `None` for those that are not scalars.
    pub(super) entries: Vec<Option<Entry>>,
}

/// A scalar in a list.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) text: String,
    pub(super) at: Range<usize>,
}

type Events<'t> = Vec<(Event<'t>, Range<usize>)>;

/// The outline of a text; `None` if it is not one document with a map.
pub(super) fn outline(text: &str) -> Option<Outline> {
    let events = events(text)?;
    let mut at = events
        .iter()
        .position(|(event, _)| !matches!(event, Event::StreamStart | Event::DocumentStart(..)))?;
    let Event::MappingStart(style, ..) = events[at].0 else {
        return None;
    };
    let mut keys = Vec::new();
    at += 1;
    while !matches!(events.get(at)?.0, Event::MappingEnd) {
        let value = at + length(&events[at..])?;
        if let (Event::Scalar(name, ..), place) = &events[at] {
            keys.push(Key {
                name: name.to_string(),
                at: place.clone(),
                value: of_value(&events, value)?,
            });
        }
        at = value + length(&events[value..])?;
    }
    Some(Outline {
        keys,
        is_block: style == StructureStyle::Block,
    })
}

/// What a text says, scalar by scalar, whatever its layout is: to compare two texts.
pub(super) fn said(text: &str) -> Option<Vec<String>> {
    let events = events(text)?.into_iter();
    let said = events.map(|(event, _)| match event {
        Event::Scalar(text, _, anchor, tag) => format!("{text:?} {anchor} {tag:?}"),
        Event::SequenceStart(_, anchor, tag) => format!("[ {anchor} {tag:?}"),
        Event::MappingStart(_, anchor, tag) => format!("{{ {anchor} {tag:?}"),
        other => format!("{other:?}"),
    });
    Some(said.collect())
}

/// The events of a text, comments left out, each with its place.
fn events(text: &str) -> Option<Events<'_>> {
    let options = granit_parser::options! { emit_comments: false };
    let events = Parser::new_from_str_with_options(text, options);
    events
        .map(|event| {
            let (event, span) = event.ok()?;
            Some((event, span.byte_range()?))
        })
        .collect()
}

fn of_value(events: &Events, at: usize) -> Option<Value> {
    Some(match &events.get(at)?.0 {
        Event::Scalar(..) => Value::Scalar(events[at].1.clone()),
        Event::SequenceStart(style, anchor, _) => Value::List(List {
            is_flow: *style == StructureStyle::Flow,
            is_shared: events
                .iter()
                .any(|(event, _)| *event == Event::Alias(*anchor)),
            entries: entries(events, at + 1)?,
        }),
        _ => Value::Other,
    })
}

/// The entries of the list whose first one may be at `at`.
fn entries(events: &Events, mut at: usize) -> Option<Vec<Option<Entry>>> {
    let mut entries = Vec::new();
    while !matches!(events.get(at)?.0, Event::SequenceEnd) {
        entries.push(match &events[at] {
            (Event::Scalar(text, ..), place) => Some(Entry {
                text: text.to_string(),
                at: place.clone(),
            }),
            _ => None,
        });
        at += length(&events[at..])?;
    }
    Some(entries)
}

/// How many events the first value takes.
fn length(events: &[(Event, Range<usize>)]) -> Option<usize> {
    let mut depth = 0_usize;
    for (number, (event, _)) in events.iter().enumerate() {
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => depth += 1,
            Event::MappingEnd | Event::SequenceEnd => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(number + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_text() {
        let text = "name: 'é'  # c\n5: {a: [b]}\nmodel-paths: &m\n  - a b # c\n  - \"c\"\nx: [ d , {e: f}]\ny: *m\n";
        let outline = outline(text).expect("a map");
        assert!(outline.is_block);
        let names = outline.keys.iter().map(|key| &text[key.at.clone()]);
        let names = names.collect::<Vec<_>>();
        assert_eq!(names, ["name", "5", "model-paths", "x", "y"]);
        let lists = outline.keys.iter().filter_map(|key| match &key.value {
            Value::List(list) => Some(list),
            Value::Scalar(_) | Value::Other => None,
        });
        let lists = lists.map(|list| {
            let entries = list
                .entries
                .iter()
                .map(|entry| entry.as_ref().map(|entry| &text[entry.at.clone()]));
            (list.is_flow, list.is_shared, entries.collect::<Vec<_>>())
        });
        assert_eq!(
            lists.collect::<Vec<_>>(),
            [
                (false, true, vec![Some("a b"), Some("\"c\"")]),
                (true, false, vec![Some("d"), None]),
            ]
        );
        let Value::Scalar(name) = &outline.keys[0].value else {
            panic!("a scalar");
        };
        assert_eq!(&text[name.clone()], "'é'");
    }
}
