//! How much a cause explains or a line links, in words.

use super::counted;
use crate::model::ObjectKind;
use crate::verdict::Counted;

/// `3 tables of 2 workbooks`.
pub fn counts(of: &Counted) -> String {
    let workbooks = counted(of.workbooks, "workbook");
    if of.kinds.is_empty() {
        return workbooks;
    }
    format!("{} of {workbooks}", objects(of))
}

/// `3 tables, 2 flows and 1 query`.
pub fn objects(of: &Counted) -> String {
    let kinds = of.kinds.iter();
    let kinds = kinds.map(|(kind, count)| match kind {
        ObjectKind::CustomSql if *count == 1 => "1 query".to_owned(),
        ObjectKind::CustomSql => format!("{count} queries"),
        kind => counted(*count, kind.text()),
    });
    let kinds = kinds.collect::<Vec<_>>();
    match kinds.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => kinds.concat(),
    }
}
