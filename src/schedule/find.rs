//! Finds what Tableau can refresh, and what each of it reads.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::target::{Content, Target};
use crate::link::{Links, WorkbookLinks};
use crate::model::refresh::{TargetId, TargetKind};
use crate::model::{Datasource, Holder, Project, Site, StepKind, Workbook, luid};
use crate::settings::SelectedWorkbooks;

/// One dbt project of the run, with what is linked to it.
#[derive(Clone, Copy)]
pub struct OfProject<'r, 'a> {
    /// The project.
    pub project: &'r Project<'a>,
    /// What workbooks and data sources read from it.
    pub links: &'r Links<'a>,
}

/// Everything that Tableau may refresh, in order: workbooks with extracts of their own, then published
/// data sources. Workbooks whose data is that of published data sources are not among it.
pub fn find(
    site: &Site,
    projects: &[OfProject],
    selection: &SelectedWorkbooks,
    is_narrowed: bool,
) -> Vec<Target> {
    let finder = Finder::new(site, projects, selection, is_narrowed);
    let workbooks = site.workbook_positions();
    let workbooks = workbooks.filter_map(|at| finder.workbook(at.0));
    let published = site.datasources.iter().enumerate();
    let published = published.filter_map(|(at, one)| finder.published(at, one));
    workbooks.chain(published).collect()
}

struct Finder<'r, 'a> {
    site: &'r Site<'a>,
    projects: &'r [OfProject<'r, 'a>],
    selection: &'r SelectedWorkbooks,
    /// Whether the run looks at some workbooks only.
    is_narrowed: bool,
    /// The positions of the data sources inside each workbook, by its luid.
    inside: BTreeMap<String, Vec<usize>>,
    /// The positions of the published data sources that each workbook reads.
    published: BTreeMap<String, Vec<usize>>,
}

impl<'r, 'a> Finder<'r, 'a> {
    fn new(
        site: &'r Site<'a>,
        projects: &'r [OfProject<'r, 'a>],
        selection: &'r SelectedWorkbooks,
        is_narrowed: bool,
    ) -> Self {
        let (mut inside, mut published) = (BTreeMap::new(), BTreeMap::new());
        for (at, one) in site.datasources.iter().enumerate() {
            let by_reader: &mut BTreeMap<String, Vec<usize>> = match one.holder {
                Holder::Workbook(_) => &mut inside,
                Holder::Published(_) => &mut published,
            };
            for reader in &one.readers {
                let reader = luid::identity(reader).into_owned();
                by_reader.entry(reader).or_default().push(at);
            }
        }
        Self {
            site,
            projects,
            selection,
            is_narrowed,
            inside,
            published,
        }
    }

