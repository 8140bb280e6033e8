//! The report on a run, of one project or several.

use std::collections::{BTreeMap, BTreeSet};

use super::{AllLinks, Linked, Planned};
use crate::link::nearest::cut_short;
use crate::link::{LostLinks, Mesh};
use crate::model::{Code, Diagnostic, Remembered};
use crate::plan::{self, Plan};
use crate::report::{self, Report, Results, RunReport, Several};
use crate::verdict::{self, Cause, Verdict};

/// The report on a run. `planned` are all of its projects, in their order.
pub fn report(links: &AllLinks, planned: &[Planned]) -> RunReport {
    match links {
        AllLinks::One(_) => RunReport::One(Box::new(report_of_one(&planned[0]))),
        AllLinks::Several(mesh) => RunReport::Several(Box::new(report_of_several(mesh, planned))),
    }
}

/// Why tables of the only project are not linked, and what would link them.
pub fn causes(linked: &Linked) -> Vec<Cause> {
    verdict::verdict(&known_to_verdict(linked)).causes
}

/// The report on the only project.
fn report_of_one(planned: &Planned) -> Report {
    let verdict = verdict::verdict(&known_to_verdict(&planned.linked));
    let remembered = planned.linked.project.remembered.iter();
    let remembered = remembered.collect::<Vec<_>>();
    let results = results(planned, &verdict, &remembered);
    report::report(&results, diagnostics_of_one(planned))
}

/// The diagnostics of all stages, in any order.
pub fn diagnostics(links: &AllLinks, planned: &[Planned]) -> Vec<Diagnostic> {
    match links {
        AllLinks::One(_) => diagnostics_of_one(&planned[0]),
        AllLinks::Several(mesh) => {
            let (shared, own) = shared_diagnostics(planned);
            let all = diagnostics_of_all(mesh, planned, shared);
            all.chain(own.into_iter().flatten()).collect()
        }
    }
}

/// Those of reading, of planning, of matching and about unused settings.
fn diagnostics_of_one(planned: &Planned) -> Vec<Diagnostic> {
    let Linked {
        read,
        project,
        links,
        ..
    } = planned.linked;
    let told = [
        &project.diagnostics,
        &read.diagnostics,
        &planned.diagnostics,
    ];
    let told = told.into_iter().flatten().cloned();
    let told = told.chain(cut_short(links.searches_cut_short));
    told.chain(unused(&planned.linked)).collect()
}

/// Those that belong to no project alone; `shared` are those that several have.
fn diagnostics_of_all(
    mesh: &Mesh,
    planned: &[Planned],
    shared: Vec<Diagnostic>,
) -> impl Iterator<Item = Diagnostic> {
    let wholes = mesh.wholes.iter();
    let searches_cut_short = wholes.map(|whole| whole.links.searches_cut_short).sum();
    let read = planned[0].linked.read.diagnostics.clone().into_iter();
    let all = read.chain(shared).chain(cut_short(searches_cut_short));
    all.chain(unused_in_all(planned))
}

fn results<'r, 'a>(
    planned: &Planned<'r, 'a>,
    verdict: &'r Verdict,
    remembered: &'r [&'r Remembered],
) -> Results<'r, 'a> {
    let Linked {
        read,
        project,
        selection,
        links,
        lost,
        settings,
    } = planned.linked;
    Results {
        file: project.file,
        project: &project.manifest.project,
        site: &read.site,
        selection,
        links,
        lost,
        exposures: &settings.exposure,
        withheld: read.withheld.as_ref(),
        plan: planned.plan,
        verdict,
        remembered,
    }
}

fn unused(linked: &Linked) -> Vec<Diagnostic> {
    let project = &linked.project.manifest.project;
    plan::unused::diagnostics(linked.settings, project, &linked.read.site, linked.links)
}

fn known_to_verdict<'r, 'a>(linked: &Linked<'r, 'a>) -> verdict::Known<'r, 'a> {
    verdict::Known {
        project: &linked.project.manifest.project,
        site: &linked.read.site,
        selection: linked.selection,
        links: linked.links,
        lost: linked.lost,
        matching: &linked.settings.matching,
    }
}

