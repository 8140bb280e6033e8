//! How the link of a workbook to a node ended.

use std::sync::Arc;

use crate::link::other_node::OtherNode;
use crate::model::Verb;
use crate::model::display::display_enum;

display_enum! {
    /// How a link ended that a workbook does not have any more. The texts stand behind the id of its
    /// node.
    pub enum Ended {
        /// The workbook reads the relation, which the project does not have any more.
        Lost(verb: Verb) = "lost" => "the workbook still reads its table, which this project no longer {verb}";
        /// The workbook reads the relation, which does not link any more.
        Unlinked = "unlinked" => "the workbook still reads it, but it no longer links";
        /// The workbook reads the relation, and this node is found for it now.
        FoundAs(other: String) = "found-as" => "the workbook still reads its table, which links to {other} now";
        /// It is not known whether the workbook reads it.
        NotKnown = "not-known" => "it is not known whether the workbook still reads it";
        /// The workbook reads the relation, which another project of the run builds, so that the link
        /// moves there.
        Moved(node: Arc<OtherNode>) = "moved" => "moved: {node}";
        /// The workbook stopped reading it.
        Stopped = "stopped" => "the workbook no longer reads it";
    }
}

impl Ended {
    /// Whether the workbook surely reads what the node was.
    pub fn is_still_read(&self) -> bool {
        match self {
            Self::Lost(_) | Self::Unlinked | Self::FoundAs(_) | Self::Moved(_) => true,
            Self::NotKnown | Self::Stopped => false,
        }
    }

    /// What it is to a workbook. `shown` is how a text shows the id of a node.
    pub fn aside(&self, shown: impl Fn(&str) -> String) -> String {
        match self {
            Self::FoundAs(other) => Self::FoundAs(shown(other)).to_string(),
            Self::Moved(other) => Self::Moved(other.shown(shown).into()).to_string(),
            Self::Lost(_) | Self::Unlinked | Self::NotKnown | Self::Stopped => self.to_string(),
        }
    }

    /// What it is to a workbook, in words that go on after its name.
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
            Self::Moved(other) => {
                let other = other.shown(shown);
                format!("still reads the table of {node}, whose link moved: {other}")
            }
            Self::Stopped => format!("no longer reads {node}"),
        }
    }
}
