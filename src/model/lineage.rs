//! What a workbook reads, and the objects between the workbook and its tables.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use super::connection::ConnectionType;
use super::display::display_enum;
use super::index::TableIx;
use super::object_kind::ObjectKind;
use super::reason::{UnreadableSql, UnresolvedReason};

/// One thing that a workbook reads.
#[derive(Debug, Clone)]
pub struct Read<'a> {
    /// The table, or what is known instead.
    pub upstream: Upstream<'a>,
    /// How the workbook reaches it, the shortest path first.
    pub paths: Vec<Path<'a>>,
}

/// A table, or what is known instead.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Upstream<'a> {
    /// A table with a name.
    Table(TableIx),
    /// A table whose name Tableau hides, with what else identifies it.
    Hidden(Cow<'a, str>),
    /// An object that does not lead to tables.
    Unresolved(Unresolved<'a>),
    /// Custom SQL whose tables are not all known.
    Unreadable {
        /// Its name, often the one that Tableau gives to all custom SQL.
        name: Cow<'a, str>,
        /// The connection over which it runs.
        connection: ConnectionType<'a>,
        /// Why its tables are not known.
        reason: UnreadableSql,
    },
}

/// An object that does not lead to tables. Reports show these objects in the order of their texts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Unresolved<'a> {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name, else its id.
    pub label: Cow<'a, str>,
    /// Why it does not lead to tables.
    pub reason: UnresolvedReason,
}

impl fmt::Display for Unresolved<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.label)
    }
}

impl PartialOrd for Unresolved<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Unresolved<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.kind.text(), &self.label, self.reason).cmp(&(
            other.kind.text(),
            &other.label,
            other.reason,
        ))
    }
}

/// How a workbook reaches a table: the steps between the two, none if the workbook names the table
/// itself. Many tables share one path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path<'a>(pub Arc<[Step<'a>]>);

/// One step of a [`Path`]: an object between a workbook and a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step<'a> {
    /// What it is.
    pub kind: StepKind,
    /// Its name; empty if it has no name.
    pub name: Cow<'a, str>,
}

display_enum! {
    /// The kind of a [`Step`].
    pub enum StepKind {
        /// A data source inside the workbook.
        EmbeddedDatasource => "embedded data source";
        /// A data source published for many workbooks.
        PublishedDatasource => "published data source";
        /// A table of a virtual connection.
        VirtualConnectionTable => "virtual connection table";
        /// Custom SQL, with the tables that Tableau found in it.
        CustomSql => "custom SQL";
        /// A Prep flow that writes the next step.
        Flow => "flow";
        /// The columns that the fields of a data source come from.
        Columns => "columns";
        /// The setting that gives a table its schema, where Tableau shows none.
        DefaultSchema => "default schema";
    }
}

impl<'a> Path<'a> {
    /// This path with one more step.
    #[must_use]
    pub fn then(&self, step: Step<'a>) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// The kinds of its steps, without names: `workbook` if there is none.
    pub fn kinds(&self) -> Cow<'static, str> {
        match &*self.0 {
            [] => Cow::Borrowed("workbook"),
            [step] => Cow::Borrowed(step.kind.text()),
            steps => {
                let kinds = steps.iter().map(|step| step.kind.text());
                Cow::Owned(kinds.collect::<Vec<_>>().join(" > "))
            }
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("workbook");
        }
        for (i, step) in self.0.iter().enumerate() {
            let arrow = if i == 0 { "" } else { " > " };
            write!(f, "{arrow}{}", step.kind)?;
            if !step.name.is_empty() {
                write!(f, " {:?}", step.name)?;
            }
        }
        Ok(())
    }
}
