//! The part of a run that asks who may see what, behind all lists.

use std::collections::BTreeSet;

use super::Fetch;
use crate::model::Failure;
use crate::remote::access::{Access, Known};
use crate::remote::event::Action;
use crate::remote::moment::Moment;
use crate::remote::rest::RestError;
use crate::remote::retry::Refused;
use crate::remote::stage::Stage;

impl Fetch {
    /// Begins to ask, if that is wanted, or ends the run.
    pub(super) fn begin_access(&mut self, moment: &Moment) -> Action {
        if self.asked.access.is_nothing() {
            return self.finish(Vec::new());
        }
        let linked = match self.linked() {
            Ok(linked) => linked,
            Err(failure) => {
                let missing = format!("permissions: cannot link workbooks: {}", failure.message);
                self.fetched.missing.push(missing);
                return self.finish(Vec::new());
            }
        };
        if let Some(linked) = &linked {
            let note = format!("{} workbooks link to a dbt node", linked.len());
            self.fetched.notes.push(note);
        }
        let known = Known {
            projects: &self.project_items,
            workbooks: self.listed.as_ref(),
            user: self.user.as_ref(),
            linked: linked.as_ref(),
        };
        let access = Access::new(&self.asked.access, &known, moment);
        self.next_access(Box::new(access), moment)
    }

    /// The workbooks that link to a dbt node, if only their rules are asked for.
    fn linked(&self) -> Result<Option<BTreeSet<String>>, Failure> {
        let linking = self.asked.access.linking();
        let export = linking.and_then(|_| self.export.so_far(self.sections()));
        match linking.zip(export) {
            Some((linking, export)) => linking.of(&export).map(Some),
            None => Ok(None),
        }
    }

    /// Asks the next question, or ends the run behind the last one.
    fn next_access(&mut self, access: Box<Access>, moment: &Moment) -> Action {
        match access.path() {
            Some(_) => self.go_on(Stage::Access(access), moment),
            None => self.finish_access(*access, None),
        }
    }

    pub(super) fn take_access(
        &mut self,
        mut access: Box<Access>,
        body: &[u8],
        moment: &Moment,
    ) -> Action {
        access.take(body, moment);
        self.next_access(access, moment)
    }

    /// Keeps that Tableau refuses to tell something, and asks the next question.
    pub(super) fn refuse_access(&mut self, refused: Refused, moment: &Moment) -> Action {
        let RestError { code, words } = refused.error;
        let refused = Refused {
            status: refused.status,
            error: RestError {
                code: self.without_secrets(code),
                words: self.without_secrets(words),
            },
        };
        let Some(mut access) = self.leave_access() else {
            return self.after_the_end();
        };
        access.refuse(&refused, moment);
        self.next_access(access, moment)
    }

    /// Asks no more, since Tableau does not answer.
    pub(super) fn stop_access(&mut self, why: &str) -> Action {
        match self.leave_access() {
            Some(access) => self.finish_access(*access, Some(why)),
            None => self.after_the_end(),
        }
    }

    /// What was found out so far, if that is what the run is about.
    fn leave_access(&mut self) -> Option<Box<Access>> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Access(access) => Some(access),
            stage => {
                self.stage = stage;
                None
            }
        }
    }

    fn finish_access(&mut self, access: Access, stopped: Option<&str>) -> Action {
        let found = access.finish(stopped);
        let answers = "answers about permissions";
        self.fetched.counts.push((answers, found.count));
        let missing = found.missing.into_iter();
        let missing = missing.map(|text| self.without_secrets(text));
        let missing = missing.collect::<Vec<_>>();
        self.fetched.missing.extend(missing);
        self.fetched.notes.extend(found.notes);
        self.finish(found.entries)
    }
}
