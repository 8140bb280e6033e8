//! What the lost links of a report come to, in words.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::differences::owner;
use super::{counted, printable, visible};
use crate::link::Ended;
use crate::model::listing::first_few;
use crate::model::{Owner, Verb};
use crate::report::{LostFacts, LostReader, LostRelation, ManualFacts, WorkbookFacts};

/// What most probably is wrong if the manifest seems to be of another target than the state.
pub const OTHER_TARGET: &str = "most nodes of the state are in another database or schema in this manifest: is it of the same target as the state?";

/// What some lost links come to.
pub struct Sentence {
    /// Who reads what, in words.
    pub text: String,
    /// The owners of the workbooks, those of most workbooks first.
    pub owners: Vec<String>,
}

/// One sentence for relations that nothing in the project has any more, and one for those that only
/// do not link any more, as far as there are any.
pub fn sentences(lost: &LostFacts) -> Vec<Sentence> {
    let (gone, there): (Vec<_>, Vec<_>) = lost
        .relations
        .iter()
        .partition(|relation| relation.fate.is_without_relation());
    let gone = (!gone.is_empty()).then(|| {
        let verbs = verbs(&gone);
        sentence(&gone, &format!("that this project no longer {verbs}"))
    });
    let there = (!there.is_empty()).then(|| {
        let link = if there.len() == 1 { "links" } else { "link" };
        let still = format!("that this project still has, but that no longer {link}");
        sentence(&there, &still)
    });
    gone.into_iter().chain(there).collect()
}

/// Who reads some relations, how many these are, and what became of them.
fn sentence(relations: &[&LostRelation], fate: &str) -> Sentence {
    let mut known = HashSet::new();
    let readers = relations.iter().flat_map(|relation| &relation.readers);
    let workbooks = readers
        .map(|reader| &reader.workbook)
        .filter(|workbook| known.insert(Arc::as_ptr(workbook)))
        .collect::<Vec<_>>();
    let owners = owners(&workbooks);
    let distinct = relations
        .iter()
        .map(|relation| (&relation.node, &relation.relation));
    let distinct = distinct.collect::<BTreeSet<_>>().len();
    let verb = if workbooks.len() == 1 {
        "reads"
    } else {
        "read"
    };
    let of = match owners.len() {
        0 => String::new(),
        owners => format!(" of {}", counted(owners, "owner")),
    };
    let (workbooks, relations) = (
        counted(workbooks.len(), "workbook"),
        counted(distinct, "relation"),
    );
    Sentence {
        text: format!("{workbooks}{of} {verb} {relations} {fate}"),
        owners,
    }
}

/// The known owners of some workbooks, those of most workbooks first.
fn owners(workbooks: &[&Arc<WorkbookFacts>]) -> Vec<String> {
    let mut counts: BTreeMap<&Owner, usize> = BTreeMap::new();
    for workbook in workbooks {
        *counts.entry(&workbook.owner).or_default() += 1;
    }
    let mut counts = counts.into_iter().collect::<Vec<_>>();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let owners = counts.into_iter().filter_map(|(one, _)| owner(one));
    owners.collect()
}

/// How many workbooks lost links that are not selected, behind the others if there are any.
pub fn not_selected(lost: &LostFacts) -> Option<String> {
    let (and, as_well) = match lost.relations.as_slice() {
        [] => ("", ""),
        _ => ("and ", " as well"),
    };
    let lost_links = match lost.not_selected {
        0 => return None,
        1 => "workbook that is not selected lost links",
        _ => "workbooks that are not selected lost links",
    };
    Some(format!("{and}{} {lost_links}{as_well}", lost.not_selected))
}

/// What the project no longer does to nodes of these relations.
fn verbs(relations: &[&LostRelation]) -> String {
    let verbs = relations.iter().map(|relation| relation.verb);
    let verbs = verbs.collect::<BTreeSet<Verb>>().into_iter();
    verbs
        .map(|verb| verb.to_string())
        .collect::<Vec<_>>()
        .join(" or ")
}

/// The readers of a relation, each workbook once, in the order of owners and titles, so that those
/// of one owner stand together; those without a known owner come last.
pub fn workbooks(relation: &LostRelation) -> Vec<&[LostReader]> {
    let readers = &relation.readers;
    let same = |one: &LostReader, other: &LostReader| Arc::ptr_eq(&one.workbook, &other.workbook);
    let mut workbooks = readers.chunk_by(same).collect::<Vec<_>>();
    workbooks.sort_by(|one, other| place(&one[0].workbook).cmp(&place(&other[0].workbook)));
    workbooks
}

/// What decides where a workbook stands among readers.
pub(super) fn place(workbook: &WorkbookFacts) -> impl Ord {
    let Owner { name, email } = &workbook.owner;
    let (title, _) = workbook.title_and_luid();
    let known = name.as_ref().or(email.as_ref());
    (known.is_none(), known, email, title)
}

/// The tables of one workbook that linked to a relation, if they are not spelled as that is. `shown`
/// is how a text shows a name.
pub fn other_tables(
    relation: &LostRelation,
    readers: &[LostReader],
    shown: impl Fn(&str) -> String,
) -> Option<String> {
    let tables = readers.iter().map(|reader| reader.table.name.as_str());
    let other = |table: &&str| !table.eq_ignore_ascii_case(&relation.relation);
    let others = tables.filter(other).map(visible).collect::<Vec<_>>();
    let named = others.iter().map(|table| shown(table));
    (!others.is_empty()).then(|| first_few(others.len(), named))
}

/// What tells whom to ask about a workbook, and where it is: project, owner and url. That the owner
/// is not known is said, the others are left out then.
pub fn facts(workbook: &WorkbookFacts) -> Vec<String> {
    let facts = [
        workbook.project.clone(),
        Some(owner(&workbook.owner).unwrap_or_else(|| "owner not known".to_owned())),
        workbook.url.clone(),
    ];
    facts.into_iter().flatten().collect()
}

/// The nodes that a hand-written exposure names and its workbook does not link to, each with what is
/// known of whether the workbook reads it.
pub fn extra(twin: &ManualFacts) -> impl Iterator<Item = (&str, String)> {
    twin.extra.iter().map(|node| {
        let at = twin
            .ended
            .binary_search_by(|link| (*link.node).cmp(node.as_str()));
        let reads = match at.ok().map(|at| &twin.ended[at].ended) {
            Some(Ended::Lost(verb)) => {
                format!("whose table the workbook still reads, but this project no longer {verb}")
            }
            Some(Ended::Unlinked) => {
                "which the workbook still reads, but no longer links to".to_owned()
            }
            Some(Ended::FoundAs(other)) => {
                format!(
                    "whose table the workbook still reads; it links to {} now",
                    printable(other)
                )
            }
            Some(Ended::Moved(other)) => {
                let other = printable(&other.to_string());
                format!("whose table the workbook still reads; {other} now")
            }
            Some(Ended::NotKnown | Ended::Stopped) | None => {
                "which the workbook is not known to read".to_owned()
            }
        };
        (node.as_str(), reads)
    })
}
