//! Messages beside the result: diagnostics, and failures that end a run.

use std::fmt;

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Something is missing or odd; the result is right for what was readable.
    Warning,
}

macro_rules! codes {
    ($($variant:ident = $severity:ident $code:literal: $doc:literal;)*) => {
        /// The kinds of diagnostics, each with a stable name for scripts. A new one is one row here, a
        /// place that raises it, and a case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $doc] $variant,)* }

        impl Code {
            /// Every code, for the list in the README and for the test that each has a case.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The name that scripts see.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code,)* }
            }

            /// How grave it is.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// What it means, in one sentence.
            pub fn description(self) -> &'static str {
                match self { $(Code::$variant => $doc,)* }
            }
        }
    };
}

codes! {
    ManifestNewerSchema = Warning "manifest-newer-schema": "The manifest's schema version is newer than those known here; it is read like the newest known one.";
    ManifestNotJson = Note "manifest-not-json": "The manifest holds NaN or Infinity, which is not JSON; it was read all the same and these bytes stay as they are.";
    ManifestMapsMissing = Warning "manifest-maps-missing": "The manifest has no parent_map or child_map, so lineage graphs will not show the exposures.";
    NoRelations = Warning "no-relations": "The manifest has no model, seed, snapshot or source with a relation.";
    ExposureDisabled = Note "exposure-disabled": "The exposure stands under `disabled` in the manifest, so it is not written.";
    DependencyGone = Warning "dependency-gone": "A dependency of an exposure no longer exists in the manifest and was dropped.";
    MassRemoval = Warning "mass-removal": "More than half of the exposures of a site would be removed, so nothing is written.";
    ConfigUnused = Note "config-unused": "A setting does nothing in this run.";
    ConfigNeedsPaths = Warning "config-needs-paths": "A project pattern with `/` needs the folders above projects, which the export does not list.";
    TableauError = Warning "tableau-error": "Tableau sent an error beside its data.";
    ExportIncomplete = Warning "export-incomplete": "Nothing proves that the export lists every workbook, so nothing is removed on its account.";
    TotalsDisagree = Warning "totals-disagree": "Tableau counts another number of objects than the export holds.";
    CaptureTimeUnknown = Warning "capture-time-unknown": "The `captured_at` of an envelope is no time, so it counts as late as any other export.";
    CopiesDiffer = Warning "copies-differ": "Two copies of one object differ.";
    NotAnExport = Warning "not-an-export": "A file of a folder is no Tableau metadata export and was left out.";
    IgnoredSections = Note "ignored-sections": "Parts of the export are of no use for exposures.";
    WorkbookUnidentified = Warning "workbook-unidentified": "A workbook has no luid, so it gets no exposure.";
    WorkbookIncomplete = Warning "workbook-incomplete": "A workbook may read more than the export tells, so its exposure keeps what it had.";
    WorkbookReferenceOnly = Warning "workbook-reference-only": "A workbook is only mentioned by something else, so it gets no exposure.";
    ServerNotAnAddress = Warning "server-not-an-address": "The export names a server that is no http or https address, so it counts as not named.";
    ServerUnknown = Note "server-unknown": "The export does not name its server, so exposures have no url.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something the user should know, beside the result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// The file, or file and place, that it is about; empty where it is about the run.
    pub place: String,
    /// What is so, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without help.
    pub fn new(code: Code, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            place: place.into(),
            message: message.into(),
            help: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A failure that ends the run: what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// File with line and column, or file with JSON path; empty where it is about the run.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Failure {
    /// A failure without help.
    pub fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            message: message.into(),
            help: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
