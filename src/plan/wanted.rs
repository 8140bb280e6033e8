//! Turns links into the exposures that this run wants.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::baseline::{Baseline, Owned, OwnedIx};
use super::build::{self, ExposureParts};
use super::covered::Covering;
use super::disabled::Disabled;
use super::known::Known;
use super::nodes::NodesById;
use super::other_target::{KeptElsewhere, OtherTarget};
use super::previous;
use super::referable::{LeftOut, Taken};
use super::referenced::{Referenced, Told};
use super::twins::{self, Compared, Twin};
use crate::link::{Ended, Endings, Outcome, Rule, WorkbookLinks};
use crate::model::listing::first_few;
use crate::model::{
    Code, Dependency, Diagnostic, Exposure, NodeIx, Path, Place, Project, Site, SiteId, StepKind,
    Workbook, WorkbookGap, WorkbookIx,
};
use crate::settings::SelectedWorkbooks;

/// What this run wants.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Exposures by workbook. Their names may still clash (see [`super::unique_names`]).
    pub exposures: BTreeMap<WorkbookIx, Exposure>,
    /// Hand-written exposures of these workbooks, which get no generated one.
    pub twins: Vec<Twin>,
    /// The ids of hand-written exposures that replace an owned one.
    pub hand_written: BTreeMap<OwnedIx, String>,
    /// The exposures of the baseline that are disabled in the project.
    pub disabled: BTreeSet<OwnedIx>,
    /// Workbooks that may read more than the export shows.
    pub incomplete: BTreeSet<WorkbookIx>,
    /// Workbooks that read only what an exposure in YAML cannot refer to.
    pub not_referable: BTreeSet<WorkbookIx>,
    /// What exposures keep of earlier runs, if the manifest is of another target.
    pub elsewhere: BTreeMap<WorkbookIx, KeptElsewhere>,
    /// What the user should know of them.
    pub diagnostics: Vec<Diagnostic>,
}

impl Wanted {
    /// Takes nodes out of all exposures. Those of which nothing is left are not wanted.
    pub(super) fn leave_out(&mut self, left_out: &LeftOut, taken: &mut Taken) {
        let (not_referable, diagnostics) = (&mut self.not_referable, &mut self.diagnostics);
        self.exposures.retain(|workbook, exposure| {
            let is_left = left_out.take_from(exposure, taken);
            if !is_left {
                not_referable.insert(*workbook);
                diagnostics.push(nothing_referable(exposure));
            }
            is_left
        });
    }
}

fn nothing_referable(exposure: &Exposure) -> Diagnostic {
    let label = exposure.label.as_deref().unwrap_or(&exposure.name);
    let message = format!(
        "workbook {label:?} gets no exposure: dbt refuses in YAML everything that it reads from this project"
    );
    Diagnostic::new(Code::NothingReferable, exposure.unique_id(), message)
}

