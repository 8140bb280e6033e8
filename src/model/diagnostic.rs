//! Messages to the user: diagnostics that accompany a result, and failures that end a run.

use std::fmt;

/// How severe a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Something is missing or unexpected; the result is right for what could be read.
    Warning,
}

impl Severity {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($variant:ident = $severity:ident $code:literal: $doc:literal;)*) => {
        /// The kinds of diagnostics, each with a stable name for scripts. A new kind needs a row
        /// here, a place that raises it, a case, and its page in `docs/codes`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $(#[doc = $doc] $variant,)* }

        impl Code {
            /// Every code, for the tests that each has a page and a case.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The name that scripts see.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code,)* }
            }

            /// Its severity.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    ManifestNewerSchema = Warning "manifest-newer-schema": "The manifest's schema version is newer than the newest supported one, and is read like that one.";
    ManifestNotJson = Note "manifest-not-json": "The manifest contains NaN or Infinity, which is not JSON. It is read all the same, and these bytes are left as they are.";
    ManifestMapsMissing = Warning "manifest-maps-missing": "`parent_map` or `child_map` is missing in the manifest, or lists none of its nodes, so lineage graphs are not whole.";
    NoRelations = Warning "no-relations": "The manifest contains no model, seed, snapshot or source with a relation.";
    ExposureDisabled = Note "exposure-disabled": "The exposure is disabled in the project, so it is not written.";
    NodePrivate = Warning "node-private": "A model is private, and dbt refuses exposures in YAML that refer to it, so they leave it out.";
    NodeRestricted = Warning "node-restricted": "A model belongs to a package that restricts access and is not public, so dbt refuses exposures in YAML that refer to it, and they leave it out.";
    SourceShadowed = Warning "source-shadowed": "Another package has a source and table of the same names, which `source()` may mean instead, so exposures in YAML leave it out.";
    NothingReferable = Warning "nothing-referable": "A workbook reads only what exposures in YAML cannot refer to, so it gets none.";
    PackagesUnread = Note "packages-unread": "The installed packages cannot be read, so it is not known which of them restrict access.";
    PropertyFileUnread = Warning "property-file-unread": "A property file of the project cannot be read as YAML, so the exposures that it defines are not known.";
    CommentsLost = Warning "comments-lost": "Comments stand inside an exposure of a property file, and go with its lines.";
    FolderNotInModelPaths = Warning "folder-not-in-model-paths": "dbt does not read the folder of the YAML files, since it is not below one of the project's `model-paths`.";
    DocsDiffer = Warning "docs-differ": "A page or an index of dbt's docs is of another run of dbt than the manifest, so the docs show something else than the manifest says.";
    DocsKept = Warning "docs-kept": "A page or an index of dbt's docs has exposures of an earlier run that this one knows nothing of, so they are kept there.";
    FormDiffers = Note "form-differs": "An exposure says what it should, but in another form than this version writes. `patch` writes it anew, and it does not count as changed.";
    ManyTwins = Note "many-twins": "So many hand-written exposures cover a workbook that only the first of them are compared with it.";
    TwinElsewhere = Note "twin-elsewhere": "A hand-written exposure covers a workbook by its luid, and its url names another host or site.";
    DependencyGone = Warning "dependency-gone": "A dependency of an exposure no longer exists in the manifest and was dropped.";
    MassRemoval = Warning "mass-removal": "More exposures of a site would be removed than the thresholds allow, so nothing is written.";
    NearestCut = Note "nearest-cut": "The search for similar names ended early for some tables, so a near relation may be missing among the nearest ones.";
    TargetDiffers = Warning "target-differs": "Most tables have a node of the same name in another database or schema, so the manifest may be of another target than Tableau reads.";
    LinksKept = Warning "links-kept": "The manifest seems to be of another target than Tableau reads, so exposures keep links that it does not show.";
    StateRemembered = Note "state-remembered": "The manifest holds no exposures of an earlier run, so the run compares with what the last `patch` left beside it.";
    StateIgnored = Warning "state-ignored": "What the last `patch` left beside the manifest cannot be used.";
    StateNotWritten = Warning "state-not-written": "The manifest is patched, but nothing can be left beside it for the next run.";
    ConfigUnused = Note "config-unused": "A setting had no effect.";
    ConfigNeedsPaths = Warning "config-needs-paths": "A project pattern with `/` needs the path of a project, which the export does not contain.";
    TableauError = Warning "tableau-error": "Tableau returned an error along with its data.";
    ExportIncomplete = Warning "export-incomplete": "Nothing proves that the export lists every workbook, so no exposures are removed based on it.";
    TotalsDisagree = Warning "totals-disagree": "Tableau's total does not match the export.";
    CaptureTimeUnknown = Warning "capture-time-unknown": "The `captured_at` of an export is not a timestamp, so the export is treated as being as recent as the others.";
    SiteUnknown = Warning "site-unknown": "A file does not name its site and may be from several sites of the run, so it is read apart from the files of these sites.";
    CapturesUndated = Warning "captures-undated": "Several files of a folder list the same workbooks, and do not say when they were saved. All of them count.";
    SeveralCaptures = Warning "several-captures": "A site was captured at several times. What only an older capture contains counts no more where a later one lists everything of its kind.";
    CopiesDiffer = Warning "copies-differ": "The export contains an object several times, with different content.";
    NotAnExport = Warning "not-an-export": "A file in a folder is not a Tableau metadata export and is ignored.";
    KindAssumed = Note "kind-assumed": "Objects without a response around them may be workbooks or published data sources, and are read as workbooks.";
    PassedOver = Note "passed-over": "A folder contains files or folders that are not read.";
    IgnoredSections = Note "ignored-sections": "Parts of the export are not used.";
    AccessDisputed = Warning "access-disputed": "Tableau's own list of what a user may see and the permission rules disagree, and the denial counts.";
    RestUnread = Warning "rest-unread": "Answers of the REST API in an envelope tell nothing about permissions that is used, so what they are about is unknown.";
    WorkbookUnidentified = Warning "workbook-unidentified": "A workbook has no luid, so it gets no exposure.";
    WorkbookIncomplete = Warning "workbook-incomplete": "A workbook may read more than the export shows, so its exposure keeps its earlier dependencies.";
    WorkbookReferenceOnly = Warning "workbook-reference-only": "A workbook is referenced but not listed, so it gets no exposure.";
    ReaderUnknown = Warning "reader-unknown": "The export does not name who reads custom SQL, or the workbook of a view, so no workbook is linked to what these read.";
    SqlDiffers = Warning "sql-differs": "Tableau lists a table of custom SQL whose name is that of a CTE, a temporary table or a function in the query. It is not linked.";
    SqlInferred = Note "sql-inferred": "Custom SQL could not be read without a doubt, so that links that only it shows are marked as inferred.";
    ServerNotAnAddress = Warning "server-not-an-address": "The server in the export is not an http(s) address and is ignored.";
    ServerUnknown = Note "server-unknown": "The export does not name its server, so exposures have no url.";
    ColumnsUnknown = Warning "columns-unknown": "The export does not tell all columns that workbooks use, so `meta.referenced_columns` of their exposures is missing or may lack some.";
    Withheld = Note "withheld": "The audience of the run may not see some workbooks, so what tells them apart is not shown.";
    AudienceUnknown = Warning "audience-unknown": "Nothing shows what the audience of the run may see in Tableau, so every workbook is withheld.";
    UrlUnknown = Note "url-unknown": "The export does not show the number in the address of a workbook, so its exposure has no url.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that the user should know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// The file, or file and place, that it is about; empty if it is about the run.
    pub place: String,
    /// The message: one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether what it is about tells the same in reports for people: an exposure, what became of its
    /// links.
    pub is_told: bool,
}

