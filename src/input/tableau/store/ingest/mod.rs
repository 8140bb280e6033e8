//! Adds the objects of responses to the store; each kind of object has a file of its own.
//!
//! A response nests objects inside each other, in full or as references. Each object becomes a
//! record under its mention; objects nested in it become records of their own, with links to them.

mod columns;
mod custom_sql;
mod databases;
mod datasources;
mod fields;
mod flows;
mod formula;
mod listed;
mod readers;
mod response;
mod tables;
mod views;
mod virtual_connections;
mod workbooks;

pub(crate) use self::response::{Ingest, Provenance};
