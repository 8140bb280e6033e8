//! Gathers what is found into answers.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::facts::{
    ColumnsFacts, Explanation, GroupFacts, LinkOf, LostLink, PathFacts, QueryFacts, Reader,
    TableAnswer, ThingFacts, Things, Unlinked, WorkbookAnswer, WouldLink,
};
use crate::explain::exposure::{ExposureOf, exposures};
use crate::explain::groups::{Group, Groups};
use crate::explain::things::{OneRead, Thing, Things as Found};
use crate::explain::{self, Known, query};
use crate::link::{Outcome, OutcomeKind, Rule, WorkbookTable};
use crate::model::{Diagnostic, NodeIx, TableIx, Upstream, WorkbookIx};
use crate::report::view::View;
use crate::report::{self, WorkbookFacts};
use crate::settings::SelectedWorkbooks;

/// For how many workbooks and tables the lines that they need are looked for; those of more are shown
/// with all lines of their causes.
const MOST_NARROWED: usize = 20;

/// The answer to a question about the things that a subject may mean.
pub fn explain<'a>(
    known: &Known<'_, 'a>,
    found: &explain::Found,
    subject: String,
    diagnostics: Vec<Diagnostic>,
) -> Explanation {
    let everyone = SelectedWorkbooks::all_of(known.site);
    let gatherer = Gatherer::new(known);
    let groups = Groups::new(known, &everyone);
    let is_narrowed = found.len() <= MOST_NARROWED;
    let narrowing = groups.narrowing();
    let groups_of = |things: &[Thing<'_, 'a>]| match is_narrowed {
        true => narrowing.of(things),
        false => groups.of(things),
    };
    let exposures = known
        .projects
        .iter()
        .map(|of| exposures(known.site, of))
        .collect::<Vec<_>>();
    let workbooks = found.workbooks.iter().map(|at| {
        let things = Found::of_workbook(known, *at);
        let mut groups_of = groups_of(&things);
        let nothing = groups.nothing_listed(known, *at).into_iter();
        groups_of.extend(nothing.map(|cause| Group::of_cause(cause.clone())));
        let things = gatherer.things(&things, groups_of);
        gatherer.workbook(*at, &exposures, things)
    });
    let workbooks = workbooks.collect();
    let tables = gatherer.tables(&found.tables, groups_of);
    let certainty = || gatherer.certainty();
    Explanation {
        subject: Some(subject),
        workbooks,
        nodes: gatherer.nodes(&found.nodes, groups_of),
        more_nodes: found.more_nodes,
        certainty: (!found.nodes.is_empty()).then(certainty),
        tables,
        ..gatherer.explanation(diagnostics)
    }
}

/// Everything of the selected workbooks that is not linked.
pub fn unlinked(known: &Known, diagnostics: Vec<Diagnostic>) -> Explanation {
    let gatherer = Gatherer::new(known);
    let groups = Groups::new(known, known.selection);
    let is_unlinked = |read: &OneRead| {
        let is_linked = read.table.table.outcome.kind() == OutcomeKind::Linked;
        known.selection.get(read.workbook).is_yes() && !is_linked
    };
    let things = Found::of_all(known, is_unlinked);
    let things = gatherer.things(&things, groups.whole(&things));
    let selected = known.site.workbook_positions();
    let selected = selected.filter(|at| known.selection.get(*at).is_yes());
    let selected = selected.collect::<Vec<_>>();
    let incomplete = selected.iter().filter(|at| !known.is_complete(**at));
    Explanation {
        unlinked: Some(Unlinked {
            selected: selected.len(),
            incomplete: incomplete.count(),
            not_selected: known.site.workbooks.len() - selected.len(),
            things,
        }),
        ..gatherer.explanation(diagnostics)
    }
}

pub(super) struct Gatherer<'g, 'r, 'a> {
    pub(super) known: &'g Known<'r, 'a>,
    /// What is shown of each project.
    views: Vec<View<'g, 'a>>,
    workbooks: Vec<Arc<WorkbookFacts>>,
}

impl<'g, 'r, 'a> Gatherer<'g, 'r, 'a> {
    fn new(known: &'g Known<'r, 'a>) -> Self {
        let projects = known.projects.iter();
        let views = projects.map(|of| View::new(of.project, known.site, &known.settings.exposure));
        let views = views.collect::<Vec<_>>();
        let workbooks = known.site.workbook_positions();
        let workbooks = workbooks
            .map(|at| Arc::new(views[0].workbook(at)))
            .collect();
        Self {
            known,
            views,
            workbooks,
        }
    }

    /// An answer without the things that it is about.
    fn explanation(&self, diagnostics: Vec<Diagnostic>) -> Explanation {
        let projects = self.known.projects.iter();
        let names = projects.map(|of| of.project.root_package.clone());
        let evidence = self.known.site.evidence.iter();
        Explanation {
            projects: names.filter(|_| self.known.projects.len() > 1).collect(),
            exports: evidence.map(report::export).collect(),
            diagnostics,
            ..Explanation::default()
        }
    }

    /// The name of a project, if there are several.
    pub(super) fn project(&self, at: usize) -> Option<String> {
        let projects = &self.known.projects;
        (projects.len() > 1).then(|| projects[at].project.root_package.clone())
    }

