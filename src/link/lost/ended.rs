//! How the link of a workbook to a node ended.

use super::fate::Verb;

/// How a link ended that a workbook does not have any more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// The workbook reads the relation, which the project does not have any more.
    Lost(Verb),
    /// The workbook reads the relation, which does not link any more.
    Unlinked,
    /// The workbook reads the relation, and this node is found for it now.
    FoundAs(String),
    /// It is not known whether the workbook reads it.
    NotKnown,
    /// The workbook stopped reading it.
    Stopped,
}

impl Ended {
    /// Its stable name for scripts.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Lost(_) => "lost",
            Self::Unlinked => "unlinked",
            Self::FoundAs(_) => "found-as",
            Self::NotKnown => "not-known",
            Self::Stopped => "stopped",
        }
    }

    /// Whether the workbook surely reads what the node was.
    pub fn is_still_read(&self) -> bool {
        matches!(self, Self::Lost(_) | Self::Unlinked | Self::FoundAs(_))
    }

    /// What it is to a workbook, in words that stand behind the id of a node.
    pub fn aside(&self, shown: impl Fn(&str) -> String) -> String {
        match self {
            Self::Lost(verb) => {
                format!("the workbook still reads its table, which this project no longer {verb}")
            }
            Self::Unlinked => "the workbook still reads it, but it no longer links".to_owned(),
            Self::FoundAs(other) => {
                format!(
                    "the workbook still reads its table, which links to {} now",
                    shown(other)
                )
            }
            Self::NotKnown => "it is not known whether the workbook still reads it".to_owned(),
            Self::Stopped => "the workbook no longer reads it".to_owned(),
        }
    }

    /// What it is to a workbook, in words that go on after its name. `shown` is how a text shows
    /// the id of a node.
    pub fn sentence(&self, node: &str, shown: impl Fn(&str) -> String) -> String {
        let node = shown(node);
        match self {
            Self::Lost(verb) => {
                format!("still reads the table of {node}, which this project no longer {verb}")
            }
            Self::Unlinked => format!("still reads {node}, but no longer links to it"),
            Self::FoundAs(other) => {
                format!(
                    "still reads the table of {node}, which links to {} now",
                    shown(other)
                )
            }
            Self::NotKnown => format!(
                "is no longer linked to {node}; it is not known whether the workbook still reads it"
            ),
            Self::Stopped => format!("no longer reads {node}"),
        }
    }
}
