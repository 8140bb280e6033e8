//! The lost links of a report, by relation.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::results::{Results, selected};
use super::view::View;
use super::{LinkFacts, Nearest, WorkbookFacts};
use crate::link::lost::{Ended, Endings, Fate, Kinship, Lost};
use crate::link::{MatchedTable, WorkbookTable};
use crate::model::{Path, StandingExposure, Verb, WorkbookIx};
use crate::plan::RemovalReason;

/// The links that workbooks lost since the state.
#[derive(Debug, Default)]
pub struct LostFacts {
    /// The relations, those of most workbooks first.
    pub relations: Vec<LostRelation>,
    /// How many workbooks that are not selected read such relations as well.
    pub not_selected: usize,
    /// Whether the manifest seems to be of another target than the state.
    pub is_of_other_target: bool,
}

/// A relation that linked to a node of the state.
#[derive(Debug)]
pub struct LostRelation {
    /// The id of the node.
    pub node: String,
    /// The relation, as the state spells it.
    pub relation: String,
    /// What dbt does to such a node.
    pub verb: Verb,
    /// What became of the node.
    pub fate: Fate,
    /// The nodes of the manifest that come nearest.
    pub nearest: Vec<Nearest>,
    /// The workbooks that read it, each once for each of its tables, in the order of their luids.
    pub readers: Vec<LostReader>,
}

/// A workbook that reads a relation. Thousands may read thousands, so what they share is held once.
#[derive(Debug)]
pub struct LostReader {
    /// The workbook.
    pub workbook: Arc<WorkbookFacts>,
    /// The ids of the exposures that cover it.
    pub exposures: Arc<[String]>,
    /// The table.
    pub table: Arc<LostTable>,
    /// The paths from the workbook to it, the shortest first.
    pub paths: Arc<[String]>,
}

/// A table whose link is lost.
#[derive(Debug)]
pub struct LostTable {
    /// Its name, as Tableau shows it.
    pub name: String,
    /// Tableau's connection type; `None` if it is not known.
    pub connection_type: Option<String>,
}

/// The link of a workbook to a node that ended.
#[derive(Debug, PartialEq, Eq)]
pub struct EndedLink {
    /// The id of the node.
    pub node: Arc<str>,
    /// How it ended.
    pub ended: Ended,
}

/// Gathers the lost links of the selected workbooks.
pub(super) fn lost(view: &View, results: &Results) -> LostFacts {
    if results.lost.is_empty() {
        return LostFacts::default();
    }
    let mut gathered = Gathered::default();
    for (at, tables) in selected(results) {
        let lost = results.lost.of(at);
        if lost.is_empty() {
            continue;
        }
        let workbook = Arc::new(view.workbook(at));
        let covering = results.plan.covering.get(&at).into_iter().flatten();
        let exposures = covering.cloned().collect::<Arc<[_]>>();
        for (place, lost) in lost {
            let (relation, table) = gathered.table(view, lost, &tables[place].table);
            let paths = gathered.paths(&tables[place]);
            gathered.relations[relation].readers.push(LostReader {
                workbook: Arc::clone(&workbook),
                exposures: Arc::clone(&exposures),
                table,
                paths,
            });
        }
    }
    let mut relations = gathered.relations;
    relations.sort_by(|one, other| {
        let readers = other.readers.len().cmp(&one.readers.len());
        readers.then_with(|| (&one.node, &one.relation).cmp(&(&other.node, &other.relation)))
    });
    LostFacts {
        relations,
        not_selected: not_selected(results),
        is_of_other_target: results.lost.is_of_other_target,
    }
}

/// How many workbooks that are not selected lost a link.
fn not_selected(results: &Results) -> usize {
    let workbooks = results.site.workbook_positions();
    let others = workbooks.filter(|at| !results.selection.get(*at).is_yes());
    let losing = others.filter(|at| !results.lost.of(*at).is_empty());
    losing.count()
}

