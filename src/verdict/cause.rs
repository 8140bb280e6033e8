//! Causes why tables do not link, and their cures.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use super::line::Line;
use super::withheld::Withheld;
use crate::model::display::display_enum;
use crate::model::{ObjectKind, UnreadableSql, UnresolvedReason};

display_enum! {
    /// Why several tables are not linked. The order is that of causes that explain equally much.
    pub enum Why {
        /// Tableau shows another database than the project's.
        OtherDatabase(shown: String, own: String) = "other-database" => "Tableau shows {shown} as the database, and the project is in {own}";
        /// Tableau shows another schema than the project's.
        OtherSchema(pairs: String) = "other-schema" => "Tableau shows another schema than the project's: {pairs}";
        /// Database and schema are others, as in a manifest of another target.
        OtherTarget(pairs: String) = "other-target" => "Tableau shows another database and schema than this manifest, which may be of another target: {pairs}";
        /// Their connection type is another warehouse's, and their names would fit.
        OtherConnection(connection: String, adapter: String) = "other-connection-type" => "Tableau shows {connection} as the connection type, the project is on {adapter}, and schema and name would fit";
        /// Tableau shows the names of nodes whose relations have other names.
        OtherAlias(pairs: String) = "other-alias" => "Tableau shows the name of a node whose relation has another one: {pairs}";
        /// Relations differ only in case.
        CaseOnly = "case-only" => "relations of the project differ only in case";
        /// Neither Tableau nor a query names a schema, and the project has relations of their names.
        NoSchema = "no-schema" => "only the name is known, without a schema";
        /// Neither names a schema, and the project has no relations of their names.
        NoNamesake = "no-namesake" => "only the name is known, and nothing in the project has it";
        /// Tableau shows no database, and relations of several databases fit.
        NoDatabase = "no-database" => "Tableau shows no database, and relations of several databases fit";
        /// Tables of several databases fit one relation.
        SeveralDatabases(databases: String) = "several-databases" => "tables of several databases fit one relation by schema and name: {databases}";
        /// Sources of several packages are one relation.
        SeveralSources = "several-sources" => "sources of several packages are one relation";
        /// Several nodes fit for another reason.
        SeveralNodes = "several-nodes" => "several nodes of the project fit equally well";
        /// Tableau hides their names.
        HiddenNames = "hidden-names" => "Tableau hides the name from the token of the export";
        /// What workbooks read leads to no table.
        Unresolved(reason: UnresolvedReason) = "unresolved" => "{}", unresolved(*reason);
        /// Custom SQL that could not be read.
        CustomSql(reason: UnreadableSql) = "custom-sql" => "custom SQL {}", unreadable(*reason);
        /// The export has no list of what workbooks read.
        NothingListed = "nothing-listed" => "the export does not list what is read";
        /// Their names cannot be split.
        UnreadableNames = "unreadable-names" => "the name cannot be split, or is one of another server";
        /// The project has no relation in their database and schema.
        NotInProject(place: String) = "not-in-project" => "the project builds and declares nothing in {place}";
        /// The project has others there.
        NotBuilt(place: String) = "not-built" => "the project has tables in {place}, but none of such a name";
        /// They were linked, and the project has their relation no more.
        Lost = "lost" => "their links are lost, each as `lost_links` tells";
        /// They are in another warehouse.
        OtherPlatform(connections: String, adapter: String) = "other-platform" => "read over {connections}, and the project is on {adapter}";
        /// They are in no warehouse.
        NotWarehouse = "not-warehouse" => "files, sheets, extracts and web connectors, not a warehouse";
    }
}

fn unresolved(reason: UnresolvedReason) -> &'static str {
    match reason {
        UnresolvedReason::NotInExport => "mentioned in the export, but not described",
        UnresolvedReason::ListsMissing => "the export does not list what is upstream",
        UnresolvedReason::ListsNull => {
            "Tableau answered null where it should list what is upstream"
        }
        UnresolvedReason::SiteUnknown => "described only in files that may be of another site",
        UnresolvedReason::TablesNotNamed => "the export does not say which of its tables are read",
        UnresolvedReason::NothingNamed => "Tableau shows nothing upstream",
        UnresolvedReason::OnlyExtract => "Tableau shows an extract, but not what fills it",
        UnresolvedReason::TooManyCopies => {
            "described in too many different ways to know which table is meant"
        }
    }
}

