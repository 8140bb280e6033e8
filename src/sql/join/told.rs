//! What should be told about custom SQL beside its tables.

use super::found::Found;
use crate::model::listing::first_few;
use crate::model::{Code, CustomSql, Diagnostic, Table};

/// What should be told about all custom SQL that workbooks read.
pub(super) fn diagnostics(
    custom_sql: &[CustomSql],
    found: &[Found],
    tables: &[Table],
) -> Vec<Diagnostic> {
    let all = || custom_sql.iter().zip(found);
    let refuted = all().flat_map(|(sql, found)| {
        let tables = found.refuted.iter().map(|at| &tables[at.0]);
        tables.map(|table| format!("{table} (custom SQL {:?})", sql.name))
    });
    let refuted = listed(refuted).map(|names| {
        let message = format!(
            "Tableau lists as tables of custom SQL what is a CTE, a temporary table or a function in the query, so these are not linked: {names}"
        );
        Diagnostic::new(Code::SqlDiffers, "", message)
    });
    let inferred = all().filter(|(_, found)| !found.added.is_empty());
    let inferred = inferred.flat_map(|(sql, found)| {
        let first = found.doubts.iter().next();
        first.map(|(doubt, place)| format!("{:?} ({doubt}, {place})", sql.name))
    });
    let inferred = listed(inferred).map(|names| {
        let message = format!(
            "custom SQL could not be read without a doubt, so what only it shows is marked as inferred: {names}"
        );
        Diagnostic::new(Code::SqlInferred, "", message)
            .help("with `--strict`, such tables are not linked")
    });
    refuted.into_iter().chain(inferred).collect()
}

/// The first few of some names in order, and how many there are; `None` if there are none.
fn listed(names: impl Iterator<Item = String>) -> Option<String> {
    let mut names = names.collect::<Vec<_>>();
    names.sort_unstable();
    names.dedup();
    let all = names.len();
    (all > 0).then(|| first_few(all, names))
}
