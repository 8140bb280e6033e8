//! Which nodes of head are nodes of base under another name.
//!
//! An equal text says it; a text that is much alike says it too, if no other one is nearly as much.
//! Naming a wrong one is worse than naming none.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::code::Code;
use super::moves::Built;
use super::settings::written;
use super::side::{Indexed, Part, is_one};
use crate::model::NodeKind;
use crate::model::definition::Definition;

/// How alike texts of many pieces must be, and texts of few.
const ALIKE: f64 = 0.8;
const SHORT_ALIKE: f64 = 0.9;
/// Fewer pieces than this are few.
const SHORT: usize = 40;
/// How much better the best must be than the next one.
const AHEAD: f64 = 0.05;
/// How many pairs of texts are compared at most, and pieces of two texts.
const MOST_PAIRS: usize = 10_000;
const MOST_PIECES: usize = 4_000_000;

/// A node of base, and the one of head that it seems to be.
#[derive(Debug, Clone)]
pub(super) struct Rename {
    pub(super) to: Arc<str>,
    /// Whether the text is the same; else it is only much alike.
    pub(super) has_same_text: bool,
}

/// A node that only one side has.
struct Lone<'s, 'a> {
    definition: &'s Definition<'a>,
    code: Code,
    /// What tells equal ones: the text, or the hash of a seed.
    same: String,
}

/// The renamed nodes.
pub(super) struct Renames {
    /// By their ids in base.
    by_base: BTreeMap<Arc<str>, Rename>,
    /// The ids in head of those whose relation and text stay, by their ids in base.
    at_their_places: BTreeMap<Arc<str>, Arc<str>>,
}

impl Renames {
    /// Finds the renamed nodes.
    pub(super) fn new(base: &Indexed, head: &Indexed) -> Self {
        Self {
            by_base: find(base, head),
            at_their_places: BTreeMap::new(),
        }
    }

    /// The same, once it is known which node of head builds the relation of a node of base.
    pub(super) fn with_places(mut self, base: &Indexed, built: &Built) -> Self {
        let stays = |(id, rename): (&Arc<str>, &Rename)| {
            let node = base.node(id)?;
            let is_source = node.kind == NodeKind::Source;
            let is_built = built.by(base, node) == Some(&rename.to);
            let stays = rename.has_same_text && (is_source || is_built || node.is_ephemeral);
            stays.then(|| (Arc::clone(id), Arc::clone(&rename.to)))
        };
        self.at_their_places = self.by_base.iter().filter_map(stays).collect();
        self
    }

    /// What a node of base is called in head.
    pub(super) fn get(&self, unique_id: &str) -> Option<&Rename> {
        self.by_base.get(unique_id)
    }

    /// The id in head of what a node of base reads, if only its name is another one.
    pub(super) fn at_its_place<'i>(&'i self, unique_id: &'i str) -> &'i str {
        self.at_their_places
            .get(unique_id)
            .map_or(unique_id, AsRef::as_ref)
    }

    /// The names in `ref` and `source` that a node of base has and that are others in head.
    pub(super) fn names_of(
        &self,
        node: &Definition,
        base: &Indexed,
        head: &Indexed,
    ) -> Vec<(String, String)> {
        let mut names = Vec::new();
        for id in &node.depends_on {
            let rename = self.by_base.get(id.as_ref());
            let both = rename
                .and_then(|rename| Some((base.definition(id)?, head.definition(&rename.to)?)));
            let Some((before, now)) = both else {
                continue;
            };
            names.push((before.name.to_string(), now.name.to_string()));
            if let (Some(before), Some(now)) = (&before.source_name, &now.source_name) {
                names.push((before.to_string(), now.to_string()));
            }
        }
        names.retain(|(before, now)| before != now);
        names
    }
}

/// Finds the renamed nodes, by their ids in base.
fn find(base: &Indexed, head: &Indexed) -> BTreeMap<Arc<str>, Rename> {
    let mut renames = BTreeMap::new();
    for resource_type in ["model", "seed", "snapshot"] {
        let before = lone(base, head, resource_type);
        let now = lone(head, base, resource_type);
        by_equal_text(&before, &now, &mut renames);
        if resource_type != "seed" {
            by_alike_text(&before, &now, &mut renames);
        }
    }
    sources(base, head, &mut renames);
    renames
}

/// The nodes of one kind that the other side does not have, not even disabled.
fn lone<'s, 'a>(one: &Indexed<'s, 'a>, other: &Indexed, resource_type: &str) -> Vec<Lone<'s, 'a>> {
    let nodes = one.side.definitions.nodes.iter();
    let nodes = nodes.filter(|node| {
        node.is_enabled
            && node.resource_type() == resource_type
            && other.definition(&node.unique_id).is_none()
    });
    let dialect = one.adapter().dialect();
    let nodes = nodes.map(|definition| {
        let details = definition.details();
        let code = Code::new(&definition.code.text(), written(&details, dialect));
        let same = match &details.checksum {
            Some((name, checksum)) if resource_type == "seed" && name != "path" => {
                checksum.clone().into_owned()
            }
            _ if resource_type == "seed" => String::new(),
            _ => code.all().collect::<Vec<_>>().join("\u{0}"),
        };
        Lone {
            definition,
            code,
            same,
        }
    });
    nodes.collect()
}

