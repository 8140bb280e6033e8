//! Reads exports of Tableau's metadata, in any shape in which people save them, into a
//! [`Site`](crate::model::Site).
//!
//! ```text
//! files ──chunks──▶ bytes ──responses──▶ wire objects ──collect──▶ stores, one for each site
//!                                                                     │ store: merge
//! Site ◀──workbooks── each workbook with its lineage ◀──lineage── merged objects
//! ```
//!
//! Chunks are parsed on all cores (`read`). `collect` adds their content to the `store` of their
//! site (`site_defaults`, `sites`) and copies the strings that are still needed to an `arena`.
//! `wire` has the objects of Tableau's API, `envelope` the wrapper that adds what responses do not
//! say, `errors` the errors that Tableau returns along with data. `names` splits the name of a
//! table, `evidence` finds out whether workbooks may be missing (by the `pages` of each `section`, of
//! all `captures` that count, and of which projects they are asked for, the `scope`; `undated` finds
//! those that no time puts in order). `access` reads answers about permissions, and `messages` has all sentences.
//! `united` joins the workbooks that exports of several sites may share. Nothing here matches tables
//! with those of dbt.

mod access;
mod arena;
mod asks;
mod captures;
mod chunks;
mod collect;
mod columns;
mod datasources;
mod elsewhere;
mod envelope;
mod errors;
mod evidence;
mod exports;
mod lineage;
mod messages;
mod names;
mod pages;
mod read;
mod responses;
mod scope;
mod section;
mod site_defaults;
mod sites;
mod source;
mod store;
mod undated;
mod united;
mod wire;
mod workbooks;

pub use self::access::NotRead;
pub use self::arena::Arena;
pub use self::asks::Asks;
pub use self::chunks::{Chunk, chunks};
#[cfg(feature = "fetch")]
pub(crate) use self::envelope::{
    Envelope, EnvelopeSection, EnvelopeSections, EnvelopeSite, EnvelopeUser, FORMAT, Project,
};
#[cfg(feature = "fetch")]
pub(crate) use self::errors::{Errors, GraphqlError};
pub use self::messages::{NotAnExport, NotExposed};
pub use self::read::read;
pub use self::site_defaults::SiteDefaults;
pub use self::source::Source;
#[cfg(feature = "fetch")]
pub(crate) use self::wire::{Luid, Text};