fn unreadable(reason: UnreadableSql) -> &'static str {
    match reason {
        UnreadableSql::Unsupported => "that Tableau could not parse, and whose query is not shown",
        UnreadableSql::PartlyRead => {
            "that Tableau could parse only in part, and whose query is not shown"
        }
        UnreadableSql::NoTables => "in which Tableau found no table, and whose query is not shown",
        UnreadableSql::InVirtualConnection => {
            "in a virtual connection, which Tableau could not parse"
        }
        UnreadableSql::TablesNotListed => {
            "of which the export shows neither the query nor the tables"
        }
        UnreadableSql::Parameter => "in which a parameter stands for a table or a part of its name",
        UnreadableSql::Dynamic => "of which only its run shows what it reads",
        UnreadableSql::InDoubt(_) => "that could not be read without a doubt",
    }
}

impl Why {
    /// Whether it is no fault: such tables are not the project's.
    pub fn is_normal(&self) -> bool {
        matches!(
            self,
            Self::NotInProject(_)
                | Self::NotBuilt(_)
                | Self::NoNamesake
                | Self::Lost
                | Self::OtherPlatform(..)
                | Self::NotWarehouse
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
        /// What may stand where they have [`super::rewrite_line::CHOICE`]: the user must know which.
        choices: Vec<Choice>,
    },
    /// Lines that were tried as well and link more, at a risk.
    Risky {
        /// The lines, in place of those of [`Cure::Config`].
        lines: Vec<Line>,
        /// What links by them.
        counted: Counted,
        /// What may go wrong.
        risk: &'static str,
    },
    /// A command that makes the right manifest.
    Command(&'static str),
    /// Fields to ask for in the query.
    Query {
        /// The section of the query; empty if it is that of the object itself.
        section: &'static str,
        /// The fields.
        fields: &'static [&'static str],
    },
    /// Something else, in one sentence.
    Advice(&'static str),
}

impl Cure {
    /// Fields to ask for wherever the object is.
    pub(super) const fn fields(fields: &'static [&'static str]) -> Self {
        let section = "";
        Self::Query { section, fields }
    }
}

/// A value for what the user must choose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// The value.
    pub value: String,
    /// What links by it.
    pub counted: Counted,
}

/// How much something explains or links.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    /// How many distinct objects there are of each kind.
    pub kinds: BTreeMap<ObjectKind, usize>,
    /// How many workbooks read one of them.
    pub workbooks: usize,
}

impl Counted {
    /// How many objects there are of all kinds.
    pub fn objects(&self) -> usize {
        self.kinds.values().sum()
    }
}

/// Why some tables are not linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Why.
    pub why: Why,
    /// What it explains. With lines of configuration, so much links by them.
    pub counted: Counted,
    /// What can be done, the best first.
    pub cures: Vec<Cure>,
    /// Lines that are not proposed.
    pub withheld: Vec<Withheld>,
}

impl Cause {
    /// Whether the manifest may be of another target than Tableau reads.
    pub fn is_of_other_target(&self) -> bool {
        let mut cures = self.cures.iter();
        cures.any(|cure| matches!(cure, Cure::Command(_)))
    }

    /// 0 if something is wrong, 1 if a line was found all the same, 2 if all is as it should be, 3 if
    /// it is told elsewhere.
    fn rank(&self) -> u8 {
        match (self.why.is_normal(), self.withheld.is_empty()) {
            _ if self.why == Why::Lost => 3,
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => 2,
        }
    }

    /// The order of causes: first those that somebody can cure, then those with lines that are not proposed,
    /// then what is not the project's; of each, what explains most first. Last comes what is told
    /// elsewhere.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let key = |cause: &Self| {
            let counted = (cause.counted.objects(), cause.counted.workbooks);
            (cause.rank(), Reverse(counted))
        };
        let by_key = key(self).cmp(&key(other));
        by_key.then_with(|| self.why.cmp(&other.why))
    }
}