/// The relations so far, with what their readers share.
#[derive(Default)]
struct Gathered<'r> {
    relations: Vec<LostRelation>,
    by_key: BTreeMap<Key<'r>, usize>,
    /// The relation and the facts of each table, by its lost link.
    tables: HashMap<*const Lost, (usize, Arc<LostTable>)>,
    /// By the paths, and by the schema that is their last step.
    paths: HashMap<(*const Path<'r>, Option<&'r str>), Arc<[String]>>,
}

impl<'r> Gathered<'r> {
    fn table(
        &mut self,
        view: &View,
        lost: &'r Lost,
        table: &MatchedTable,
    ) -> (usize, Arc<LostTable>) {
        let at = std::ptr::from_ref(lost);
        if let Some((relation, table)) = self.tables.get(&at) {
            return (*relation, Arc::clone(table));
        }
        let relation = *self.by_key.entry(key(lost)).or_insert_with(|| {
            self.relations.push(LostRelation {
                node: lost.node.clone(),
                relation: lost.relation.clone(),
                verb: lost.verb,
                fate: lost.fate.clone(),
                nearest: nearest(view, lost),
                readers: Vec::new(),
            });
            self.relations.len() - 1
        });
        let table = Arc::new(LostTable {
            name: table.shown.clone(),
            connection_type: table.connection.as_str().map(str::to_owned),
        });
        self.tables.insert(at, (relation, Arc::clone(&table)));
        (relation, table)
    }

    fn paths(&mut self, read: &'r WorkbookTable<'r>) -> Arc<[String]> {
        let key = (read.paths.as_ptr(), read.table.default_schema.as_deref());
        let paths = self.paths.entry(key).or_insert_with(|| {
            let paths = read.all_paths().map(|path| path.to_string());
            paths.collect()
        });
        Arc::clone(paths)
    }
}

/// What readers of one relation have in common.
type Key<'k> = (&'k str, &'k str, &'k Fate, Verb);

fn key(lost: &Lost) -> Key<'_> {
    (&lost.node, &lost.relation, &lost.fate, lost.verb)
}

fn nearest(view: &View, lost: &Lost) -> Vec<Nearest> {
    let own = lost.nearest.iter();
    let own = own.map(|kin| view.nearest(kin.node, kin.role, kin.kinship.to_string()));
    let elsewhere = lost.elsewhere.iter();
    let elsewhere = elsewhere.map(|other| Nearest::elsewhere(other, Kinship::Fits.to_string()));
    own.chain(elsewhere).collect()
}

/// How the links ended that an exposure had before and has no more, by node.
pub(super) fn ended(
    results: &Results,
    workbook: Option<WorkbookIx>,
    before: &StandingExposure,
    after: &[LinkFacts],
) -> Vec<EndedLink> {
    let kept = after.iter().map(|link| &*link.node);
    let kept = kept.collect::<HashSet<_>>();
    let gone = before.depends_on.iter();
    let gone = gone.map(|earlier| &earlier.unique_id);
    let gone = gone.filter(|id| !kept.contains(id.as_str()));
    ended_of(results, workbook, gone.collect::<BTreeSet<_>>())
}

/// How the links of a workbook to some nodes ended. Of one that no export lists that is not known.
pub(super) fn ended_of<'i>(
    results: &Results,
    workbook: Option<WorkbookIx>,
    nodes: impl IntoIterator<Item = &'i String>,
) -> Vec<EndedLink> {
    let endings = LazyCell::new(|| Some(Endings::new(results.lost, workbook?)));
    let ended = |id: &str| Some(endings.as_ref()?.of(id));
    let links = nodes.into_iter().map(|id| EndedLink {
        node: Arc::from(id.as_str()),
        ended: ended(id).unwrap_or(Ended::NotKnown),
    });
    links.collect()
}

/// Whether links that ended are the reason why an exposure is removed.
pub(super) fn is_by_links(reason: &RemovalReason) -> bool {
    matches!(
        reason,
        RemovalReason::ReadsNothing
            | RemovalReason::LinksLost
            | RemovalReason::LinksNotKnown
            | RemovalReason::Moved(_)
    )
}
