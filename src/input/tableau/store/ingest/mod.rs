//! Adding the objects of responses to the store, each kind of object in a file of its own.
//!
//! A response nests objects inside each other, in full or as references. Each object becomes a
//! record under its mention; what it nests becomes records of their own and links to them.

mod custom_sql;
mod datasources;
mod flows;
mod response;
mod tables;
mod virtual_connections;
mod workbooks;

pub(crate) use self::response::{Ingest, Provenance};
