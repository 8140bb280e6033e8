//! Positions in the lists of a [`Site`](super::Site), each list with a type of its own, so that a
//! position in one cannot be taken for a position in another.

/// A position in [`Site::tables`](super::Site::tables).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableIx(pub usize);

/// A position in [`Site::custom_sql`](super::Site::custom_sql).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomSqlIx(pub usize);

/// A position in [`Site::workbooks`](super::Site::workbooks).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkbookIx(pub usize);

/// What tells an object apart from all others of a run, whatever it is called: most custom SQL has
/// one name, and what Tableau hides has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// The position of its site.
    pub site: usize,
    /// Its own position there; that of the object in whose list it is, if it is a null element.
    pub object: usize,
    /// Its number among such elements, from 1.
    pub element: usize,
}
