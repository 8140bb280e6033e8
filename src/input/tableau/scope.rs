//! Of which projects the exports of a site list the workbooks.

use super::envelope::Envelope;
use super::responses::Response;
use crate::model::Narrowing;

/// Of which projects the workbooks are listed.
#[derive(Default)]
pub(super) enum Scope {
    /// No workbooks are listed.
    #[default]
    Nothing,
    /// Those of some projects.
    Narrowed(Narrowing),
    /// Those of the whole site.
    Site,
}

impl Scope {
    /// Of which projects an envelope lists the workbooks.
    pub(super) fn of(envelope: &Envelope<Response>) -> Self {
        match envelope.narrowing() {
            Some(narrowing) => Self::Narrowed(narrowing),
            None if envelope.answers.iter().any(lists_workbooks) => Self::Site,
            None => Self::Nothing,
        }
    }

    /// Adds what other lists have.
    pub(super) fn extend(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Narrowed(known), Self::Narrowed(more)) => {
                known.patterns.extend(more.patterns);
                known.nested.extend(more.nested);
            }
            (Self::Nothing, other) | (Self::Narrowed(_), other @ Self::Site) => *self = other,
            (Self::Narrowed(_), Self::Nothing) | (Self::Site, _) => {}
        }
    }
}

/// Whether a response lists workbooks.
fn lists_workbooks(response: &Response) -> bool {
    response
        .sections
        .workbooks
        .iter()
        .any(|list| list.has_nodes)
}
