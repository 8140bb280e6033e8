//! Tableau's metadata export, in any shape that people have it, into a
//! [`Site`](crate::model::Site).
//!
//! ```text
//! files ──chunks──▶ bytes ──responses──▶ wire objects ──collect──▶ stores, one for each site
//!                                                                     │ store: merge
//! Site ◀──workbooks── each workbook with its lineage ◀──lineage── merged objects
//! ```
//!
//! Chunks are parsed on all cores (`read`); `collect` adds what is in them to the `store` of the
//! site that they are of (`site_defaults`, `sites`), with the strings that are still needed in an
//! `arena`. `wire` has the objects of Tableau's API, `envelope` the file that `fetch` writes,
//! `errors` what Tableau returns along with data. `names` splits the name of a table, `evidence`
//! says whether workbooks are missing, `messages` has all sentences. Tables are not matched with
//! dbt's here.

mod arena;
mod chunks;
mod collect;
mod envelope;
mod errors;
mod evidence;
mod lineage;
mod messages;
mod names;
mod read;
mod responses;
mod site_defaults;
mod sites;
mod source;
mod store;
mod wire;
mod workbooks;

pub use self::arena::Arena;
pub use self::chunks::{Chunk, chunks};
pub use self::messages::{NotAnExport, NotExposed};
pub use self::read::read;
pub use self::site_defaults::SiteDefaults;
pub use self::source::Source;
