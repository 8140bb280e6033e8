//! Why something on Tableau's side is unknown, each reason with its sentence for reports.

use super::display::display_enum;
use super::narrowing::Narrowing;
use super::object_kind::ObjectKind;
use super::relation::NameError;

display_enum! {
    /// Why a workbook may read more than the export shows. Reads that have no name are gaps as well,
    /// with reasons of their own.
    pub enum WorkbookGap {
        /// The query did not ask for anything upstream of it.
        NothingUpstream = "nothing-listed" => "the export does not list what it reads";
        /// Something fills the extract that it reads, and Tableau does not show what.
        OnlyExtract = "only-extract" => "Tableau shows an extract, but not what fills it";
        /// A list of such objects ends before its last one.
        ListCutOff(kind: ObjectKind) = "list-cut-off" => "the list of {} in the export is cut off", kind.plural();
        /// Null stands where such objects were to be listed.
        ListNull(kind: ObjectKind) = "list-null" => "Tableau answered null where it should list {}", kind.plural();
        /// No page of such objects has a total, so that some of the pages may be missing.
        ListNotCounted(kind: ObjectKind) = "list-not-counted" => "without `totalCount`, nothing shows that no page of {} is missing", kind.plural();
        /// Lists of what reads such objects end before their last element, or hide some.
        ReadersCutOff(kind: ObjectKind) = "readers-cut-off" => "the export does not show everything that reads its {}", kind.plural();
        /// The envelope calls this section incomplete.
        SectionIncomplete(section: String) = "section-incomplete" => "the export marks `{section}` as incomplete";
        /// The envelope calls so many more sections incomplete.
        MoreSectionsIncomplete(count: usize) = "more-sections-incomplete" => "the export marks {count} more sections as incomplete";
        /// Custom SQL that Tableau could not parse and that is not in the export.
        UnsupportedSql = "unsupported-sql" => "it contains custom SQL that Tableau could not parse and that is missing from the export";
        /// Its title is hidden, and then little else is shown.
        NoTitle = "no-title" => "its title is missing from the export";
        /// A key comes twice in an object of the export.
        KeyTwice = "key-twice" => "a key comes twice in an object of the export, so it is not clear what it says";
        /// Null stands in place of all lists of a response.
        NullResponse = "null-response" => "the `data` of a response is null, without an error that says why, so parts may be missing";
        /// Tableau returned an error with this code along with what workbooks read.
        TableauError(code: String) = "tableau-error" => "Tableau reported {code}, so parts may be missing";
        /// Tableau returned so many more errors of other codes.
        MoreTableauErrors(count: usize) = "more-tableau-errors" => "Tableau reported {count} more errors, so parts may be missing";
    }
}

display_enum! {
    /// Why an export may not list every workbook of its site.
    pub enum WorkbookListGap {
        /// Tableau returned an error with this code along with the workbooks.
        TableauError(code: String) = "tableau-error" => "Tableau reported {code}, so workbooks may be missing";
        /// Tableau returned so many more errors of other codes.
        MoreTableauErrors(count: usize) = "more-tableau-errors" => "Tableau reported {count} more errors, so workbooks may be missing";
        /// So many workbooks are null.
        Hidden(count: usize) = "hidden-workbooks" => "the token cannot see {count} of its workbooks";
        /// So many workbooks have no luid, so that nobody knows which ones they are.
        WithoutLuid(count: usize) = "without-luid" => "{count} of its workbooks {} no luid", if *count == 1 { "has" } else { "have" };
        /// A key comes twice in an object of the export.
        KeyTwice = "key-twice" => "a key comes twice in an object of it, so it is not clear what it lists";
        /// Null stands in place of all lists of a response.
        NullResponse = "null-response" => "the `data` of a response is null, without an error that says why";
        /// The envelope marks the list as incomplete.
        MarkedIncomplete = "marked-incomplete" => "it is marked as incomplete";
        /// It lists fewer workbooks than Tableau's total.
        Fewer(listed: u64, total: u64) = "fewer-than-total" => "it contains {listed} of {total} workbooks";
        /// It lists more workbooks than Tableau counts.
        More(listed: u64, total: u64) = "more-than-total" => "it contains {listed} workbooks, and Tableau counts {total}";
        /// Its pages give different totals.
        TotalsDisagree = "totals-disagree" => "its pages give different counts of workbooks";
        /// The last page is there, and no total shows whether the ones before it are.
        NotCounted = "list-not-counted" => "without `totalCount`, nothing shows that no page of workbooks is missing";
        /// There are pages, but not the last one.
        LastPageMissing = "last-page-missing" => "its last page of workbooks is missing";
        /// Null stands where a page of workbooks was to be.
        ListNull = "list-null" => "Tableau answered null where it should list workbooks";
        /// A plain list has neither a total nor a last page.
        PlainList = "plain-list" => "a plain list of workbooks does not say whether it is complete";
        /// It was asked for the workbooks of some projects alone, by these patterns, and has them all.
        Narrowed(to: Narrowing) = "narrowed" => "it has the workbooks of some projects alone: {to}";
        /// The export has no list of workbooks.
        NoList = "no-list" => "it contains no list of workbooks";
    }
}

