//! The whole way of the data, each stage a function from the type of the one before:
//!
//! ```text
//! text ──input──▶ Manifest, Site ──link──▶ Links ──plan──▶ Plan ──edit──▶ edits of the text
//!                                                            └──────────▶ Report ──output──▶ text
//! ```
//!
//! Nothing here touches files or the terminal; `cli` brings the text and takes the result away.

use std::mem::ManuallyDrop;
use std::sync::OnceLock;

use crate::edit::{self, Edit, Shape};
use crate::input::json::{utf8, without_mark};
use crate::input::manifest::{self, Manifest};
use crate::input::tableau;
use crate::link;
use crate::model::{Adapter, Diagnostic, Exposure, Failure};
use crate::output::report::{self, Report, Run};
use crate::plan::delta::MassRemoval;
use crate::plan::{self, Baseline, Nodes};
use crate::settings::Settings;

/// All that a run starts from.
pub struct Inputs<'a> {
    /// The manifest's path, for messages.
    pub manifest_file: &'a str,
    /// The bytes of the manifest's file.
    pub manifest: &'a [u8],
    /// The files of Tableau's export.
    pub exports: Vec<tableau::Source<'a>>,
    /// The memory that the site borrows from.
    pub arena: &'a tableau::Arena,
    /// The manifest of an earlier run, whose exposures count as before: path and bytes.
    pub state: Option<(&'a str, &'a [u8])>,
    /// What is said of exports that do not say it themselves.
    pub given: tableau::SiteDefaults,
    /// What the user wants otherwise than by default.
    pub settings: Settings,
}

/// What a run comes to.
pub struct Outcome<'a> {
    /// The text of the manifest's file, with its byte-order mark if it has one.
    pub manifest: &'a str,
    /// What is to change in the manifest's text, in order.
    pub edits: Vec<Edit>,
    /// What there is to tell.
    pub report: Report,
    /// Removals that are not to be made unasked.
    pub mass_removals: Vec<MassRemoval>,
    /// Whether dbt 2 wrote the manifest.
    pub is_v2: bool,
}

/// Reads, links, plans, and says what is to change.
///
/// # Errors
/// Every input that cannot be used, all at once.
pub fn run(inputs: Inputs<'_>) -> Result<Outcome<'_>, Vec<Failure>> {
    let masked = [const { OnceLock::new() }; 2];
    let state = || {
        inputs
            .state
            .map(|(file, bytes)| read(file, bytes, &masked[1]))
            .transpose()
    };
    let manifest = || read(inputs.manifest_file, inputs.manifest, &masked[0]);
    let exports = inputs.exports;
    let (manifests, site) = rayon::join(
        || rayon::join(manifest, state),
        || tableau::read(exports, &inputs.given, inputs.arena),
    );
    let (((text, manifest, of_manifest), state), (site, of_site)) = all(manifests, site)?;
    // The process ends soon, and taking apart what it knows takes as long as finding it out.
    let (manifest, site) = (ManuallyDrop::new(manifest), ManuallyDrop::new(site));

    let settings = &inputs.settings;
    let of_state = state
        .as_ref()
        .map(|(_, state, _)| state.exposures.as_slice());
    let (links, (nodes, baseline)) = rayon::join(
        || {
            link::link(
                &manifest.nodes,
                Adapter::from_name(&manifest.adapter),
                &site,
                &settings.matching,
            )
        },
        || {
            let baseline = Baseline::new(&manifest.exposures, of_state, &site.workbooks);
            (Nodes::new(&manifest.nodes), baseline)
        },
    );
    let links = ManuallyDrop::new(links);
    let mut wanted = plan::wanted(&manifest, &nodes, &baseline, &site, &links, settings);
    let shape = Shape::of(&manifest);
    let render = |exposure: &Exposure| edit::node::written(exposure, &manifest, shape).value();
    let (plan, of_plan) = plan::plan(
        &manifest,
        &nodes,
        &baseline,
        &site,
        &mut wanted,
        settings,
        render,
    );
    let plan = ManuallyDrop::new(plan);

    let unused = plan::unused::diagnostics(settings, &manifest, &site, &links);
    let diagnostics = [
        of_manifest,
        of_site,
        wanted.diagnostics.clone(),
        of_plan,
        unused,
    ]
    .concat();
    let run = Run {
        file: inputs.manifest_file,
        manifest: &manifest,
        baseline: &baseline,
        site: &site,
        links: &links,
        wanted: &wanted,
        settings,
        plan: &plan,
    };
    let (edits, report) = rayon::join(
        || edit::edits(&manifest, &plan.desired, shape),
        || report::report(&run, diagnostics),
    );
    let mass_removals = plan.mass_removals.clone();
    Ok(Outcome {
        manifest: text,
        edits,
        report,
        mass_removals,
        is_v2: shape.is_v2,
    })
}

/// Reads a manifest from the bytes of its file. It takes its time to find out that they are text.
fn read<'t: 'm, 'm>(
    file: &str,
    bytes: &'t [u8],
    masked: &'m OnceLock<String>,
) -> Result<(&'t str, Manifest<'m>, Vec<Diagnostic>), Failure> {
    let text = utf8(file, bytes)?;
    let (manifest, diagnostics) = manifest::read(file, without_mark(text), masked)?;
    Ok((text, manifest, diagnostics))
}

/// All results, or the failures of all.
fn all<A, B, C>(
    manifests: (Result<A, Failure>, Result<B, Failure>),
    site: Result<C, Vec<Failure>>,
) -> Result<((A, B), C), Vec<Failure>> {
    match (manifests, site) {
        ((Ok(manifest), Ok(state)), Ok(site)) => Ok(((manifest, state), site)),
        ((manifest, state), site) => {
            let failures = manifest.err().into_iter().chain(state.err());
            Err(failures.chain(site.err().into_iter().flatten()).collect())
        }
    }
}
