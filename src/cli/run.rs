//! What all verbs that plan have in common: reading the inputs, and printing the report.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use super::args::{Common, Format};
use crate::edit::splice;
use crate::input::json::{BYTE_ORDER_MARK, utf8};
use crate::input::tableau::{Given, Source};
use crate::io::{export, read};
use crate::link::Rules;
use crate::model::connection::Reach;
use crate::model::{ConnectionType, Failure};
use crate::output::{Report, json, text, unified};
use crate::pipeline::{self, Inputs};

const STATE_HELP: &str =
    "`--state` takes the folder or file of a manifest that an earlier run patched";

/// What a run comes to: the report, and the pieces of the manifest as it is to be.
pub(super) struct Done<'d> {
    pub(super) report: &'d Report,
    /// The whole new text, in pieces of the old one and new ones.
    pub(super) pieces: &'d [&'d str],
    /// Whether the new text is the old one.
    pub(super) is_as_wanted: bool,
    /// Whether more would be removed than is removed unasked.
    pub(super) is_mass_removal: bool,
}

/// Runs the pipeline on what the arguments name, and hands on what it comes to.
pub(super) fn with_outcome<T>(
    common: &Common,
    then: impl FnOnce(&Done) -> Result<T, Vec<Failure>>,
) -> Result<T, Vec<Failure>> {
    set_threads(common.threads)?;
    let manifest_path = common.manifest_path();
    let manifest_file = manifest_path.display().to_string();
    let state_path = common.state_path();
    let (bytes, files) = both(read_manifest(&manifest_path), export::read_all(&common.tableau))?;
    let state = state_path
        .as_deref()
        .map(read)
        .transpose()
        .map_err(|failure| vec![failure.help(STATE_HELP)])?;
    let state_file = state_path.unwrap_or_default().display().to_string();
    let state = state
        .as_deref()
        .map(|bytes| utf8(&state_file, bytes))
        .transpose()
        .map_err(|failure| vec![failure])?;
    let texts = files.iter().map(|file| {
        let text = utf8(&file.name, &file.bytes)?;
        Ok(Source { file: &file.name, text, is_found: file.is_found })
    });
    let texts = texts.collect::<Result<Vec<_>, Failure>>().map_err(|failure| vec![failure]);
    let manifest = utf8(&manifest_file, &bytes).map_err(|failure| vec![failure]);
    let (manifest, exports) = both(manifest, texts)?;
    let rules = Rules { name_only: name_only(&common.name_only)? };
    let outcome = pipeline::run(&Inputs {
        manifest_file: &manifest_file,
        manifest,
        exports: &exports,
        state: state.map(|text| (state_file.as_str(), text)),
        given: Given { site: common.site_id(), is_complete: common.export_complete },
        rules,
    })?;
    let mut pieces = splice(manifest, &outcome.edits);
    if bytes.len() > manifest.len() {
        pieces.insert(0, BYTE_ORDER_MARK);
    }
    let is_as_wanted = outcome.edits.is_empty();
    let is_mass_removal = !outcome.mass_removals.is_empty();
    then(&Done { report: &outcome.report, pieces: &pieces, is_as_wanted, is_mass_removal })
}

/// The connection types for which a name alone may link, each without its driver.
fn name_only(given: &[String]) -> Result<BTreeSet<String>, Vec<Failure>> {
    let types = given.iter().map(|given| {
        let connection = ConnectionType::new(Some(given.into()));
        match (connection.reach(), connection.base()) {
            (Reach::Warehouse(_), Some(base)) => Ok(base.to_owned()),
            _ => Err(vec![
                Failure::new(
                    "--name-only",
                    format!("{given:?} is no connection type of one warehouse"),
                )
                .help(
                    "give one as Tableau's `connectionType` has it, such as snowflake or postgres",
                ),
            ]),
        }
    });
    types.collect()
}

fn read_manifest(path: &Path) -> Result<Vec<u8>, Vec<Failure>> {
    let help = "give dbt's manifest with `--manifest`; `dbt parse` writes it to target/";
    read(path).map_err(|failure| vec![failure.help(help)])
}

/// Both results, or the failures of both.
fn both<A, B>(
    manifest: Result<A, Vec<Failure>>,
    exports: Result<B, Vec<Failure>>,
) -> Result<(A, B), Vec<Failure>> {
    match (manifest, exports) {
        (Ok(manifest), Ok(exports)) => Ok((manifest, exports)),
        (manifest, exports) => {
            Err(manifest.err().into_iter().chain(exports.err()).flatten().collect())
        }
    }
}

fn set_threads(threads: Option<usize>) -> Result<(), Vec<Failure>> {
    let Some(threads) = threads else {
        return Ok(());
    };
    let built = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    built.map_err(|error| {
        vec![Failure::new("", format!("{threads} threads cannot be started: {error}"))]
    })
}

/// Prints the report on standard output. A reader that closed its end has seen enough.
pub(super) fn print(report: &Report, common: &Common) -> Result<(), Vec<Failure>> {
    let text = match common.format {
        Format::Json => {
            json::render(report).map_err(|error| vec![Failure::new("", error.to_string())])?
        }
        Format::Unified => unified::render(report),
        Format::Text => text::render(
            report,
            text::Options {
                colored: common.color.on_stdout(),
                verbose: common.verbose,
                quiet: common.quiet,
            },
        ),
    };
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(vec![Failure::new("standard output", crate::io::reason(&error))])
        }
        _ => Ok(()),
    }
}

/// Says something beside the result, on standard error.
pub(super) fn say(text: &str) {
    // Nobody is left to tell where standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
