//! What happens to each workbook.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::{Cause, ColumnEffect, ColumnUse, Effect, ReachedWorkbook, What};
use super::change::{
    Change, ChangeIx, ChangeKind, ChangedColumn, ColumnChange, LostBy, LostRelation,
};
use super::changes::{Changes, Outcome};
use super::compare::stops_the_table;
use super::graph::{Below, Reads};
use super::side::Side;
use crate::link::{Links, Outcome as Linked, Rule, WorkbookTable};
use crate::model::relation::same_but_case;
use crate::model::{
    Catalog, Degree, KnownColumns, Node, NodeKind, Project, Read, Role, Site, TableIx, Upstream,
    UsedColumn, WorkbookIx,
};

/// What workbooks are judged with.
pub(super) struct Verdicts<'v, 's, 'a> {
    pub(super) changes: &'v Changes,
    pub(super) base: &'s Project<'a>,
    pub(super) site: &'v Site<'a>,
    pub(super) links: &'v Links<'a>,
    /// What the warehouse says of base's columns.
    catalog: Option<&'s Catalog>,
    /// What is below nodes that changed, and below those that could not be compared.
    below: Below<'v, 's>,
    below_uncompared: Below<'v, 's>,
    /// The changes of nodes, and what could not be compared, by their ids in head.
    by_head: BTreeMap<Arc<str>, Outcome>,
}

impl<'v, 's, 'a> Verdicts<'v, 's, 'a> {
    pub(super) fn new(
        changes: &'v Changes,
        head_reads: &'v Reads<'s>,
        base: Side<'s, 'a>,
        site: &'v Site<'a>,
        links: &'v Links<'a>,
    ) -> Self {
        let by_head = changes
            .outcomes
            .values()
            .filter_map(|outcome| Some((outcome.head.clone()?, outcome.clone())));
        let by_head = by_head.collect::<BTreeMap<_, _>>();
        let changed = by_head.iter().filter(|(_, outcome)| {
            let change = outcome.change.map(|at| &changes.changes[at.0]);
            change.is_some_and(goes_down)
        });
        let uncompared = by_head.iter().filter(|(_, outcome)| {
            let reason = outcome
                .not_compared
                .map(|at| &changes.not_compared[at].reason);
            reason.is_some_and(super::change::NotComparedReason::goes_down)
        });
        Self {
            below: head_reads.below(changed.map(|(id, _)| id.as_ref())),
            below_uncompared: head_reads.below(uncompared.map(|(id, _)| id.as_ref())),
            changes,
            base: base.project,
            catalog: base.catalog,
            site,
            links,
            by_head,
        }
    }

    /// What happens to a workbook; `None` if nothing does.
    pub(super) fn of(&self, at: WorkbookIx) -> Option<ReachedWorkbook> {
        let reads = &self.site.workbook(at).reads;
        let tables = &self.links.workbooks[at.0].tables;
        let effects = reads.iter().zip(tables);
        let effects = effects.flat_map(|(read, table)| self.of_table(at, read, table));
        let mut effects = effects.collect::<Vec<_>>();
        effects.sort_by(|a, b| {
            (&a.what, &a.table, a.cause, &a.node).cmp(&(&b.what, &b.table, b.cause, &b.node))
        });
        effects.dedup();
        let severity = effects.iter().map(|effect| effect.what.severity()).min()?;
        Some(ReachedWorkbook {
            workbook: at,
            severity,
            effects,
        })
    }

    fn of_table(&self, at: WorkbookIx, read: &Read, table: &WorkbookTable) -> Vec<Effect> {
        let Linked::Linked { node, rule } = &table.table.outcome else {
            return Vec::new();
        };
        let node = &self.base.nodes[*node];
        let known = match read.upstream {
            Upstream::Table(table) => self.site.workbook(at).columns_of(table),
            _ => KnownColumns::default(),
        };
        let decided = self.decided(at, known.columns);
        let columns = decided.as_deref().unwrap_or(known.columns);
        let whats = self.of_node(node, *rule, KnownColumns { columns, ..known });
        // Where a query names the table is where somebody has to look.
        let in_sql = table.all_paths().find(|path| path.place().is_some());
        let path = in_sql.or_else(|| table.all_paths().next());
        let effects = whats
            .into_iter()
            .map(|(what, cause, chain, columns)| Effect {
                what,
                cause,
                table: table.table.shown.clone(),
                node: Arc::from(node.unique_id.as_ref()),
                chain,
                path: path.as_ref().map_or_else(String::new, ToString::to_string),
                place: path.as_ref().and_then(|path| path.place()),
                columns,
            });
        effects.collect()
    }

