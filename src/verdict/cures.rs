//! What can be done about causes that no line of configuration cures.

use super::cause::Cure;
use crate::model::{UnreadableSql, UnresolvedReason};

/// The lists that lead from workbooks and data sources to tables.
pub const UPSTREAM: Cure = Cure::fields(&[
    "upstreamTables { id name schema fullName connectionType database { name connectionType } }",
    "upstreamDatasources { id luid name }",
    "embeddedDatasources { id name upstreamTables { id } upstreamDatasources { id luid } }",
]);

/// What to do about hidden names.
pub const SEE_ALL: Cure = Cure::Advice(
    "export with the token of a site administrator, or have an administrator turn on derived permissions (they \
     are on with Data Management)",
);

/// What to do about a database that Tableau does not show.
pub const DATABASE: Cure = Cure::fields(&["fullName", "database { name }"]);

/// What to do about a schema that the export lacks: one that the user gives can be wrong, so Tableau is
/// asked first.
pub const FULL_NAME: Cure = Cure::fields(&["fullName"]);

/// What speaks against a line for a connection type: names of tables are often the same in an old and
/// in a new warehouse.
pub const OTHER_CONNECTION: Cure = Cure::Advice(
    "or leave it, if that connection leads to another warehouse with tables of the same names",
);

/// What to do about nodes that all have the relation that Tableau reads.
pub const SHARED: Cure = Cure::Advice(
    "keep one of the nodes below, which declare one relation, or give the others a relation of their own",
);

/// What to do about relations that differ only in case, none of which Tableau shows.
pub const CASE: Cure = Cure::Advice(
    "let Tableau show the name in the case of the one that it reads, or rename one of the relations",
);

/// What to do about relations of several databases, none of which Tableau shows.
pub const DATABASES: Cure = Cure::Advice(
    "say by `match.rewrite` for which of their databases the one that Tableau shows stands",
);

/// What to do about relations of several schemas, if Tableau shows none.
pub const SCHEMAS: Cure =
    Cure::Advice("say by `match.default_schema` in which of their schemas the table is");

/// What to do about tables in another warehouse.
pub const OTHER_PLATFORM: Cure = Cure::Advice(
    "nothing to do, unless dbt builds them: then `match.connection_types` says what the type reads as",
);

/// What to do about files.
pub const NOT_WAREHOUSE: Cure = Cure::Advice("nothing to do");

/// Who reads custom SQL. A data source that shows nothing upstream may read it.
const READERS: Cure = Cure::Query {
    section: "customSQLTables",
    fields: &[
        "downstreamWorkbooks { luid }",
        "downstreamDatasources { id }",
    ],
};

/// What to do about objects that lead to no table for this reason. `is_reader_unknown`: the export has
/// custom SQL and does not name who reads it.
pub fn of_unresolved(reason: UnresolvedReason, is_reader_unknown: bool) -> Vec<Cure> {
    let cure = match reason {
        UnresolvedReason::NotInExport => Cure::Advice(
            "add the missing pages to the export: embedded and published data sources, virtual connections, flows, \
             tables",
        ),
        UnresolvedReason::SiteUnknown => Cure::Advice(
            "pass the files of one site at a time, or name the site with `--server` and `--site`",
        ),
        UnresolvedReason::ListsMissing => UPSTREAM,
        UnresolvedReason::ListsNull => {
            Cure::Advice("repeat the export, with smaller pages if Tableau had too little time")
        }
        UnresolvedReason::TablesNotNamed => {
            Cure::fields(&["upstreamVirtualConnectionTables { id }"])
        }
        UnresolvedReason::NothingNamed | UnresolvedReason::OnlyExtract => Cure::Advice(
            "look at the lineage in Tableau: if it is empty there as well, Tableau does not know more",
        ),
        UnresolvedReason::TooManyCopies => {
            Cure::Advice("repeat the export in one go, and leave out older files")
        }
    };
    let may_read_sql = matches!(
        reason,
        UnresolvedReason::NothingNamed | UnresolvedReason::OnlyExtract
    );
    let readers = (may_read_sql && is_reader_unknown).then_some(READERS);
    readers.into_iter().chain([cure]).collect()
}

/// What to do about custom SQL whose tables are not known for this reason.
pub fn of_unreadable(reason: UnreadableSql) -> Cure {
    match reason {
        UnreadableSql::TablesNotListed
        | UnreadableSql::Unsupported
        | UnreadableSql::PartlyRead
        | UnreadableSql::NoTables => Cure::Query {
            section: "customSQLTables",
            fields: &[
                "query",
                "connectionType",
                "database { name connectionType }",
            ],
        },
        UnreadableSql::InVirtualConnection => Cure::Advice(
            "let the virtual connection read a dbt model or a table in place of the query",
        ),
        UnreadableSql::Parameter | UnreadableSql::Dynamic => Cure::Advice(
            "name the tables in the query itself, or let the data source read a dbt model",
        ),
        UnreadableSql::InDoubt(_) => {
            Cure::Advice("mend the query at that place, or let the data source read a dbt model")
        }
    }
}