/// Makes the exposures of all selected workbooks that read anything from this project.
pub(super) fn wanted(
    known: &Known,
    nodes: &NodesById,
    baseline: &Baseline,
    disabled: &Disabled,
) -> Wanted {
    let Known { project, site, .. } = *known;
    let covering = Covering::new(&project.exposures, site, baseline);
    let context = Context {
        known,
        nodes,
        baseline,
        covering: &covering,
        other_target: OtherTarget::find(known, nodes, baseline),
    };
    let all = (0..site.workbooks.len())
        .into_par_iter()
        .map(|at| context.find(WorkbookIx(at)))
        .collect::<Vec<_>>();
    let mut wanted = Wanted {
        hand_written: covering
            .by_owned
            .iter()
            .flat_map(|(at, id)| {
                baseline
                    .with_duplicates(*at)
                    .map(|at| (at, (*id).to_owned()))
            })
            .collect(),
        ..Wanted::default()
    };
    let mut compared = Vec::new();
    let mut columns_told = Told::default();
    for (at, workbook) in site.workbook_positions().zip(all) {
        if let (Some(exposure), Some(is_all)) = (&workbook.exposure, workbook.has_all_columns) {
            columns_told.add(exposure, is_all);
        }
        let exposure = workbook.exposure.map(|exposure| (at, *exposure));
        wanted.exposures.extend(exposure);
        let incomplete = workbook.is_incomplete.then_some(at);
        wanted.incomplete.extend(incomplete);
        wanted
            .elsewhere
            .extend(workbook.elsewhere.map(|kept| (at, kept)));
        compared.extend(workbook.twins);
        wanted.diagnostics.extend(workbook.diagnostics);
    }
    wanted.diagnostics.extend(columns_told.diagnostic());
    note_gaps(site, known.selection, &mut wanted.diagnostics);
    wanted.twins = twins::with_extra(compared, &covering);
    wanted.diagnostics.extend(twins::elsewhere(&covering));
    wanted.disabled = disabled.owned(baseline);
    let removed = disabled.remove_from(&mut wanted.exposures, baseline);
    wanted.diagnostics.extend(removed);
    note_missing_urls(&mut wanted);
    wanted
}

/// What this run wants for one workbook.
#[derive(Default)]
struct WantedOfWorkbook<'c> {
    /// Boxed, since a site may have many workbooks without an exposure.
    exposure: Option<Box<Exposure>>,
    /// Whether the exposure lists all columns that the workbook uses; `None` if it need not.
    has_all_columns: Option<bool>,
    is_incomplete: bool,
    elsewhere: Option<KeptElsewhere>,
    twins: Vec<Compared<'c>>,
    diagnostics: Vec<Diagnostic>,
}

/// What is needed to decide what is wanted for a workbook.
struct Context<'c, 'n> {
    known: &'c Known<'c, 'c>,
    nodes: &'c NodesById<'n>,
    baseline: &'c Baseline<'c>,
    covering: &'c Covering<'c>,
    other_target: Option<OtherTarget<'c, 'n>>,
}

