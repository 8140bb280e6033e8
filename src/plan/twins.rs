//! Twins: hand-written exposures of a workbook that the export lists or an owned exposure covers.
//!
//! A twin takes precedence: the workbook gets no generated exposure. `covered` finds the twins; here
//! they are compared with what their workbooks read.

use std::collections::{HashMap, HashSet};

use super::covered::{Covering, MOST_COMPARED, SameBy};
use super::hand_written::HandWritten;
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

/// The diagnostic for a workbook that more exposures cover than are compared with it.
pub(super) fn not_compared(workbook: &Workbook, more: usize) -> Diagnostic {
    let all = MOST_COMPARED + more;
    let message = format!(
        "{all} hand-written exposures cover workbook {:?}, of which the first {MOST_COMPARED} are compared with it",
        workbook.name
    );
    Diagnostic::new(Code::ManyTwins, workbook.luid.as_ref(), message)
}
