//! Which relations of base head still builds, as production would name them.
//!
//! A relation, and not an id, is what a workbook reads: before one is called lost, it is looked for
//! among all that head builds.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::change::LostBy;
use super::settings::Pair;
use super::side::{Indexed, Part, is_one, key};
use super::targets::{ByPart, Targets};
use crate::model::Node;
use crate::model::definition::{Definition, Details};

/// What becomes of the relation of a node that both sides have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// Head builds it.
    Stays,
    /// Head builds another one.
    Moves(LostBy),
    /// It differs, and whether by the target cannot be told.
    Perhaps,
}

/// What becomes of a relation.
pub(super) fn fate(pair: &Pair, targets: &Targets, base: &Indexed) -> Fate {
    let (Some(before), Some(now)) = (pair.base_node, pair.head_node) else {
        return Fate::Stays;
    };
    if before.relation.is_none() {
        return Fate::Stays;
    }
    if now.relation.is_none() {
        return Fate::Moves(LostBy::Ephemeral);
    }
    if pair.head.is_deferred {
        return Fate::Stays;
    }
    let mut perhaps = false;
    for part in Part::ALL {
        let differs = !is_one(base.adapter(), part.stored(before), part.stored(now));
        match targets.by(part, false) {
            ByPart::AsRendered if differs => return Fate::Moves(moved_by(part, before, now)),
            ByPart::AsConfigured if !pair.is_configured_alike(part) => {
                return Fate::Moves(moved_by(part, before, now));
            }
            ByPart::AsConfigured if is_folded(part, before) != is_folded(part, now) => {
                return Fate::Moves(LostBy::Quoting);
            }
            ByPart::Unknown => perhaps |= differs,
            ByPart::AsRendered | ByPart::AsConfigured => {}
        }
    }
    if perhaps { Fate::Perhaps } else { Fate::Stays }
}

fn moved_by(part: Part, before: &Node, now: &Node) -> LostBy {
    if part.typed(before) == part.typed(now) {
        return LostBy::Quoting;
    }
    match part {
        Part::Database => LostBy::Database,
        Part::Schema => LostBy::Schema,
        Part::Name => LostBy::Alias,
    }
}

/// Whether the database stores a part in another case than it is spelled in; `None` if its letters have
/// no other case.
fn is_folded(part: Part, node: &Node) -> Option<bool> {
    let typed = part.typed(node);
    let has_both = typed.to_lowercase() != typed.to_uppercase();
    has_both
        .then(|| part.stored(node) != typed)
        .filter(|is_folded| {
            // A part that is in the stored case already says nothing.
            *is_folded || typed.chars().any(char::is_lowercase)
        })
}

/// The relations that head builds, as production would name them.
pub(super) struct Built {
    /// The ids of their nodes in head, by the relation.
    nodes: BTreeMap<String, Arc<str>>,
    /// What each node of head builds, for people, and whether it is only as head spells it.
    shown: BTreeMap<Arc<str>, (String, bool)>,
}

/// How production names the schemas and databases that a configuration asks for.
struct Names<'n> {
    by_config: BTreeMap<(usize, String), &'n Node<'n>>,
}

impl Built {
    pub(super) fn new(base: &Indexed, head: &Indexed, pairs: &[Pair], targets: &Targets) -> Self {
        let pairs_by_id = pairs
            .iter()
            .map(|pair| (pair.head.unique_id.as_ref(), pair));
        let pairs_by_id = pairs_by_id.collect::<BTreeMap<_, _>>();
        let names = LazyCell::new(|| Names::new(pairs));
        let (mut nodes, mut shown) = (BTreeMap::new(), BTreeMap::new());
        for node in &head.side.project.nodes {
            if node.relation.is_none() || node.kind == crate::model::NodeKind::Source {
                continue;
            }
            let pair = pairs_by_id.get(node.unique_id.as_ref()).copied();
            let details =
                LazyCell::new(|| head.definition(&node.unique_id).map(Definition::details));
            let mut is_as_in_head = false;
            let parts = Part::ALL.map(|part| {
                let found = match targets.by(part, false) {
                    ByPart::AsRendered => {
                        return (part.stored(node).into(), part.typed(node).into());
                    }
                    ByPart::AsConfigured | ByPart::Unknown => {
                        production_name(part, node, pair, &details, &names)
                    }
                };
                found.unwrap_or_else(|| {
                    is_as_in_head = true;
                    (
                        Cow::Borrowed(part.stored(node)),
                        Cow::Borrowed(part.typed(node)),
                    )
                })
            });
            let id: Arc<str> = Arc::from(node.unique_id.as_ref());
            let stored = [&*parts[0].0, &*parts[1].0, &*parts[2].0];
            let typed = parts.iter().map(|(_, typed)| typed.as_ref());
            let typed = typed.filter(|part| !part.is_empty()).collect::<Vec<_>>();
            nodes.insert(key(base.adapter(), stored), Arc::clone(&id));
            shown.insert(id, (typed.join("."), is_as_in_head));
        }
        Self { nodes, shown }
    }

