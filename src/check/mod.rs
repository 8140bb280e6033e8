//! Gates for scripts: whether what workbooks read is as it should be.
//!
//! [`gate`] is the table of gates. A run asks for some of them; each comes to a [`Decision`] in the
//! [`Answer`], with one [`Finding`] for each thing that it fails on. A gate whose facts are missing is
//! undecided, and never holds.

pub mod answer;
pub mod finding;
pub mod gate;

pub use self::answer::{Answer, Decision, Scope, Verdict};
pub use self::finding::{Finding, NodeFacts};
pub use self::gate::{AskedBy, Gate, Needs, Severity};
