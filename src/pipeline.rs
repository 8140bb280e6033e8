//! The whole way of the data, each stage a function from the type of the one before:
//!
//! ```text
//! text ──input──▶ Manifest, Site ──link──▶ Links ──plan──▶ Plan ──edit──▶ edits of the text
//!                                                            └──────────▶ Report ──output──▶ text
//! ```
//!
//! Nothing here touches files or the terminal; `cli` brings the text and takes the result away.

use std::sync::OnceLock;

use crate::edit::{self, Edit, Shape};
use crate::input::{manifest, tableau};
use crate::link::{self, Rules};
use crate::model::{Failure, SiteId};
use crate::output::report::{self, Report};
use crate::plan;

/// All that a run starts from.
pub struct Inputs<'a> {
    /// The manifest's path, for messages.
    pub manifest_file: &'a str,
    /// The manifest's text.
    pub manifest: &'a str,
    /// The texts of Tableau's export.
    pub exports: &'a [tableau::Source<'a>],
    /// Server and site for exports that do not name theirs.
    pub site: SiteId,
    /// What is allowed beyond the rules that are always on.
    pub rules: Rules,
}

/// What a run comes to.
pub struct Outcome {
    /// What is to change in the manifest's text, in order.
    pub edits: Vec<Edit>,
    /// What there is to tell.
    pub report: Report,
}

/// Reads, links, plans, and says what is to change.
///
/// # Errors
/// Every input that cannot be used, all at once.
pub fn run(inputs: &Inputs) -> Result<Outcome, Vec<Failure>> {
    let masked = OnceLock::new();
    let (manifest, site) = rayon::join(
        || manifest::read(inputs.manifest_file, inputs.manifest, &masked),
        || tableau::read(inputs.exports, &inputs.site),
    );
    let ((manifest, of_manifest), (site, of_site)) = both(manifest, site)?;

    let links = link::link(&manifest.nodes, &manifest.adapter, &site, &inputs.rules);
    let wanted = plan::wanted(&manifest, &site, &links);
    let shape = Shape::of(&manifest);
    let plan = plan::plan(&manifest.exposures, &site, &wanted, |exposure| {
        edit::node::render(exposure, &manifest, shape)
    });
    let edits = edit::edits(&manifest, &plan, shape.is_v2);

    let diagnostics = [of_manifest, of_site, wanted.diagnostics].concat();
    let report = report::report(inputs.manifest_file, &manifest, &site, &links, &plan, diagnostics);
    Ok(Outcome { edits, report })
}

/// Both results, or the failures of both.
fn both<A, B>(
    manifest: Result<A, Failure>,
    site: Result<B, Vec<Failure>>,
) -> Result<(A, B), Vec<Failure>> {
    match (manifest, site) {
        (Ok(manifest), Ok(site)) => Ok((manifest, site)),
        (manifest, site) => {
            Err(manifest.err().into_iter().chain(site.err().into_iter().flatten()).collect())
        }
    }
}
