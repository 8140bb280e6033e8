//! The exports of a run: those of `--tableau`, else those that the configuration lists.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::io::export::{ExportFiles, find_all};
use crate::io::name_of_input;
use crate::model::Failure;

/// Paths and patterns of exports, not yet looked for.
#[derive(Clone, Default)]
pub(super) struct Exports {
    arguments: Vec<OsString>,
    /// Where relative ones start; empty for the current folder.
    base: PathBuf,
    /// The file that lists them, if a flag does not give them.
    listed_in: Option<String>,
}

impl Exports {
    /// The exports of a flag.
    pub(super) fn given(arguments: Vec<OsString>) -> Self {
        Self {
            arguments,
            ..Self::default()
        }
    }

    /// The exports that the configuration lists, if there is one.
    pub(super) fn listed(config: Option<&Path>, exports: Vec<String>) -> Self {
        let base = config.and_then(Path::parent).unwrap_or(Path::new(""));
        Self {
            arguments: exports.into_iter().map(OsString::from).collect(),
            base: base.to_owned(),
            listed_in: config.map(name_of_input),
        }
    }

    /// The same, or those of a folder if neither a flag nor the configuration names any.
    pub(super) fn or_in(self, folder: impl FnOnce() -> Option<PathBuf>) -> Self {
        if !self.is_empty() {
            return self;
        }
        match folder() {
            Some(folder) => Self::given(vec![folder.into()]),
            None => self,
        }
    }

    /// Whether neither a flag nor the configuration names any.
    pub(super) fn is_empty(&self) -> bool {
        self.arguments.is_empty()
    }

    /// Finds their files.
    pub(super) fn find_all(&self) -> Result<ExportFiles, Vec<Failure>> {
        if self.is_empty() {
            let failure = Failure::new("", "an export of Tableau is missing");
            let help = "give files, folders or patterns with `--tableau`, list them under `tableau.exports` in autoexpose.yml, or compare with a folder of `patch --state-out`";
            return Err(vec![failure.help(help)]);
        }
        let found = find_all(&self.base, &self.arguments);
        found.map_err(|failures| {
            failures
                .into_iter()
                .map(|one| self.name_origin(one))
                .collect()
        })
    }

    /// Adds to a failure which file lists the export, if one does.
    fn name_origin(&self, failure: Failure) -> Failure {
        match &self.listed_in {
            Some(file) => failure.more_help(format!("`tableau.exports` in {file} lists it")),
            None => failure,
        }
    }
}

/// The folder of the export in one that `patch --state-out` wrote.
pub(super) const KEPT_IN: &str = "tableau";
/// How the names of its files begin and end.
pub(super) const KEPT: (&str, &str) = ("export-", ".json.gz");

/// The export in a folder that `patch --state-out` wrote, if it has one.
pub(super) fn kept_in(folder: &Path) -> Option<PathBuf> {
    let exports = folder.join(KEPT_IN);
    let mut entries = fs::read_dir(&exports).ok()?.flatten();
    entries
        .any(|entry| entry.file_name().to_string_lossy().ends_with(KEPT.1))
        .then_some(exports)
}
