//! Tables and what stands for them: those that are not linked by cause, with what would link them, and
//! those that are linked.

use std::fmt::{self, Write};

use super::super::{HEADING, Page};
use super::fact::WIDTH;
use super::readers::Told;
use crate::link::OutcomeKind;
use crate::output::cures::MOST_WITHHELD;
use crate::output::explain::facts::{GroupFacts, LinkOf, ThingFacts, Things};
use crate::output::explain::meaning::of_rule;
use crate::output::{cures, printable, visible};
use crate::verdict::{Cause, Cure};

impl Page {
    /// What is not linked, with the lines that would link it, and then what is linked.
    pub(super) fn things(&mut self, things: &Things, told: Told) -> fmt::Result {
        if !things.groups.is_empty() {
            self.heading("Not linked")?;
            self.groups(things, told)?;
        }
        let linked = things.linked().collect::<Vec<_>>();
        if linked.is_empty() {
            return Ok(());
        }
        self.heading("Linked")?;
        let (shown, more) = self.capped(&linked);
        for (thing, link) in shown {
            self.linked(thing, link, told)?;
        }
        self.left_out("  ", more, "")
    }

    /// What is not linked, by cause, with the lines that would link it.
    pub(super) fn groups(&mut self, things: &Things, told: Told) -> fmt::Result {
        let mut number = 0;
        for group in &things.groups {
            self.group(group, things, &mut number, told)?;
        }
        self.config(&things.causes())
    }

    fn group(
        &mut self,
        group: &GroupFacts,
        things: &Things,
        number: &mut usize,
        told: Told,
    ) -> fmt::Result {
        let its = group.things.iter().map(|at| &things.all[*at]);
        let its = its.collect::<Vec<_>>();
        let why = match &group.cause {
            // Where everything is told, so is how much each cause explains.
            Some(cause) if told == Told::Names => cures::cause(cause),
            Some(cause) => cause.why.to_string(),
            None => "the link that it had in the state is lost".to_owned(),
        };
        let project = group.project.as_ref();
        let project = project.map(|project| format!(" (project {project})"));
        self.wrapped(2, &format!("{why}{}", project.unwrap_or_default()))?;
        if let Some(cause) = &group.cause {
            self.cures(cause, number)?;
        }
        let (shown, more) = self.capped(&its);
        for thing in shown {
            self.unlinked_thing(thing, *number, told)?;
        }
        self.left_out("    ", more, "")
    }

    /// What can be done about a cause.
    fn cures(&mut self, cause: &Cause, number: &mut usize) -> fmt::Result {
        for cure in &cause.cures {
            *number += usize::from(matches!(cure, Cure::Config { .. }));
            let (sentence, lines) = cures::cure(cure, *number, WIDTH - 10);
            self.with_lines(&sentence, &lines)?;
        }
        if cause.cures.is_empty() && cause.withheld.is_empty() {
            let page = cause.why.key();
            self.wrapped(
                6,
                &format!("what to do: `autoexpose explain --code cause:{page}`"),
            )?;
        }
        let (shown, more) = self.capped_at(&cause.withheld, MOST_WITHHELD);
        for withheld in shown {
            let (sentence, lines) = cures::withheld(withheld, WIDTH - 10);
            self.with_lines(&sentence, &lines)?;
        }
        match cures::withheld_left_out(more) {
            Some(rest) => {
                let hint = self.hint();
                writeln!(self.text, "      {rest}{hint}")
            }
            None => Ok(()),
        }
    }

    /// A thing that is not linked; `number` is that of the lines that would link it.
    fn unlinked_thing(&mut self, thing: &ThingFacts, number: usize, told: Told) -> fmt::Result {
        let name = name(thing);
        let detail = thing.detail.as_deref().unwrap_or_default();
        self.wrapped(4, &format!("{name}  {}: {detail}", thing.outcome))?;
        if let Some(lost) = &thing.lost {
            self.fact("lost", &format!("{}: {}", lost.node, lost.fate))?;
        }
        let is_ambiguous = thing.outcome == OutcomeKind::Ambiguous;
        for near in &thing.nearest {
            let shown = format!("{} ({})", near.unique_id, visible(&near.relation));
            let by = by_lines(thing, &near.unique_id, number);
            match is_ambiguous {
                true => self.fact("fits", &format!("{shown}{by}"))?,
                false => self.fact("nearest", &format!("{shown}: {}{by}", near.difference))?,
            }
        }
        let is_near = |node: &str| thing.nearest.iter().any(|near| near.unique_id == node);
        for would in thing
            .would_link
            .iter()
            .filter(|would| !is_near(&would.node))
        {
            let by = by_lines(thing, &would.node, number);
            self.fact("meant", &format!("{}{by}", would.node))?;
        }
        self.readers(thing, told)
    }

    fn linked(&mut self, thing: &ThingFacts, link: &LinkOf, told: Told) -> fmt::Result {
        let node = self.paint(HEADING, &printable(&link.node));
        let table = printable(&visible(&name(thing)));
        writeln!(self.text, "  {table} -> {node}")?;
        let project = link.project.as_ref();
        let project = project.map(|project| format!(" (project {project})"));
        let rule = format!("{}: {}", link.rule, of_rule(link.rule));
        self.fact("rule", &format!("{rule}{}", project.unwrap_or_default()))?;
        self.readers(thing, told)
    }
}

/// A table with its connection type.
fn name(thing: &ThingFacts) -> String {
    let connection = thing.connection_type.as_deref();
    let connection = connection.map(|name| format!(" ({name})"));
    format!("{}{}", thing.table, connection.unwrap_or_default())
}

/// That lines link a table to a node, if they do, with the values of the choice by which they do.
fn by_lines(thing: &ThingFacts, node: &str, number: usize) -> String {
    let its = thing.would_link.iter().filter(|would| would.node == node);
    let values = its.map(|would| would.value.as_str()).collect::<Vec<_>>();
    match values.as_slice() {
        [] => String::new(),
        [""] => format!("; lines [{number}] link it"),
        values => format!("; lines [{number}] link it with {}", values.join(" or ")),
    }
}
