//! What should change: the exposures that this run wants against those that stand already.
//!
//! [`wanted`] makes exposures of links, [`delta`] compares. Only exposures with our marker are
//! ever changed or removed, and nothing is removed without evidence.

pub mod delta;
pub mod markdown;
pub mod naming;
pub mod wanted;

pub use self::delta::{Changed, Plan, Stayed, plan};
pub use self::wanted::{Wanted, wanted};
