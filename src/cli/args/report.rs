//! Arguments about how the result is printed.

use std::io::{stderr, stdout};
use std::path::PathBuf;

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::{Args, ValueEnum};

use crate::cli::env::is_color_forced;

#[derive(Debug, Clone, Args)]
pub(crate) struct ReportArgs {
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Also write the result to a file, in the same format or another one, such as
    /// `markdown=comment.md`; may be repeated
    #[arg(long = "report", value_name = "[FORMAT=]FILE", value_parser = report_file)]
    pub(crate) files: Vec<ReportFile>,
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
pub(crate) struct ReportFile {
    /// Its format; `None` for that of `--format`.
    pub(crate) format: Option<Format>,
    pub(crate) path: PathBuf,
}

/// Reads `FORMAT=FILE` or `FILE`. What stands before the first `=` is a format, unless it is part of
/// a path.
fn report_file(text: &str) -> Result<ReportFile, String> {
    let (format, path) = match text.split_once('=') {
        Some((format, path)) if !format.contains(['/', '\\', '.']) => {
            (Some(Format::from_str(format, false)?), path)
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
