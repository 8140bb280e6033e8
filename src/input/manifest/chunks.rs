//! Parses a large manifest on all cores.
//!
//! Nodes and sources are nearly all of a manifest. So the text is cut before some of them, where it
//! looks like the start of one, and each chunk is parsed on its own.
//!
//! A wrong cut is always detected. Every chunk must follow the grammar from its start to its end:
//! the first from the opening brace of the document, each other from a member of `nodes` or
//! `sources`, and each but the last up to the next such member, exactly where its text ends. So if
//! the first chunk ends correctly, the second one starts correctly, and so on. A chunk that was cut
//! within a string or a nested object does not end there, and then nothing is returned. The same
//! applies to whatever `serde_json` refuses and to duplicate keys: parsing again in one pass then
//! reports what is wrong and where.

use std::borrow::Cow;
use std::hash::BuildHasher;

use foldhash::HashSet;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::wire::{self, Disabled, Node, Nodes, Text, Top};

/// The length of a chunk, in bytes. Smaller texts are not worth cutting.
pub(super) const LENGTH: usize = 1 << 20;

/// Parses a document in chunks of about this many bytes. `None` if it cannot be cut, or if a chunk
/// cannot be parsed.
pub(super) fn read(text: &str, length: usize) -> Option<Top<'_>> {
    let mut ends = cuts(text, length);
    if ends.is_empty() {
        return None;
    }
    ends.push(text.len());
    let chunks = (0..ends.len())
        .into_par_iter()
        .map(|at| {
            let start = at.checked_sub(1).map(|before| ends[before]);
            let text = text.get(start.unwrap_or_default()..ends[at])?;
            // Checked first, since this loads the chunk into the cache.
            let is_ascii = text.is_ascii();
            Some((is_ascii, Parser { text, at: 0 }.chunk(start.is_none())?))
        })
        .collect::<Option<Vec<_>>>()?;
    let is_ascii = chunks.iter().all(|(is_ascii, _)| *is_ascii);
    let mut joined = Joined::default();
    for item in chunks.into_iter().flat_map(|(_, items)| items) {
        joined.push(item)?;
    }
    joined.into_top(is_ascii)
}

/// Positions where members of `nodes` or `sources` seem to start, at most one per `length` bytes.
fn cuts(text: &str, length: usize) -> Vec<usize> {
    (1..text.len() / length)
        .map(|number| number * length)
        .filter_map(|from| cut(&text.as_bytes()[..from + length], from))
        .collect()
}

/// The first position after `from` where a member of `nodes` or `sources` seems to start.
fn cut(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr_iter(b'}', &bytes[from..]).find_map(|at| {
        let rest = bytes[from + at + 1..].trim_ascii_start();
        let key = rest.strip_prefix(b",")?.trim_ascii_start();
        let id = key.strip_prefix(b"\"")?;
        let starts_with = |kind: &str| id.starts_with(kind.as_bytes());
        let is_id = starts_with("test.") || wire::WITH_RELATION.iter().copied().any(starts_with);
        is_id.then(|| bytes.len() - key.len())
    })
}

/// Consecutive members of `nodes` or `sources`.
#[derive(Default)]
struct Map<'a> {
    nodes: Vec<Node<'a>>,
    ids: Vec<Cow<'a, str>>,
    /// The hash of each id, computed while the id is in the cache.
    hashes: Vec<u64>,
}

impl<'a> Map<'a> {
    fn push(&mut self, id: Cow<'a, str>, node: Option<Node<'a>>) {
        self.nodes.extend(node.map(|node| Node {
            unique_id: id.clone(),
            ..node
        }));
        self.hashes.push(FixedState::default().hash_one(&id));
        self.ids.push(id);
    }
}

/// An element of a chunk.
enum Item<'a> {
    /// Members of `nodes` or `sources`.
    Members {
        /// The map that starts here; `None` if the previous chunk has left it open.
        starts: Option<Kind>,
        members: Map<'a>,
        /// Whether the map continues in the next chunk.
        is_open: bool,
    },
    /// Any other member of the document.
    Other(Cow<'a, str>, &'a RawValue),
    /// The end of the document.
    End,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Nodes,
    Sources,
}

impl Kind {
    fn from_key(key: &str) -> Option<Self> {
        match key {
            "nodes" => Some(Self::Nodes),
            "sources" => Some(Self::Sources),
            _ => None,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Nodes => "nodes",
            Self::Sources => "sources",
        }
    }
}