    /// The node of head that builds the relation of a node of base.
    pub(super) fn by(&self, base: &Indexed, node: &Node) -> Option<&Arc<str>> {
        let parts = Part::ALL.map(|part| part.stored(node));
        self.nodes.get(&key(base.adapter(), parts))
    }

    /// What a node of head builds, for people, and whether it is only as head spells it.
    pub(super) fn shown(&self, unique_id: &str) -> Option<&(String, bool)> {
        self.shown.get(unique_id)
    }
}

/// A part as it is stored and as it is spelled.
type NamedPart<'n> = (Cow<'n, str>, Cow<'n, str>);

/// What production would call a part of the relation of a node of head; `None` if that is not known.
fn production_name<'n, 'd>(
    part: Part,
    node: &'n Node,
    pair: Option<&'n Pair>,
    details: &LazyCell<Option<Details<'d>>, impl FnOnce() -> Option<Details<'d>>>,
    names: &LazyCell<Names<'n>, impl FnOnce() -> Names<'n>>,
) -> Option<NamedPart<'n>> {
    if let Some(before) = pair
        .filter(|pair| pair.is_configured_alike(part))
        .and_then(|pair| pair.base_node)
    {
        return Some((part.stored(before).into(), part.typed(before).into()));
    }
    if part == Part::Name {
        let alias = details
            .as_ref()
            .and_then(|details| details.config_text("alias"));
        let name = match (alias, &node.version) {
            (Some(alias), _) => alias.to_owned(),
            (None, Some(version)) => format!("{}_v{}", node.name, version.trim_matches('"')),
            (None, None) => node.name.clone().into_owned(),
        };
        // How the database stores it is told by how it stores the name that head gives.
        let is_folded = part.typed(node) != part.stored(node);
        let is_upper = is_folded && part.stored(node).chars().any(char::is_uppercase);
        let stored = match (is_folded, is_upper) {
            (false, _) => name.clone(),
            (true, true) => name.to_uppercase(),
            (true, false) => name.to_lowercase(),
        };
        return Some((stored.into(), name.into()));
    }
    let like = names.find(part, details.as_ref()?)?;
    Some((part.stored(like).into(), part.typed(like).into()))
}

impl<'n> Names<'n> {
    fn new(pairs: &'n [Pair]) -> Self {
        let mut by_config = BTreeMap::new();
        for pair in pairs.iter().filter(|pair| !pair.is_source()) {
            let Some(node) = pair.base_node.filter(|node| node.relation.is_some()) else {
                continue;
            };
            for part in [Part::Database, Part::Schema] {
                let config = configured(part, &pair.details().0);
                by_config.entry((part as usize, config)).or_insert(node);
            }
        }
        Self { by_config }
    }

    fn find(&self, part: Part, details: &Details) -> Option<&'n Node<'n>> {
        let config = configured(part, details);
        self.by_config.get(&(part as usize, config)).copied()
    }
}

/// What a configuration says of a part; empty if it says nothing.
fn configured(part: Part, details: &Details) -> String {
    let values = part
        .keys()
        .iter()
        .map(|key| details.config(key).unwrap_or_default());
    values.collect::<Vec<_>>().join("\u{0}")
}