impl Diagnostic {
    /// A diagnostic without help.
    pub fn new(code: Code, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            place: place.into(),
            message: message.into(),
            help: None,
            is_told: false,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same where what it is about tells it as well.
    #[must_use]
    pub fn told(mut self, is_told: bool) -> Self {
        self.is_told = is_told;
        self
    }
}

/// A failure that ends the run: what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// File with line and column, or file with JSON path; empty if it is about the run.
    pub place: String,
    /// The message: what is wrong, without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Failure {
    /// All results, or the failures of all that failed, in their order.
    ///
    /// # Errors
    /// Any result has failures.
    pub fn all<T>(
        results: impl IntoIterator<Item = Result<T, Vec<Self>>>,
    ) -> Result<Vec<T>, Vec<Self>> {
        let (mut all, mut failures) = (Vec::new(), Vec::new());
        for result in results {
            match result {
                Ok(one) => all.push(one),
                Err(more) => failures.extend(more),
            }
        }
        if failures.is_empty() {
            Ok(all)
        } else {
            Err(failures)
        }
    }

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

    /// Adds a fact to what to do about it.
    #[must_use]
    pub fn more_help(self, fact: String) -> Self {
        let help = match &self.help {
            Some(help) => format!("{help}; {fact}"),
            None => fact,
        };
        self.help(help)
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
