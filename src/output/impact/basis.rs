//! What stands behind the answer, and what it does not know: one sentence each, without a full stop.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::CapturedExport;
use super::ImpactAnswer;
use super::names::Words;
use crate::impact::{Basis, NotCompared, Target, TargetEvidence};
use crate::output::counted;

/// How much a sentence names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// A few names.
    Some,
    /// All of them.
    All,
}

/// All sentences, what matters most for whether to believe the answer first.
pub(super) fn sentences(answer: &ImpactAnswer, named: Named, words: Words) -> Vec<String> {
    let mut all = vec![compared(&answer.impact.basis)];
    all.extend(target(answer));
    all.extend(exports(answer));
    all.extend(workbooks(answer));
    let plain = all.iter().chain(&answer.caveats);
    let mut all = plain
        .map(|sentence| (words.sentence)(sentence))
        .collect::<Vec<_>>();
    all.extend(not_compared(answer, named, words));
    all.extend(left_out(answer, named, words));
    all
}

/// The sentences on what makes the answer weaker than it looks. They stay the same from run to run while
/// that does.
pub(super) fn doubts(answer: &ImpactAnswer) -> Vec<String> {
    let exports = answer
        .exports
        .iter()
        .filter(|export| !export.facts.complete);
    let exports = exports.map(|export| format!("Tableau export: {}", completeness(export)));
    exports.chain(answer.caveats.iter().cloned()).collect()
}

fn compared(basis: &Basis) -> String {
    let nodes = counted(basis.nodes, "relation");
    let columns = match basis.with_catalogs {
        0 => "columns by code and contracts, not by catalogs".to_owned(),
        count if count == basis.nodes => "columns by both catalogs".to_owned(),
        count => format!("columns of {count} by both catalogs, of others by code and contracts"),
    };
    let dbt = match (&basis.base.dbt_version, &basis.head.dbt_version) {
        (Some(base), Some(head)) if basis.is_other_dbt => {
            format!("; dbt {base} in base and {head} in head, so macros of dbt itself are left out")
        }
        _ => String::new(),
    };
    format!("Compared {nodes} of base; {columns}{dbt}")
}

fn target(answer: &ImpactAnswer) -> Option<String> {
    let sentence = match &answer.impact.target {
        // That it is not known is why workbooks could not be compared.
        Target::Unknown(_) if !answer.workbooks.is_empty() => return None,
        Target::Same(_) => return None,
        Target::Other(TargetEvidence::Runs(base, head)) => format!(
            "Head is built for another target ({head}, and base for {base}), so relations are compared by their configuration"
        ),
        Target::Other(TargetEvidence::Deferred) => {
            "Head defers to base, so relations are compared by their configuration".to_owned()
        }
        Target::Other(_) => {
            "Head seems to be built for another target, so relations are compared by their configuration".to_owned()
        }
        Target::Unknown(_) => {
            "Either head is built for another target, or its relations moved: the macros that name relations changed as well".to_owned()
        }
    };
    Some(sentence)
}

/// What the exports are: when they were made, and whether they list every workbook.
fn exports(answer: &ImpactAnswer) -> Vec<String> {
    let head = answer.impact.basis.head.generated_at.as_deref();
    let head = head.and_then(|time| time.parse::<Timestamp>().ok());
    let is_only = answer.exports.len() == 1;
    let exports = answer.exports.iter();
    exports
        .map(|export| one_export(export, head, is_only))
        .collect()
}

fn one_export(export: &CapturedExport, head: Option<Timestamp>, is_only: bool) -> String {
    let facts = &export.facts;
    let place = match (&facts.site, is_only) {
        (Some(site), false) => format!(" of {}", crate::model::shown_site(site)),
        _ => String::new(),
    };
    let time = match export.captured_at {
        Some(time) => format!(
            "as of {}{}",
            time.strftime("%Y-%m-%d %H:%M UTC"),
            age(time, head)
        ),
        None => "of an unknown time".to_owned(),
    };
    format!("Tableau export{place} {time}; {}", completeness(export))
}

