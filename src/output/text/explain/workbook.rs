//! What is known of a workbook.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::super::{FAINT, HEADING, Page};
use super::readers::Told;
use crate::model::shown_site;
use crate::output::amounts::objects;
use crate::output::differences::owner;
use crate::output::explain::facts::{Things, WorkbookAnswer};
use crate::output::{printable, visible};
use crate::report::WorkbookFacts;

impl Page {
    pub(super) fn workbook_answer(&mut self, answer: &WorkbookAnswer) -> fmt::Result {
        let (title, _) = answer.workbook.title_and_luid();
        let title = printable(&visible(title));
        let head = format!("Workbook {title}: {}", verdict(&answer.things, answer));
        let head = self.paint(HEADING, &head);
        writeln!(self.text, "{head}")?;
        for fact in facts(&answer.workbook) {
            let fact = self.paint(FAINT, &printable(&fact));
            writeln!(self.text, "  {fact}")?;
        }
        if let Some(reason) = &answer.not_selected {
            self.wrapped(
                2,
                &format!("not selected, so it gets no exposure: {reason}"),
            )?;
        }
        for gap in &answer.gaps {
            self.wrapped(2, &format!("incomplete, so it may read more: {gap}"))?;
        }
        for exposure in &answer.exposures {
            self.wrapped(2, &format!("{}: {}", exposure.unique_id, exposure.change))?;
        }
        self.things(&answer.things, Told::Paths)
    }
}

/// How much of what a workbook reads is linked.
fn verdict(things: &Things, answer: &WorkbookAnswer) -> String {
    let all = things.all.len();
    if all == 0 {
        return match answer.gaps.is_empty() {
            true => "reads nothing, as far as the export shows".to_owned(),
            false => "the export does not show what it reads".to_owned(),
        };
    }
    let linked = things.linked().count();
    let reads = objects(&things.kinds());
    let are = |count: usize| if count == 1 { "is" } else { "are" };
    let would = match would_link(things) {
        0 => String::new(),
        count => format!("; the lines below link {count}"),
    };
    match linked {
        _ if linked == all => format!("reads {reads}, and all of it is linked"),
        0 => format!("reads {reads}, and nothing of it is linked{would}"),
        _ => {
            let not = all - linked;
            let (linked_are, not_are) = (are(linked), are(not));
            format!("reads {reads}: {linked} {linked_are} linked, {not} {not_are} not{would}")
        }
    }
}

/// How many of the things the lines of all causes link: of each choice, the one that links most.
fn would_link(things: &Things) -> usize {
    let groups = things.groups.iter().map(|group| {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for at in &group.things {
            for would in &things.all[*at].would_link {
                *counts.entry(&would.value).or_default() += 1;
            }
        }
        counts.into_values().max().unwrap_or_default()
    });
    groups.sum()
}

/// Where it is and whose it is, and what identifies it.
fn facts(workbook: &WorkbookFacts) -> Vec<String> {
    let whose = [workbook.project.clone(), owner(&workbook.owner)];
    let whose = whose.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let site = workbook.site.as_deref();
    let ids = [
        Some(format!("luid {}", workbook.luid)),
        workbook.server.clone(),
        site.map(|site| match site {
            "" => shown_site(site).to_owned(),
            site => format!("site {site}"),
        }),
    ];
    let ids = ids.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let url = workbook.url.clone().unwrap_or_default();
    let facts = [whose, url, ids].into_iter();
    facts.filter(|fact| !fact.is_empty()).collect()
}
