//! A large manifest, read on all cores.
//!
//! Nodes and sources are nearly all of a manifest. So the text is cut in front of some of them, by
//! a guess at what their beginning looks like, and each part is read by itself.
//!
//! No wrong guess is believed. Every part must be a whole walk along the grammar: the first from
//! the brace of the document, each other from a member of `nodes` or `sources`, and each but the
//! last up to such a member again, where it has to find its own end. So if the first part is right
//! about where it ends, the second is right about where it begins, and so on; a part that was cut
//! within a text or a deeper object comes to its end elsewhere, and then nothing is returned. The
//! same goes for whatever `serde_json` refuses and for keys that come twice: a second reading, in
//! one pass, then says what is wrong and where.

use std::borrow::Cow;
use std::hash::BuildHasher;

use foldhash::HashSet;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::wire::{self, Disabled, Node, Nodes, Text, Top};

/// How long a part is, in bytes. Smaller texts are not worth cutting.
pub(super) const STEP: usize = 1 << 20;

/// The document, if it can be read in parts of about so many bytes.
pub(super) fn read(text: &str, step: usize) -> Option<Top<'_>> {
    let mut ends = cuts(text, step);
    if ends.is_empty() {
        return None;
    }
    ends.push(text.len());
    let part = |at: usize| {
        let start = at.checked_sub(1).map(|before| ends[before]);
        let text = text.get(start.unwrap_or_default()..ends[at])?;
        // Looked at first, this brings the part near.
        Some((text.is_ascii(), Walk { text, at: 0 }.part(start.is_none())?))
    };
    let parts = (0..ends.len())
        .into_par_iter()
        .map(part)
        .collect::<Option<Vec<_>>>()?;
    let is_ascii = parts.iter().all(|(is_ascii, _)| *is_ascii);
    let mut all = All::default();
    for piece in parts.into_iter().flat_map(|(_, pieces)| pieces) {
        all.take(piece)?;
    }
    all.top(is_ascii)
}

/// Where members of `nodes` or `sources` seem to begin, one in each step at most.
fn cuts(text: &str, step: usize) -> Vec<usize> {
    let steps = (1..text.len() / step).map(|number| number * step);
    steps
        .filter_map(|from| cut(&text.as_bytes()[..from + step], from))
        .collect()
}

fn cut(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr_iter(b'}', &bytes[from..]).find_map(|at| {
        let rest = bytes[from + at + 1..].trim_ascii_start();
        let key = rest.strip_prefix(b",")?.trim_ascii_start();
        let id = key.strip_prefix(b"\"")?;
        let begins = |kind: &str| id.starts_with(kind.as_bytes());
        let is_id = begins("test.") || wire::WITH_RELATION.iter().copied().any(begins);
        is_id.then(|| bytes.len() - key.len())
    })
}

/// Members of `nodes` or `sources` that follow one another.
#[derive(Default)]
struct Map<'a> {
    nodes: Vec<Node<'a>>,
    ids: Vec<Cow<'a, str>>,
    /// Of the ids, taken while they are near.
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

/// What is found along a part.
enum Piece<'a> {
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

#[derive(Debug, Clone, Copy)]
enum Kind {
    Nodes,
    Sources,
}

impl Kind {
    fn of(key: &str) -> Option<Self> {
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

/// A walk along one part.
struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    fn part(mut self, is_first: bool) -> Option<Vec<Piece<'a>>> {
        let mut pieces = Vec::new();
        if is_first {
            self.mark(b'{').then_some(())?;
        } else {
            let (members, is_open) = self.members()?;
            pieces.push(Piece::Members {
                begins: None,
                members,
                is_open,
            });
            if is_open {
                return Some(pieces);
            }
        }
        while (is_first && pieces.is_empty()) || self.mark(b',') {
            let piece = self.piece()?;
            let is_open = matches!(piece, Piece::Members { is_open: true, .. });
            pieces.push(piece);
            if is_open {
                return Some(pieces);
            }
        }
        self.mark(b'}').then_some(())?;
        self.skip_space();
        pieces.push(Piece::End);
        (self.at == self.text.len()).then_some(pieces)
    }

    /// A member of the document, or as much of it as stands here.
    fn piece(&mut self) -> Option<Piece<'a>> {
        let key = self.key()?;
        let Some(kind) = Kind::of(&key) else {
            return Some(Piece::Other(key, self.value()?));
        };
        self.mark(b'{').then_some(())?;
        let (members, is_open) = if self.mark(b'}') {
            (Map::default(), false)
        } else {
            self.members()?
        };
        Some(Piece::Members {
            begins: Some(kind),
            members,
            is_open,
        })
    }

    /// Members from here to the end of their map or of the part, and whether the map is still open.
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
            if !self.mark(b',') {
                return self.mark(b'}').then_some((members, false));
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

/// All parts so far.
#[derive(Default)]
struct All<'a> {
    nodes: Option<Vec<Map<'a>>>,
    sources: Option<Vec<Map<'a>>>,
    others: Vec<(Cow<'a, str>, &'a RawValue)>,
    keys: HashSet<Cow<'a, str>>,
    open: Option<Kind>,
    is_ended: bool,
}

impl<'a> All<'a> {
    /// Takes the next piece, if it can follow those before.
    fn take(&mut self, piece: Piece<'a>) -> Option<()> {
        match piece {
            Piece::Members {
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
            Piece::Other(key, value) => {
                self.keys.insert(key.clone()).then_some(())?;
                self.others.push((key, value));
            }
            Piece::End => self.is_ended = true,
        }
        Some(())
    }

    /// The document that the pieces are.
    fn top(self, is_ascii: bool) -> Option<Top<'a>> {
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

/// The disabled nodes, which must not nest deeper here than in the document.
fn disabled(text: &str) -> Option<Option<Disabled>> {
    let [disabled] = serde_json::from_str::<[Option<Disabled>; 1]>(&format!("[{text}]")).ok()?;
    Some(disabled)
}

#[cfg(test)]
mod tests;
