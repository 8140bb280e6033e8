//! The report of a run: rendered in each format that is asked for, then printed and written.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use super::args::{ExplainFormat, Formats, ReportArgs};
use super::exit::Exit;
use super::print;
use crate::io::content::Content;
use crate::io::write::{CompleteFile, PendingFile};
use crate::model::Failure;
use crate::output::Options;

/// Where the report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Printed {
    OnStdout,
    /// Standard output has the manifest. A report that files get is not printed as well.
    OnStderr,
}

/// A rendered report.
pub(super) struct Reports {
    printed: Printed,
    /// What is printed, if anything.
    text: Option<String>,
    files: Vec<(PathBuf, String)>,
}

impl Reports {
    /// Renders a report with `render` in all formats that are asked for.
    pub(super) fn render<F: Formats>(
        args: &ReportArgs<F>,
        printed: Printed,
        render: impl Fn(F, Options) -> Result<String, Vec<Failure>>,
    ) -> Result<Self, Vec<Failure>> {
        let colored = match printed {
            Printed::OnStdout => args.color.on_stdout(),
            Printed::OnStderr => args.color.on_stderr(),
        };
        let is_printed = printed == Printed::OnStdout || args.files.is_empty();
        let files = args.files.iter().map(|file| {
            let format = file.format.unwrap_or(args.format);
            let text = render(format, args.options(false))?;
            Ok((file.path.clone(), text))
        });
        Ok(Self {
            printed,
            text: is_printed
                .then(|| render(args.format, args.options(colored)))
                .transpose()?,
            files: files.collect::<Result<_, Vec<Failure>>>()?,
        })
    }

    /// Prints and writes everything. No file is replaced before all are whole.
    ///
    /// # Errors
    /// A file cannot be written, or standard output.
    pub(super) fn publish(self) -> Result<(), Vec<Failure>> {
        let complete = self.files.iter().map(|(path, text)| complete(path, text));
        let complete = complete
            .collect::<Result<Vec<CompleteFile>, Failure>>()
            .map_err(|failure| vec![failure])?;
        match (&self.text, self.printed) {
            (Some(text), Printed::OnStdout) => print::to_stdout(text)?,
            (Some(text), Printed::OnStderr) => print::text_to_stderr(text),
            (None, _) => {}
        }
        for file in complete {
            file.publish().map_err(|failure| vec![failure])?;
        }
        Ok(())
    }
}

fn complete(path: &Path, text: &str) -> Result<CompleteFile, Failure> {
    PendingFile::begin(path, &Content::from(Vec::new()))?.complete(&[text])
}

/// An answer as JSON.
///
/// # Errors
/// A value that cannot be written as JSON, which does not happen.
pub(super) fn json<E: Display>(written: Result<String, E>) -> Result<String, Vec<Failure>> {
    written.map_err(|error| vec![Failure::new("", error.to_string())])
}

/// Prints an answer to a question of `explain`, and writes it to the files that are asked for.
///
/// # Errors
/// A file that cannot be written.
pub(super) fn explained<E: Display>(
    args: &ReportArgs<ExplainFormat>,
    as_text: impl Fn(Options) -> String,
    as_json: impl Fn() -> Result<String, E>,
) -> Result<Exit, Vec<Failure>> {
    let render = |format, options: Options| match format {
        ExplainFormat::Text => Ok(as_text(options)),
        ExplainFormat::Json => json(as_json()),
    };
    Reports::render(args, Printed::OnStdout, render)?.publish()?;
    Ok(Exit::Done)
}
