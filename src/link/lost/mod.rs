//! Lost links: tables that linked to a node of the state, and of which the manifest builds the
//! relation no more.
//!
//! [`links`] links the tables of this export to the state as well, by the same rules and settings,
//! where its relations are not those of the manifest. Without a state, what the last run left is taken
//! for a state of a few nodes ([`before`]). [`fate`] says what became of a node whose link
//! is lost, and [`endings`] how the links of one workbook [`ended`].

pub mod before;
pub mod ended;
pub mod endings;
pub mod fate;
pub mod links;

pub use self::before::Before;
pub use self::ended::Ended;
pub use self::endings::Endings;
pub use self::fate::{Fate, Kin, Kinship};
pub use self::links::{Lost, LostLinks};
