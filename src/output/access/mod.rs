//! Renders whether somebody may do something, and by which rules (`explain --for`).

pub mod json;
pub mod text;

use crate::audience::{Answer, FoundAsset};
use crate::model::Diagnostic;
use crate::model::access::{Capability, Subject};

/// The answer to a question.
#[derive(Debug)]
pub struct AccessAnswer {
    /// Who.
    pub subject: Subject,
    /// What they want to do.
    pub capability: Capability,
    /// With what.
    pub asset: FoundAsset,
    /// Whether they may.
    pub answer: Answer,
    /// What else the user should know.
    pub diagnostics: Vec<Diagnostic>,
}
