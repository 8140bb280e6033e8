//! Answers of the REST API about permissions, kept in an envelope, become [`SiteAccess`].
//!
//! ```json
//! "rest": [
//!   {"get": "workbooks/<luid>/permissions", "captured_at": "2026-05-04T06:00:00Z", "body": {…}},
//!   {"get": "groups/<luid>/users?pageSize=1000&pageNumber=1", "body": {"error": {"code": "403004"}}}
//! ]
//! ```
//!
//! `question` reads what was asked, `value` the forms in which an answer may come, and `answer` what it
//! says, with each `object` in it; `metadata` adds what the Metadata API tells of owners, projects
//! and tables, and `hidden` which tables have no name. `store` collects
//! all of it in any order: of several answers to one question the `newest` counts, and `pages` are put
//! together.

mod answer;
mod facts;
mod hidden;
mod mentioned;
mod metadata;
mod newest;
mod object;
mod pages;
mod question;
mod rules;
mod store;
mod value;

use jiff::Timestamp;

pub use self::answer::NotRead;
pub(super) use self::store::AccessStore;
use super::asks::Asks;
use super::envelope::Envelope;
use super::responses::Response;
#[cfg(doc)]
use crate::model::access::SiteAccess;

/// Adds what an envelope tells of permissions. Returns what it has about them that is not used.
pub(super) fn add_envelope(
    store: &mut AccessStore,
    envelope: &Envelope<Response>,
    captured_at: Option<Timestamp>,
    asks: Asks,
) -> Vec<NotRead> {
    let answers = envelope.rest.iter();
    let not_read = answers.filter_map(|entry| answer::add_answer(store, entry, captured_at).err());
    let not_read = not_read.collect();
    if asks.access {
        let at = captured_at.map(Timestamp::as_millisecond);
        metadata::add_envelope(store, envelope, at);
    }
    not_read
}