display_enum! {
    /// Why not all tables of custom SQL are known.
    #[derive(Copy)]
    pub enum UnreadableSql {
        /// Tableau could not parse it.
        Unsupported = "unsupported" => "Tableau could not parse this custom SQL, and the export does not show its query";
        /// Tableau could not parse it, and lists some tables all the same.
        PartlyRead = "partly-read" => "Tableau could parse only part of this custom SQL, and the export does not show its query";
        /// Tableau lists its tables, and there are none.
        NoTables = "no-tables" => "Tableau found no table in this custom SQL, and the export does not show its query";
        /// A virtual connection table made of custom SQL that Tableau could not parse.
        InVirtualConnection = "in-virtual-connection" => "it contains custom SQL that Tableau could not parse";
        /// A parameter stands for a table or a part of its name.
        Parameter = "parameter" => "a parameter stands for a table or a part of its name in this custom SQL";
        /// Which table it reads is only known when it runs.
        Dynamic = "dynamic" => "what this custom SQL reads is only known when it runs";
        /// It could not be read without a doubt, and more may be in it than is certain.
        InDoubt(doubt: DoubtKind) = "in-doubt" => "this custom SQL could not be read without a doubt: {doubt}";
        /// The query did not ask for its tables.
        TablesNotListed = "tables-not-listed" => "the export shows neither the query of this custom SQL nor its tables";
    }
}

display_enum! {
    /// Why custom SQL could not be read without a doubt.
    pub enum DoubtKind {
        /// A string, name, comment or bracket has no end, or an end has no beginning.
        Unclosed => "a quote, comment or bracket is not closed";
        /// A statement is not one that reads tables.
        NotAQuery => "it is not a query";
        /// What the quotes mean depends on the database, and was guessed.
        GuessedQuoting => "what its quotes mean depends on the database";
        /// The text is too long to be read.
        TooLong => "it is too long";
    }
}

impl DoubtKind {
    /// Whether something that the query reads may have been missed.
    pub fn may_hide_tables(self) -> bool {
        match self {
            Self::Unclosed | Self::NotAQuery | Self::TooLong => true,
            Self::GuessedQuoting => false,
        }
    }
}

display_enum! {
    /// Why a reference does not lead to tables.
    pub enum UnresolvedReason {
        /// Nothing in the export describes what it refers to.
        NotInExport = "not-in-export" => "it is referenced, but missing from the export";
        /// The query did not ask for anything upstream of it.
        ListsMissing = "lists-missing" => "the export does not list what it reads";
        /// Null stands where what it reads was to be listed.
        ListsNull = "lists-null" => "Tableau answered null where it should list what it reads";
        /// It is described, but nothing shows that its description is from the same site.
        SiteUnknown = "site-unknown" => "it is referenced, but only files that may be from another site describe it";
        /// A virtual connection has more tables than a workbook reads of it, so that knowing the
        /// connection is not enough.
        TablesNotNamed = "tables-not-named" => "the export does not say which of its tables are read";
        /// Every list of what it reads came, and all of them are empty. Tableau answers like this
        /// also where it does not know.
        NothingNamed = "nothing-named" => "Tableau shows nothing that it reads";
        /// Something fills the extract, and Tableau does not show what.
        OnlyExtract = "only-extract" => "Tableau shows an extract, but not what fills it";
        /// Its copies contradict each other in more ways than can be told apart.
        TooManyCopies = "too-many-copies" => "the export describes it in too many different ways to know which table it is";
    }
}

display_enum! {
    /// Why a table's name could not be split into a relation.
    #[derive(Copy)]
    pub enum NameProblem {
        /// Its quotes or dots are wrong.
        Malformed(error: NameError) => "its name cannot be read: {error}";
        /// It is read over a link to another server.
        Elsewhere => "it is on another server";
        /// A relation has at most three parts.
        TooManyParts(count: usize) => "its name has {count} parts, as with a linked server";
    }
}
