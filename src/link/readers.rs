//! What each workbook and each data source reads, with the outcome of everything.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Matched, Other};
use crate::link::{WorkbookLinks, WorkbookTable};
use crate::model::{Read, Site, Upstream};

impl<'a> Matched<'a> {
    /// What each workbook and each data source reads.
    pub(super) fn readers(
        &self,
        site: &'a Site<'a>,
    ) -> (Vec<WorkbookLinks<'a>>, Vec<WorkbookLinks<'a>>) {
        let workbooks = site.workbooks.par_iter();
        let datasources = site.datasources.par_iter();
        (
            workbooks.map(|one| self.reads(&one.reads)).collect(),
            datasources.map(|one| self.reads(&one.reads)).collect(),
        )
    }

    fn reads(&self, reads: &'a [Read<'a>]) -> WorkbookLinks<'a> {
        let tables = reads.iter().map(|read| WorkbookTable {
            table: Arc::clone(match &read.upstream {
                Upstream::Table(table) => &self.tables[table.0],
                Upstream::Hidden(_) | Upstream::Unresolved(_) | Upstream::Unreadable { .. } => {
                    &self.others[&Other::of(read)]
                }
            }),
            paths: &read.paths,
        });
        WorkbookLinks {
            tables: tables.collect(),
        }
    }
}
