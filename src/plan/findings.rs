//! What this run found, for the next one: the tables behind dependencies, and those that are not
//! linked. What it did not look at is carried on from the runs before it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::by_workbook::ByWorkbook;
use super::delta::Plan;
use super::known::Known;
use super::other_user::{other_user, remembered_user};
use crate::link::{Outcome, WorkbookLinks};
use crate::model::remembered::TablesByNode;
use crate::model::{
    Evidence, Exposure, Findings, KnownExport, KnownExports, KnownWorkbook, NodeIx, SiteId,
    TableName, WorkbookIx, luid,
};

/// A table by name and connection type.
type Name<'n> = (&'n str, Option<&'n str>);

/// What this run found, and what it carries on.
pub fn findings(known: &Known, plan: &Plan) -> Findings {
    let nothing = Findings::default();
    let earlier = known
        .remembered
        .map_or(&nothing, |remembered| &remembered.findings);
    let gatherer = Gatherer {
        known,
        earlier,
        by_luid: ByWorkbook::listed(known.site),
    };
    let exports = gatherer.exports();
    let (unlinked, workbooks) = gatherer.workbooks(&exports);
    Findings {
        tables: gatherer.tables(plan),
        unlinked,
        workbooks,
        exports,
    }
}

/// What findings are made of.
struct Gatherer<'g> {
    known: &'g Known<'g, 'g>,
    /// What runs before this one found.
    earlier: &'g Findings,
    by_luid: ByWorkbook<Cow<'g, str>>,
}

impl<'g> Gatherer<'g> {
    /// The exports of this run, and the earlier ones of other sites.
    fn exports(&self) -> KnownExports {
        let now = self.known.site.evidence.iter().map(|export| KnownExport {
            site: export.site.clone(),
            user: remembered_user(self.earlier, export).cloned(),
            is_complete: self.proves_all(export),
        });
        now.chain(self.earlier.exports.iter().cloned()).collect()
    }

    /// Whether a workbook that an export does not list is not there.
    fn proves_all(&self, export: &Evidence) -> bool {
        export.is_complete() && other_user(self.earlier, export).is_none()
    }

    /// The tables behind the dependencies of each exposure that the manifest will contain.
    fn tables(&self, plan: &Plan) -> BTreeMap<String, TablesByNode> {
        let tables = plan.desired.iter().filter_map(|(id, desired)| {
            let tables = self.tables_of(id, &desired.exposure);
            (!tables.is_empty()).then(|| (id.clone(), tables))
        });
        tables.collect()
    }

    fn tables_of(&self, id: &str, exposure: &Exposure) -> TablesByNode {
        let marker = &exposure.marker;
        let workbook = self.workbook(&marker.luid, &marker.site);
        let looked_at = workbook.filter(|at| self.known.selection.get(*at).is_yes());
        let links = looked_at.map(|at| &self.known.links.workbooks[at.0]);
        let found = links.map(behind).unwrap_or_default();
        let nodes = &self.known.project.nodes;
        let mut tables = TablesByNode::new();
        for dependency in &exposure.dependencies {
            let node = nodes[dependency.node].unique_id.as_ref();
            let behind = match found.get(&dependency.node) {
                Some(names) => names.iter().map(|name| (*name).to_owned()).collect(),
                None => match self.earlier.tables_behind(id, node) {
                    Some(earlier) => earlier.to_vec(),
                    None => continue,
                },
            };
            tables.insert(node.to_owned(), behind);
        }
        tables
    }

    /// The only workbook of this run with this luid that may be on this site.
    fn workbook(&self, luid: &str, site: &SiteId) -> Option<WorkbookIx> {
        let luid = luid::identity(luid);
        self.by_luid.only(luid.as_ref(), site).map(WorkbookIx)
    }

    /// The distinct tables that are not linked, and for each workbook which of them it reads.
    fn workbooks(
        &self,
        exports: &KnownExports,
    ) -> (Vec<TableName>, BTreeMap<String, Vec<KnownWorkbook>>) {
        let mut tables = Tables::default();
        let mut workbooks = Vec::new();
        for at in self.known.site.workbook_positions() {
            let workbook = self.known.site.workbook(at);
            if let Some(export) = exports.position(&workbook.site) {
                let unlinked = self.unlinked(at).map(|names| tables.add(names));
                let luid = luid::identity(&workbook.luid).into_owned();
                workbooks.push((luid, KnownWorkbook { export, unlinked }));
            }
        }
        for (luid, earlier) in &self.earlier.workbooks {
            for one in earlier {
                let site = self.earlier.exports.site(one.export);
                if let Some(export) = self.carried(luid, site, exports) {
                    let names = one.unlinked.as_ref().map(|tables| self.names(tables));
                    let unlinked = names.map(|names| tables.add(names));
                    workbooks.push((luid.clone(), KnownWorkbook { export, unlinked }));
                }
            }
        }
        tables.sorted(workbooks)
    }

