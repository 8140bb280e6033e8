//! One thing that a gate fails on.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::report::WorkbookFacts;
use crate::settings::gate::{Gate, Severity};

/// One thing that a gate fails on: of one workbook if it is about one, so that a node that many
/// workbooks read makes a finding for each of them, with the same `message`.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The gate.
    pub gate: Gate,
    /// The dbt project that it is about: its root package. `None` if it is about an export.
    pub project: Option<Arc<str>>,
    /// What is wrong, in one sentence without a full stop that does not name the workbook. Findings of
    /// one gate with the same message are of one kind, and reports for people show them together.
    pub message: Arc<str>,
    /// The workbook, with project, owner and url.
    pub workbook: Option<Arc<WorkbookFacts>>,
    /// The node, or the exposure, if it is about one.
    pub node: Option<Arc<NodeFacts>>,
    /// The table as Tableau names it, if it is about one.
    pub table: Option<Arc<str>>,
    /// Whether the state did not have it; `None` without a state, and where the state does not tell.
    pub is_new: Option<bool>,
}

/// A node of the manifest, or of the state if the manifest does not have it any more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeFacts {
    /// dbt's id.
    pub unique_id: String,
    /// The path of its file (`original_file_path`), from the root of the dbt project that defines it;
    /// `None` if the manifest does not tell it, or if it is a file of an installed package.
    pub file: Option<String>,
    /// The line in that file, if it is known.
    pub line: Option<usize>,
}

impl Finding {
    /// What tells it apart where one thing has several findings of its gate: what is said, without
    /// numbers, which change from run to run.
    fn what_of_several(&self) -> String {
        match self.gate {
            Gate::Incomplete | Gate::Failed => {
                let is_number = |letter: &char| letter.is_ascii_digit();
                self.message
                    .chars()
                    .filter(|letter| !is_number(letter))
                    .collect()
            }
            _ => String::new(),
        }
    }

    /// Whether it is about an export as a whole.
    pub(super) fn is_about_export(&self) -> bool {
        self.workbook.is_none() && self.node.is_none() && self.table.is_none()
    }

    /// What tells it apart from other findings of its gate, and its place among them: what is of one
    /// kind stands together, in the order of workbooks by title.
    pub(super) fn place(&self) -> impl Ord {
        let workbook = self.workbook.as_deref();
        (
            self.message.as_ref(),
            workbook.map(WorkbookFacts::title_and_luid),
            workbook.map(|workbook| (&workbook.server, &workbook.site)),
            self.node.as_deref(),
            self.table.as_deref(),
            self.project.as_deref(),
        )
    }

    /// How grave it is.
    pub fn severity(&self) -> Severity {
        self.gate.severity()
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        self.gate.help()
    }

    /// The whole sentence, without a full stop: what is wrong, and which workbook it is about.
    pub fn sentence(&self) -> String {
        match &self.workbook {
            None => self.message.to_string(),
            Some(workbook) => {
                let (title, _) = workbook.title_and_luid();
                format!("workbook {title:?}: {}", self.message)
            }
        }
    }

    /// A hash of gate, project, workbook, node and table, and not of what is said about them, unless
    /// that is needed to tell findings apart; and of a number, unless it is 0.
    fn hash(&self, number: usize) -> String {
        let workbook = self.workbook.as_deref();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let parts = [
            self.gate.as_str().to_owned(),
            text(self.project.as_deref()),
            text(workbook.and_then(|workbook| workbook.server.as_deref())),
            text(workbook.and_then(|workbook| workbook.site.as_deref())),
            text(workbook.map(|workbook| workbook.luid.as_str())),
            text(self.node.as_deref().map(|node| node.unique_id.as_str())),
            text(self.table.as_deref()),
            self.what_of_several(),
        ];
        let number = (number > 0).then(|| number.to_string());
        let mut hash = Sha256::new();
        for part in parts.into_iter().chain(number) {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        let digits = hash.finalize();
        let mut fingerprint = String::with_capacity(32);
        for byte in &digits[..16] {
            // Writing to a String does not fail.
            let _ = write!(fingerprint, "{byte:02x}");
        }
        fingerprint
    }
}

/// The fingerprint of each finding of a gate: a hash that stays the same from run to run while the
/// finding does. Those that differ only in what is said about them, as one name on two connections, are
/// told apart by their order.
pub fn fingerprints(findings: &[Finding]) -> Vec<String> {
    let mut seen = HashMap::<_, usize>::new();
    let fingerprints = findings.iter().map(|finding| {
        let first = finding.hash(0);
        let before = seen.entry(first.clone()).or_default();
        *before += 1;
        match *before - 1 {
            0 => first,
            number => finding.hash(number),
        }
    });
    fingerprints.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(table: &str, message: &str) -> Finding {
        Finding {
            gate: Gate::Unknown,
            project: None,
            message: Arc::from(message),
            workbook: None,
            node: None,
            table: Some(Arc::from(table)),
            is_new: None,
        }
    }

    #[test]
    fn every_finding_has_a_fingerprint_of_its_own() {
        let (one, other) = (finding("a", "first"), finding("a", "second"));
        let both = fingerprints(&[one.clone(), other.clone(), finding("b", "first")]);
        assert_eq!(both.len(), 3);
        let alone = |finding: Finding| fingerprints(&[finding]).remove(0);
        // What is said about it does not matter by itself.
        assert_eq!(alone(one), both[0]);
        assert_eq!(alone(other), both[0]);
        assert_ne!(both[0], both[1]);
        assert_ne!(both[0], both[2]);
        assert_ne!(both[1], both[2]);
    }
}
