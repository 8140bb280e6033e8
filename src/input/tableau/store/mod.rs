//! All objects of one site, merged from every page and every nesting in which they come.

#[macro_use]
mod field_sets;

mod candidates;
mod entities;
mod fields;
mod incoming;
mod ingest;
mod kinds;
mod links;
mod mentions;
mod merge;
mod merged;
mod record;
mod versions;

pub(crate) use self::entities::ObjectIx;
pub(crate) use self::fields::{Database, Intermediate, Table, Workbook};
pub(crate) use self::incoming::Store;
pub(crate) use self::ingest::{Ingest, Provenance};
pub(crate) use self::kinds::Kind;
pub(crate) use self::links::Links;
pub(crate) use self::mentions::{Mentions, Ref, is_made_up};
pub(crate) use self::merged::{Content, Merged, Object};
