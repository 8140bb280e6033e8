//! Whether base and head are of one target, and so which parts of relations can be compared.
//!
//! In most pull requests base is production and head is built for another schema: then every relation
//! differs and nothing has moved. Nothing in a manifest names its target. What tells is that parts of
//! relations differ for most nodes although these are configured alike.

use super::answer::{Target, TargetEvidence};
use super::macros::Macros;
use super::settings::Pair;
use super::side::{Indexed, Part, is_one};

/// How a part of relations is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByPart {
    /// As it is rendered: both sides render it for one target.
    AsRendered,
    /// By its configuration alone: it depends on the target.
    AsConfigured,
    /// It differs for all nodes, and so does the macro that makes it.
    Unknown,
}

/// How relations are compared.
pub(super) struct Targets {
    pub(super) target: Target,
    /// For database, schema and name.
    by_part: [ByPart; 3],
    /// The same for sources, which no macro names.
    of_sources: [ByPart; 3],
}

/// How many nodes that are configured alike differ in a part.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    differ: usize,
    of: usize,
}

impl Targets {
    /// Compares the nodes that both sides have.
    pub(super) fn new(
        base: &Indexed,
        head: &Indexed,
        pairs: &[Pair],
        macros: &Macros,
        is_told_same: bool,
    ) -> Self {
        let known = known(base, head, pairs, is_told_same);
        let counts = counts(base, pairs, false);
        let is_same = matches!(known, Some(Target::Same(_)));
        let is_other = matches!(known, Some(Target::Other(_)));
        let by_part = Part::ALL.map(|part| {
            let Count { differ, of } = counts[part as usize];
            let is_renamed = macros.changes_names(part.macro_name());
            match (is_same, is_other) {
                (true, _) => ByPart::AsRendered,
                _ if differ == 0 && of > 0 => ByPart::AsRendered,
                (_, true) if is_renamed => ByPart::Unknown,
                (_, false) if is_renamed && differ == of && of > 0 => ByPart::Unknown,
                (_, false) if is_renamed => ByPart::AsRendered,
                (_, true) => ByPart::AsConfigured,
                (_, false) if differ * 2 > of => ByPart::AsConfigured,
                (_, false) => ByPart::AsRendered,
            }
        });
        let is_other = is_other || by_part.iter().any(|by| *by != ByPart::AsRendered);
        let counts_of_sources = self::counts(base, pairs, true);
        let of_sources = Part::ALL.map(|part| {
            let Count { differ, of } = counts_of_sources[part as usize];
            if is_other && part != Part::Name && differ * 2 > of {
                ByPart::AsConfigured
            } else {
                ByPart::AsRendered
            }
        });
        let most = counts.iter().max_by_key(|count| count.differ);
        let Count { differ, of } = most.copied().unwrap_or_default();
        let evidence = TargetEvidence::Relations { differ, of };
        let found = if by_part.contains(&ByPart::Unknown) {
            Target::Unknown(evidence)
        } else if is_other {
            Target::Other(evidence)
        } else {
            Target::Same(evidence)
        };
        Self {
            target: match (known, found) {
                (Some(Target::Other(by)), Target::Unknown(_)) => Target::Unknown(by),
                (Some(known), _) => known,
                (None, found) => found,
            },
            by_part,
            of_sources,
        }
    }

    /// How this part is compared.
    pub(super) fn by(&self, part: Part, is_source: bool) -> ByPart {
        if is_source {
            self.of_sources[part as usize]
        } else {
            self.by_part[part as usize]
        }
    }

    /// Whether both are of one target, so that what is rendered can be compared.
    pub(super) fn is_same(&self) -> bool {
        matches!(self.target, Target::Same(_))
    }
}

/// What is known without comparing relations.
fn known(base: &Indexed, head: &Indexed, pairs: &[Pair], is_told_same: bool) -> Option<Target> {
    if is_told_same {
        return Some(Target::Same(TargetEvidence::Told));
    }
    if let (Some(before), Some(now)) = (base.side.run.target, head.side.run.target) {
        let evidence = TargetEvidence::Runs(before.to_owned(), now.to_owned());
        return Some(if before == now {
            Target::Same(evidence)
        } else {
            Target::Other(evidence)
        });
    }
    let is_deferred = pairs.iter().any(defers_to_base);
    is_deferred.then_some(Target::Other(TargetEvidence::Deferred))
}

/// Whether head reads base's relation instead of its own one.
fn defers_to_base(pair: &Pair) -> bool {
    let (Some(base), Some(head)) = (pair.base_node, pair.head_node) else {
        return false;
    };
    let Some(deferred) = &pair.head.deferred_relation else {
        return false;
    };
    let mut parts = [Part::Schema, Part::Name].into_iter();
    let differs = Part::ALL
        .iter()
        .any(|part| part.typed(base) != part.typed(head));
    differs
        && parts.all(|part| deferred.contains(part.typed(base)))
        && !deferred.contains(Part::Schema.typed(head))
}

/// The counts over nodes that dbt builds, for each part.
fn counts(base: &Indexed, pairs: &[Pair], of_sources: bool) -> [Count; 3] {
    let mut counts = [Count::default(); 3];
    for pair in pairs {
        let (Some(before), Some(now)) = (pair.base_node, pair.head_node) else {
            continue;
        };
        let is_built = before.relation.is_some() && now.relation.is_some();
        if !is_built || pair.is_source() != of_sources || pair.head.is_deferred {
            continue;
        }
        for part in Part::ALL {
            if pair.is_fixed(part) || !pair.is_configured_alike(part) {
                continue;
            }
            let count = &mut counts[part as usize];
            count.of += 1;
            let differs = part.typed(before) != part.typed(now)
                && !is_one(base.adapter(), part.stored(before), part.stored(now));
            count.differ += usize::from(differs);
        }
    }
    counts
}
