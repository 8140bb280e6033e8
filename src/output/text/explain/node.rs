//! What is known of a node: who reads it, which tables nearly fit, and how sure it is that nobody
//! else does.

use std::collections::BTreeSet;
use std::fmt::{self, Write};

use super::super::{FAINT, HEADING, Page};
use super::readers::{Told, shown};
use crate::model::listing::first_few;
use crate::output::explain::facts::{NodeAnswer, ThingFacts, Through};
use crate::output::{counted, printable, visible};
use crate::usage::Certainty;

/// How many models, exposures and the like that read a node are shown, unless all are asked for.
const MOST_OTHERS: usize = 5;

impl Page {
    pub(super) fn node_answer(&mut self, answer: &NodeAnswer) -> fmt::Result {
        let (kind, name) = (kind(answer), visible(&answer.name));
        let head = format!(
            "{}: {}",
            printable(&format!("{kind} {name}")),
            verdict(answer)
        );
        let head = self.paint(HEADING, &head);
        writeln!(self.text, "{head}")?;
        for fact in facts(answer) {
            let fact = self.paint(FAINT, &printable(&visible(&fact)));
            writeln!(self.text, "  {fact}")?;
        }
        self.things(&answer.direct, Told::Readers)?;
        self.through(&answer.through)?;
        self.others(answer)?;
        if !answer.near.all.is_empty() {
            self.heading("Tables that nearly fit")?;
            self.groups(&answer.near, Told::Names)?;
        }
        self.near_below(&answer.near_below)
    }

    /// What is made of the node and nearly fits a table.
    fn near_below(&mut self, chains: &[Vec<String>]) -> fmt::Result {
        if chains.is_empty() {
            return Ok(());
        }
        self.heading("A table that is not linked nearly fits what is made of it")?;
        let (shown, more) = self.capped(chains);
        for chain in shown {
            self.wrapped(2, &chain.join(" -> "))?;
        }
        self.left_out("  ", more, "")
    }

    /// The workbooks that read what is made of the node.
    fn through(&mut self, through: &[Through]) -> fmt::Result {
        if through.is_empty() {
            return Ok(());
        }
        self.heading("Read through models below")?;
        let (shown_ones, more) = self.capped(through);
        for one in shown_ones {
            self.wrapped(2, &one.chain.join(" -> "))?;
            let names = readers(&one.things);
            let count = names.len();
            let names = match self.options.verbose {
                true => names.join(", "),
                false => first_few(count, names),
            };
            self.fact("read by", &names)?;
        }
        self.left_out("  ", more, "")
    }

    /// Who else reads the node.
    fn others(&mut self, answer: &NodeAnswer) -> fmt::Result {
        let public = (answer.access == Some("public"))
            .then(|| "its access is public, so every project may refer to it".to_owned());
        let earlier = answer.earlier.iter();
        let earlier =
            earlier.map(|id| format!("{id}, of a workbook that no export of this run lists"));
        let others = answer.others.iter().filter_map(|chain| {
            let (last, before) = chain.split_last()?;
            Some(match before {
                [_] => last.clone(),
                _ => format!("{last}, through {}", before[1..].join(" -> ")),
            })
        });
        let all = public.into_iter().chain(earlier).chain(others);
        let all = all.collect::<Vec<_>>();
        if all.is_empty() {
            return Ok(());
        }
        self.heading("Also read by")?;
        let (shown, more) = self.capped_at(&all, MOST_OTHERS);
        for other in shown {
            self.wrapped(2, other)?;
        }
        self.left_out("  ", more, "")
    }

    /// How sure it is that nobody else reads a node. A table that nearly fits may be it.
    pub(super) fn certainty(&mut self, certainty: &Certainty, nodes: &[NodeAnswer]) -> fmt::Result {
        let near = [
            (
                nodes.iter().any(|node| !node.near.all.is_empty()),
                "a table that nearly fits may be it",
            ),
            (
                nodes.iter().any(|node| !node.near_below.is_empty()),
                "a table that nearly fits what is made of it may be that",
            ),
        ];
        let near = near.iter().filter(|(is_there, _)| *is_there);
        let near = near.map(|(_, reason)| (*reason).to_owned());
        let reasons = near.chain(open(certainty)).collect::<Vec<_>>();
        let sentence = match reasons.is_empty() {
            true => format!(
                "This is sure: the export lists every workbook ({}) and all that they read.",
                certainty.workbooks
            ),
            false => format!("Others may read it as well: {}.", reasons.join("; ")),
        };
        writeln!(self.text)?;
        self.wrapped(0, &sentence)
    }
}

