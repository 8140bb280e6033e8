//! What becomes of one table: the rules of [`super::rules`], tried in their order on its name and on
//! the one that the configuration makes of it.

use super::entries::Entry;
use super::index::Index;
use super::nearest;
use super::outcome::{MOST_CANDIDATES, Outcome, Rule};
use super::reason::UnknownReason;
use super::rules::{Lookup, Typed};
use super::similar::Effort;
use crate::model::relation::is_project_id;
use crate::model::{Relation, Table};
use crate::settings::{Matching, Rewritten};

/// What became of a table, with what only this room asks.
#[derive(Debug, Clone)]
pub struct Finding<'t> {
    /// Its outcome.
    pub outcome: Outcome,
    /// The rule that fits. Where that is `mapped`, the one that fits the rewritten name.
    pub by: Option<Rule>,
    /// The name that the configuration makes of its own.
    pub rewritten: Option<Rewritten<'t>>,
}

impl From<Outcome> for Finding<'_> {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            by: None,
            rewritten: None,
        }
    }
}

impl<'t> Finding<'t> {
    /// The name by which the table was found, or not found: its own, unless a rewritten one decided.
    pub fn relation<'f>(&'f self, table: &'f Table<'t>) -> Option<&'f Relation<'t>> {
        let is_mapped = match &self.outcome {
            Outcome::Linked { rule, .. } => *rule >= Rule::Mapped,
            _ => true,
        };
        let rewritten = self.rewritten.as_ref();
        let rewritten = rewritten.filter(|rewritten| is_mapped && !rewritten.is_cut);
        let rewritten = rewritten.map(|rewritten| &rewritten.relation);
        rewritten.or(table.name.as_ref().ok())
    }
}

/// What became of a table whose connection can reach the warehouse: by the first rule that finds
/// a relation, else unknown and without near misses (see [`explained`]).
pub fn find<'t>(
    index: &Index,
    table: &Table,
    rewritten: Option<Rewritten<'t>>,
    matching: &Matching,
) -> Finding<'t> {
    let found = match &table.name {
        Ok(relation) => by_name(index, table, relation, rewritten.as_ref(), matching),
        Err(unreadable) => unknown(UnknownReason::UnreadableName(unreadable.reason)),
    };
    Finding { rewritten, ..found }
}

fn by_name<'t>(
    index: &Index,
    table: &Table,
    relation: &Relation,
    rewritten: Option<&Rewritten>,
    matching: &Matching,
) -> Finding<'t> {
    let relation = with_usable_database(index, table, relation);
    let lookup = Lookup::new(index, &relation, &table.connection, matching)
        .heeding_case(Typed::of(table, index.adapter()));
    if let Some(found) = first_of(index, &lookup, &Rule::BEFORE_MAPPED) {
        return found;
    }
    match rewritten {
        None => first_of(index, &lookup, &Rule::AFTER_MAPPED)
            .unwrap_or_else(|| unknown(reason(table, &relation))),
        Some(rewritten) if rewritten.is_cut => unknown(UnknownReason::TooManyRewrites),
        Some(rewritten) => by_rewritten_name(index, table, &rewritten.relation, matching),
    }
}

/// What a rewritten name fits, by any rule but the weakest as `mapped`.
fn by_rewritten_name<'t>(
    index: &Index,
    table: &Table,
    rewritten: &Relation,
    matching: &Matching,
) -> Finding<'t> {
    let relation = with_usable_database(index, table, rewritten);
    let has_own_name = table
        .name
        .as_ref()
        .is_ok_and(|own| own.name == rewritten.name);
    let typed = Typed {
        name: table.has_stored_name && has_own_name,
        ..Typed::default()
    };
    let lookup = Lookup::new(index, &relation, &table.connection, matching).heeding_case(typed);
    let all = [Rule::BEFORE_MAPPED, Rule::AFTER_MAPPED].concat();
    let Some(mut found) = first_of(index, &lookup, &all) else {
        return unknown(match reason(table, &relation) {
            UnknownReason::NoRelation => {
                UnknownReason::NoRelationRewritten(rewritten.to_string().into())
            }
            reason => reason,
        });
    };
    if let Outcome::Linked { rule, .. } = &mut found.outcome
        && *rule != Rule::Name
    {
        *rule = Rule::Mapped;
    }
    found
}

fn unknown<'t>(reason: UnknownReason) -> Finding<'t> {
    let nearest = Vec::new();
    Outcome::Unknown { reason, nearest }.into()
}

/// What fits by the first of these rules that finds a relation.
fn first_of<'t>(index: &Index, lookup: &Lookup, rules: &[Rule]) -> Option<Finding<'t>> {
    rules.iter().find_map(|rule| {
        let outcome = one_or_ambiguous(index, &lookup.fitting(*rule), *rule)?;
        Some(Finding {
            outcome,
            by: Some(*rule),
            rewritten: None,
        })
    })
}

/// The relation without a database that says nothing: where databases are projects of Google
/// Cloud, Tableau may show the project's display name, and a query never does. The manifest's adapter
/// says so where the connection type does not.
fn with_usable_database<'a>(index: &Index, table: &Table, relation: &Relation<'a>) -> Relation<'a> {
    let has_project_ids = index.adapter().has_project_ids() || table.connection.has_project_ids();
    let may_be_display_name = has_project_ids && !table.has_typed_database;
    let mut relation = relation.clone();
    relation.database = relation
        .database
        .filter(|database| !may_be_display_name || is_project_id(database));
    relation
}

/// One relation with one node is a link; several of either are ambiguous, never the first.
fn one_or_ambiguous(index: &Index, entries: &[&Entry], rule: Rule) -> Option<Outcome> {
    match entries {
        [] => None,
        [entry] if entry.nodes.len() == 1 => Some(Outcome::Linked {
            node: entry.nodes[0],
            rule,
        }),
        several => Some(one_or_several(index, several, rule)),
    }
}

/// The outcome where several relations or nodes fit: of very many nodes, the first by id.
fn one_or_several(index: &Index, entries: &[&Entry], rule: Rule) -> Outcome {
    let mut candidates = entries
        .iter()
        .flat_map(|entry| entry.nodes.iter().copied().take(MOST_CANDIDATES + 1))
        .collect::<Vec<_>>();
    candidates.sort_by_key(|node| &index.node(*node).unique_id);
    // Two relations may stand for one node.
    candidates.dedup();
    if let [node] = *candidates {
        return Outcome::Linked { node, rule };
    }
    let is_all = candidates.len() <= MOST_CANDIDATES;
    candidates.truncate(MOST_CANDIDATES);
    Outcome::Ambiguous {
        candidates,
        is_all,
        elsewhere: Vec::new(),
    }
}

/// Why no relation fits a table of this name.
fn reason(table: &Table, relation: &Relation) -> UnknownReason {
    match (&relation.schema, table.doubtful_schema()) {
        (Some(_), _) => UnknownReason::NoRelation,
        (None, None) => UnknownReason::OnlyNameKnown,
        (None, Some(shown)) => UnknownReason::DoubtfulSchema(shown.into()),
    }
}

/// The outcome with the near misses of its table, if it is unknown.
pub fn explained(index: &Index, table: &Table, finding: Finding, effort: &mut Effort) -> Outcome {
    let relation = finding.relation(table).cloned();
    match (finding.outcome, relation) {
        (Outcome::Unknown { reason, nearest }, Some(relation)) if nearest.is_empty() => {
            let relation = with_usable_database(index, table, &relation);
            let nearest = nearest::find(index, &relation, effort);
            Outcome::Unknown { reason, nearest }
        }
        (outcome, _) => outcome,
    }
}