/// Parses one chunk.
struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn chunk(mut self, is_first: bool) -> Option<Vec<Item<'a>>> {
        let mut items = Vec::new();
        if is_first {
            self.eat(b'{').then_some(())?;
        } else {
            let (members, is_open) = self.members()?;
            items.push(Item::Members {
                starts: None,
                members,
                is_open,
            });
            if is_open {
                return Some(items);
            }
        }
        while (is_first && items.is_empty()) || self.eat(b',') {
            let item = self.item()?;
            let is_open = matches!(item, Item::Members { is_open: true, .. });
            items.push(item);
            if is_open {
                return Some(items);
            }
        }
        self.eat(b'}').then_some(())?;
        self.skip_space();
        items.push(Item::End);
        (self.at == self.text.len()).then_some(items)
    }

    /// A member of the document, or the part of it that is in this chunk.
    fn item(&mut self) -> Option<Item<'a>> {
        let key = self.key()?;
        let Some(kind) = Kind::from_key(&key) else {
            return Some(Item::Other(key, self.value()?));
        };
        self.eat(b'{').then_some(())?;
        let (members, is_open) = if self.eat(b'}') {
            (Map::default(), false)
        } else {
            self.members()?
        };
        Some(Item::Members {
            starts: Some(kind),
            members,
            is_open,
        })
    }

    /// Members from here to the end of their map or of the chunk, and whether the map is still open.
    fn members(&mut self) -> Option<(Map<'a>, bool)> {
        let mut members = Map::default();
        loop {
            let id = self.key()?;
            if wire::has_relation(&id) {
                members.push(id, Some(self.value()?));
            } else {
                self.value::<IgnoredAny>()?;
                members.push(id, None);
            }
            if !self.eat(b',') {
                return self.eat(b'}').then_some((members, false));
            }
            self.skip_space();
            if self.at == self.text.len() {
                return Some((members, true));
            }
        }
    }

    /// A key, with its colon.
    fn key(&mut self) -> Option<Cow<'a, str>> {
        let Text(key) = self.value()?;
        self.eat(b':').then_some(key)
    }

    fn value<T: Deserialize<'a>>(&mut self) -> Option<T> {
        let mut values = serde_json::Deserializer::from_str(self.text.get(self.at..)?);
        let value = T::deserialize(&mut values).ok()?;
        self.at += values.into_iter::<IgnoredAny>().byte_offset();
        Some(value)
    }

    /// Skips this mark and white space before it; whether the mark is there.
    fn eat(&mut self, mark: u8) -> bool {
        self.skip_space();
        let is_next = self.text.as_bytes().get(self.at) == Some(&mark);
        self.at += usize::from(is_next);
        is_next
    }

    fn skip_space(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest
            .iter()
            .take_while(|byte| b" \n\t\r".contains(byte))
            .count();
    }
}

/// The items of all chunks so far.
#[derive(Default)]
struct Joined<'a> {
    nodes: Option<Vec<Map<'a>>>,
    sources: Option<Vec<Map<'a>>>,
    others: Vec<(Cow<'a, str>, &'a RawValue)>,
    keys: HashSet<Cow<'a, str>>,
    open: Option<Kind>,
    is_ended: bool,
}

impl<'a> Joined<'a> {
    /// Adds the next item; `None` if it cannot follow those before.
    fn push(&mut self, item: Item<'a>) -> Option<()> {
        match item {
            Item::Members {
                starts,
                members,
                is_open,
            } => {
                let kind = starts.or(self.open)?;
                if starts.is_some() {
                    self.keys.insert(Cow::Borrowed(kind.key())).then_some(())?;
                }
                let maps = match kind {
                    Kind::Nodes => &mut self.nodes,
                    Kind::Sources => &mut self.sources,
                };
                maps.get_or_insert_default().push(members);
                self.open = is_open.then_some(kind);
            }
            Item::Other(key, value) => {
                self.keys.insert(key.clone()).then_some(())?;
                self.others.push((key, value));
            }
            Item::End => self.is_ended = true,
        }
        Some(())
    }

    /// The document, if it is complete.
    fn into_top(self, is_ascii: bool) -> Option<Top<'a>> {
        self.is_ended.then_some(())?;
        let (nodes, sources) = rayon::join(|| unique(self.nodes), || unique(self.sources));
        let mut top = Top {
            nodes: nodes?,
            sources: sources?,
            is_ascii,
            ..Top::default()
        };
        for (key, value) in self.others {
            let text = value.get();
            let value = (text != "null").then_some(value);
            match key.as_ref() {
                "metadata" => top.metadata = serde_json::from_str(text).ok()?,
                "macros" => top.macros = value,
                "exposures" => top.exposures = value,
                "parent_map" => top.parent_map = value,
                "child_map" => top.child_map = value,
                "disabled" => top.disabled = disabled(text)?,
                _ => {}
            }
        }
        Some(top)
    }
}

/// The maps joined. `None` if two ids have the same hash, and so may be equal.
fn unique(maps: Option<Vec<Map<'_>>>) -> Option<Option<Nodes<'_>>> {
    let Some(maps) = maps else { return Some(None) };
    let mut hashes = maps
        .iter()
        .flat_map(|map| map.hashes.iter().copied())
        .collect::<Vec<_>>();
    hashes.par_sort_unstable();
    let is_unique = hashes.is_sorted_by(|a, b| a < b);
    let (nodes, ids) = maps.into_iter().map(|map| (map.nodes, map.ids)).unzip();
    is_unique.then_some(Some(Nodes { nodes, ids }))
}

/// The disabled nodes. They are parsed within brackets, so that the limit of nesting is the same as
/// inside the document.
fn disabled(text: &str) -> Option<Option<Disabled>> {
    let [disabled] = serde_json::from_str::<[Option<Disabled>; 1]>(&format!("[{text}]")).ok()?;
    Some(disabled)
}

#[cfg(test)]
mod tests;
