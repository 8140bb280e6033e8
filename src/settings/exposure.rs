//! What exposures say beside Tableau's own facts.

use std::fmt;

use super::WorkbookFilter;

/// What exposures say, beside Tableau's own facts.
#[derive(Debug, Clone, Default)]
pub struct ExposureSettings {
    /// Their names; the usual one without.
    pub name: Option<Template>,
    /// Their descriptions; Tableau's without.
    pub description: Option<Template>,
    /// Tags beside Tableau's own.
    pub tags: Vec<Template>,
    /// The owner where Tableau gives none.
    pub owner: Option<OwnerTemplate>,
    /// The maturity: `low`, `medium` or `high`.
    pub maturity: Option<String>,
    /// Exceptions, of which later ones go before earlier ones.
    pub rules: Vec<ExposureRule>,
}

/// What exposures of certain workbooks say.
#[derive(Debug, Clone)]
pub struct ExposureRule {
    /// The workbooks.
    pub when: WorkbookFilter,
    /// Tags beside all others.
    pub tags: Vec<Template>,
    /// The owner, whatever Tableau says.
    pub owner: Option<OwnerTemplate>,
    /// The maturity.
    pub maturity: Option<String>,
}

/// An owner of which at least one part is given.
#[derive(Debug, Clone)]
pub struct OwnerTemplate {
    /// A name to show.
    pub name: Option<Template>,
    /// An e-mail address.
    pub email: Option<Template>,
}

/// A text with `{placeholders}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(pub Vec<Piece>);

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text as it is.
    Text(String),
    /// The name of what is to be filled in.
    Placeholder(String),
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(text),
            Piece::Placeholder(name) => write!(f, "{{{name}}}"),
        })
    }
}

impl Template {
    /// Fills the placeholders in. Placeholders were checked when the template was read.
    pub fn fill(&self, value: impl Fn(&str) -> String) -> String {
        let fill = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Placeholder(name) => value(name),
        };
        self.0.iter().map(fill).collect()
    }
}
