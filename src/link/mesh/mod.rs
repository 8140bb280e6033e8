//! Links to the projects of one run together: the project that builds a relation gets the link.
//!
//! The rule, in one place:
//!
//! 1. Projects on one adapter are linked as one ([`join`]), so that a relation which surely fits goes
//!    before one that may, whichever projects they are of, and what fits in several projects is
//!    ambiguous in these.
//! 2. A relation that a project builds is not that of a source of another one, which reads it. Where
//!    the same node is in several manifests with one relation, it is the root project's; the others
//!    have it as a package, or refer to it. With a relation of its own, a package is the project's.
//! 3. A relation that several projects declare and none builds is each one's own. So is one of a
//!    package that several projects have and whose own project is not in the run.
//! 4. Of projects on different adapters, those count whose warehouse the connection reaches. Where
//!    relations of several fit, a link by a rule that proves it goes first; else the table is
//!    ambiguous ([`mod@settle`]).
//! 5. Elsewhere a table that is linked has the outcome `other-project` ([`shares`]).
//!
//! What Tableau hides, and queries that could not be read, stay what they are in each project.

pub mod join;
pub mod settle;
pub mod shares;

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use self::join::Group;
use self::settle::{Settled, settle};
use self::shares::{Shares, Sharing};
use super::configured::as_configured;
use super::finding::{self, Finding};
use super::outcome::{Links, MatchedTable, Outcome, OutcomeKind};
use super::similar::Effort;
use super::{Index, Linker, Matched, Other, Others, nearest};
use crate::model::{Project, Site, Table};
use crate::settings::Matching;

/// The links of a run to several projects.
#[derive(Debug)]
pub struct Mesh<'p, 'a> {
    /// What the projects of each adapter link together.
    pub wholes: Vec<Whole<'p, 'a>>,
    /// What each project links, in the order of the projects.
    pub links: Vec<Links<'a>>,
}

/// The projects on one adapter as one.
#[derive(Debug)]
pub struct Whole<'p, 'a> {
    /// Their nodes; one that stands for one relation in several of them stands here once.
    pub project: Project<'p>,
    /// What becomes of tables. Each is told with the projects of one adapter, and is
    /// [`Outcome::ToldElsewhere`] with the others.
    pub links: Links<'a>,
}

/// Links every workbook of the site to the projects, which are in the order of their names.
pub fn link<'p, 'a>(
    projects: &[&'p Project<'p>],
    site: &'a Site<'a>,
    matching: &Matching,
) -> Mesh<'p, 'a> {
    let groups = join::groups(projects, matching);
    let indexes = groups.par_iter().map(|group| {
        let adapter = projects[group.members[0]].adapter();
        Index::new(&group.nodes, adapter, matching)
    });
    let indexes = indexes.collect::<Vec<_>>();
    let run = Run {
        projects,
        groups: &groups,
        linkers: indexes
            .iter()
            .map(|index| Linker { index, matching })
            .collect(),
        site,
    };
    let (wholes, links) = run.links();
    drop(run);
    drop(indexes);
    let wholes = groups.into_iter().zip(wholes);
    let wholes = wholes.map(|(group, links)| Whole {
        project: group.into_project(projects),
        links,
    });
    Mesh {
        wholes: wholes.collect(),
        links,
    }
}

/// What the tables of a run are linked with.
struct Run<'r, 'p, 'a> {
    projects: &'r [&'p Project<'p>],
    groups: &'r [Group<'p>],
    /// One for each group.
    linkers: Vec<Linker<'r, 'r, 'p>>,
    site: &'a Site<'a>,
}

/// What becomes of a table in each project, and whether the search for similar names ended early.
type Shared<'a> = (Shares<Arc<MatchedTable<'a>>>, bool);

