//! Twins: hand-written exposures of a workbook that the export lists or an owned exposure covers.
//!
//! A twin takes precedence: the workbook gets no generated exposure. `covered` finds the twins; here
//! they are compared with what their workbooks read.

use std::collections::{HashMap, HashSet};

use super::covered::{Covering, MOST_COMPARED, SameBy};
use super::hand_written::HandWritten;
use crate::model::listing::first_few;
use crate::model::{Code, Diagnostic, Workbook, WorkbookIx};

/// A hand-written exposure of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// dbt's id of the exposure.
    pub unique_id: String,
    /// The workbook that it covers.
    pub workbook: WorkbookIx,
    /// What identifies the workbook.
    pub by: SameBy,
    /// The ids of nodes that the workbook reads and the exposure does not name, sorted.
    pub missing: Vec<String>,
    /// The ids of nodes that the exposure names and none of its workbooks is known to read, sorted.
    /// Only the first of several workbooks has them.
    pub extra: Vec<String>,
}

/// A twin, and what else comparing it has shown.
pub(super) struct Compared<'e> {
    twin: Twin,
    /// The position of the exposure.
    exposure: usize,
    /// The nodes that the exposure names and the workbook reads.
    in_both: Vec<&'e str>,
}

impl<'e> Compared<'e> {
    /// Compares what an exposure names with what a workbook reads, by the sorted ids of nodes.
    pub(super) fn new<'r>(
        (exposure, hand_written): (usize, &HandWritten<'e>),
        (workbook, by): (WorkbookIx, SameBy),
        reads: impl Iterator<Item = &'r str>,
    ) -> Self {
        let named = hand_written.named();
        let (mut in_both, mut missing) = (Vec::new(), Vec::new());
        for id in reads {
            match named.get(id) {
                Some(id) => in_both.push(*id),
                None => missing.push(id.to_owned()),
            }
        }
        let twin = Twin {
            unique_id: hand_written.standing.unique_id.clone(),
            workbook,
            by,
            missing,
            extra: Vec::new(),
        };
        Self {
            twin,
            exposure,
            in_both,
        }
    }
}

/// The twins, each exposure with the nodes that none of its workbooks reads. Those are not known
/// where it covers workbooks that it was not compared with.
pub(super) fn with_extra(compared: Vec<Compared>, covering: &Covering) -> Vec<Twin> {
    let mut read: HashMap<usize, HashSet<&str>> = HashMap::new();
    for Compared {
        exposure, in_both, ..
    } in &compared
    {
        read.entry(*exposure).or_default().extend(in_both);
    }
    let mut twins = Vec::with_capacity(compared.len());
    for Compared {
        mut twin, exposure, ..
    } in compared
    {
        let read = read.remove(&exposure);
        if let Some(read) = read.filter(|_| covering.is_compared_with_all(exposure)) {
            let named = covering.exposures[exposure].named().iter();
            let extra = named.filter(|id| !read.contains(*id));
            twin.extra = extra.map(|id| (*id).to_owned()).collect();
        }
        twins.push(twin);
    }
    twins
}

/// The note on exposures that cover a workbook by its luid, and whose urls are of elsewhere: a server
/// may have moved, or the exposure is of a copy on another one.
pub(super) fn elsewhere(covering: &Covering) -> Option<Diagnostic> {
    let ids = covering.elsewhere.iter();
    let ids = ids.map(|at| covering.exposures[*at].standing.unique_id.as_str());
    let named = first_few(covering.elsewhere.len(), ids);
    let message = match covering.elsewhere.len() {
        0 => return None,
        1 => format!(
            "the url of {named} names another host or site than that of the workbook whose luid is in its meta; the luid decides"
        ),
        count => format!(
            "the urls of {count} hand-written exposures name other hosts or sites than those of the workbooks whose luids are in their meta; the luids decide: {named}"
        ),
    };
    let help = "correct the url; where the exposure is of a copy of the workbook on another server, take the luid out of its meta";
    Some(Diagnostic::new(Code::TwinElsewhere, "", message).help(help))
}

/// The diagnostic for a workbook that more exposures cover than are compared with it.
pub(super) fn not_compared(workbook: &Workbook, more: usize) -> Diagnostic {
    let all = MOST_COMPARED + more;
    let message = format!(
        "{all} hand-written exposures cover workbook {:?}, of which the first {MOST_COMPARED} are compared with it",
        workbook.name
    );
    Diagnostic::new(Code::ManyTwins, workbook.luid.as_ref(), message)
}
