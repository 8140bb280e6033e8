//! Positions in the lists of a [`Site`](super::Site), each list with a type of its own, so that a
//! position in one cannot be taken for a position in another.

/// A position in [`Site::tables`](super::Site::tables).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableIx(pub usize);

/// A position in [`Site::workbooks`](super::Site::workbooks).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkbookIx(pub usize);