impl<'a> Run<'_, '_, 'a> {
    /// The links of each group, and those of each project.
    fn links(&self) -> (Vec<Links<'a>>, Vec<Links<'a>>) {
        let found = self.linkers.iter();
        let found = found.map(|linker| linker.find_all(&self.site.tables));
        let found = found.collect::<Vec<_>>();
        let rewrites = rewrites(&found);
        let shared = self.shared(found);
        let others = self.linkers.iter();
        let others = others.map(|linker| linker.others(self.site));
        let others = others.collect::<Vec<_>>();
        let links = |tables, others: Others<'a>| {
            let (workbooks, datasources) = Matched { tables, others }.readers(self.site);
            Links {
                workbooks,
                datasources,
                rewrites: rewrites.clone(),
                ..Links::default()
            }
        };
        let unclaimed = self.linkers.iter();
        let unclaimed = unclaimed
            .map(|linker| linker.unclaimed(&self.site.unclaimed_sql.tables))
            .collect::<Vec<_>>();
        let mut wholes = Vec::new();
        for (group, unclaimed) in unclaimed.iter().enumerate() {
            let tables = shared.iter();
            let tables = tables.map(|(shares, _)| Arc::clone(&shares.whole[group]));
            wholes.push(Links {
                unclaimed: unclaimed.clone(),
                ..links(tables.collect(), told_with(&others, group))
            });
        }
        // Of several groups, a table has near misses in one.
        if let Some(first) = wholes.first_mut() {
            first.searches_cut_short = shared.iter().filter(|(_, is_cut)| *is_cut).count();
        }
        let of_projects = (0..self.projects.len()).into_par_iter().map(|project| {
            let group = join::group_of(self.groups, project);
            let tables = shared.iter();
            let tables = tables.map(|(shares, _)| Arc::clone(shares.of(project, group)));
            Links {
                is_shared: true,
                unclaimed: self.groups[group].own(project, &unclaimed[group]),
                ..links(tables.collect(), others[group].clone())
            }
        });
        (wholes, of_projects.collect())
    }

    /// What becomes of each table. Near misses are searched only where no project links it.
    fn shared(&self, found: Vec<Vec<Finding<'a>>>) -> Vec<Shared<'a>> {
        let settled = settle(&found);
        let is_unknown = |(at, settled): &(usize, &Settled)| {
            let group = settled.only();
            group.is_some_and(|group| is_unknown(&found[group][*at]))
        };
        let unknown = settled.iter().enumerate().filter(is_unknown).count();
        let effort = nearest::effort(unknown);
        let mut columns = found.into_iter().map(Vec::into_iter).collect::<Vec<_>>();
        let rows = settled.into_iter().map(|settled| {
            let row = columns.iter_mut().filter_map(Iterator::next);
            (settled, row.collect::<Vec<_>>())
        });
        let rows = rows.collect::<Vec<_>>().into_par_iter();
        let rows = rows.zip(&self.site.tables);
        rows.map(|((settled, row), table)| self.of_table(table, &settled, row, effort))
            .collect()
    }

    fn of_table(
        &self,
        table: &Table<'a>,
        settled: &Settled,
        mut row: Vec<Finding<'a>>,
        effort: Effort,
    ) -> Shared<'a> {
        let linker = &self.linkers[settled.first()];
        let mut effort = effort;
        if let Some(finding) = settled.only().map(|group| &mut row[group])
            && is_unknown(finding)
        {
            let table = as_configured(table, linker.matching);
            let found = std::mem::replace(finding, Outcome::ToldElsewhere.into());
            finding.outcome = finding::explained(linker.index, &table, found, &mut effort);
        }
        let sharing = Sharing {
            projects: self.projects,
            groups: self.groups,
            matching: linker.matching,
        };
        let shares = sharing.shares(settled, &row);
        let mut made: Vec<Arc<MatchedTable>> = Vec::new();
        let shares = shares.map(|outcome| {
            let same = made.iter().find(|made| made.outcome == outcome);
            same.map(Arc::clone).unwrap_or_else(|| {
                let matched = Arc::new(linker.matched(table, outcome));
                if made.len() < MOST_ALIKE {
                    made.push(Arc::clone(&matched));
                }
                matched
            })
        });
        (shares, effort.is_exceeded())
    }
}

/// How many outcomes of a table are looked through for an equal one.
const MOST_ALIKE: usize = 4;

fn is_unknown(finding: &Finding) -> bool {
    finding.outcome.kind() == OutcomeKind::Unknown
}

/// The entries of `match.rewrite` that are for a table.
fn rewrites(found: &[Vec<Finding>]) -> BTreeSet<usize> {
    let rewritten = found.iter().flatten();
    let rewritten = rewritten.filter_map(|finding| finding.rewritten.as_ref());
    let entries = rewritten.flat_map(|rewritten| rewritten.entries.iter().copied());
    entries.collect()
}

/// What stands for something else than a table with a name, as it is told with one group: with the
/// first one for which its outcome is the nearest to a link.
fn told_with<'a>(others: &[Others<'a>], group: usize) -> Others<'a> {
    let told = |other: &Other<'a>| {
        let kinds = others.iter().map(|others| others[other].outcome.kind());
        let nearest = kinds.enumerate().min_by_key(|(_, kind)| *kind);
        nearest.is_some_and(|(nearest, _)| nearest == group)
    };
    let all = others[group].iter();
    let all = all.map(|(other, matched)| {
        let matched = if told(other) {
            Arc::clone(matched)
        } else {
            Arc::new(MatchedTable {
                outcome: Outcome::ToldElsewhere,
                ..MatchedTable::clone(matched)
            })
        };
        (other.clone(), matched)
    });
    all.collect()
}
