//! Says which workbooks a change of the dbt project breaks or touches: base manifest against head
//! manifest, with workbooks linked to *base*, whose relations are those of production.
//!
//! ```text
//! definitions ─target─▶ which parts of relations can be compared
//!             ─changes─▶ what changed in each node, what is lost, what is cosmetic
//!             ─reach─▶ what is below a change ─verdicts─▶ Impact
//! ```
//!
//! dbt's own `state:modified` never lists what is gone, calls comments and moved files modified, and
//! compares no relation. So nothing here follows it: a *relation* is what a workbook reads, whatever
//! node builds it, and what is compared is what the relation's rows are made of.
//!
//! Nothing here makes words for people: that is for [`crate::output`].

mod answer;
mod change;
mod changes;
mod code;
mod columns;
mod compare;
mod graph;
mod judge;
mod macros;
mod moves;
mod renames;
mod settings;
mod side;
mod targets;
mod verdicts;

pub use self::answer::{
    Basis, Cause, ColumnEffect, ColumnUse, Effect, Impact, ReachedWorkbook, Severity, SideFacts,
    Target, TargetEvidence, What,
};
pub use self::change::{
    Change, ChangeIx, ChangeKind, ChangedColumn, ColumnChange, ColumnEvidence, Cosmetic,
    CosmeticKind, LostBy, LostRelation, NotCompared, NotComparedReason, Renamed,
};
pub use self::judge::{Known, impact};
pub use self::side::{Run, Side};