    /// The columns as the catalog of base decides of which of several tables they are; `None` if there is
    /// nothing to decide.
    fn decided<'w>(
        &self,
        at: WorkbookIx,
        columns: &[UsedColumn<'w>],
    ) -> Option<Vec<UsedColumn<'w>>> {
        let is_open = columns.iter().any(|column| !column.unless.is_empty());
        let catalog = self.catalog.filter(|_| is_open)?;
        let decide = |column: &UsedColumn<'w>| {
            let holds = column.unless.iter().filter(|unless| {
                let mut others = unless.others.iter();
                others.all(|table| self.lacks(at, *table, &column.name, catalog))
            });
            let degrees = holds.map(|unless| unless.degree);
            UsedColumn {
                degree: degrees.fold(column.degree, Ord::min),
                ..column.clone()
            }
        };
        Some(columns.iter().map(decide).collect())
    }

    /// Whether a table that a workbook reads is known not to have a column, in any case.
    fn lacks(&self, at: WorkbookIx, table: TableIx, name: &str, catalog: &Catalog) -> bool {
        let reads = self.site.workbook(at).reads.iter();
        let mut outcomes = reads.zip(&self.links.workbooks[at.0].tables);
        let found = outcomes.find(|(read, _)| read.upstream == Upstream::Table(table));
        let Some(Linked::Linked { node, .. }) = found.map(|(_, table)| &table.table.outcome) else {
            return false;
        };
        let columns = catalog.get(&self.base.nodes[*node].unique_id);
        columns.is_some_and(|columns| {
            let mut names = columns.iter().map(|column| &column.name);
            !names.any(|known| known == name || same_but_case(known, name))
        })
    }

    fn of_node(&self, node: &Node, rule: Rule, columns: KnownColumns) -> Vec<Happens> {
        let id = node.unique_id.as_ref();
        let outcome = self.changes.outcomes.get(id);
        let mut happens = Vec::new();
        if let Some(change) = outcome.and_then(|outcome| outcome.change) {
            happens.extend(self.by_change(change, node, rule, columns));
        }
        let is_any = |happens: &[Happens]| !happens.is_empty();
        let head = outcome.map_or(Some(id), |outcome| outcome.head.as_deref());
        if !is_any(&happens) {
            happens.extend(head.and_then(|head| self.above(head, &self.below)));
        }
        if let Some(at) = outcome.and_then(|outcome| outcome.not_compared) {
            let what = if self.changes.not_compared[at].reason.goes_down() {
                What::NotCompared
            } else {
                What::PerhapsNotUpdated
            };
            happens.push((what, Cause::NotCompared(at), Vec::new(), Vec::new()));
        } else if !is_any(&happens) {
            happens.extend(head.and_then(|head| self.above(head, &self.below_uncompared)));
        }
        happens
    }

    /// What happens by a change above a node of head.
    fn above(&self, head: &str, below: &Below) -> Option<Happens> {
        let chain = below.chain(head)?;
        let outcome = self.by_head.get(chain.first()?)?;
        let is_change = std::ptr::eq(below, &raw const self.below);
        let (what, cause) = match (outcome.change, outcome.not_compared) {
            (Some(change), _) if is_change => (What::Changed, Cause::Change(change)),
            (_, Some(at)) => (What::NotCompared, Cause::NotCompared(at)),
            _ => return None,
        };
        Some((what, cause, chain, Vec::new()))
    }

    /// What happens by a change of the node itself.
    fn by_change(&self, at: ChangeIx, node: &Node, rule: Rule, used: KnownColumns) -> Vec<Happens> {
        let change = &self.changes.changes[at.0];
        let cause = Cause::Change(at);
        // The view of the latest version goes where its model does, under any alias.
        let is_own = |lost: &LostRelation| rule.role() == Role::Own || lost.by != LostBy::Alias;
        if change.lost.as_ref().is_some_and(is_own) {
            return vec![(What::NotUpdated, cause, Vec::new(), Vec::new())];
        }
        if node.kind == NodeKind::Source {
            // A project that reads another table does not change this one.
            return Vec::new();
        }
        let mut happens = columns(change, cause, used);
        if stops_the_table(&change.columns) {
            happens.retain(|(what, ..)| *what != What::RunFails);
            let columns = change.columns.iter().map(|column| effect_on(column, used));
            let columns = columns.map(|(_, effect)| effect).collect();
            happens.push((What::RunFails, cause, Vec::new(), columns));
        }
        let is_only_version = change
            .kinds
            .iter()
            .all(|kind| matches!(kind, ChangeKind::Version(..)));
        if is_only_version && rule.role() == Role::Own {
            happens.push((What::OldVersion, cause, Vec::new(), Vec::new()));
        } else if happens.is_empty() && changes_rows(change) {
            happens.push((What::Changed, cause, Vec::new(), Vec::new()));
        }
        happens
    }
}

