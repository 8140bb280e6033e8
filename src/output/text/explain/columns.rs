//! The columns of a table that a workbook uses, by how it uses them.

use std::fmt;

use super::super::Page;
use crate::model::Degree;
use crate::output::explain::facts::{ColumnFacts, ColumnsFacts};
use crate::output::visible;

/// How many columns are shown of each degree, unless all are asked for.
const MOST_COLUMNS: usize = 20;

impl Page {
    pub(super) fn columns(&mut self, columns: &ColumnsFacts) -> fmt::Result {
        let mut what = "columns";
        for (degree, words) in [
            (Degree::OnSheet, "on a sheet"),
            (Degree::InQuery, "named by custom SQL"),
            (Degree::Perhaps, "perhaps used"),
            (Degree::InDatasource, "in the data source only"),
        ] {
            let of_degree = columns.of_degree(degree).collect::<Vec<_>>();
            if of_degree.is_empty() {
                continue;
            }
            let (shown, more) = self.capped_at(&of_degree, MOST_COLUMNS);
            let shown = shown.iter().map(|column| self::shown(column));
            let more = (more > 0).then(|| format!("{more} more"));
            let shown = shown.chain(more).collect::<Vec<_>>().join(", ");
            self.fact(what, &format!("{words}: {shown}"))?;
            what = "";
        }
        let others = if columns.is_told {
            "others are not used"
        } else {
            "the export does not tell whether others are used"
        };
        self.fact(what, others)
    }
}

/// A column, with the sheets that show it and by which fields, or where custom SQL names it.
fn shown(column: &ColumnFacts) -> String {
    let name = visible(&column.name);
    let is_other = |field: &&String| **field != column.name;
    let fields = column.fields.iter().filter(is_other);
    let fields = fields
        .map(|field| visible(field))
        .collect::<Vec<_>>()
        .join(", ");
    let sheets = column.sheets.iter().map(|sheet| visible(sheet));
    let sheets = sheets.collect::<Vec<_>>().join(", ");
    let place = column.places.first();
    let place = place.map(|place| format!("line {}", place.line));
    let by = match (column.degree, place) {
        (Degree::OnSheet, _) if fields.is_empty() => sheets,
        (Degree::OnSheet, _) if sheets.is_empty() => fields,
        (Degree::OnSheet, _) => format!("{fields} on {sheets}"),
        (_, Some(place)) => place,
        (_, None) => String::new(),
    };
    if by.is_empty() {
        name.into_owned()
    } else {
        format!("{name} ({by})")
    }
}
