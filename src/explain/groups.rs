//! Things that are not linked, below their cause.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::known::{Known, OfProject};
use super::things::Thing;
use crate::link::OutcomeKind;
use crate::model::{TableIx, WorkbookGap, WorkbookIx};
use crate::settings::SelectedWorkbooks;
use crate::verdict::{self, Cause, Detailed, Remedies, Remedy, Why};

/// Things that are not linked for one cause.
pub struct Group {
    /// The position of the project whose outcome counts.
    pub project: usize,
    /// The cause with its cures; `None` if the link is lost, which says why.
    pub remedy: Option<Remedy>,
    /// The positions of the things.
    pub things: Vec<usize>,
}

impl Group {
    /// A cause of the first project, without a thing.
    pub fn of_cause(cause: Cause) -> Self {
        let links = Vec::new();
        Self {
            project: 0,
            remedy: Some(Remedy { cause, links }),
            things: Vec::new(),
        }
    }
}

/// The verdicts on all projects, each made when it is first asked for.
pub struct Groups<'k, 'a> {
    of: Vec<(verdict::Known<'k, 'a>, OnceCell<Detailed<'k, 'a>>)>,
}

/// The lines for some of the things that verdicts are about. All answers share what was tried.
pub struct Narrowing<'g, 'k, 'a> {
    groups: &'g Groups<'k, 'a>,
    of: Vec<OnceCell<Remedies<'g, 'k, 'a>>>,
}

impl<'k, 'a> Groups<'k, 'a> {
    /// The verdicts about these workbooks. What is told about one workbook must not depend on which are
    /// selected, so it takes all of them.
    pub fn new(known: &'k Known<'_, 'a>, selection: &'k SelectedWorkbooks) -> Self {
        let projects = known.projects.iter();
        let of = projects.map(|of| {
            let OfProject {
                project,
                links,
                lost,
                ..
            } = *of;
            let known = verdict::Known {
                project,
                site: known.site,
                selection,
                links,
                lost,
                matching: &known.settings.matching,
            };
            (known, OnceCell::new())
        });
        Self { of: of.collect() }
    }

    /// The verdict on a project.
    pub fn verdict(&self, project: usize) -> &Detailed<'k, 'a> {
        let (known, detailed) = &self.of[project];
        detailed.get_or_init(|| verdict::detailed(known))
    }

    /// All causes of the verdicts, each with its things.
    pub fn whole(&self, things: &[Thing<'_, 'a>]) -> Vec<Group> {
        let sorted = self.sorted(things);
        let mut groups = Vec::new();
        for project in 0..self.of.len() {
            let causes = self.verdict(project).verdict.causes.iter().enumerate();
            for (at, cause) in causes.filter(|(_, cause)| cause.why != Why::Lost) {
                let things = sorted.get(&(project, Some(at)));
                // What comes nearer to another project is told there, and workbooks of which nothing is
                // listed once.
                let is_told = match things {
                    Some(_) => true,
                    None => project == 0 && cause.counted.kinds.is_empty(),
                };
                if !is_told {
                    continue;
                }
                groups.push(Group {
                    project,
                    remedy: Some(Remedy {
                        cause: cause.clone(),
                        links: Vec::new(),
                    }),
                    things: things.cloned().unwrap_or_default(),
                });
            }
        }
        groups.extend(lost(&sorted));
        groups
    }

    /// The causes of some things.
    pub fn of(&self, things: &[Thing<'_, 'a>]) -> Vec<Group> {
        let sorted = self.sorted(things);
        let groups = sorted.iter().filter_map(|((project, cause), things)| {
            let cause = &self.verdict(*project).verdict.causes[(*cause)?];
            Some(Group {
                project: *project,
                remedy: Some(Remedy {
                    cause: cause.clone(),
                    links: Vec::new(),
                }),
                things: things.clone(),
            })
        });
        groups.chain(lost(&sorted)).collect()
    }

    /// What finds the lines for some of the things.
    pub fn narrowing(&self) -> Narrowing<'_, 'k, 'a> {
        let projects = self.of.iter();
        Narrowing {
            groups: self,
            of: projects.map(|_| OnceCell::new()).collect(),
        }
    }

    /// The cause of a workbook of which the export lists nothing at all.
    pub fn nothing_listed(&self, known: &Known, workbook: WorkbookIx) -> Option<&Cause> {
        let workbook = known.site.workbook(workbook);
        let lists_nothing = workbook.gaps.contains(&WorkbookGap::NothingUpstream);
        let causes = &self.verdict(0).verdict.causes;
        let mut causes = causes.iter();
        causes.find(|cause| {
            workbook.reads.is_empty() && lists_nothing && cause.why == Why::NothingListed
        })
    }

    /// The positions of the things that are not linked, by project and cause.
    fn sorted(&self, things: &[Thing<'_, 'a>]) -> BTreeMap<(usize, Option<usize>), Vec<usize>> {
        let mut sorted: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, thing) in things.iter().enumerate() {
            if thing.matched.outcome.kind() == OutcomeKind::Linked {
                continue;
            }
            let Detailed {
                items, cause_of, ..
            } = self.verdict(thing.project);
            let item = items.of_read(thing.read, thing.matched);
            let cause = item.and_then(|item| cause_of[item]);
            sorted.entry((thing.project, cause)).or_default().push(at);
        }
        sorted
    }
}

impl<'k, 'a> Narrowing<'_, 'k, 'a> {
    /// The causes of some things, with the lines that these things need.
    pub fn of(&self, things: &[Thing<'_, 'a>]) -> Vec<Group> {
        let sorted = self.groups.sorted(things);
        let mut groups = Vec::new();
        for project in 0..self.of.len() {
            let of_project = sorted.iter().filter_map(|((of, cause), things)| {
                let cause = (*cause).filter(|_| *of == project)?;
                Some((cause, things))
            });
            let of_project = of_project.collect::<Vec<_>>();
            if of_project.is_empty() {
                continue;
            }
            let Detailed { verdict, items, .. } = self.groups.verdict(project);
            let tables = |these: &[usize]| {
                let tables = these.iter().filter_map(|at| things[*at].site_table());
                tables.collect::<BTreeSet<TableIx>>()
            };
            let causes = of_project
                .iter()
                .map(|(cause, these)| (&verdict.causes[*cause], tables(these)))
                .collect::<Vec<_>>();
            let known = &self.groups.of[project].0;
            let remedies = self.of[project].get_or_init(|| Remedies::new(known, items));
            let remedies = remedies.of_all(&causes);
            let of_project = of_project.into_iter().zip(remedies);
            groups.extend(of_project.map(|((_, things), remedy)| Group {
                project,
                remedy: Some(remedy),
                things: things.clone(),
            }));
        }
        groups.extend(lost(&sorted));
        groups
    }
}

/// The things without a cause, since their links are lost.
fn lost(sorted: &BTreeMap<(usize, Option<usize>), Vec<usize>>) -> impl Iterator<Item = Group> {
    let lost = sorted.iter().filter(|((_, cause), _)| cause.is_none());
    lost.map(|((project, _), things)| Group {
        project: *project,
        remedy: None,
        things: things.clone(),
    })
}