/// What happens, why, by which way, and to which columns.
type Happens = (What, Cause, Vec<Arc<str>>, Vec<ColumnEffect>);

/// Whether what changed reaches what is made of the node.
fn goes_down(change: &Change) -> bool {
    // What dbt adds rows to begins anew where it moves.
    let is_kept = change.resource_type == "snapshot" || is_incremental(change);
    let begins_anew = change
        .lost
        .as_ref()
        .is_some_and(|lost| lost.by != LostBy::Ephemeral)
        && is_kept;
    begins_anew || change.kinds.iter().any(ChangeKind::goes_down)
}

fn is_incremental(change: &Change) -> bool {
    change.materialized.as_deref() == Some("incremental")
}

/// Whether its own readers may see other rows, or none: whatever changed but columns that they do not
/// use.
fn changes_rows(change: &Change) -> bool {
    let mut kinds = change.kinds.iter();
    kinds.any(|kind| !matches!(kind, ChangeKind::Relation))
}

/// What happens to the columns that are used, by what happens.
fn columns(change: &Change, cause: Cause, used: KnownColumns) -> Vec<Happens> {
    let mut by_what = BTreeMap::<What, Vec<ColumnEffect>>::new();
    for column in &change.columns {
        let (what, effect) = effect_on(column, used);
        if let Some(what) = what {
            by_what.entry(what).or_default().push(effect);
        }
    }
    let happens = by_what.into_iter();
    happens
        .map(|(what, columns)| (what, cause, Vec::new(), columns))
        .collect()
}

fn owned(texts: &[Cow<str>]) -> Vec<String> {
    texts.iter().map(|text| text.to_string()).collect()
}

/// The strongest use of a column: of the one that is spelled so, else of all that differ in case.
fn used_as<'w>(column: &ChangedColumn, used: KnownColumns<'w>) -> Option<&'w UsedColumn<'w>> {
    let exact = used.columns.iter().find(|one| one.name == column.name);
    let alike = used
        .columns
        .iter()
        .filter(|one| same_but_case(&one.name, &column.name));
    exact.or_else(|| alike.min_by_key(|one| one.degree))
}

/// What a change of a column does to a workbook.
fn effect_on(column: &ChangedColumn, used: KnownColumns) -> (Option<What>, ColumnEffect) {
    let found = used_as(column, used);
    let usage = match found.map(|found| found.degree) {
        Some(Degree::OnSheet) => Some(ColumnUse::OnSheet),
        Some(Degree::InQuery) => Some(ColumnUse::InQuery),
        Some(Degree::InDatasource) => Some(ColumnUse::InDatasource),
        None if used.is_told => None,
        Some(Degree::Perhaps) | None => Some(ColumnUse::NotTold),
    };
    let what = usage.map(|usage| match (&column.change, usage) {
        (ColumnChange::FailsRun, _) => What::RunFails,
        (ColumnChange::Type(..), _) => What::TypeChanged,
        (ColumnChange::Null, _) => What::ColumnNull,
        (ColumnChange::Gone(_), ColumnUse::OnSheet | ColumnUse::InQuery) => What::ColumnGone,
        (ColumnChange::Gone(_), ColumnUse::InDatasource) => What::UnusedColumnGone,
        (ColumnChange::Gone(_), ColumnUse::NotTold) => What::PerhapsColumnGone,
    });
    let effect = ColumnEffect {
        name: column.name.clone(),
        change: column.change.clone(),
        evidence: column.evidence,
        usage: usage.unwrap_or(ColumnUse::NotTold),
        sheets: found.map_or_else(Vec::new, |found| owned(&found.sheets)),
        fields: found.map_or_else(Vec::new, |found| owned(&found.fields)),
        places: found.map_or_else(Vec::new, |found| found.places.clone()),
    };
    (what, effect)
}
