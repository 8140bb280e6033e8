//! Tells what a `patch` wrote: who shows the exposures, and how long they last.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::args::{Format, PatchArgs};
use super::print;
use crate::io::write::Published;
use crate::model::listing::first_few;
use crate::output::printable;

/// What decides who shows the exposures of a written manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Readers {
    /// Whether dbt writes its manifest there, which `dbt docs` shows.
    pub(super) is_written_by_dbt: bool,
    /// Whether dbt 2 or Fusion reads it.
    pub(super) is_v2: bool,
}

/// The manifests that were written.
#[derive(Default)]
pub(super) struct Written {
    by_readers: BTreeMap<Readers, Vec<PathBuf>>,
    pages: Vec<PathBuf>,
    overwritten: Vec<PathBuf>,
    /// The folder that keeps all that a later run compares with.
    pub(super) state: Option<PathBuf>,
}

impl Written {
    pub(super) fn add(&mut self, target: PathBuf, published: Published, readers: Readers) {
        if published == Published::Overwritten {
            self.overwritten.push(target.clone());
        }
        self.by_readers.entry(readers).or_default().push(target);
    }

    /// Adds a page of dbt docs, if it changed.
    pub(super) fn add_page(&mut self, page: Option<(PathBuf, Published)>) {
        let Some((path, published)) = page else {
            return;
        };
        if published == Published::Overwritten {
            self.overwritten.push(path.clone());
        }
        self.pages.push(path);
    }

    /// Tells what was written, and how if that is not as it should be. `index` is the line about the
    /// index of dbt 2's docs.
    pub(super) fn tell(&self, args: &PatchArgs, index: Option<String>) {
        let report = &args.report;
        if report.format == Format::Text && !report.quiet {
            let is_indexed = args.docs_index.is_some();
            for (readers, targets) in &self.by_readers {
                print::to_stderr(&written(targets, *readers, is_indexed));
            }
            if let Some(line) = index {
                print::to_stderr(&line);
            }
            for page in &self.pages {
                print::to_stderr(&written_page(page));
            }
            if let Some(folder) = &self.state {
                print::to_stderr(&written_state(folder));
            }
        }
        for target in &self.overwritten {
            let target = printable(&target.display().to_string());
            print::to_stderr(&format!(
                "{target} is a mount of its own and cannot be replaced, so its content was overwritten: whoever read it meanwhile may have seen a mixture"
            ));
        }
    }
}

/// The line about the folder that is kept for later runs.
fn written_state(folder: &Path) -> String {
    format!(
        "wrote {}: `--base` of `impact` and `--state` take this folder, with the export in it",
        printable(&folder.display().to_string())
    )
}

/// The line about a written page of dbt docs.
fn written_page(page: &Path) -> String {
    format!(
        "wrote {}: it shows the exposures wherever it is opened; `dbt docs generate --static` writes a fresh page without them, so patch last",
        printable(&page.display().to_string())
    )
}

/// The line about written manifests: who shows the exposures, and how long they last.
fn written(targets: &[PathBuf], readers: Readers, is_indexed: bool) -> String {
    let shown = targets.iter().map(|target| target.display().to_string());
    let shown = printable(&first_few(targets.len(), shown));
    if !readers.is_written_by_dbt {
        let which = match targets {
            [_] => "this manifest",
            _ => "these manifests",
        };
        return format!("wrote {shown}: every tool that is given {which} shows the exposures");
    }
    let docs = match (readers.is_v2, is_indexed) {
        (true, false) => {
            "every tool that reads artifacts shows the exposures (the docs of dbt 2 do not read the manifest: `--docs-index` is for them)"
        }
        (true, true) => "every tool that reads artifacts shows the exposures",
        (false, _) => "dbt docs and every tool that reads artifacts show the exposures",
    };
    format!(
        "wrote {shown}: {docs}; the next dbt command other than `dbt docs serve` writes a fresh manifest without them, so patch last"
    )
}