impl<'c> Context<'c, '_> {
    fn find(&self, at: WorkbookIx) -> WantedOfWorkbook<'c> {
        let mut wanted = WantedOfWorkbook::default();
        let Known { project, site, .. } = *self.known;
        if !self.known.selection.get(at).is_yes() {
            return wanted;
        }
        let workbook = site.workbook(at);
        let links = &self.known.links.workbooks[at.0];
        let before = self.baseline.find(at);
        wanted.is_incomplete = !links.is_complete(workbook);
        let mut dependencies = dependencies(project, links);
        let asks_columns = self.known.settings.exposure.referenced_columns;
        let referenced = asks_columns.then(|| Referenced::new(workbook, links));
        wanted.has_all_columns =
            referenced.map(|referenced| referenced.give(dependencies.values_mut()));
        let endings = LazyCell::new(|| Endings::new(self.known.lost, at));
        for before in before.into_iter().chain(self.baseline.duplicates(at)) {
            if wanted.is_incomplete {
                // Nothing shows that it no longer reads what it read before.
                let ended = |id: &str| Some(endings.of(id));
                let earlier =
                    previous::dependencies(before, self.nodes, ended, &mut wanted.diagnostics);
                let has_moved = self.known.lost.has_moved(at);
                let is_moved = |id: &str| has_moved && matches!(endings.of(id), Ended::Moved(_));
                for earlier in earlier {
                    let id = project.nodes[earlier.node].unique_id.as_ref();
                    if !is_moved(id) {
                        dependencies.entry(id).or_insert(earlier);
                    }
                }
            } else if workbook.is_near_unclaimed_sql {
                let kept = self.keep_unclaimed(before, &mut dependencies);
                wanted.diagnostics.extend(kept);
            }
            if let Some(target) = self.other_target.as_ref().filter(|_| !wanted.is_incomplete) {
                let kept = target.keep(at, before, &mut dependencies);
                wanted.elsewhere = kept.or(wanted.elsewhere);
            }
        }
        if let Some(covered) = self.covering.by_workbook.get(&at) {
            let compared = covered.first.iter().map(|(exposure, by)| {
                let hand_written = &self.covering.exposures[*exposure];
                let reads = dependencies.keys().copied();
                Compared::new((*exposure, hand_written), (at, *by), reads)
            });
            wanted.twins = compared.collect();
            let not_compared =
                (covered.more > 0).then(|| twins::not_compared(workbook, covered.more));
            wanted.diagnostics.extend(not_compared);
        } else if !dependencies.is_empty() {
            let dependencies = dependencies.into_values().collect();
            let exposure = self.exposure(workbook, before, !wanted.is_incomplete, dependencies);
            wanted.exposure = Some(Box::new(exposure));
        }
        wanted
    }

    /// Keeps dependencies that an earlier run drew through custom SQL because of a table that it
    /// mentions, until the export names who reads that custom SQL.
    fn keep_unclaimed<'d>(
        &'d self,
        before: &Owned,
        dependencies: &mut BTreeMap<&'d str, Dependency>,
    ) -> Option<Diagnostic> {
        let Known {
            project,
            site,
            links,
            ..
        } = *self.known;
        let mut kept = Vec::new();
        // That others no longer exist is nothing new for a workbook that is complete.
        for earlier in previous::dependencies(before, self.nodes, |_| None, &mut Vec::new()) {
            let is_through_sql = earlier
                .path
                .split(" > ")
                .any(|step| StepKind::SQL.iter().any(|kind| step == kind.text()));
            let may_be_read = site.unclaimed_sql.is_open || links.unclaimed.contains(&earlier.node);
            let id = project.nodes[earlier.node].unique_id.as_ref();
            if is_through_sql && may_be_read && !dependencies.contains_key(id) {
                kept.push(id);
                dependencies.insert(id, earlier);
            }
        }
        (!kept.is_empty()).then(|| {
            let message = format!(
                "kept from an earlier run, which found it in custom SQL whose reader the export does not name: {}",
                kept.join(", ")
            );
            Diagnostic::new(Code::ReaderUnknown, before.latest().unique_id.as_str(), message)
        })
    }

    fn exposure(
        &self,
        workbook: &Workbook,
        before: Option<&Owned>,
        is_complete: bool,
        dependencies: Vec<Dependency>,
    ) -> Exposure {
        // An earlier export may have named the server or site that this one does not name.
        let earlier_site = before.map(|before| before.marker.site.clone());
        let parts = ExposureParts {
            workbook,
            site: workbook.site.clone().or(&earlier_site.unwrap_or_default()),
            is_complete,
            package: &self.known.project.root_package,
            dependencies,
            // The name stays, even if the workbook was retitled.
            name: before.and_then(Owned::name).map(str::to_owned),
        };
        let mut exposure = build::exposure(parts, &self.known.settings.exposure);
        if let Some(before) = before {
            // The same luid, perhaps in letters of other case.
            exposure.marker.luid.clone_from(&before.marker.luid);
        }
        if let Some(before) = before.filter(|_| workbook.is_hidden()) {
            previous::fill_hidden(&mut exposure, before, workbook);
        }
        exposure
    }
}