/// Who reads a node, in a few words.
fn verdict(answer: &NodeAnswer) -> String {
    let direct = count(&answer.direct.all);
    let below = answer.through.iter().flat_map(|through| &through.things);
    let all = answer.direct.all.iter().chain(below);
    let all = luids(all).len();
    match (direct, all - direct) {
        (0, 0) if !answer.stands_for.is_empty() => {
            let node = first_few(answer.stands_for.len(), answer.stands_for.iter());
            format!("its relation is that of {node}, to which tables link in its place")
        }
        (0, 0) if answer.is_ephemeral => {
            "not read by a workbook through models below; it is ephemeral, so none reads it directly"
                .to_owned()
        }
        (0, 0) if answer.relation.is_none() => {
            "dbt does not build a relation of it, so workbooks cannot read it".to_owned()
        }
        (0, 0) => "not read by a workbook of the export".to_owned(),
        (0, below) => format!(
            "read by {} through models below",
            counted(below, "workbook")
        ),
        (direct, 0) => format!("read by {}", counted(direct, "workbook")),
        (direct, below) => format!(
            "read by {}, and by {below} more through models below",
            counted(direct, "workbook")
        ),
    }
}

/// The resource type, as the first word of a sentence.
fn kind(answer: &NodeAnswer) -> String {
    let kind = answer.resource_type.replace('_', " ");
    let mut letters = kind.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn count(things: &[ThingFacts]) -> usize {
    luids(things.iter()).len()
}

fn luids<'t>(things: impl Iterator<Item = &'t ThingFacts>) -> BTreeSet<(&'t str, Option<&'t str>)> {
    let readers = things.flat_map(|thing| &thing.readers);
    let luids = readers.map(|reader| {
        let workbook = &reader.workbook;
        (workbook.luid.as_str(), workbook.site.as_deref())
    });
    luids.collect()
}

/// The workbooks that read some tables, each once.
fn readers(things: &[ThingFacts]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let readers = things.iter().flat_map(|thing| &thing.readers);
    let readers = readers.filter(|reader| seen.insert(&reader.workbook));
    readers.map(shown).collect()
}

/// What the manifest says of a node.
fn facts(answer: &NodeAnswer) -> Vec<String> {
    let id = match &answer.project {
        Some(project) => format!("{} (project {project})", answer.unique_id),
        None => answer.unique_id.clone(),
    };
    let ids = [Some(id), answer.relation.clone()];
    let access = answer.access.map(|access| format!("access {access}"));
    let built = [answer.file.clone(), answer.materialized.clone(), access];
    let others = answer.other_relations.iter();
    let others = others.map(|(what, relation)| format!("relation {what}: {relation}"));
    let joined = |parts: Vec<Option<String>>| {
        let parts = parts.into_iter().flatten().collect::<Vec<_>>();
        parts.join(" · ")
    };
    let lines = [joined(ids.to_vec()), joined(built.to_vec())];
    let lines = lines.into_iter().filter(|line| !line.is_empty());
    lines.chain(others).collect()
}

/// What an export leaves open about who reads what.
fn open(certainty: &Certainty) -> Vec<String> {
    let mut reasons = Vec::new();
    let Certainty {
        workbooks,
        incomplete,
        hidden,
        unidentified,
        unproven_sites,
        has_open_sql,
        unreadable,
    } = *certainty;
    if incomplete > 0 {
        let of_all = counted(workbooks, "workbook");
        let hidden = match hidden {
            0 => String::new(),
            count => format!(", {count} of them hidden from the token"),
        };
        reasons.push(format!(
            "{incomplete} of {of_all} may read more than the export shows{hidden}"
        ));
    }
    if unidentified > 0 {
        let without = counted(unidentified, "workbook");
        reasons.push(format!("{without} without luid cannot be told apart"));
    }
    if unproven_sites > 0 {
        let of_sites = match unproven_sites {
            1 => String::new(),
            count => format!(" of {count} sites"),
        };
        reasons.push(format!(
            "the export does not prove that it lists every workbook{of_sites}"
        ));
    }
    if has_open_sql {
        reasons.push("there is custom SQL whose reader the export does not name".to_owned());
    }
    if unreadable > 0 {
        let things = counted(unreadable, "thing");
        reasons.push(format!("{things} in the manifest could not be read"));
    }
    reasons
}