/// What belongs to the exports, and what no project links, is told once; so is what is told of several
/// projects in the same words.
fn report_of_several(mesh: &Mesh, planned: &[Planned]) -> Several {
    let Linked {
        read,
        selection,
        settings,
        ..
    } = planned[0].linked;
    let parts = planned.iter().map(|planned| planned.linked.lost);
    let parts = parts.collect::<Vec<_>>();
    let wholes = mesh.wholes.iter();
    let lost = wholes.map(|whole| {
        let (now, links) = (&whole.project, &whole.links);
        LostLinks::of_all(now, &read.site, links, parts.clone(), &settings.matching)
    });
    let lost = lost.collect::<Vec<_>>();
    let known = mesh.wholes.iter().zip(&lost);
    let known = known.map(|(whole, lost)| verdict::Known {
        project: &whole.project,
        site: &read.site,
        selection,
        links: &whole.links,
        lost,
        matching: &settings.matching,
    });
    let verdict = verdict::verdict_of_all(&known.collect::<Vec<_>>());
    let remembered = planned.iter();
    let remembered = remembered.filter_map(|planned| planned.linked.project.remembered.as_ref());
    let remembered = remembered.collect::<Vec<_>>();
    let plan = Plan::default();
    let results = mesh.wholes.iter().zip(&lost).map(|(whole, lost)| Results {
        file: "",
        project: &whole.project,
        site: &read.site,
        selection,
        links: &whole.links,
        lost,
        exposures: &settings.exposure,
        withheld: read.withheld.as_ref(),
        plan: &plan,
        verdict: &verdict,
        remembered: &remembered,
    });
    let results = results.collect::<Vec<_>>();
    let (shared, own) = shared_diagnostics(planned);
    let diagnostics = diagnostics_of_all(mesh, planned, shared);
    let nothing = Verdict::default();
    let projects = planned.iter().zip(own).map(|(planned, own)| {
        report::of_one_of_several(&self::results(planned, &nothing, &[]), own)
    });
    Several {
        projects: projects.collect(),
        all: report::of_all(&results, diagnostics.collect()),
    }
}

/// The diagnostics that several projects have in the same words, and those of each project alone. What
/// all of them say of the export in one way is one of the former, also if it is only one of them.
fn shared_diagnostics(planned: &[Planned]) -> (Vec<Diagnostic>, Vec<Vec<Diagnostic>>) {
    let all = planned.iter().map(|planned| {
        let told = [&planned.linked.project.diagnostics, &planned.diagnostics];
        told.into_iter().flatten().cloned().collect::<BTreeSet<_>>()
    });
    let all = all.collect::<Vec<_>>();
    let mut counts: BTreeMap<&Diagnostic, usize> = BTreeMap::new();
    for diagnostic in all.iter().flatten() {
        *counts.entry(diagnostic).or_default() += 1;
    }
    let mut ways: BTreeMap<Code, usize> = BTreeMap::new();
    for diagnostic in counts.keys() {
        *ways.entry(diagnostic.code).or_default() += 1;
    }
    let is_of_export = |code| matches!(code, Code::ServerUnknown | Code::UrlUnknown);
    let is_shared =
        |told: &Diagnostic| counts[told] > 1 || (is_of_export(told.code) && ways[&told.code] == 1);
    let shared = counts.keys().copied().filter(|told| is_shared(told));
    let own = all.iter().map(|of_project| {
        let own = of_project.iter().filter(|told| !is_shared(told));
        own.cloned().collect()
    });
    (shared.cloned().collect(), own.collect())
}

/// The settings that have no effect in any project.
fn unused_in_all(planned: &[Planned]) -> BTreeSet<Diagnostic> {
    let of_projects = planned.iter().map(|planned| unused(&planned.linked));
    let mut of_projects = of_projects.map(BTreeSet::from_iter);
    let first = of_projects.next().unwrap_or_default();
    of_projects.fold(first, |all, one| &all & &one)
}
