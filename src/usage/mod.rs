//! What is used: which models no workbook reads, directly or through others, and how sure that is.
//!
//! Not being read by a workbook is no reason to delete a model: others may read it (`readers`), a
//! table that was not linked may be it (`doubts`), and an export need not show every workbook
//! ([`Certainty`]). So [`unread`](unread()) sorts models by what is known of that. All projects of
//! a mesh are looked at together (`world`), and `reach` walks up from what is read.
//!
//! Every workbook of the export counts, whether it is selected or not: who reads a model does not
//! depend on what a run exposes.

mod certainty;
mod direct;
mod doubts;
mod reach;
mod readers;
mod stale;
mod unread;
mod world;

pub use self::certainty::Certainty;
pub use self::direct::{DirectKind, DirectRead, direct_reads, is_staging};
pub use self::doubts::Doubts;
pub use self::readers::{Reader, is_use};
pub use self::stale::{Stale, StaleWorkbooks, stale};
pub use self::unread::{ProjectUsage, Unread, UnreadKind, unread};
pub use self::world::{Known, ProjectNode, World};

#[cfg(test)]
mod tests;
