//! Finds what a subject can mean.

use std::collections::BTreeSet;

use super::known::Known;
use super::names::Typed;
use super::subject::{Kind, Subject};
use super::suggest::{self, Suggestion};
use super::things::{each_read, nodes_of};
use crate::model::exposure::name_in_id;
use crate::model::{GraphIx, GraphNode, Node, NodeIx, TableIx, WorkbookIx, luid};
use crate::plan::address::{Address, Place};

/// How many nodes are found: of each, everything below it is looked at.
const MOST_NODES: usize = 100;

/// What a subject can mean.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Workbooks, by title.
    pub workbooks: Vec<WorkbookIx>,
    /// Nodes, each with the position of its project, by id; of very many, the first.
    pub nodes: Vec<(usize, GraphIx)>,
    /// How many more nodes there are.
    pub more_nodes: usize,
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
    /// What the subject is, if it is something of dbt that nobody can read.
    pub is: Option<&'static str>,
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
        found.nodes = nodes(known, |_, node| typed.fits_node(node));
        found.more_nodes = found.nodes.len().saturating_sub(MOST_NODES);
        found.nodes.truncate(MOST_NODES);
    }
    if subject.may_be(Kind::Table) {
        let of_nodes = tables_of(known, &found.nodes);
        let tables = known.site.tables.iter().enumerate();
        let tables = tables.filter(|(_, table)| typed.fits_table(table));
        let tables = tables.map(|(at, _)| TableIx(at));
        found.tables = tables.filter(|at| !of_nodes.contains(at)).collect();
    }
    if found.is_empty() && subject.may_be(Kind::Model) {
        found.nodes = others(known, |node| typed.fits_name(&node.name));
        found.nodes.truncate(MOST_NODES);
    }
    if found.is_empty() {
        return Err(NotFound {
            is: what_nobody_reads(known, subject),
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
        found.nodes = others(known, |node| node.unique_id == text);
    }
    found
}

/// What a subject is that the manifest contains, and that is not a node which somebody could read.
fn what_nobody_reads(known: &Known, subject: &Subject) -> Option<&'static str> {
    let text = subject.text.as_str();
    let projects = known.projects.iter();
    let mut disabled = projects.flat_map(|of| &of.project.disabled_nodes);
    if !subject.may_be(Kind::Model) {
        None
    } else if disabled.any(|id| id == text || name_in_id(id) == text) {
        Some("disabled in the project, so dbt neither builds nor reads it")
    } else if text.starts_with("macro.") {
        Some("a macro, which nothing outside dbt reads")
    } else {
        None
    }
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

/// Models, seeds, snapshots and sources.
fn nodes(known: &Known, fits: impl Fn(usize, &Node) -> bool) -> Vec<(usize, GraphIx)> {
    let mut fitting = Vec::new();
    for (project, of) in known.projects.iter().enumerate() {
        let nodes = of.project.nodes.iter();
        let nodes = nodes.filter(|node| fits(project, node));
        let places = nodes.filter_map(|node| of.graph.find(&node.unique_id));
        let mut places = places.collect::<Vec<_>>();
        places.sort_unstable();
        fitting.extend(places.into_iter().map(|at| (project, at)));
    }
    fitting
}

/// Anything that depends on others in the projects.
fn others(known: &Known, fits: impl Fn(&GraphNode) -> bool) -> Vec<(usize, GraphIx)> {
    let projects = known.projects.iter().enumerate();
    let all = projects.flat_map(|(project, of)| {
        let nodes = of.graph.iter();
        nodes.map(move |(at, node)| (project, at, node))
    });
    let fitting = all.filter(|(_, _, node)| fits(node));
    fitting.map(|(project, at, _)| (project, at)).collect()
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
fn tables_of(known: &Known, nodes: &[(usize, GraphIx)]) -> BTreeSet<TableIx> {
    let mut tables = BTreeSet::new();
    if nodes.is_empty() {
        return tables;
    }
    let nodes = nodes.iter().copied().collect::<BTreeSet<_>>();
    let mut wanted = BTreeSet::new();
    for (project, of) in known.projects.iter().enumerate() {
        for (ix, node) in NodeIx::enumerate(&of.project.nodes) {
            let at = of.graph.find(&node.unique_id);
            let at = at.filter(|at| nodes.contains(&(project, *at)));
            wanted.extend(at.map(|_| (project, ix)));
        }
    }
    each_read(known, |read| {
        let is_of_nodes = || {
            let mut named = nodes_of(&read.table.table.outcome);
            named.any(|node| wanted.contains(&(read.project, node)))
        };
        if let Some(at) = read.site_table().filter(|_| is_of_nodes()) {
            tables.insert(at);
        }
    });
    tables
}
