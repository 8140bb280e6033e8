//! What should change: the exposures that this run wants against those that stand already.
//!
//! [`plan`](plan()) shows the whole way: [`baseline`] holds the exposures of earlier runs, [`wanted`]
//! makes exposures of links, [`removal`] decides about earlier ones that are not wanted,
//! [`unique_names`] gives each a name of its own, [`delta`] compares, and [`guard`] stops what looks
//! like a mistake. Only exposures with our marker are ever changed or removed, and nothing is
//! removed without evidence.

pub mod address;
pub mod baseline;
pub mod build;
pub mod delta;
pub mod disabled;
pub mod guard;
mod known;
pub mod markdown;
pub mod naming;
pub mod nodes;
mod planning;
pub mod previous;
pub mod reason;
pub mod removal;
pub mod twins;
pub mod unique_names;
pub mod unused;
pub mod wanted;

pub use self::delta::{Changed, Kept, New, Plan, Removed};
pub use self::guard::MassRemoval;
pub use self::known::Known;
pub use self::planning::plan;
pub use self::reason::{KeepReason, RemovalReason};
pub use self::twins::Twin;
