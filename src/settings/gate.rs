//! The gates: what each fails on, how grave that is, and which inputs it needs beside a manifest and
//! an export.
//!
//! The table is the only place that defines them: `--help`, the schema of `autoexpose.yml`, reports
//! and their codes take names and sentences from here. A new gate needs a row here, the place that
//! finds what it fails on in this room, and a case.

use std::fmt;

/// How grave a finding is for those who look at the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The workbook shows old or wrong numbers, or will.
    Error,
    /// The workbook shows what it should, or nobody knows; somebody should look at it.
    Warning,
}

impl Severity {
    /// The word that scripts see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// What a gate asks beside a manifest and an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Needs {
    /// Nothing more.
    Nothing,
    /// A state, of `--state` or left by the last patch.
    Baseline,
    /// Facts of the manifest about every node, not only about its relation.
    Graph,
    /// The results of runs of dbt, `--run-results`, and the graph.
    RunResults,
    /// The results of `dbt source freshness`, `--sources`, and the graph.
    Sources,
}

/// How a gate is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedBy {
    /// By its name, with `--fail-on` and `check.fail_on`.
    Name,
    /// By a limit, with this flag.
    Limit(&'static str),
}

macro_rules! gates {
    ($($variant:ident = $severity:ident $name:literal, $needs:ident, $asked:expr, $doc:literal, $help:literal;)*) => {
        /// What `autoexpose check` can fail on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Gate { $(#[doc = concat!("Fails if ", $doc, ".")] $variant,)* }

        impl Gate {
            /// Every gate, in the order of reports.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name that users give and scripts see.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it fails on: the end of a sentence that begins with "fails if".
            pub fn fails_if(self) -> &'static str {
                match self { $(Self::$variant => $doc,)* }
            }

            /// What to do where it fails.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)* }
            }

            /// How grave its findings are.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// What it asks beside a manifest and an export.
            pub fn needs(self) -> Needs {
                match self { $(Self::$variant => Needs::$needs,)* }
            }

            /// How it is asked for.
            pub fn asked_by(self) -> AskedBy {
                match self { $(Self::$variant => $asked,)* }
            }
        }
    };
}

gates! {
    Lost = Error "lost", Baseline, AskedBy::Name,
        "a workbook still reads a relation that linked in the state, and that the project no longer builds or declares, or builds for another node",
        "keep the relation until the workbooks read another one, or tell their owners";
    Failed = Error "failed", RunResults, AskedBy::Name,
        "a workbook reads a node that failed, was skipped, or has a failing test of severity error, by `--run-results`",
        "mend and build the node, or tell the owners that their numbers are old or wrong";
    Stale = Error "stale", Sources, AskedBy::Name,
        "a workbook reads a source, itself or through other nodes, that is stale by dbt's freshness (`error_after`), by `--sources`",
        "load the source, or tell the owners that their numbers are old";
    Ambiguous = Warning "ambiguous", Nothing, AskedBy::Name,
        "a table that a workbook reads fits several nodes equally well",
        "`autoexpose explain` shows which nodes fit, and what would decide";
    Unknown = Warning "unknown", Nothing, AskedBy::Name,
        "a table of the project's warehouse that a workbook reads fits no relation of the project",
        "`autoexpose explain` shows what comes near, and lines for autoexpose.yml that would link it";
    Hidden = Warning "hidden", Nothing, AskedBy::Name,
        "Tableau hides a workbook, or a table that a workbook reads",
        "save the export with the token of a user who may see it, best a site administrator";
    Incomplete = Warning "incomplete", Nothing, AskedBy::Name,
        "the export does not prove that it lists every workbook, or does not show everything that a workbook reads",
        "save the export again, whole: docs/tableau-export.md says what to ask for";
    Drift = Warning "drift", Nothing, AskedBy::Name,
        "`diff --exit-code` ends with 1: an exposure would be added, changed, renamed or removed, or kept with changes, or a link is lost",
        "look at `autoexpose diff`, and write the exposures anew with `autoexpose patch`";
    ManualDrift = Warning "manual-drift", Graph, AskedBy::Name,
        "a hand-written exposure does not name the nodes that its workbook reads",
        "correct `depends_on` of the exposure, or remove it, so that autoexpose writes one";
    Private = Warning "private", Graph, AskedBy::Name,
        "a workbook reads a model whose `access` is private",
        "let the workbook read a public model, or change `access` of this one";
    Untested = Warning "untested", Graph, AskedBy::Name,
        "a workbook reads a node that not one data test is for (unit tests do not count)",
        "add a data test to the node";
    Undocumented = Warning "undocumented", Graph, AskedBy::Name,
        "a workbook reads a node without a description",
        "describe the node";
    Unused = Warning "unused", Graph, AskedBy::Name,
        "nothing that is known reads a model, seed or snapshot of the project, directly or through others: not one workbook, exposure, metric or other project",
        "delete the nodes, in the order of `autoexpose explain --unused`, or write an exposure for what reads them";
    Audience = Error "audience", Nothing, AskedBy::Name,
        "the manifest names a workbook that the audience of `--audience` may not see, in an exposure of autoexpose or in a hand-written one",
        "patch a manifest that dbt has written anew with the same `--audience`; take what names the workbook out of a hand-written exposure";
    MatchRate = Warning "match-rate", Nothing, AskedBy::Limit("--min-match-rate"),
        "fewer of the tables that workbooks read from the project's warehouse are linked",
        "`autoexpose explain --unlinked` shows why tables are not linked, what explains most first";
    Unlinked = Warning "unlinked", Nothing, AskedBy::Limit("--max-unlinked"),
        "more of the tables that workbooks read from the project's warehouse are not linked",
        "`autoexpose explain --unlinked` shows why tables are not linked, what explains most first";
}

impl Needs {
    /// Whether facts of the manifest about every node are needed, or tell in which file something is.
    pub fn graph(self) -> bool {
        self != Self::Nothing
    }
}

impl Gate {
    /// Whether there is nothing to say without selected workbooks.
    pub fn is_about_workbooks(self) -> bool {
        !matches!(
            self,
            Self::Drift | Self::Incomplete | Self::Unused | Self::Audience
        )
    }

    /// The gate of this name, if it is one that is asked for by name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::named().find(|gate| gate.as_str() == name)
    }

    /// The gates that are asked for by name.
    pub fn named() -> impl Iterator<Item = Self> {
        let gates = Self::ALL.iter().copied();
        gates.filter(|gate| gate.asked_by() == AskedBy::Name)
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