    /// The position of the export of an earlier workbook that this run does not list, unless it proves
    /// that the workbook is gone. The exports of this run come first.
    fn carried(&self, luid: &str, site: &SiteId, exports: &KnownExports) -> Option<usize> {
        let is_listed = self.by_luid.first(luid, site).is_some();
        let export = exports.position(site)?;
        let now = self.known.site.evidence.get(export);
        let is_gone = now.is_some_and(|export| self.proves_all(export));
        (!is_listed && !is_gone).then_some(export)
    }

    /// The tables of a workbook that are not linked; `None` if no run has looked at it.
    fn unlinked(&self, at: WorkbookIx) -> Option<BTreeSet<Name<'g>>> {
        let workbook = self.known.site.workbook(at);
        let earlier = self.earlier.unlinked_of(&workbook.site, &workbook.luid);
        let earlier = earlier.map(|tables| self.names(tables));
        if !self.known.selection.get(at).is_yes() {
            return earlier;
        }
        let links = &self.known.links.workbooks[at.0];
        // What another project of the run has is linked there.
        let (linked, unlinked): (Vec<_>, Vec<_>) = links.tables.iter().partition(|read| {
            let outcome = &read.table.outcome;
            matches!(
                outcome,
                Outcome::Linked { .. } | Outcome::OtherProject { .. }
            )
        });
        let name = |read: &&'g crate::link::WorkbookTable| {
            let table = &read.table;
            (table.shown.as_str(), table.connection.as_str())
        };
        let mut names = unlinked.iter().map(name).collect::<BTreeSet<_>>();
        if !links.is_complete(workbook) {
            // What it does not show now may be there all the same.
            let linked = linked.iter().map(name).collect::<BTreeSet<_>>();
            let still = earlier.into_iter().flatten();
            names.extend(still.filter(|name| !linked.contains(name)));
        }
        Some(names)
    }

    fn names(&self, tables: &[usize]) -> BTreeSet<Name<'g>> {
        let tables = tables.iter().map(|at| &self.earlier.unlinked[*at]);
        let names = tables.map(|table| (table.name.as_str(), table.connection_type.as_deref()));
        names.collect()
    }
}

/// The tables behind each linked node of a workbook, as Tableau names them.
fn behind<'l>(links: &'l WorkbookLinks) -> BTreeMap<NodeIx, BTreeSet<&'l str>> {
    let mut behind = BTreeMap::<_, BTreeSet<_>>::new();
    for read in &links.tables {
        if let Some(node) = read.table.outcome.node() {
            behind
                .entry(node)
                .or_default()
                .insert(read.table.shown.as_str());
        }
    }
    behind
}

/// Distinct tables, numbered as they come.
#[derive(Default)]
struct Tables<'n> {
    numbers: HashMap<Name<'n>, usize>,
}

impl<'n> Tables<'n> {
    fn add(&mut self, names: BTreeSet<Name<'n>>) -> Vec<usize> {
        let names = names.into_iter();
        names
            .map(|name| {
                let next = self.numbers.len();
                *self.numbers.entry(name).or_insert(next)
            })
            .collect()
    }

    /// The tables in order, and the workbooks by luid with positions in this order.
    fn sorted(
        self,
        workbooks: Vec<(String, KnownWorkbook)>,
    ) -> (Vec<TableName>, BTreeMap<String, Vec<KnownWorkbook>>) {
        let names = self.numbers.into_iter().collect::<BTreeMap<_, _>>();
        let mut places = vec![0; names.len()];
        for (place, number) in names.values().enumerate() {
            places[*number] = place;
        }
        let mut by_luid = BTreeMap::<String, Vec<KnownWorkbook>>::new();
        for (luid, mut workbook) in workbooks {
            for table in workbook.unlinked.iter_mut().flatten() {
                *table = places[*table];
            }
            workbook
                .unlinked
                .iter_mut()
                .for_each(|tables| tables.sort_unstable());
            by_luid.entry(luid).or_default().push(workbook);
        }
        let tables = names.into_keys().map(|(name, connection_type)| TableName {
            name: name.to_owned(),
            connection_type: connection_type.map(str::to_owned),
        });
        (tables.collect(), by_luid)
    }
}