    fn workbook(
        &self,
        at: WorkbookIx,
        exposures: &[BTreeMap<WorkbookIx, Vec<ExposureOf>>],
        things: Things,
    ) -> WorkbookAnswer {
        let workbook = self.known.site.workbook(at);
        let selected = self.known.selection.get(at);
        let of_projects = exposures.iter().filter_map(|of| of.get(&at));
        WorkbookAnswer {
            workbook: Arc::clone(&self.workbooks[at.0]),
            not_selected: selected.reason().map(|reason| reason.of_workbook()),
            gaps: workbook.gaps.iter().map(ToString::to_string).collect(),
            exposures: of_projects.flatten().cloned().collect(),
            things,
        }
    }

    /// The answers about tables, all found in one go.
    fn tables(
        &self,
        tables: &[TableIx],
        groups_of: impl Fn(&[Thing<'_, 'a>]) -> Vec<Group>,
    ) -> Vec<TableAnswer> {
        let mut of_table: HashMap<TableIx, Vec<Thing>> = HashMap::new();
        let is_wanted = |read: &OneRead| {
            let at = read.site_table();
            at.is_some_and(|at| tables.binary_search(&at).is_ok())
        };
        if !tables.is_empty() {
            for thing in Found::of_all(self.known, is_wanted) {
                if let Some(at) = thing.site_table() {
                    of_table.entry(at).or_default().push(thing);
                }
            }
        }
        let answers = tables.iter().map(|at| {
            let things = of_table.remove(at).unwrap_or_default();
            TableAnswer {
                name: self.known.site.tables[at.0].to_string(),
                things: self.things(&things, groups_of(&things)),
            }
        });
        answers.collect()
    }

    pub(super) fn things(&self, things: &[Thing], groups: Vec<Group>) -> Things {
        let mut queries = HashMap::new();
        let all = things.iter().map(|thing| self.thing(thing, &mut queries));
        let mut all = all.collect::<Vec<_>>();
        let groups = groups.into_iter().map(|group| {
            if let Some(remedy) = &group.remedy {
                let nodes = &self.known.projects[group.project].project.nodes;
                for (table, node, value) in &remedy.links {
                    let its = group.things.iter();
                    for at in its.filter(|at| things[**at].site_table() == Some(*table)) {
                        all[*at].would_link.push(WouldLink {
                            node: nodes[*node].unique_id.to_string(),
                            value: value.clone(),
                        });
                    }
                }
            }
            GroupFacts {
                project: self.project(group.project),
                cause: group.remedy.map(|remedy| remedy.cause),
                things: group.things,
            }
        });
        let groups = groups.collect();
        Things { all, groups }
    }

    fn thing(&self, thing: &Thing, queries: &mut HashMap<*const u8, Arc<str>>) -> ThingFacts {
        let of = &self.known.projects[thing.project];
        let reason = thing.matched.not_linked(of.project.adapter());
        let link = match thing.matched.outcome {
            Outcome::Linked { node, rule } => Some(LinkOf {
                project: self.project(thing.project),
                node: of.project.nodes[node].unique_id.to_string(),
                relation: self.relation(thing.project, node, rule),
                rule,
            }),
            _ => None,
        };
        let readers = thing.readers.iter().map(|(workbook, place)| {
            let links = &of.links.workbooks[workbook.0].tables[*place];
            self.reader(*workbook, *place, links, queries)
        });
        ThingFacts {
            table: thing.matched.shown.clone(),
            connection_type: thing.matched.connection.as_str().map(str::to_owned),
            kind: thing.read.kind,
            outcome: thing.matched.outcome.kind(),
            detail: reason.map(|reason| reason.to_string()),
            link,
            lost: thing.lost.map(|lost| LostLink {
                node: lost.node.clone(),
                fate: lost.fate.to_string(),
            }),
            nearest: report::nearest(&self.views[thing.project], &thing.matched.outcome),
            would_link: Vec::new(),
            readers: readers.collect(),
        }
    }

    /// The relation of a node by which a rule links to it.
    fn relation(&self, project: usize, node: NodeIx, rule: Rule) -> String {
        self.views[project]
            .nearest(node, rule.role(), String::new())
            .relation
    }

    fn reader(
        &self,
        at: WorkbookIx,
        place: usize,
        links: &WorkbookTable,
        queries: &mut HashMap<*const u8, Arc<str>>,
    ) -> Reader {
        let site = self.known.site;
        let workbook = site.workbook(at);
        let read = &workbook.reads[place];
        let paths = read.paths.iter().zip(links.all_paths());
        let paths = paths.map(|(path, shown)| PathFacts {
            text: shown.to_string(),
            is_direct: shown.is_empty(),
            query: query::mark(site, workbook, read, path).map(|mark| {
                let text = queries.entry(mark.sql.query.as_ptr());
                let text = text.or_insert_with(|| Arc::from(mark.sql.query));
                QueryFacts {
                    name: mark.sql.name.to_string(),
                    text: Arc::clone(text),
                    place: mark.place,
                    letters: mark.letters,
                }
            }),
        });
        Reader {
            workbook: Arc::clone(&self.workbooks[at.0]),
            is_selected: self.known.selection.get(at).is_yes(),
            paths: paths.collect(),
            columns: match read.upstream {
                Upstream::Table(table) => ColumnsFacts::new(workbook.columns_of(table)),
                _ => None,
            },
        }
    }
}
