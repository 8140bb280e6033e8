//! Finds what a subject can mean.

use std::collections::BTreeSet;

use super::known::Known;
use super::names::Typed;
use super::subject::{Kind, Subject};
use super::suggest::{self, Suggestion};
use crate::model::{NodeIx, TableIx, WorkbookIx, luid};
use crate::plan::address::{Address, Place};

/// What a subject can mean.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Workbooks, by title.
    pub workbooks: Vec<WorkbookIx>,
    /// Nodes, each with the position of its project, by id.
    pub nodes: Vec<(usize, NodeIx)>,
    /// Tables, by name.
    pub tables: Vec<TableIx>,
}

impl Found {
    /// How many things there are.
    pub fn len(&self) -> usize {
        self.workbooks.len() + self.nodes.len() + self.tables.len()
    }

    /// Whether nothing is found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// That nothing fits a subject, with what comes near.
#[derive(Debug)]
pub struct NotFound {
    /// Things whose names come near, the nearest first.
    pub suggestions: Vec<Suggestion>,
}

/// Finds what a subject can mean. What has a luid or an id is this alone; a table that is linked to one
/// of the nodes, or nearly fits one, stands with that node unless the user asks for tables.
///
/// # Errors
/// Nothing fits.
pub fn find(known: &Known, subject: &Subject) -> Result<Found, NotFound> {
    let by_id = by_id(known, subject);
    if !by_id.is_empty() {
        return Ok(by_id);
    }
    let typed = Typed::new(&subject.text);
    let mut found = Found::default();
    if subject.may_be(Kind::Workbook) {
        found.workbooks = workbooks(known, |at| typed.fits(&known.site.workbook(at).name));
    }
    if subject.may_be(Kind::Model) {
        found.nodes = nodes(known, |project, node| {
            typed.fits_node(&known.projects[project].project.nodes[node])
        });
    }
    if subject.may_be(Kind::Table) {
        let of_nodes = tables_of(known, &found.nodes);
        let tables = known.site.tables.iter().enumerate();
        let tables = tables.filter(|(_, table)| typed.fits_table(table));
        let tables = tables.map(|(at, _)| TableIx(at));
        found.tables = tables.filter(|at| !of_nodes.contains(at)).collect();
    }
    if found.is_empty() {
        return Err(NotFound {
            suggestions: suggest::suggestions(known, subject),
        });
    }
    Ok(found)
}

/// What has a luid, a URL or an id that can be nothing else.
fn by_id(known: &Known, subject: &Subject) -> Found {
    let text = subject.text.as_str();
    let mut found = Found::default();
    if subject.may_be(Kind::Workbook) {
        let wanted = luid::identity(text);
        found.workbooks = workbooks(known, |at| {
            luid::identity(&known.site.workbook(at).luid) == wanted
        });
        if let Some(address) = Address::parse(text).filter(|_| found.workbooks.is_empty()) {
            found.workbooks = at_address(known, &address);
        }
    }
    if subject.may_be(Kind::Model) && found.is_empty() {
        found.nodes = nodes(known, |project, node| {
            known.projects[project].project.nodes[node].unique_id == text
        });
    }
    found
}

fn workbooks(known: &Known, fits: impl Fn(WorkbookIx) -> bool) -> Vec<WorkbookIx> {
    let all = known.site.workbook_positions();
    let mut fitting = all.filter(|at| fits(*at)).collect::<Vec<_>>();
    fitting.sort_by_key(|at| {
        let workbook = known.site.workbook(*at);
        (&workbook.name, &workbook.luid, *at)
    });
    fitting
}

fn nodes(known: &Known, fits: impl Fn(usize, NodeIx) -> bool) -> Vec<(usize, NodeIx)> {
    let mut fitting = Vec::new();
    for (project, of) in known.projects.iter().enumerate() {
        let nodes = NodeIx::enumerate(&of.project.nodes);
        let nodes = nodes.filter(|(at, _)| fits(project, *at));
        let mut nodes = nodes.collect::<Vec<_>>();
        nodes.sort_by_key(|(_, node)| &node.unique_id);
        fitting.extend(nodes.into_iter().map(|(at, _)| (project, at)));
    }
    fitting
}

/// The workbooks that a URL opens: those on the site that it names, as far as they are known.
fn at_address(known: &Known, address: &Address) -> Vec<WorkbookIx> {
    let at_places = |places: &BTreeSet<&Place>| {
        let there = workbooks(known, |at| {
            let workbook = known.site.workbook(at);
            let number = workbook.url_id.as_deref();
            let number = number.map(|id| Place::Number(id.to_owned()));
            let mut views = workbook.views.iter().flat_map(|path| {
                let workbook = Place::workbook_of_view(path);
                [Some(Place::view(path)), workbook].into_iter().flatten()
            });
            let is_there = number.is_some_and(|place| places.contains(&place))
                || views.any(|place| places.contains(&place));
            is_there && !address.contradicts(&workbook.site)
        });
        let distance = |at: &WorkbookIx| address.distance(&known.site.workbook(*at).site);
        let nearest = there.iter().map(distance).min();
        let there = there.into_iter();
        there
            .filter(|at| Some(distance(at)) == nearest)
            .collect::<Vec<_>>()
    };
    let there = at_places(&address.places.iter().collect());
    match there.as_slice() {
        [] => at_places(&address.otherwise.iter().collect()),
        _ => there,
    }
}

/// The tables that are linked to some nodes, or that they nearly fit.
fn tables_of(known: &Known, nodes: &[(usize, NodeIx)]) -> BTreeSet<TableIx> {
    let nodes = nodes.iter().copied().collect::<BTreeSet<_>>();
    let mut tables = BTreeSet::new();
    if nodes.is_empty() {
        return tables;
    }
    super::things::each_read(known, |read| {
        let is_of_nodes = || {
            let mut named = super::things::nodes_of(&read.table.table.outcome);
            named.any(|node| nodes.contains(&(read.project, node)))
        };
        if let Some(at) = read.site_table().filter(|_| is_of_nodes()) {
            tables.insert(at);
        }
    });
    tables
}