fn completeness(export: &CapturedExport) -> String {
    let facts = &export.facts;
    if facts.complete {
        return "it lists every workbook".to_owned();
    }
    let reasons = facts.reasons.join("; ");
    format!("it may not list every workbook: {reasons}")
}

/// How much older than head's manifest an export is, in whole days.
fn age(captured: Timestamp, head: Option<Timestamp>) -> String {
    let days = head.map_or(0, |head| (head.as_second() - captured.as_second()) / 86_400);
    match usize::try_from(days) {
        Ok(days) if days > 0 => format!(", {} older than head", counted(days, "day")),
        _ => String::new(),
    }
}

/// How many workbooks are not reached, and of how many nothing or not all is known.
fn workbooks(answer: &ImpactAnswer) -> Vec<String> {
    let basis = &answer.impact.basis;
    let linked = answer.impact.unreached.saturating_sub(basis.without_links);
    let parts = [
        (linked, "linked and not reached"),
        (basis.without_links, "without a link to base"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts = parts
        .map(|(count, what)| format!("{count} {what}"))
        .collect::<Vec<_>>();
    let others = (!parts.is_empty()).then(|| format!("Other workbooks: {}", parts.join(", ")));
    let partly = (basis.partly_unknown > 0).then(|| {
        let workbooks = counted(basis.partly_unknown, "linked workbook");
        format!("May read more than what is linked: {workbooks}")
    });
    others.into_iter().chain(partly).collect()
}

/// What could not be compared and no workbook reads: the others are told with their workbooks.
fn not_compared(answer: &ImpactAnswer, named: Named, words: Words) -> Vec<String> {
    let effects = answer.effects();
    let told = effects.filter_map(|effect| answer.not_compared(effect));
    let told = told.map(|node| &node.unique_id).collect::<BTreeSet<_>>();
    let nodes = answer.impact.not_compared.iter();
    let nodes = nodes.filter(|node| !told.contains(&node.unique_id));
    if named == Named::All {
        let sentence = |node: &NotCompared| {
            let reason = (words.sentence)(&node.reason.to_string());
            format!(
                "Not compared, and read by no workbook: {}: {reason}",
                words.node(&node.unique_id)
            )
        };
        return nodes.map(sentence).collect();
    }
    let ids = nodes
        .map(|node| node.unique_id.as_ref())
        .collect::<Vec<_>>();
    let list = list("Not compared, and read by no workbook", &ids, named, words);
    list.into_iter().collect()
}

/// What is counted and no more.
fn left_out(answer: &ImpactAnswer, named: Named, words: Words) -> Vec<String> {
    let found = &answer.impact;
    let reaching = answer.effects().filter_map(|effect| answer.change(effect));
    let reaching = reaching
        .map(|change| &change.unique_id)
        .collect::<BTreeSet<_>>();
    let unread = found.changes.iter().map(|change| &change.unique_id);
    let unread = unread.filter(|id| !reaching.contains(id));
    let cosmetic = found.cosmetic.iter().map(|node| &node.unique_id);
    let unseen = found.with_unseen_values.iter();
    let lists = [
        (
            "Changed without reaching a workbook",
            unread.collect::<Vec<_>>(),
        ),
        (
            "Changed only in comments, layout, docs, tags and the like",
            cosmetic.collect(),
        ),
        (
            "With vars or variables of the environment, whose values are in no manifest",
            unseen.collect(),
        ),
    ];
    let lists = lists.into_iter().filter_map(|(what, ids)| {
        let ids = ids.into_iter().map(AsRef::as_ref).collect::<Vec<_>>();
        list(what, &ids, named, words)
    });
    lists.collect()
}

/// A count with names; `None` if there are none.
fn list(what: &str, ids: &[&str], named: Named, words: Words) -> Option<String> {
    let names = match named {
        Named::Some => words.nodes(ids.iter().copied()),
        Named::All => {
            let names = ids.iter().map(|id| words.node(id)).collect::<Vec<_>>();
            names.join(", ")
        }
    };
    (!ids.is_empty()).then(|| format!("{what}: {} ({names})", ids.len()))
}
