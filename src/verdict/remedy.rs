//! The lines of a cause that some of its things need, as those of one workbook, tried again.

use std::collections::{BTreeMap, BTreeSet};

use super::cause::{Cause, Choice, Counted, Cure};
use super::items::Items;
use super::known::Known;
use super::line::Line;
use super::trial::Trials;
use crate::link;
use crate::model::{NodeIx, TableIx};

/// A cause with the lines for some of its things.
#[derive(Debug, Clone)]
pub struct Remedy {
    /// The cause. Of lines that were tried, those that these things need, and what links by them in all
    /// workbooks.
    pub cause: Cause,
    /// What the lines link these things to, by each value of the choice, which is empty if there is
    /// nothing to choose.
    pub links: Vec<(TableIx, NodeIx, String)>,
}

impl Remedy {
    /// The lines with the value by which most of these things link, and what they link.
    fn best(&self) -> (Vec<Line>, Vec<(TableIx, NodeIx)>) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, _, value) in &self.links {
            *counts.entry(value).or_default() += 1;
        }
        let best = counts.iter().rev().max_by_key(|(_, count)| **count);
        let best = best.map_or("", |(value, _)| *value);
        let lines = config(&self.cause).map_or(&[][..], |(lines, _)| lines);
        let links = self.links.iter().filter(|(_, _, value)| value == best);
        (
            lines.iter().map(|line| line.with(best)).collect(),
            links.map(|(table, node, _)| (*table, *node)).collect(),
        )
    }
}

/// Finds the lines for some things.
pub struct Remedies<'j, 'r, 'a> {
    known: &'j Known<'r, 'a>,
    items: &'j Items<'r, 'a>,
    trials: Trials<'j, 'r, 'a>,
}

impl<'j, 'r, 'a> Remedies<'j, 'r, 'a> {
    /// `items` are those of the verdict that has the causes.
    pub fn new(known: &'j Known<'r, 'a>, items: &'j Items<'r, 'a>) -> Self {
        Self {
            known,
            items,
            trials: Trials::new(known),
        }
    }

    /// The causes with the lines that their tables need. Where these would not do all together, with
    /// all lines that the causes have, which were tried so.
    pub fn of_all(&self, causes: &[(&Cause, BTreeSet<TableIx>)]) -> Vec<Remedy> {
        let narrowed = causes
            .iter()
            .map(|(cause, tables)| self.narrowed(cause, tables));
        let narrowed = narrowed.collect::<Vec<_>>();
        if self.hold_together(&narrowed) {
            return narrowed;
        }
        let whole = causes.iter().map(|(cause, tables)| Remedy {
            links: self.links(cause, tables),
            cause: (*cause).clone(),
        });
        whole.collect()
    }

    fn narrowed(&self, cause: &Cause, tables: &BTreeSet<TableIx>) -> Remedy {
        let mut cause = cause.clone();
        if let Some(fewer) = self.needed(&cause, tables) {
            let all = |value: &str| self.counted(&fewer, value);
            let counts = match config(&cause) {
                Some((_, [])) | None => all("").into_iter().collect(),
                Some((_, choices)) => choices
                    .iter()
                    .filter_map(|choice| all(&choice.value))
                    .collect::<Vec<_>>(),
            };
            if let Some(most) = counts.iter().max_by_key(|counted| counted.objects()) {
                cause.counted = most.clone();
            }
            if let Some(Cure::Config { lines, choices }) = config_mut(&mut cause) {
                *lines = fewer;
                let counted = choices.iter().zip(counts);
                let counted = counted.map(|(choice, counted)| Choice {
                    value: choice.value.clone(),
                    counted,
                });
                *choices = counted.collect();
            }
        }
        let links = self.links(&cause, tables);
        Remedy { cause, links }
    }

