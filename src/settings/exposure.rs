//! What exposures contain in addition to Tableau's own facts.

use super::{
    ByFilter, DescriptionPlaceholder, FactPlaceholder, NamePlaceholder, Template, WorkbookFilter,
};

/// What exposures contain in addition to Tableau's own facts.
#[derive(Debug, Clone, Default)]
pub struct ExposureSettings {
    /// The names of new exposures; `None` for the default names.
    pub name: Option<Template<NamePlaceholder>>,
    /// The descriptions; `None` for Tableau's own.
    pub description: Option<Template<DescriptionPlaceholder>>,
    /// Tags in addition to Tableau's own.
    pub tags: Vec<Template<FactPlaceholder>>,
    /// The owner if Tableau gives none.
    pub owner: Option<OwnerTemplate>,
    /// The maturity.
    pub maturity: Option<Maturity>,
    /// Whether they say which columns the workbooks use.
    pub referenced_columns: bool,
    /// Exceptions; later ones take precedence over earlier ones.
    pub rules: ByFilter<ExposureRule>,
}

/// What exposures of certain workbooks contain.
#[derive(Debug, Clone)]
pub struct ExposureRule {
    /// The workbooks.
    pub when: WorkbookFilter,
    /// Tags in addition to all others.
    pub tags: Vec<Template<FactPlaceholder>>,
    /// The owner, whatever Tableau says.
    pub owner: Option<OwnerTemplate>,
    /// The maturity.
    pub maturity: Option<Maturity>,
}

impl AsRef<WorkbookFilter> for ExposureRule {
    fn as_ref(&self) -> &WorkbookFilter {
        &self.when
    }
}

/// An owner; at least one part is given.
#[derive(Debug, Clone)]
pub struct OwnerTemplate {
    /// A name to show.
    pub name: Option<Template<FactPlaceholder>>,
    /// An e-mail address.
    pub email: Option<Template<FactPlaceholder>>,
}

/// The maturities of an exposure that dbt knows
/// (<https://docs.getdbt.com/reference/exposure-properties>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maturity {
    /// It is not reliable yet.
    Low,
    /// It is in use.
    Medium,
    /// It is reliable.
    High,
}

impl Maturity {
    /// Its name in dbt.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}
