//! What happens in a run, what follows from it, and how it ends.

use std::time::Duration;

use super::call::{Call, NoReply, Reply};
use super::moment::Moment;
use crate::model::Failure;

/// What happened outside.
#[derive(Debug)]
pub enum Event {
    /// The run begins, or the time is over that it waited for.
    Ready,
    /// The last call was answered.
    Reply(Reply),
    /// The last call was not answered.
    NoReply(NoReply),
}

/// What to do next.
#[derive(Debug)]
pub enum Action<E = Ending> {
    /// Make a call.
    Send(Call),
    /// Wait.
    Wait(Duration),
    /// Nothing: the run has ended.
    Over(E),
}

/// What is told what happened and says what to do. It has a session at most, which ends before it does.
pub trait Machine {
    /// What comes of it.
    type Ending;

    /// What to do after something happened.
    fn next(&mut self, event: Event, moment: &Moment) -> Action<Self::Ending>;

    /// What belongs into a file since the last time.
    fn take_written(&mut self) -> Vec<u8> {
        Vec::new()
    }

    /// How far the run has come, for people who wait.
    fn progress(&self) -> String;

    /// The call that ends the session, if there is one: also for a run that ends before its time.
    fn sign_out(&self) -> Option<Call>;
}

/// How a run ended.
#[derive(Debug)]
pub enum Ending {
    /// The export is written to its end.
    Fetched(Fetched),
    /// There is not an export.
    Failed(Failure),
}

/// What a run brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// How many objects each list has, in the order of the lists.
    pub counts: Vec<(&'static str, usize)>,
    /// What is missing, and why; empty if the export is complete.
    pub missing: Vec<String>,
    /// What is good to know.
    pub notes: Vec<String>,
    /// How many calls were made.
    pub calls: usize,
}