/// Reports why workbooks may read more than the export shows, where none of their tables is the
/// reason.
fn note_gaps(site: &Site, selection: &SelectedWorkbooks, diagnostics: &mut Vec<Diagnostic>) {
    let mut workbooks: BTreeMap<&SiteId, usize> = BTreeMap::new();
    let mut gaps: BTreeMap<(&SiteId, &WorkbookGap), Vec<&Workbook>> = BTreeMap::new();
    let selected = site
        .workbooks
        .iter()
        .zip(selection.iter())
        .filter(|(_, selected)| selected.is_yes());
    for (workbook, _) in selected {
        *workbooks.entry(&workbook.site).or_default() += 1;
        for gap in &workbook.gaps {
            let affected = gaps.entry((&workbook.site, gap)).or_default();
            affected.push(workbook);
        }
    }
    for ((site, gap), affected) in gaps {
        let message = format!(
            "{} of {} workbooks may read tables that the export does not show ({}): {gap}",
            affected.len(),
            workbooks[site],
            named(&affected)
        );
        let diagnostic = Diagnostic::new(Code::WorkbookIncomplete, site.place(), message);
        diagnostics.push(diagnostic);
    }
}

/// The first few of some workbooks, and how many more there are.
fn named(workbooks: &[&Workbook]) -> String {
    let names = workbooks.iter().map(|workbook| {
        if workbook.is_hidden() {
            workbook.luid.to_string()
        } else {
            format!("{:?}", workbook.name)
        }
    });
    first_few(workbooks.len(), names)
}

/// How well a link is proven, the best first: whether custom SQL leaves it in doubt, the rule, the
/// length of the path, its kinds, the place in a query.
type Rank = (bool, Rule, usize, Cow<'static, str>, Option<Place>);

/// The linked nodes by id, each with rule and path of the table that proves it best.
fn dependencies<'m>(project: &'m Project, links: &WorkbookLinks) -> BTreeMap<&'m str, Dependency> {
    let mut best: BTreeMap<NodeIx, Rank> = BTreeMap::new();
    for read in &links.tables {
        let Outcome::Linked { node, rule } = read.table.outcome else {
            continue;
        };
        let path = read.all_paths().next();
        let kinds = path.as_deref().map(Path::kinds).unwrap_or_default();
        let is_doubtful = path.as_deref().is_some_and(Path::is_doubtful);
        let place = path.as_deref().and_then(Path::place);
        let length = path.map_or(0, |path| path.len());
        let rank = (is_doubtful, rule, length, kinds, place);
        match best.entry(node) {
            Entry::Vacant(place) => drop(place.insert(rank)),
            Entry::Occupied(best) if rank < *best.get() => *best.into_mut() = rank,
            Entry::Occupied(_) => {}
        }
    }
    let by_id = best.into_iter().map(|(node, (_, rule, _, path, place))| {
        let rule = Cow::Borrowed(rule.text());
        let id = project.nodes[node].unique_id.as_ref();
        let dependency = Dependency {
            node,
            rule,
            path,
            place,
            columns: Vec::new(),
        };
        (id, dependency)
    });
    by_id.collect()
}

/// Reports which exposures have no url, and why.
fn note_missing_urls(wanted: &mut Wanted) {
    let told = wanted.exposures.values();
    let told = told.filter(|exposure| !exposure.is_withheld);
    let all = told.clone().count();
    let without = told.filter(|exposure| exposure.url.is_none());
    let (of_known_site, of_unknown) = without.partition::<Vec<_>, _>(|exposure| {
        let site = &exposure.marker.site;
        site.server.is_some() && site.content_url.is_some()
    });
    let reasons = [
        (
            Code::ServerUnknown,
            of_unknown.len(),
            "the export does not name its server and site",
            "pass `--server https://…` and `--site <content URL>` (empty for the default site)",
        ),
        (
            Code::UrlUnknown,
            of_known_site.len(),
            "the export does not show the numbers of their workbooks",
            "ask for `vizportalUrlId` (or `uri`) of workbooks in the query",
        ),
    ];
    for (code, count, why, help) in reasons.into_iter().filter(|(_, count, ..)| *count > 0) {
        let which = if count == all {
            "no exposure has".to_owned()
        } else {
            format!("{count} of {all} exposures lack")
        };
        let message = format!("{which} a url, since {why}");
        let diagnostic = Diagnostic::new(code, "", message).help(help);
        wanted.diagnostics.push(diagnostic);
    }
}
