//! What is known of one thing that is to be refreshed.

use jiff::Timestamp;

use super::asked::Wanted;
use crate::model::refresh::{Posted, TargetId, TargetState};

/// What is known of one thing that is to be refreshed.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) wanted: Wanted,
    /// When the refresh was asked for, in seconds since 1970: in this run, or in an earlier one that did
    /// not hear of it.
    pub(super) asked_at: Option<i64>,
    /// Whether this run has asked for it.
    pub(super) is_of_this_run: bool,
    /// Why it is not known whether Tableau took it.
    pub(super) why_lost: String,
    pub(super) job: Option<String>,
    /// What came of it, once that is known.
    pub(super) posted: Option<Posted>,
}

impl Item {
    pub(super) fn new(wanted: Wanted) -> Self {
        Self {
            asked_at: wanted.asked_at,
            wanted,
            is_of_this_run: false,
            why_lost: String::new(),
            job: None,
            posted: None,
        }
    }
}

/// What is to be remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A refresh is asked for at this time: the call follows.
    Asked(TargetId, Timestamp),
    /// Tableau took the refresh that was asked for at this time, with this job.
    Taken(TargetId, Timestamp, Option<String>),
    /// Tableau did not take it.
    Refused(TargetId),
}

impl Note {
    /// What it is about.
    pub fn id(&self) -> &TargetId {
        match self {
            Self::Asked(id, _) | Self::Taken(id, ..) | Self::Refused(id) => id,
        }
    }

    /// Adds it to what is remembered.
    pub fn add_to(&self, state: &mut TargetState) {
        match self {
            Self::Asked(_, at) => state.ask(*at),
            Self::Taken(_, at, job) => state.take(*at, job.clone()),
            Self::Refused(_) => state.refuse(),
        }
    }
}
