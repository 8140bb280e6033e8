//! The links that workbooks lost, before everything else.

use std::fmt::{self, Write};

use super::super::cap::{MOST_LOST, shared_among};
use super::super::lost::{OTHER_TARGET, facts, not_selected, other_tables, sentences, workbooks};
use super::super::{printable, visible};
use super::{FAINT, Page, REMOVED};
use crate::report::{LostFacts, LostReader, LostRelation};

impl Page {
    pub(super) fn lost(&mut self, lost: &LostFacts) -> fmt::Result {
        let not_selected = not_selected(lost);
        if lost.relations.is_empty() && not_selected.is_none() {
            return Ok(());
        }
        for sentence in sentences(lost) {
            let sentence = self.paint(REMOVED.bold(), &sentence.text);
            writeln!(self.text, "{sentence}")?;
        }
        if lost.is_of_other_target {
            writeln!(self.text, "  {OTHER_TARGET}")?;
        }
        let (relations, more) = self.capped_at(&lost.relations, MOST_LOST);
        let most = shared_among(relations.len());
        for relation in relations {
            self.lost_relation(relation, most)?;
        }
        let what = if more == 1 { "relation" } else { "relations" };
        self.left_out("  ", more, what)?;
        if let Some(not_selected) = not_selected {
            let indent = if lost.relations.is_empty() { "" } else { "  " };
            writeln!(self.text, "{indent}{not_selected}")?;
        }
        writeln!(self.text)
    }

    /// A relation, with the first workbooks that read it.
    fn lost_relation(&mut self, relation: &LostRelation, most: usize) -> fmt::Result {
        let shown = printable(&visible(&relation.relation));
        let node = printable(&relation.node);
        let fate = printable(&relation.fate.to_string());
        writeln!(self.text, "  {shown} ({node}): {fate}")?;
        // What became of a node that is still there names its relation.
        if relation.fate.new_relation().is_none() {
            self.nearest("nearest", &relation.nearest)?;
        }
        let workbooks = workbooks(relation);
        let (shown, more) = self.capped_at(&workbooks, most);
        for readers in shown {
            self.lost_readers(relation, readers)?;
        }
        self.left_out("      ", more, "")
    }

    /// One workbook, with its tables.
    fn lost_readers(&mut self, relation: &LostRelation, readers: &[LostReader]) -> fmt::Result {
        let workbook = &readers[0].workbook;
        let title = printable(workbook.title_and_luid().0);
        let tables = other_tables(relation, readers, printable);
        let tables = tables.map(|tables| format!(", as {tables}"));
        let tables = tables.unwrap_or_default();
        let facts = facts(workbook).into_iter();
        let facts = facts.map(|fact| printable(&fact)).collect::<Vec<_>>();
        let facts = self.paint(FAINT, &facts.join(" · "));
        writeln!(self.text, "      read by  {title}{tables}  {facts}")
    }
}
