//! Talks with Tableau without a socket: what to ask next, what an answer means, and how long to wait.
//!
//! ```text
//! event ─────▶ Fetch::next ─────▶ action
//! a reply        │ stage: greeting, sign-in, user, projects, workbooks, sections, access, sign-out
//! not a reply    │ access: who may see what, if that is asked for
//!                │ retry: is this call made again, and when
//! time passed    │ session: is the token dead, or only not yet accepted
//!                ▼
//!              export: the envelope that `--tableau` reads, piece by piece
//! ```
//!
//! [`Examine`] is such a machine as well: it asks a site how it is set and what a token sees.
//!
//! Whoever holds the socket sends each [`Call`] and reports what came back; clock, chance and file are
//! outside as well, so that every step is a function of the ones before.
//!
//! REST API: <https://help.tableau.com/current/api/rest_api/en-us/REST/rest_api.htm>; Metadata API:
//! <https://help.tableau.com/current/api/metadata_api/en-us/docs/meta_api_start.html>.

mod access;
mod address;
mod answer;
mod asked;
mod call;
mod chosen;
mod connection;
mod credentials;
mod detour;
mod event;
mod examine;
mod export;
mod fetch;
mod jwt;
mod listing;
mod moment;
mod paging;
mod query;
mod refresh;
mod rest;
mod retry;
mod section;
mod server;
mod session;
mod stage;

pub use self::access::{AccessAsked, Linking, RulesOf};
pub use self::asked::Asked;
pub use self::call::{Body, Call, Method, NoReply, NoReplyKind, Reply};
pub use self::credentials::Credentials;
pub use self::event::{Action, Ending, Event, Fetched, Machine};
pub use self::examine::heard::{
    Heard, Lists, Names, Page, Person, Reason, Refusal, Server, Settings, Told, Upstreams, Warned,
};
pub use self::examine::{Consultation, Examine};
pub use self::fetch::Fetch;
pub use self::moment::Moment;
pub use self::refresh::{Note, Refresh, RefreshAsked, RefreshEnding, RefreshResult, Wanted};
