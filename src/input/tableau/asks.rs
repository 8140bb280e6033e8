//! What a run asks for.

/// What a run asks beyond workbooks and tables. It costs much, since an export may have millions of
/// fields.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asks {
    /// Which columns workbooks use.
    pub columns: bool,
    /// Which data sources there are, and what each reads itself.
    pub extracts: bool,
    /// What content has to do with permissions: its owner, its project and the tables that it uses.
    pub access: bool,
}
