//! The objects of each site: records while responses are added, merged after the last one.
//!
//! ```text
//!   responses, in any order                        wire: what a query returned, borrowed
//!      │
//!      │  ingest      each object, on its own or nested in another, becomes a record
//!      ▼
//!   Store             records     Ref ─▶ copies of the object, each with fields and links
//!      │              downstream  references from an object to its readers
//!      │              members     tables of virtual connections
//!      │              views, databases, projects
//!      │
//!      │  either      what may be a workbook or a data source is what others call it
//!      │  renumber    mentions get their final numbers
//!      │  supersede   what only older captures contain is left out
//!      │  enter       mentions that share an id or a luid become one entity
//!      │  merge       the latest copies of each entity are combined
//!      ▼
//!   Merged            objects     ObjectIx ─▶ entity, content, links
//!                     tables      the distinct ones, by name and connection type
//!                     projects, differing, …
//! ```
//!
//! From mentions to objects:
//!
//! ```text
//!   Mention, in a response                         Ref            Entity
//!   workbook  id w1  luid 7f0a  "Sales"      ──▶   workbook 12 ─┐
//!   workbook         luid 7f0a               ──▶   workbook 40 ─┼─▶ one object
//!   workbook  id w1                          ──▶   workbook 3  ─┘
//!   data source           id e5  "Orders"    ──▶   data source 20 ─┐
//!   embedded data source  id e5              ──▶   embedded … 7   ─┴─▶ another object
//! ```
//!
//! # Words
//!
//! | word | meaning |
//! |---|---|
//! | mention | How a response refers to an object: kind, id, luid and name, as far as the query requests them. One object has several mentions if queries request different ids. |
//! | made-up id | Replaces the id that a query did not request. Without it, all objects without an id would be one. A table is identified by its fields, another object is a new one each time. |
//! | [`Ref`] | The number of a mention, with its kind. Links and records hold this small value instead of four texts. |
//! | record | One copy of an object, as one response has it: stamp, fields and links. Equal copies are kept once. |
//! | stamp | How recent a copy is: when the export was captured, then `updatedAt`. |
//! | fields | The facts about an object itself ([`Workbook`], [`Table`], [`Intermediate`]). |
//! | [`Intermediate`] | An object between workbooks and tables: data source, custom SQL, table of a virtual connection, flow. |
//! | [`Links`] | The links of an object: objects upstream, and gaps in their lists. |
//! | downstream reference | A reference from an object to one that reads it. Merging turns it into a link of the reader. |
//! | view | A sheet or dashboard. It is a part of its workbook and no object of a path. |
//! | description | A database or project: fields that are looked up by an id and have no links. |
//! | entity | The object that a set of mentions means, before its records are looked at. |
//! | candidates | All records of one entity. |
//! | content | The combined fields of the latest records. |
//! | [`ObjectIx`] | The position of an object among all objects of its site. |
//!
//! # Why mentions are renumbered
//!
//! Threads read chunks of exports side by side, so the first number of a mention depends on which
//! thread came first. Once all mentions are known, they are sorted by their texts, and each gets
//! its position as its final number. From then on, whatever is sorted by [`Ref`] (records, links,
//! and with them entities and objects) comes in an order that depends on the export alone.
//!
//! # Where to start
//!
//! Read `mentions`, `fields` (with `field_sets`), `links` and `record` for the parts of a record,
//! then `incoming` and `ingest` for adding records, then `entities`, `candidates` (with `versions`),
//! `supersede`, `merge` and `merged` for merging them.
//!
//! - *A new field of an object*: a key in `objects!` of `wire`, a row in `fields`. `workbooks`
//!   makes the fields of a workbook part of `model::Workbook`.
//! - *A new kind of object*: a variant of `ObjectKind` in `model`, its wire object, its section in
//!   `responses`, and a file in `ingest` that makes a record of it. If no type
//!   fits its fields, add one to `fields`, and a variant to `Fields` in `record` and to [`Content`]. `lineage` decides
//!   what a workbook reads through such an object.
//! - *A new link between objects*: where `ingest` adds the object that has the list. A list of
//!   readers is a downstream reference, any other list is upstream.

#[macro_use]
mod field_sets;

mod candidates;
mod columns;
mod covered;
mod either;
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
mod sql_tables;
mod supersede;
mod table_lists;
mod versions;
mod views;

pub(crate) use self::columns::{
    ColumnFacts, FieldFacts, FieldKind, FieldRef, IdHash, Origin, SheetFacts, SheetsOfWorkbook,
};
pub(crate) use self::covered::Covered;
pub(crate) use self::either::KindsNamed;
pub(crate) use self::entities::ObjectIx;
pub(crate) use self::fields::{Database, Intermediate, Table, Workbook};
pub(crate) use self::incoming::Store;
pub(crate) use self::ingest::{Ingest, Provenance};
pub(crate) use self::links::Links;
pub(crate) use self::mentions::{Mention, Mentions, Ref, is_made_up};
pub(crate) use self::merged::{Content, Merged, Object};
pub(crate) use self::supersede::LeftOut;
