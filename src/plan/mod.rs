//! What should change: the exposures that this run wants against those that stand already.
//!
//! [`wanted`] makes exposures of links, [`baseline`] holds those of earlier runs, [`delta`]
//! compares the two, and [`fate`] decides about those that are not wanted. Only exposures with our
//! marker are ever changed or removed, and nothing is removed without evidence.

pub mod address;
pub mod baseline;
pub mod build;
pub mod delta;
pub mod disabled;
pub mod fate;
pub mod markdown;
pub mod naming;
pub mod revive;
pub mod twins;
pub mod unused;
pub mod wanted;

pub use self::baseline::Baseline;
pub use self::delta::{Changed, Gone, Kept, New, Plan, plan};
pub use self::twins::Twin;
pub use self::wanted::{Nodes, Wanted, wanted};
