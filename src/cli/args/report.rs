//! Arguments about how the result is printed.

use std::io::{stderr, stdout};
use std::path::{Path, PathBuf};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::{Args, ValueEnum};

use crate::cli::env::is_color_forced;
use crate::output::Options;

/// The arguments about the result of a verb that prints it in the formats `F`.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReportArgs<F: Formats> {
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: F,
    /// Also write the result to a file, in the same format or another one, such as
    /// `markdown=comment.md`; may be repeated
    #[arg(long = "report", value_name = "[FORMAT=]FILE", value_parser = report_file::<F>)]
    pub(crate) files: Vec<ReportFile<F>>,
    /// When to use colours
    #[arg(long, value_enum, default_value_t)]
    pub(crate) color: Color,
    /// Print only what changes, in text and Markdown
    #[arg(long, short, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Show long lists whole, and all tables that are not linked, in text and Markdown (as far as a
    /// comment has room)
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

/// The formats in which a verb prints its result; the default is the one for people.
pub(crate) trait Formats: ValueEnum + Copy + Default + Send + Sync + 'static {}

impl<F: ValueEnum + Copy + Default + Send + Sync + 'static> Formats for F {}

impl<F: Formats> ReportArgs<F> {
    /// The files that the result is written to.
    pub(crate) fn paths(&self) -> Vec<&Path> {
        let files = self.files.iter();
        files.map(|file| file.path.as_path()).collect()
    }

    /// How the result is shown to people.
    pub(crate) fn options(&self, colored: bool) -> Options {
        Options {
            colored,
            verbose: self.verbose,
            quiet: self.quiet,
        }
    }
}

/// The formats of a report on exposures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// A comment for a pull request
    Markdown,
    /// A unified diff of the exposures
    Unified,
}

/// A file that the result is written to.
#[derive(Debug, Clone)]
pub(crate) struct ReportFile<F> {
    /// Its format; `None` for that of `--format`.
    pub(crate) format: Option<F>,
    pub(crate) path: PathBuf,
}

/// Reads `FORMAT=FILE` or `FILE`. What stands before the first `=` is a format, unless it is part of
/// a path.
fn report_file<F: Formats>(text: &str) -> Result<ReportFile<F>, String> {
    let (format, path) = match text.split_once('=') {
        Some((format, path)) if !format.contains(['/', '\\', '.']) => {
            (Some(F::from_str(format, false)?), path)
        }
        _ => (None, text),
    };
    if path.is_empty() || path == "-" {
        return Err("give the path of a file; `--format` is for standard output".to_owned());
    }
    Ok(ReportFile {
        format,
        path: path.into(),
    })
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, or where CLICOLOR_FORCE or FORCE_COLOR is set; never where NO_COLOR is
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    pub(crate) fn on_stdout(self) -> bool {
        self.on(&stdout())
    }

    pub(crate) fn on_stderr(self) -> bool {
        self.on(&stderr())
    }

    fn on(self, stream: &impl RawStream) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => is_color_forced() || AutoStream::choice(stream) != ColorChoice::Never,
        }
    }
}
