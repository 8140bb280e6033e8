//! Where the parts of a query stand: for what reads its columns.

/// Where the parts of a query stand, as numbers of pieces.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    pub(crate) selects: Vec<Select>,
    pub(crate) sources: Vec<Source>,
    pub(crate) withs: Vec<With>,
    /// Whether something of it is no SELECT, and was not understood here.
    pub(crate) has_others: bool,
}

/// A SELECT, up to its end or the set operator behind it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Select {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Its FROM.
    pub(crate) from: Option<usize>,
    /// Where the text or the bracket begins that it is the query of, or a part of that.
    pub(crate) region: usize,
}

/// What stands in a table's place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    pub(crate) at: usize,
    pub(crate) behind: usize,
    /// Whether a query there sees the tables before it.
    pub(crate) is_lateral: bool,
}

/// A CTE.
#[derive(Debug, Clone, Copy)]
pub(crate) struct With {
    pub(crate) name: usize,
    /// The bracket of its query.
    pub(crate) body: usize,
}
