//! Compares the exposures that this run wants with those of earlier runs, and decides what changes.
//!
//! [`plan`](plan()) calls the steps in order: [`baseline`] collects the exposures of earlier runs,
//! [`wanted`] turns links into exposures, [`removal`] decides about earlier exposures that are not
//! wanted, [`unique_names`] resolves name clashes, [`delta`] compares, and [`guard`] stops what
//! looks like a mistake, as a manifest of another target does ([`elsewhere`]). Such a manifest ends no
//! earlier link (`other_target`). Only exposures with our marker are ever changed or removed, and none
//! is removed without evidence, which an export of some projects gives for these alone (`scope`).

pub mod address;
pub mod baseline;
pub mod build;
mod by_workbook;
mod covered;
pub mod delta;
pub mod disabled;
pub mod elsewhere;
mod exports;
pub mod findings;
pub mod guard;
mod hand_written;
mod html;
mod known;
pub mod markdown;
pub mod naming;
pub mod nodes;
mod other_target;
pub mod other_user;
mod pairing;
mod planning;
pub mod previous;
pub mod reason;
pub mod referable;
mod referenced;
pub mod removal;
mod same;
mod scope;
mod subjects;
pub mod twins;
pub mod unique_names;
pub mod unused;
pub mod wanted;

pub use self::covered::SameBy;
pub use self::delta::{Changed, Kept, New, Plan, Removed};
pub use self::guard::MassRemoval;
pub use self::known::Known;
pub use self::planning::plan;
pub use self::reason::{KeepReason, RemovalReason};
pub use self::referable::{LeftOut, Refused};
pub use self::twins::Twin;
