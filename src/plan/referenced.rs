//! The columns that exposures say their workbooks use, `meta.referenced_columns`.
//!
//! Only what is in use for certain is listed: columns that a sheet shows, itself or through
//! calculations, and those that custom SQL names. What an export does not tell is left out, and told.

use std::collections::BTreeMap;

use crate::link::{Outcome, WorkbookLinks};
use crate::model::{
    Code, Degree, Dependency, Diagnostic, Exposure, KnownColumns, Node, NodeIx, StandingExposure,
    Upstream, UsedColumn, Workbook,
};

/// How columns are asked for.
const HELP: &str = "save the export with the fields of data sources and sheets, as `docs/queries/columns` asks for them";

/// The columns of the nodes that a workbook reads.
pub(super) struct Referenced {
    by_node: BTreeMap<NodeIx, Spellings>,
    /// Whether the workbook uses no other columns of these nodes, and all of them can be listed.
    is_all: bool,
}

/// Columns by their names in lower case. A connection spells a name as its database stores it, and
/// custom SQL as somebody typed it, so that the spelling of connections goes first. Two columns that
/// differ only in case are two where a connection names both.
#[derive(Default)]
struct Spellings(BTreeMap<String, Vec<(Degree, String)>>);

impl Spellings {
    fn add(&mut self, column: &UsedColumn) {
        let spellings = self.0.entry(column.name.to_lowercase()).or_default();
        spellings.push((column.degree, column.name.to_string()));
    }

    fn into_names(self) -> Vec<String> {
        let names = self.0.into_values().flat_map(|mut spellings| {
            spellings.sort();
            let is_shown = |degree: &Degree| *degree == Degree::OnSheet;
            let shown = spellings.iter().filter(|(degree, _)| is_shown(degree));
            let most = shown.count().max(1);
            spellings.truncate(most);
            spellings.dedup();
            spellings.into_iter().map(|(_, name)| name)
        });
        let mut names = names.collect::<Vec<_>>();
        names.sort();
        names
    }
}

impl Referenced {
    /// What the export tells of the nodes that a workbook is linked to.
    pub(super) fn new(workbook: &Workbook, links: &WorkbookLinks) -> Self {
        let mut referenced = Self {
            by_node: BTreeMap::new(),
            is_all: true,
        };
        for (read, table) in workbook.reads.iter().zip(&links.tables) {
            let Outcome::Linked { node, .. } = table.table.outcome else {
                continue;
            };
            let known = match read.upstream {
                Upstream::Table(at) => workbook.columns_of(at),
                _ => KnownColumns::default(),
            };
            referenced.add(node, known);
        }
        referenced
    }

    fn add(&mut self, node: NodeIx, known: KnownColumns) {
        self.is_all &= known.is_told;
        let spellings = self.by_node.entry(node).or_default();
        for column in known.columns.iter().filter(|column| is_in_use(column)) {
            let is_listed = is_listed(&column.name);
            self.is_all &= is_listed;
            if is_listed {
                spellings.add(column);
            }
        }
    }

    /// Gives the dependencies of the workbook the columns that it uses of them. Returns whether these
    /// are all.
    pub(super) fn give<'d>(
        mut self,
        dependencies: impl Iterator<Item = &'d mut Dependency>,
    ) -> bool {
        for dependency in dependencies {
            let columns = self.by_node.remove(&dependency.node);
            dependency.columns = columns.map(Spellings::into_names).unwrap_or_default();
        }
        self.is_all
    }
}

fn is_in_use(column: &UsedColumn) -> bool {
    match column.degree {
        Degree::OnSheet | Degree::InQuery => true,
        Degree::Perhaps | Degree::InDatasource => false,
    }
}

/// Whether a column of this name is listed. Elementary puts the names of missing columns between
/// single quotes into the SQL of its test, where a name could end the text and begin a statement.
fn is_listed(name: &str) -> bool {
    let is_plain = |letter: char| !letter.is_control() && letter != '\'' && letter != '\\';
    name.chars().all(is_plain)
}

/// The columns of a node that an earlier run listed.
pub(super) fn earlier(standing: &StandingExposure, node: &Node) -> Vec<String> {
    let columns = standing.columns_of(node).filter(|name| is_listed(name));
    let mut columns = columns.map(str::to_owned).collect::<Vec<_>>();
    columns.sort();
    columns.dedup();
    columns
}

/// How far the export tells the columns of the exposures.
#[derive(Debug, Default)]
pub(super) struct Told {
    all: usize,
    /// Exposures without a list.
    without: usize,
    /// Exposures whose lists may lack columns.
    in_part: usize,
}

impl Told {
    pub(super) fn add(&mut self, exposure: &Exposure, is_all: bool) {
        let mut dependencies = exposure.dependencies.iter();
        let has_any = dependencies.any(|dependency| !dependency.columns.is_empty());
        self.all += 1;
        self.without += usize::from(!is_all && !has_any);
        self.in_part += usize::from(!is_all && has_any);
    }

    /// What is told of it; `None` if the export tells everything.
    pub(super) fn diagnostic(&self) -> Option<Diagnostic> {
        let Self {
            all,
            without,
            in_part,
        } = *self;
        let of = |count: usize| match (count, all) {
            (1, 1) => "the only exposure".to_owned(),
            _ => format!("{count} of {all} exposures"),
        };
        let without = (without > 0).then(|| {
            let of = of(without);
            format!("`meta.referenced_columns` is left out of {of}, since the export does not tell the columns")
        });
        let in_part = (in_part > 0).then(|| {
            let of = of(in_part);
            format!("`meta.referenced_columns` of {of} may lack columns, since the export does not tell all of them")
        });
        let both = without.into_iter().chain(in_part).collect::<Vec<_>>();
        let message = (!both.is_empty()).then(|| both.join("; "))?;
        Some(Diagnostic::new(Code::ColumnsUnknown, "", message).help(HELP))
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{Spellings, is_listed};
    use crate::model::{Degree, UsedColumn};

    #[test]
    fn a_column_is_spelled_as_the_connection_spells_it() {
        let names = |columns: &[(&'static str, Degree)]| {
            let mut spellings = Spellings::default();
            for (name, degree) in columns {
                spellings.add(&UsedColumn::new(Cow::Borrowed(*name), *degree));
            }
            spellings.into_names()
        };
        let (sheet, query) = (Degree::OnSheet, Degree::InQuery);
        assert_eq!(names(&[("Net", query), ("NET", sheet)]), ["NET"]);
        assert_eq!(names(&[("Net", query), ("net", query)]), ["Net"]);
        assert_eq!(
            names(&[("a", sheet), ("A", sheet), ("a", sheet)]),
            ["A", "a"]
        );
        assert_eq!(names(&[("b", query), ("A", query)]), ["A", "b"]);
    }

    #[test]
    fn names_that_could_end_a_text_of_sql_are_not_listed() {
        for name in ["it's", "a\\", "a\nb"] {
            assert!(!is_listed(name), "{name:?}");
        }
        for name in ["net takings", "größe", "a\"b", ""] {
            assert!(is_listed(name), "{name:?}");
        }
    }
}
