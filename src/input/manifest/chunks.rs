//! Parses a large manifest on all cores.
//!
//! Nodes and sources are nearly all of a manifest. So the text is cut before some of them, where it
//! looks like the start of one, and each chunk is parsed on its own.
//!
//! A wrong cut is never believed. The first chunk is parsed from the opening brace of the document,
//! along the grammar, until a member of `nodes` or `sources` starts exactly at a cut. The chunk
//! from that cut on comes next, and so on to the end of the document; chunks that none of the
//! others leads to are dropped. So a cut within a nested object (such as our own exposures, which
//! name nodes by id) costs a little time and nothing else. Whatever `serde_json` refuses, and
//! duplicate keys, end parsing in chunks: parsing again in one pass then reports what is wrong and
//! where.
//!
//! What it gains, in wall time of a whole `patch` on 2 cores (medians of 9 to 15 runs, alternating
//! with one pass over the same text): nothing at 46 MB, 14 to 16 % at 395 MB (0.55 against 0.64 s).

use std::borrow::Cow;
use std::hash::BuildHasher;

use foldhash::HashSet;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::wire::{Disabled, Node, Nodes, Text, Top};
use crate::model::NodeKind;

/// The length of a chunk, in bytes. Smaller texts are not worth cutting.
pub(super) const LENGTH: usize = 1 << 20;

/// Parses a document in chunks of about this many bytes. `None` if it cannot be cut, or if a chunk
/// cannot be parsed.
pub(super) fn read(text: &str, length: usize) -> Option<Top<'_>> {
    let mut starts = vec![0];
    starts.extend(cuts(text, length));
    if starts.len() == 1 {
        return None;
    }
    let chunks = (0..starts.len()).into_par_iter().map(|number| {
        let start = starts[number];
        let end = starts.get(number + 1).copied().unwrap_or(text.len());
        // Checked first, since this loads the chunk into the cache.
        let is_ascii = text.as_bytes()[start..end].is_ascii();
        (is_ascii, Parser::new(text, start, &starts).chunk())
    });
    let (is_ascii, mut chunks): (Vec<_>, Vec<_>) = chunks.unzip();
    let mut joined = Joined::default();
    let mut next = 0;
    loop {
        let Chunk { fragments, end } = chunks[next].take()?;
        for fragment in fragments {
            joined.push(fragment)?;
        }
        if end == text.len() {
            return joined.into_top(is_ascii.into_iter().all(|is_ascii| is_ascii));
        }
        next = starts.binary_search(&end).ok()?;
    }
}

/// Positions where members of `nodes` or `sources` seem to start, at most one per `length` bytes.
fn cuts(text: &str, length: usize) -> Vec<usize> {
    (1..text.len() / length)
        .map(|number| number * length)
        .filter_map(|from| cut(&text.as_bytes()[..from + length], from))
        .collect()
}

fn cut(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr_iter(b'}', &bytes[from..]).find_map(|at| {
        let rest = bytes[from + at + 1..].trim_ascii_start();
        let key = rest.strip_prefix(b",")?.trim_ascii_start();
        let id = key.strip_prefix(b"\"")?;
        begins_like_id(id).then(|| bytes.len() - key.len())
    })
}

