//! Reads the exports of Tableau.

use crate::input::tableau;
use crate::model::{Diagnostic, Failure, Site};

/// The exports of Tableau, not yet read.
pub struct SiteInput<'a> {
    /// The files, each read chunk by chunk.
    pub exports: Vec<tableau::Source<'a>>,
    /// What folders contain beside these files.
    pub passed_over: Vec<Diagnostic>,
    /// Site and completeness of exports that do not state their own.
    pub defaults: tableau::SiteDefaults,
    /// Whether the run asks which columns workbooks use.
    pub asks_columns: bool,
    /// Whether the run asks which data sources there are, and what each reads.
    pub asks_extracts: bool,
    /// Whether the run asks who may see what.
    pub asks_access: bool,
    /// Owns the strings of the site, which outlive the files' text.
    pub arena: &'a tableau::Arena,
}

/// Reads the exports alone, with the diagnostics about them.
///
/// # Errors
/// All that cannot be used.
pub fn read_site(site: SiteInput<'_>) -> Result<(Site<'_>, Vec<Diagnostic>), Vec<Failure>> {
    let passed_over = site.passed_over.into_iter();
    let asks = tableau::Asks {
        columns: site.asks_columns,
        extracts: site.asks_extracts,
        access: site.asks_access,
    };
    let read = tableau::read(site.exports, &site.defaults, asks, site.arena);
    read.map(|(site, told)| (site, passed_over.chain(told).collect()))
}
