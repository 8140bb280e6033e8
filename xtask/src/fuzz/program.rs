//! The program without its files: all stages, from texts to the new manifest and the reports.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use autoexpose::input::tableau::{Arena, SiteDefaults, Source};
use autoexpose::input::{config, manifest};
use autoexpose::model::Failure;
use autoexpose::output::{Options, json, markdown, text, unified};
use autoexpose::pipeline::{self, LeftBehind, ProjectInput, SiteInput};

/// The texts of all inputs.
#[derive(Debug, Clone)]
pub(super) struct Texts {
    pub(super) manifest: String,
    pub(super) state: Option<String>,
    pub(super) config: Option<String>,
    /// Each stays the file of its position, in whatever order they are given.
    pub(super) exports: Vec<String>,
    pub(super) is_complete: bool,
    /// Whether the manifest is laid out in one of the ways that are known.
    pub(super) is_usual: bool,
}

/// What a run gives.
#[derive(Debug, Clone)]
pub(super) struct Patched {
    pub(super) manifest: String,
    /// The report in all formats.
    pub(super) reports: Vec<String>,
}

/// How a run ends.
#[derive(Debug, Clone)]
pub(super) enum Ending {
    Patched(Patched),
    /// An input cannot be used, for this reason.
    Refused(String),
    /// It panics, here and with these words.
    Panicked(String),
}

/// The last panic of the program.
static PANIC: Mutex<String> = Mutex::new(String::new());
/// Whether the program runs, and not the chore around it.
static RUNS: AtomicBool = AtomicBool::new(false);

/// Keeps the words of the program's panics instead of printing them.
pub(super) fn catch_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| match PANIC.lock() {
        Ok(mut panic) if RUNS.load(Ordering::Relaxed) => *panic = info.to_string(),
        _ => usual(info),
    }));
}

/// Runs all stages. `is_reversed`: the exports are given in the opposite order.
pub(super) fn run(texts: &Texts, is_reversed: bool) -> Ending {
    match caught(|| patch(texts, is_reversed)) {
        Ok(Ok(patched)) => Ending::Patched(patched),
        Ok(Err(failures)) => Ending::Refused(failures[0].to_string()),
        Err(words) => Ending::Panicked(words),
    }
}

/// Runs a part of the program; the words of its panic if it panics.
pub(super) fn caught<T>(part: impl FnOnce() -> T) -> Result<T, String> {
    RUNS.store(true, Ordering::Relaxed);
    let result = panic::catch_unwind(AssertUnwindSafe(part));
    RUNS.store(false, Ordering::Relaxed);
    result.map_err(|_| PANIC.lock().map(|panic| panic.clone()).unwrap_or_default())
}

fn patch(texts: &Texts, is_reversed: bool) -> Result<Patched, Vec<Failure>> {
    let settings = config::read(
        "autoexpose.yml",
        texts.config.as_deref().unwrap_or_default(),
    )
    .map_err(|failure| vec![failure])?
    .settings;
    let arena = Arena::default();
    let project = ProjectInput {
        manifest: manifest::Source::new("manifest.json", texts.manifest.as_bytes()),
        state: texts
            .state
            .as_ref()
            .map(|state| manifest::Source::new("state.json", state.as_bytes())),
        left: LeftBehind::default(),
    };
    let names: Vec<String> = (0..texts.exports.len()).map(export_name).collect();
    let site = SiteInput {
        exports: exports(&names, &texts.exports, is_reversed),
        passed_over: Vec::new(),
        defaults: SiteDefaults {
            site: settings.site.clone(),
            is_complete: texts.is_complete,
        },
        asks_columns: true,
        asks_extracts: true,
        asks_access: true,
        arena: &arena,
    };
    let patched = pipeline::patch(&project, site, &settings)?;
    let report = &patched.report;
    let options = Options {
        colored: false,
        verbose: true,
        quiet: false,
    };
    Ok(Patched {
        manifest: patched.manifest,
        reports: vec![
            text::render(report, options),
            markdown::render(report, options),
            unified::render(report),
            json::render(report).unwrap_or_default(),
        ],
    })
}

/// The name of the export at this position.
pub(super) fn export_name(at: usize) -> String {
    format!("e{at}.json")
}

fn exports<'t>(names: &'t [String], texts: &'t [String], is_reversed: bool) -> Vec<Source<'t>> {
    let files = names.iter().zip(texts);
    let mut exports: Vec<Source> = files
        .map(|(name, text)| Source::from_text(name, text))
        .collect();
    if is_reversed {
        exports.reverse();
    }
    exports
}
