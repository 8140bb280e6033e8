//! Who may see what: answers about permissions become decisions.
//!
//! An [`Audience`] is somebody who was found on the sites of a run (`find`). Where Tableau itself lists
//! the workbooks that a user may see, that decides (`evidence`). What is not known is never visible.

mod decision;
mod evidence;
mod find;
mod limits;

pub use self::decision::{Answer, Decision};
pub use self::find::{Audience, Named, NoSubject};
pub use self::limits::Limits;