    /// The data sources of a workbook in one of these lists, as far as they may be on its site.
    fn of<'f>(
        &'f self,
        workbook: &Workbook,
        lists: &'f BTreeMap<String, Vec<usize>>,
    ) -> Vec<(usize, &'f Datasource<'a>)> {
        let found = lists.get(&*luid::identity(&workbook.luid));
        let found = found.into_iter().flatten();
        let found = found.map(|at| (*at, &self.site.datasources[*at]));
        let found = found.filter(|(_, one)| !one.site.contradicts(&workbook.site));
        found.collect()
    }

    /// A workbook; `None` if it has not any data of its own.
    fn workbook(&self, at: usize) -> Option<Target> {
        let workbook = &self.site.workbooks[at];
        let inside = self.of(workbook, &self.inside);
        let published = self.of(workbook, &self.published);
        let own = inside.iter().filter(|(_, one)| {
            let is_on_published = one.is_on_published;
            let perhaps = one.has_extracts == Some(false) && !published.is_empty();
            !is_on_published.unwrap_or(perhaps)
        });
        let own = own.copied().collect::<Vec<_>>();
        if own.is_empty() && !(inside.is_empty() && reads_by_itself(workbook)) {
            return None;
        }
        let is_extract = |one: &&(usize, &Datasource)| {
            let is_told = one.1.is_on_published.is_some() || published.is_empty();
            one.1.has_extracts == Some(true) && is_told
        };
        let extracts = own.iter().filter(is_extract).copied().collect::<Vec<_>>();
        let is_live = own.iter().all(|(_, one)| one.has_extracts == Some(false));
        let content = match (extracts.is_empty(), is_live && !own.is_empty()) {
            (false, _) => Content::Extract,
            (true, true) => Content::Live,
            (true, false) => Content::Unknown,
        };
        let refreshed = if extracts.is_empty() { &own } else { &extracts };
        let mut nodes = self.nodes_of(refreshed);
        let known = inside.iter().chain(&published).copied();
        let known = self.nodes_of(&known.collect::<Vec<_>>());
        let all = self.nodes(|links| &links.workbooks[at]);
        let of_workbook = all.difference(&known).cloned().collect::<Vec<_>>();
        let is_by_workbook = !of_workbook.is_empty();
        nodes.extend(of_workbook);
        Some(Target {
            kind: TargetKind::Workbook,
            id: Some(TargetId::new(TargetKind::Workbook, &workbook.luid)),
            site: workbook.site.clone(),
            name: workbook.name.clone().into_owned(),
            project: Some(workbook.project.join(" / ")).filter(|path| !path.is_empty()),
            extracts: names(&extracts),
            content,
            nodes,
            is_by_workbook,
            is_complete: self.is_complete(|links| &links.workbooks[at]) && workbook.gaps.is_empty(),
            refreshed_at: oldest(refreshed),
            not_selected: self.not_selected(at),
        })
    }

    /// A published data source.
    fn published(&self, at: usize, one: &Datasource) -> Option<Target> {
        let Holder::Published(luid) = &one.holder else {
            return None;
        };
        let content = match one.has_extracts {
            Some(true) if one.is_by_flow => Content::ByFlow,
            Some(true) => Content::Extract,
            Some(false) => Content::Live,
            None => Content::Unknown,
        };
        let luid = luid.as_deref();
        Some(Target {
            kind: TargetKind::Datasource,
            id: luid.map(|luid| TargetId::new(TargetKind::Datasource, luid)),
            site: one.site.clone(),
            name: one.name.clone().into_owned(),
            project: None,
            extracts: names(&[(at, one)]),
            content,
            nodes: self.nodes_of(&[(at, one)]),
            is_by_workbook: false,
            is_complete: self.is_complete(|links| &links.datasources[at]) && one.gaps.is_empty(),
            refreshed_at: oldest(&[(at, one)]),
            not_selected: self.none_selected(one),
        })
    }

    fn nodes_of(&self, datasources: &[(usize, &Datasource)]) -> BTreeSet<String> {
        let nodes = datasources
            .iter()
            .map(|(at, _)| self.nodes(|links| &links.datasources[*at]));
        nodes.flatten().collect()
    }

    /// The ids of the nodes, of any project, that a reader reads.
    fn nodes<'f>(
        &'f self,
        of: impl Fn(&'f Links<'a>) -> &'f WorkbookLinks<'a>,
    ) -> BTreeSet<String> {
        let nodes = self.projects.iter().flat_map(|one| {
            let tables = of(one.links).tables.iter();
            let nodes = tables.filter_map(|read| read.table.outcome.node());
            nodes.map(|node| one.project.nodes[node].unique_id.clone().into_owned())
        });
        nodes.collect()
    }

    fn is_complete<'f>(&'f self, of: impl Fn(&'f Links<'a>) -> &'f WorkbookLinks<'a>) -> bool {
        self.projects.iter().all(|one| {
            let mut tables = of(one.links).tables.iter();
            !tables.any(|read| read.table.outcome.leaves_a_gap())
        })
    }

    fn not_selected(&self, workbook: usize) -> Option<String> {
        let selected = self.selection.iter().nth(workbook)?;
        selected.reason().map(|reason| reason.of_workbook())
    }

    /// Why a published data source is not selected: it goes with the workbooks that read it.
    fn none_selected(&self, one: &Datasource) -> Option<String> {
        if one.readers.is_empty() {
            let text = "the run looks at some workbooks only, and not one is known to read it";
            return self.is_narrowed.then(|| text.to_owned());
        }
        let readers = one.readers.iter();
        let readers = readers.map(|reader| luid::identity(reader).into_owned());
        let readers = readers.collect::<BTreeSet<_>>();
        let mut workbooks = self.site.workbooks.iter().zip(self.selection.iter());
        let is_selected = workbooks.any(|(workbook, selected)| {
            selected.is_yes() && readers.contains(&*luid::identity(&workbook.luid))
        });
        (!is_selected).then(|| "not one of the workbooks that read it is selected".to_owned())
    }
}

/// Whether a workbook reads something that is not that of a published data source.
fn reads_by_itself(workbook: &Workbook) -> bool {
    let mut paths = workbook.reads.iter().flat_map(|read| &read.paths);
    paths.any(|path| {
        let mut steps = path.steps().iter();
        !steps.any(|step| step.kind == StepKind::PublishedDatasource)
    })
}

fn names(datasources: &[(usize, &Datasource)]) -> Vec<String> {
    let names = datasources.iter();
    let mut names = names
        .map(|(_, one)| one.name.clone().into_owned())
        .collect::<Vec<_>>();
    names.sort();
    names
}

/// When the one that was refreshed first got new data; `None` where one does not tell.
fn oldest(datasources: &[(usize, &Datasource)]) -> Option<Timestamp> {
    let times = datasources.iter();
    let times = times.map(|(_, one)| Timestamp::from_second(one.refreshed_at?).ok());
    times.collect::<Option<Vec<_>>>()?.into_iter().min()
}
