//! What all verbs that plan have in common: reading the inputs, and printing the report.

use std::io::{self, ErrorKind, Write};

use super::args::{Common, Format};
use crate::input::json::utf8;
use crate::input::tableau::Source;
use crate::io::{export, read};
use crate::link::Rules;
use crate::model::{ConnectionType, Failure};
use crate::output::{Report, json, text, unified};
use crate::pipeline::{self, Inputs, Outcome};

/// Runs the pipeline on what the arguments name, and hands its outcome and the manifest's text on.
pub(super) fn with_outcome<T>(
    common: &Common,
    then: impl FnOnce(&str, Outcome) -> Result<T, Vec<Failure>>,
) -> Result<T, Vec<Failure>> {
    set_threads(common.threads)?;
    let manifest_path = common.manifest_path();
    let manifest_file = manifest_path.display().to_string();
    let manifest = read(&manifest_path).map_err(|failure| {
        vec![
            failure.help("give dbt's manifest with `--manifest`; `dbt parse` writes it to target/"),
        ]
    });
    let exports = export::read_all(&common.tableau);
    let (manifest, exports) = match (manifest, exports) {
        (Ok(manifest), Ok(exports)) => (manifest, exports),
        (manifest, exports) => {
            return Err([
                manifest.err().unwrap_or_default(),
                exports.err().unwrap_or_default(),
            ]
            .concat());
        }
    };
    let manifest = utf8(&manifest_file, &manifest);
    let exports = exports.iter().map(|file| {
        Ok(Source {
            file: &file.name,
            text: utf8(&file.name, &file.bytes)?,
            is_found: file.is_found,
        })
    });
    let exports = exports.collect::<Result<Vec<_>, Failure>>();
    let (manifest, exports) = match (manifest, exports) {
        (Ok(manifest), Ok(exports)) => (manifest, exports),
        (manifest, exports) => {
            return Err(manifest.err().into_iter().chain(exports.err()).collect());
        }
    };
    let types = common
        .name_only
        .iter()
        .map(|name| ConnectionType::new(Some(name.into())));
    let rules = Rules {
        name_only: types
            .filter_map(|connection| connection.base().map(str::to_owned))
            .collect(),
    };
    let inputs = Inputs {
        manifest_file: &manifest_file,
        manifest,
        exports: &exports,
        site: common.site_id(),
        rules,
    };
    then(manifest, pipeline::run(&inputs)?)
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