/// Whether a text begins as ids of the most frequent kinds of nodes do.
fn begins_like_id(text: &[u8]) -> bool {
    let kind = memchr::memchr(b'.', text).map(|at| &text[..at]);
    kind.is_some_and(|kind| {
        let mut readable = NodeKind::ALL.iter().map(|kind| kind.text().as_bytes());
        kind == b"test" || readable.any(|readable| readable == kind)
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

/// What is found along a chunk.
enum Fragment<'a> {
    /// Members of nodes or sources: of those that begin here, or else of what was still open.
    Members {
        begins: Option<Kind>,
        members: Map<'a>,
        is_open: bool,
    },
    /// Another member of the document.
    Other(Cow<'a, str>, &'a RawValue),
    /// The end of the document.
    End,
}

impl Fragment<'_> {
    /// Whether it ends within a map.
    fn is_open(&self) -> bool {
        matches!(self, Self::Members { is_open: true, .. })
    }
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

/// What was read from one cut on.
struct Chunk<'a> {
    fragments: Vec<Fragment<'a>>,
    /// Where the chunk ends: at the start of another one, or at the end of the document.
    end: usize,
}

/// Parses one chunk.
struct Parser<'a, 's> {
    text: &'a str,
    at: usize,
    /// Where chunks start, in order.
    starts: &'s [usize],
}

impl<'a, 's> Parser<'a, 's> {
    fn new(text: &'a str, at: usize, starts: &'s [usize]) -> Self {
        Self { text, at, starts }
    }

    fn chunk(mut self) -> Option<Chunk<'a>> {
        let mut fragments = Vec::new();
        if self.at == 0 {
            self.mark(b'{').then_some(())?;
            fragments.push(self.fragment()?);
        } else {
            let (members, is_open) = self.members()?;
            fragments.push(Fragment::Members {
                begins: None,
                members,
                is_open,
            });
        }
        while !fragments.last().is_some_and(Fragment::is_open) {
            if !self.mark(b',') {
                self.mark(b'}').then_some(())?;
                self.skip_space();
                fragments.push(Fragment::End);
                return (self.at == self.text.len()).then_some(Chunk {
                    fragments,
                    end: self.at,
                });
            }
            fragments.push(self.fragment()?);
        }
        Some(Chunk {
            fragments,
            end: self.at,
        })
    }

    /// A member of the document, or as much of it as stands here.
    fn fragment(&mut self) -> Option<Fragment<'a>> {
        let key = self.key()?;
        let Some(kind) = Kind::from_key(&key) else {
            return Some(Fragment::Other(key, self.value()?));
        };
        self.mark(b'{').then_some(())?;
        let (members, is_open) = if self.mark(b'}') {
            (Map::default(), false)
        } else {
            self.members()?
        };
        Some(Fragment::Members {
            begins: Some(kind),
            members,
            is_open,
        })
    }

    /// Members from here to the end of their map or to the start of another chunk, and whether the
    /// map is still open.
    fn members(&mut self) -> Option<(Map<'a>, bool)> {
        let mut members = Map::default();
        loop {
            let id = self.key()?;
            if NodeKind::from_unique_id(&id).is_some() {
                members.push(id, Some(self.value()?));
            } else {
                self.value::<IgnoredAny>()?;
                members.push(id, None);
            }
            if !self.mark(b',') {
                return self.mark(b'}').then_some((members, false));
            }
            self.skip_space();
            if self.starts.binary_search(&self.at).is_ok() {
                return Some((members, true));
            }
        }
    }

    /// A key, with its colon.
    fn key(&mut self) -> Option<Cow<'a, str>> {
        let Text(key) = self.value()?;
        self.mark(b':').then_some(key)
    }

    fn value<T: Deserialize<'a>>(&mut self) -> Option<T> {
        let mut values = serde_json::Deserializer::from_str(self.text.get(self.at..)?);
        let value = T::deserialize(&mut values).ok()?;
        self.at += values.into_iter::<IgnoredAny>().byte_offset();
        Some(value)
    }

    /// Whether this mark comes next; then goes on behind it.
    fn mark(&mut self, mark: u8) -> bool {
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

/// What all chunks so far contain.
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
    /// Adds the next fragment, if it can follow those before.
    fn push(&mut self, fragment: Fragment<'a>) -> Option<()> {
        match fragment {
            Fragment::Members {
                begins,
                members,
                is_open,
            } => {
                let kind = begins.or(self.open)?;
                if begins.is_some() {
                    self.keys.insert(Cow::Borrowed(kind.key())).then_some(())?;
                }
                let maps = match kind {
                    Kind::Nodes => &mut self.nodes,
                    Kind::Sources => &mut self.sources,
                };
                maps.get_or_insert_default().push(members);
                self.open = is_open.then_some(kind);
            }
            Fragment::Other(key, value) => {
                self.keys.insert(key.clone()).then_some(())?;
                self.others.push((key, value));
            }
            Fragment::End => self.is_ended = true,
        }
        Some(())
    }

    /// The document that the fragments are.
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

/// The maps as one, unless they seem to have a key twice.
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

fn disabled(text: &str) -> Option<Option<Disabled>> {
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests;
