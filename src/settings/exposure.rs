//! What exposures say beside Tableau's own facts.

use super::{DescriptionPlaceholder, FactPlaceholder, NamePlaceholder, Template, WorkbookFilter};

/// What exposures say, beside Tableau's own facts.
#[derive(Debug, Clone, Default)]
pub struct ExposureSettings {
    /// Names of new exposures; the usual ones where it is `None`.
    pub name: Option<Template<NamePlaceholder>>,
    /// Descriptions; Tableau's where it is `None`.
    pub description: Option<Template<DescriptionPlaceholder>>,
    /// Tags beside Tableau's own.
    pub tags: Vec<Template<FactPlaceholder>>,
    /// The owner where Tableau gives none.
    pub owner: Option<OwnerTemplate>,
    /// The maturity.
    pub maturity: Option<Maturity>,
    /// Exceptions; later ones take precedence over earlier ones.
    pub rules: Vec<ExposureRule>,
}

/// What exposures of certain workbooks say.
#[derive(Debug, Clone)]
pub struct ExposureRule {
    /// The workbooks.
    pub when: WorkbookFilter,
    /// Tags beside all others.
    pub tags: Vec<Template<FactPlaceholder>>,
    /// The owner, whatever Tableau says.
    pub owner: Option<OwnerTemplate>,
    /// The maturity.
    pub maturity: Option<Maturity>,
}

/// An owner, of whom at least one part is given.
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
    /// Not to be relied on yet.
    Low,
    /// In use.
    Medium,
    /// To be relied on.
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