fn by_equal_text(before: &[Lone], now: &[Lone], renames: &mut BTreeMap<Arc<str>, Rename>) {
    let mut by_text = BTreeMap::<&str, (Vec<&Lone>, Vec<&Lone>)>::new();
    for one in before.iter().filter(|one| !one.same.is_empty()) {
        by_text.entry(&one.same).or_default().0.push(one);
    }
    for one in now {
        if let Some((_, found)) = by_text.get_mut(one.same.as_str()) {
            found.push(one);
        }
    }
    for (before, now) in by_text.values() {
        for one in before {
            let namesakes = now
                .iter()
                .filter(|other| other.definition.name == one.definition.name);
            let namesakes = namesakes.collect::<Vec<_>>();
            let found = match (&before[..], &now[..], &namesakes[..]) {
                ([_], [only], _) => Some(only),
                (_, _, [only]) => Some(*only),
                _ => None,
            };
            if let Some(found) = found {
                insert(renames, one, found, true);
            }
        }
    }
}

fn insert(renames: &mut BTreeMap<Arc<str>, Rename>, from: &Lone, to: &Lone, has_same_text: bool) {
    let rename = Rename {
        to: Arc::from(to.definition.unique_id.as_ref()),
        has_same_text,
    };
    renames.insert(Arc::from(from.definition.unique_id.as_ref()), rename);
}

fn by_alike_text(before: &[Lone], now: &[Lone], renames: &mut BTreeMap<Arc<str>, Rename>) {
    let taken = renames
        .values()
        .map(|rename| Arc::clone(&rename.to))
        .collect::<Vec<_>>();
    let is_free = |one: &&Lone| !taken.iter().any(|id| **id == *one.definition.unique_id);
    let before = before
        .iter()
        .filter(|one| !renames.contains_key(one.definition.unique_id.as_ref()));
    let before = before.collect::<Vec<_>>();
    let now = now.iter().filter(is_free).collect::<Vec<_>>();
    if before.len() * now.len() > MOST_PAIRS {
        return;
    }
    let mut found = Vec::new();
    for one in before {
        let mut ratios = now
            .iter()
            .map(|other| (ratio(&one.code, &other.code), *other));
        let ratios = ratios.by_ref().collect::<Vec<_>>();
        let best = ratios.iter().max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((best, to)) = best.copied() else {
            continue;
        };
        let is_far_ahead = ratios
            .iter()
            .all(|(ratio, other)| std::ptr::eq(*other, to) || ratio + AHEAD < best);
        let least = if one.code.len().min(to.code.len()) < SHORT {
            SHORT_ALIKE
        } else {
            ALIKE
        };
        if best >= least && is_far_ahead {
            found.push((one, to));
        }
    }
    for (one, to) in &found {
        // Two nodes that seem to be one are none.
        let rivals = found.iter().filter(|(_, other)| std::ptr::eq(*other, *to));
        if rivals.count() == 1 {
            insert(renames, one, to, false);
        }
    }
}

/// How alike two texts are: twice the pieces that they have in common in one order, of all pieces.
fn ratio(one: &Code, other: &Code) -> f64 {
    let (one, other) = (
        one.all().collect::<Vec<_>>(),
        other.all().collect::<Vec<_>>(),
    );
    let all = one.len() + other.len();
    let may_be = 2 * one.len().min(other.len());
    if all == 0 || (may_be as f64) < ALIKE * all as f64 || one.len() * other.len() > MOST_PIECES {
        return 0.0;
    }
    let mut row = vec![0_usize; other.len() + 1];
    for piece in one {
        let mut diagonal = 0;
        for (at, other) in other.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if piece == *other {
                diagonal + 1
            } else {
                above.max(row[at])
            };
            diagonal = above;
        }
    }
    2.0 * row[other.len()] as f64 / all as f64
}

/// Sources of another name that lie at the same place.
fn sources(base: &Indexed, head: &Indexed, renames: &mut BTreeMap<Arc<str>, Rename>) {
    let lone = |one: &Indexed, other: &Indexed| {
        let nodes = one.side.definitions.nodes.iter();
        let nodes = nodes.filter(|node| {
            node.is_enabled
                && node.resource_type() == "source"
                && other.definition(&node.unique_id).is_none()
        });
        nodes
            .map(|node| node.unique_id.to_string())
            .collect::<Vec<_>>()
    };
    let (before, now) = (lone(base, head), lone(head, base));
    let mut by_name = BTreeMap::<String, Vec<&str>>::new();
    for id in &now {
        if let Some(node) = head.node(id) {
            by_name
                .entry(Part::Name.stored(node).to_lowercase())
                .or_default()
                .push(id);
        }
    }
    for id in &before {
        let Some(node) = base.node(id) else {
            continue;
        };
        let found = by_name.get(&Part::Name.stored(node).to_lowercase());
        let found = found.into_iter().flatten().filter(|other| {
            let is_one = |part: Part| {
                let other = head.node(other);
                other.is_some_and(|other| {
                    is_one(base.adapter(), part.stored(node), part.stored(other))
                })
            };
            is_one(Part::Name) && (is_one(Part::Schema) || has_schema_of(base, head, id, other))
        });
        if let [only] = found.collect::<Vec<_>>()[..] {
            let rename = Rename {
                to: Arc::from(*only),
                has_same_text: true,
            };
            renames.insert(Arc::from(id.as_str()), rename);
        }
    }
}

/// Whether the schema of two sources is written alike, whatever it is for the target.
fn has_schema_of(base: &Indexed, head: &Indexed, id: &str, other: &str) -> bool {
    let written = |side: &Indexed, id: &str| {
        let schema = side.definition(id)?.details().unrendered_schema?;
        (!schema.is_empty()).then(|| schema.into_owned())
    };
    let before = written(base, id);
    before.is_some() && before == written(head, other)
}
