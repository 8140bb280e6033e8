//! What all verbs that plan have in common: reading the inputs, and printing the report.

use std::io::{self, ErrorKind, Write};
use std::mem::ManuallyDrop;
use std::path::Path;

use super::args::{Common, Format};
use super::settings;
use crate::edit::splice;
use crate::input::json::without_mark;
use crate::input::tableau::{self, Arena, SiteDefaults, Source};
use crate::io::content::Content;
use crate::io::export::{self, ExportFile};
use crate::io::progress::Progress;
use crate::io::read;
use crate::io::write::PendingFile;
use crate::model::Failure;
use crate::output::{Report, json, markdown, text, unified};
use crate::pipeline::{self, Inputs};

const MANIFEST_HELP: &str =
    "give dbt's manifest with `--manifest`; `dbt parse` writes it to target/";
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
    /// Whether dbt 2 wrote the manifest, whose docs do not read it.
    pub(super) is_v2: bool,
    /// The new file, begun while there was still to find out what belongs into it.
    pub(super) pending: Option<Result<PendingFile, Failure>>,
}

/// Runs the pipeline on what the arguments name, and hands on what it comes to. Where a `target`
/// is to be written, it is begun at once.
pub(super) fn with_outcome<T>(
    common: &Common,
    target: Option<&Path>,
    then: impl FnOnce(Done) -> Result<T, Vec<Failure>>,
) -> Result<T, Vec<Failure>> {
    set_threads(common.threads)?;
    let settings = settings::effective(common)?.settings;
    let progress = progress(common, "reading and matching");
    let manifest = Input::read(&common.manifest_path().path, MANIFEST_HELP);
    let pending = target
        .zip(manifest.as_ref().ok())
        .map(|(target, manifest)| PendingFile::begin(target, &manifest.bytes));
    let state = common
        .state_path()
        .map(|state| Input::read(&state.path, STATE_HELP))
        .transpose();
    let files = export::find_all(&common.tableau);
    let ((manifest, state), files) = both(both(manifest, state), files)?;
    let arena = ManuallyDrop::new(Arena::default());
    let outcome = pipeline::run(Inputs {
        manifest_file: &manifest.name,
        manifest: &manifest.bytes,
        exports: files.iter().map(source).collect(),
        arena: &arena,
        state: state
            .as_ref()
            .map(|state| (state.name.as_str(), &*state.bytes)),
        given: SiteDefaults {
            site: settings.site.clone(),
            is_complete: common.export_complete,
        },
        settings,
    })?;
    // As in the pipeline: the process ends soon.
    let outcome = ManuallyDrop::new(outcome);
    drop(progress);
    let (whole, text) = (outcome.manifest, without_mark(outcome.manifest));
    let mut pieces = splice(text, &outcome.edits);
    // The first piece is what the file begins with, its byte-order mark as well.
    pieces[0] = &whole[..whole.len() - text.len() + pieces[0].len()];
    then(Done {
        report: &outcome.report,
        pieces: &pieces,
        is_as_wanted: outcome.edits.is_empty(),
        is_mass_removal: !outcome.mass_removals.is_empty(),
        is_v2: outcome.is_v2,
        pending,
    })
}

/// Shows that something is being done, unless nothing is to be said.
pub(super) fn progress(common: &Common, what: &str) -> Option<Progress> {
    (!common.quiet).then(|| Progress::begin(what.to_owned()))
}

/// A file of the export, chunk by chunk.
fn source(file: &ExportFile) -> Source<'_> {
    let chunks = Box::new(tableau::chunks(file.chunks()));
    Source {
        file: &file.name,
        chunks,
        is_found: file.is_found,
    }
}

/// A manifest's file.
struct Input {
    name: String,
    bytes: Content,
}

impl Input {
    fn read(path: &Path, help: &str) -> Result<Self, Vec<Failure>> {
        let bytes = read(path).map_err(|failure| vec![failure.help(help)])?;
        Ok(Self {
            name: path.display().to_string(),
            bytes,
        })
    }
}

/// Both results, or the failures of both.
fn both<A, B>(
    first: Result<A, Vec<Failure>>,
    second: Result<B, Vec<Failure>>,
) -> Result<(A, B), Vec<Failure>> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (first, second) => Err(first
            .err()
            .into_iter()
            .chain(second.err())
            .flatten()
            .collect()),
    }
}

fn set_threads(threads: Option<usize>) -> Result<(), Vec<Failure>> {
    let Some(threads) = threads else {
        return Ok(());
    };
    let built = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global();
    built.map_err(|error| {
        vec![Failure::new(
            "",
            format!("{threads} threads cannot be started: {error}"),
        )]
    })
}

/// The report in the format that is asked for.
pub(super) fn rendered(report: &Report, common: &Common) -> Result<String, Vec<Failure>> {
    Ok(match common.format {
        Format::Json => {
            json::render(report).map_err(|error| vec![Failure::new("", error.to_string())])?
        }
        Format::Markdown => markdown::render(report),
        Format::Unified => unified::render(report),
        Format::Text => text::render(
            report,
            text::Options {
                colored: common.color.on_stdout(),
                verbose: common.verbose,
                quiet: common.quiet,
            },
        ),
    })
}

/// Puts a text on standard output. A reader that closed its end has seen enough.
pub(super) fn put(text: &str) -> Result<(), Vec<Failure>> {
    let mut stdout = io::stdout().lock();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(vec![Failure::new(
            "standard output",
            crate::io::reason(&error),
        )]),
        _ => Ok(()),
    }
}

/// Says something beside the result, on standard error.
pub(super) fn say(text: &str) {
    // Nobody is left to tell where standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
