//! The steps from two manifests and the links of one to an answer.

use std::sync::Arc;

use rayon::prelude::*;

use super::answer::{Basis, Impact, ReachedWorkbook, SideFacts};
use super::changes::{Changes, Judge};
use super::compare::Comparer;
use super::graph::Reads;
use super::macros::Macros;
use super::moves::Built;
use super::renames::Renames;
use super::settings::Pair;
use super::side::{Indexed, Side};
use super::targets::Targets;
use super::verdicts::Verdicts;
use crate::link::Links;
use crate::model::{NodeKind, Site, WorkbookIx};
use crate::settings::SelectedWorkbooks;

/// What is compared, and whose workbooks are judged.
pub struct Known<'k, 's, 'a> {
    /// The manifest of production.
    pub base: Side<'s, 'a>,
    /// The manifest of the change.
    pub head: Side<'s, 'a>,
    /// Whether the user says that both are of one target.
    pub is_told_same: bool,
    /// The workbooks.
    pub site: &'k Site<'a>,
    /// Whether each is selected.
    pub selection: &'k SelectedWorkbooks,
    /// Their links to base.
    pub links: &'k Links<'a>,
}

/// Says which workbooks the change reaches.
pub fn impact(known: &Known) -> Impact {
    let base = &Indexed::new(known.base);
    let head = &Indexed::new(known.head);
    let pairs = pairs(base, head);
    let macros = Macros::new(base, head);
    let targets = Targets::new(base, head, &pairs, &macros, known.is_told_same);
    let built = Built::new(base, head, &pairs, &targets);
    let renames = Renames::new(base, head).with_places(base, &built);
    let (base_reads, head_reads) = (Reads::new(base), Reads::new(head));
    let judge = Judge {
        comparer: Comparer {
            base,
            head,
            targets: &targets,
            macros: &macros,
            renames: &renames,
        },
        built: &built,
        base_reads: &base_reads,
        head_reads: &head_reads,
    };
    let changes = judge.all(&pairs);
    let verdicts = Verdicts::new(&changes, &head_reads, known.base, known.site, known.links);
    let selected = selected(known);
    let reached = selected.par_iter().filter_map(|at| verdicts.of(*at));
    let workbooks = in_order(known, reached.collect());
    let unreached = selected.len() - workbooks.len();
    let basis = basis(known, base, &macros, &selected);
    let Changes {
        changes,
        cosmetic,
        not_compared,
        ..
    } = changes;
    Impact {
        workbooks,
        unreached,
        changes,
        cosmetic,
        not_compared,
        with_unseen_values: with_unseen_values(base),
        target: targets.target,
        basis,
    }
}

/// The nodes that both sides have enabled, in the order of their ids.
fn pairs<'s, 'a>(base: &Indexed<'s, 'a>, head: &Indexed<'s, 'a>) -> Vec<Pair<'s, 'a>> {
    let dialect = base.adapter().dialect();
    let nodes = base.side.definitions.nodes.iter();
    let pairs = nodes.filter(|node| node.is_enabled).filter_map(|node| {
        let now = head.enabled(&node.unique_id)?;
        let nodes = (base.node(&node.unique_id), head.node(&node.unique_id));
        Some(Pair::new((node, nodes.0), (now, nodes.1), dialect))
    });
    pairs.collect()
}

fn selected(known: &Known) -> Vec<WorkbookIx> {
    let positions = known.site.workbook_positions();
    positions
        .filter(|at| known.selection.get(*at).is_yes())
        .collect()
}

/// The worst first, by what happens, then by title and luid.
fn in_order(known: &Known, mut workbooks: Vec<ReachedWorkbook>) -> Vec<ReachedWorkbook> {
    workbooks.sort_by_cached_key(|reached| {
        let workbook = known.site.workbook(reached.workbook);
        (
            reached.severity,
            reached.effects.first().map(|effect| effect.what),
            workbook.name.to_string(),
            workbook.luid.to_string(),
        )
    });
    workbooks
}

fn basis(known: &Known, base: &Indexed, macros: &Macros, selected: &[WorkbookIx]) -> Basis {
    let built = base.side.project.nodes.iter();
    let built = built.filter(|node| node.kind != NodeKind::Source && node.relation.is_some());
    let built = built.collect::<Vec<_>>();
    let has = |side: &Side, id: &str| {
        side.catalog
            .is_some_and(|catalog| catalog.get(id).is_some())
    };
    let with_catalogs = built
        .iter()
        .filter(|node| has(&known.base, &node.unique_id) && has(&known.head, &node.unique_id));
    let tables = |at: &&WorkbookIx| &known.links.workbooks[at.0];
    let is_linked = |at: &&WorkbookIx| {
        let mut tables = tables(at).tables.iter();
        tables.any(|table| table.table.outcome.node().is_some())
    };
    let is_whole = |at: &&WorkbookIx| {
        let links = tables(at);
        let mut tables = links.tables.iter();
        links.is_complete(known.site.workbook(**at))
            && tables.all(|table| table.table.outcome.node().is_some())
    };
    Basis {
        nodes: built.len(),
        with_catalogs: with_catalogs.count(),
        base: facts(&known.base),
        head: facts(&known.head),
        is_other_dbt: macros.is_other_dbt,
        partly_unknown: selected
            .iter()
            .filter(|at| is_linked(at) && !is_whole(at))
            .count(),
        without_links: selected.iter().filter(|at| !is_linked(at)).count(),
    }
}

fn facts(side: &Side) -> SideFacts {
    SideFacts {
        file: side.file.to_owned(),
        generated_at: side.run.generated_at.map(str::to_owned),
        dbt_version: side.project.dbt_version.as_deref().map(str::to_owned),
        catalog: side.catalog.map(|catalog| catalog.generated_at.clone()),
        target: side.run.target.map(str::to_owned),
    }
}

/// The nodes of base whose text asks for values that no manifest has.
fn with_unseen_values(base: &Indexed) -> Vec<Arc<str>> {
    let nodes = base.side.definitions.nodes.par_iter();
    let asking = nodes.filter(|node| node.is_enabled && asks(node.code.spelling));
    asking
        .map(|node| Arc::from(node.unique_id.as_ref()))
        .collect()
}

/// Whether a text calls `var` or `env_var`.
fn asks(text: &str) -> bool {
    text.match_indices("var(").any(|(at, _)| {
        let before = text[..at].strip_suffix("env_").unwrap_or(&text[..at]);
        let letter = before.chars().next_back();
        !letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    })
}
