//! Causes why tables do not link, and their cures.

use super::line::Line;
use crate::model::UnresolvedReason;
use crate::model::display::display_enum;

display_enum! {
    /// Why several tables are not linked. The order is that of causes that explain equally much.
    pub enum Why {
        /// Tableau shows another database than the project's.
        OtherDatabase(shown: String, own: String) => "Tableau shows {shown} as the database, and the project is in {own}";
        /// Tableau shows another schema than the project's.
        OtherSchema(pairs: String) => "Tableau shows another schema than the project's: {pairs}";
        /// Database and schema are others, as in a manifest of another target.
        OtherTarget(pairs: String) => "Tableau shows another database and schema than this manifest, which may be of another target: {pairs}";
        /// Their connection type is another warehouse's, and their names would fit.
        OtherConnection(connection: String, adapter: String) => "Tableau reads them over {connection}, the project is on {adapter}, and their names would fit";
        /// Tableau shows the names of nodes whose relations have other names.
        OtherAlias(pairs: String) => "Tableau shows the name of a node whose relation has another one: {pairs}";
        /// Relations differ only in case.
        CaseOnly => "relations of the project differ only in case";
        /// Tableau shows no schema, and the project has relations of their names.
        NoSchema => "Tableau shows no schema";
        /// Tableau shows no schema, and the project has no relations of their names.
        NoNamesake => "Tableau shows no schema, and the project has nothing of their names";
        /// Tableau shows no database, and relations of several databases fit.
        NoDatabase => "Tableau shows no database, and relations of several databases fit";
        /// Tables of several databases fit one relation.
        SeveralDatabases(databases: String) => "tables of several databases fit one relation by schema and name: {databases}";
        /// Sources of several packages are one relation.
        SeveralSources => "sources of several packages are one relation";
        /// Several nodes fit for another reason.
        SeveralNodes => "several nodes of the project fit equally well";
        /// Tableau hides their names.
        HiddenNames => "Tableau hides their names from the token of the export";
        /// What workbooks read leads to no table.
        Unresolved(reason: UnresolvedReason) => "what workbooks read leads to no table: {reason}";
        /// Custom SQL that could not be read.
        CustomSql => "custom SQL could not be read";
        /// The export has no list of what workbooks read.
        NothingListed => "the export does not list what these workbooks read";
        /// Their names cannot be split.
        UnreadableNames => "their names cannot be read";
        /// The project has no relation in their database and schema.
        NotInProject(place: String) => "the project builds and declares nothing in {place}";
        /// The project has others there.
        NotBuilt(place: String) => "the project has other tables in {place}, but not these";
    }
}

impl Why {
    /// The name of the kind of cause, for scripts.
    pub fn key(&self) -> &'static str {
        match self {
            Self::OtherDatabase(..) => "other-database",
            Self::OtherSchema(_) => "other-schema",
            Self::OtherTarget(_) => "other-target",
            Self::OtherConnection(..) => "other-connection-type",
            Self::OtherAlias(_) => "other-alias",
            Self::CaseOnly => "case-only",
            Self::NoSchema => "no-schema",
            Self::NoNamesake => "no-namesake",
            Self::NoDatabase => "no-database",
            Self::SeveralDatabases(_) => "several-databases",
            Self::SeveralSources => "several-sources",
            Self::SeveralNodes => "several-nodes",
            Self::HiddenNames => "hidden-names",
            Self::Unresolved(_) => "unresolved",
            Self::CustomSql => "custom-sql",
            Self::NothingListed => "nothing-listed",
            Self::UnreadableNames => "unreadable-names",
            Self::NotInProject(_) => "not-in-project",
            Self::NotBuilt(_) => "not-built",
        }
    }

    /// Whether it is no fault: such tables are not the project's.
    pub fn is_normal(&self) -> bool {
        matches!(
            self,
            Self::NotInProject(_) | Self::NotBuilt(_) | Self::NoNamesake
        )
    }
}

/// What can be done about a cause.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cure {
    /// Lines for `match` in `autoexpose.yml`, which were tried.
    Config {
        /// The lines.
        lines: Vec<Line>,
        /// What may stand where they have [`super::line::CHOICE`]: the user must know which.
        choices: Vec<String>,
    },
    /// A command that makes the right manifest.
    Command(&'static str),
    /// Fields to ask for in the query.
    Query(&'static [&'static str]),
    /// Something else, in one sentence.
    Advice(&'static str),
}

/// Why some tables are not linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Why.
    pub why: Why,
    /// How many distinct tables it explains. With lines of configuration, so many link by them.
    pub tables: usize,
    /// How many workbooks read one of them.
    pub workbooks: usize,
    /// What can be done, the best first.
    pub cures: Vec<Cure>,
}

/// What to do about objects that lead to no table for this reason.
pub(super) fn cure_of_unresolved(reason: UnresolvedReason) -> Cure {
    match reason {
        UnresolvedReason::NotInExport => Cure::Advice(
            "add the missing pages to the export: embedded and published data sources, virtual connections, flows, \
             tables",
        ),
        UnresolvedReason::SiteUnknown => Cure::Advice(
            "pass the files of one site at a time, or name the site with `--server` and `--site`",
        ),
        UnresolvedReason::ListsMissing => Cure::Query(UPSTREAM),
        UnresolvedReason::ListsNull => {
            Cure::Advice("repeat the export, with smaller pages if Tableau had too little time")
        }
        UnresolvedReason::TablesNotNamed => {
            Cure::Query(&["upstreamVirtualConnectionTables { id }"])
        }
        UnresolvedReason::NothingNamed | UnresolvedReason::OnlyExtract => Cure::Advice(
            "look at the lineage of the object in Tableau: if it is empty there as well, no query shows more",
        ),
        UnresolvedReason::TooManyCopies => {
            Cure::Advice("repeat the export in one go, and leave out older files")
        }
    }
}

/// The lists that lead from workbooks and data sources to tables.
pub(super) const UPSTREAM: &[&str] = &[
    "upstreamTables { id name schema fullName connectionType database { name connectionType } }",
    "upstreamDatasources { id luid name }",
    "embeddedDatasources { id name upstreamTables { id } upstreamDatasources { id luid } }",
];
