//! Answers to questions about single things: why a workbook, a node or a table is linked, or is not.
//!
//! [`subject`] is what the user asks about, [`mod@find`] finds what it can mean ([`names`] compares names,
//! [`suggest`] has those that come near). [`things`] collects what workbooks read with its readers,
//! [`nodes`] tells who reads a node, [`groups`] puts what is not linked below its cause, [`query`] finds the custom SQL that names a table,
//! and [`exposure`] tells which exposure a workbook has. No answer depends on which workbooks are selected.

pub mod exposure;
pub mod find;
pub mod groups;
pub mod known;
pub mod names;
pub mod nodes;
pub mod query;
pub mod subject;
pub mod suggest;
pub mod things;

pub use self::find::{Found, NotFound, find};
pub use self::groups::{Group, Groups};
pub use self::known::{Known, OfProject};
pub use self::subject::{Kind, Subject};
pub use self::things::{Thing, Things};