    /// Fewer lines than a cause has, if they do for these tables.
    fn needed(&self, cause: &Cause, tables: &BTreeSet<TableIx>) -> Option<Vec<Line>> {
        let (lines, _) = config(cause).filter(|(lines, _)| lines.len() > 1)?;
        let values = values(cause);
        let is_needed = |line: &&Line| {
            values.iter().any(|value| {
                let mut tables = tables.iter();
                tables.any(|table| self.links_alone(&line.with(value), *table))
            })
        };
        let fewer = lines.iter().filter(is_needed).cloned().collect::<Vec<_>>();
        let linked = |lines: &[Line]| {
            let values = values.iter();
            let linked = values.map(|value| self.linked(lines, value, tables));
            linked.collect::<Option<Vec<_>>>()
        };
        let is_fewer = !fewer.is_empty() && fewer.len() < lines.len();
        let does_as_much = is_fewer && linked(&fewer)? == linked(lines)?;
        does_as_much.then_some(fewer)
    }

    /// Whether a line links a table that stands alone.
    fn links_alone(&self, line: &Line, table: TableIx) -> bool {
        let Some(matching) = line.added_to(self.known.matching) else {
            return false;
        };
        let table = self.known.site.tables[table.0].clone();
        let findings = link::findings(self.trials.index(), &[table], &matching);
        findings.iter().any(|found| found.outcome.node().is_some())
    }

    /// What the lines of a cause link these tables to, by each value of the choice.
    fn links(&self, cause: &Cause, tables: &BTreeSet<TableIx>) -> Vec<(TableIx, NodeIx, String)> {
        let Some((lines, _)) = config(cause) else {
            return Vec::new();
        };
        let values = values(cause).into_iter();
        let links = values.flat_map(|value| {
            let linked = self.linked(lines, &value, tables).unwrap_or_default();
            let linked = linked.into_iter();
            linked.map(move |(table, node)| (table, node, value.clone()))
        });
        links.collect()
    }

    /// Which of these tables some lines link, and to what; `None` if the lines must not be proposed.
    fn linked(
        &self,
        lines: &[Line],
        value: &str,
        tables: &BTreeSet<TableIx>,
    ) -> Option<Vec<(TableIx, NodeIx)>> {
        let trial = self.trials.run(lines, value).ok()?;
        let linked = trial.linked.into_iter();
        Some(linked.filter(|(table, _)| tables.contains(table)).collect())
    }

    fn counted(&self, lines: &[Line], value: &str) -> Option<Counted> {
        let trial = self.trials.run(lines, value).ok()?;
        let tables = trial.linked.iter();
        let items = tables.filter_map(|(table, _)| self.items.of_table(*table));
        Some(self.items.counted_of(&items.collect::<BTreeSet<_>>()))
    }

    /// Whether all that is promised links where all lines are given.
    fn hold_together(&self, remedies: &[Remedy]) -> bool {
        let best = remedies.iter().map(Remedy::best).collect::<Vec<_>>();
        let lines = best.iter().flat_map(|(lines, _)| lines);
        let links = || best.iter().flat_map(|(_, links)| links);
        best.iter().filter(|(lines, _)| !lines.is_empty()).count() < 2
            || self.trials.link_together(lines, links())
    }
}

/// The lines of a cause that were tried, and the values of their choice.
fn config(cause: &Cause) -> Option<(&[Line], &[Choice])> {
    cause.cures.iter().find_map(|cure| match cure {
        Cure::Config { lines, choices } => Some((lines.as_slice(), choices.as_slice())),
        _ => None,
    })
}

fn config_mut(cause: &mut Cause) -> Option<&mut Cure> {
    let mut cures = cause.cures.iter_mut();
    cures.find(|cure| matches!(cure, Cure::Config { .. }))
}

/// The values for the choice; an empty one if there is nothing to choose.
fn values(cause: &Cause) -> Vec<String> {
    match config(cause) {
        Some((_, choices)) if !choices.is_empty() => {
            choices.iter().map(|choice| choice.value.clone()).collect()
        }
        _ => vec![String::new()],
    }
}
