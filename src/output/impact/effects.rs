//! What happens to one workbook, in words.

use super::ImpactAnswer;
use super::names::Words;
use crate::impact::{
    ColumnChange, ColumnEffect, ColumnUse, Effect, NotComparedReason, ReachedWorkbook, What,
};
use crate::model::relation::same_but_case;

/// How many nodes of a way are named.
const MOST_STEPS: usize = 6;

impl Words {
    /// What happens to a workbook, each thing once, the worst first. Why it happens is left out where
    /// the first line says it.
    pub(super) fn effects(self, answer: &ImpactAnswer, reached: &ReachedWorkbook) -> Vec<String> {
        let told = answer.told_cause();
        let mut all = Vec::new();
        for effect in &reached.effects {
            let sentence = self.effect(answer, effect, told != Some(effect.cause));
            if !all.contains(&sentence) {
                all.push(sentence);
            }
        }
        all
    }

    fn effect(self, answer: &ImpactAnswer, effect: &Effect, with_cause: bool) -> String {
        let (table, by) = ((self.name)(&effect.table), self.by(effect));
        match &effect.what {
            What::ColumnGone | What::ColumnNull | What::TypeChanged | What::UnusedColumnGone => {
                let columns = effect.columns.iter();
                let columns = columns.map(|column| self.column(column, &table));
                columns.collect::<Vec<_>>().join("; ")
            }
            What::PerhapsColumnGone => {
                let columns = effect.columns.iter().map(|column| column.name.as_str());
                let columns = self.names(columns);
                format!("reads {table}{by}; the export does not tell whether it uses {columns}")
            }
            What::OldVersion => {
                let node = self.node(&effect.node);
                format!("reads {table}{by}, an old version: {node}")
            }
            What::NotUpdated
            | What::RunFails
            | What::Changed
            | What::PerhapsNotUpdated
            | What::NotCompared => {
                let (now, chain) = (self.now(answer, effect), self.chain(effect));
                let is_told = !with_cause || !now.is_empty();
                let because = Some(self.because(answer, effect)).filter(|_| !is_told);
                format!(
                    "reads {table}{now}{by}{chain}{}",
                    because.unwrap_or_default()
                )
            }
        }
    }

    /// What stands for a table now, behind its name.
    fn now(self, answer: &ImpactAnswer, effect: &Effect) -> String {
        let reason = answer.not_compared(effect).map(|node| &node.reason);
        if let Some(NotComparedReason::PerhapsMoved(_, head)) = reason {
            return format!(", {} in head", (self.name)(head));
        }
        let change = answer
            .change(effect)
            .filter(|change| change.renamed.is_none());
        let instead = change.and_then(|change| change.lost.as_ref()?.instead.as_ref());
        match instead {
            Some(instead) if effect.what == What::NotUpdated => {
                format!(", now {}", (self.name)(instead))
            }
            _ => String::new(),
        }
    }

    /// Why something happens to a table.
    fn because(self, answer: &ImpactAnswer, effect: &Effect) -> String {
        let reason = answer.not_compared(effect);
        let reason = reason.map(|node| (self.sentence)(&node.reason.to_string()));
        let changed = || answer.change(effect).map(|change| self.change(change));
        let because = reason.or_else(changed);
        because.map_or_else(String::new, |because| format!("; {because}"))
    }

    /// The way to the table, if that says more than that the workbook reads it.
    fn by(self, effect: &Effect) -> String {
        match effect.path.as_str() {
            "workbook" | "" => String::new(),
            path => format!(" ({})", (self.sentence)(path)),
        }
    }

    /// The way from the change above to the table; the middle of a long one is left out.
    fn chain(self, effect: &Effect) -> String {
        let names = effect.chain.iter().map(|id| self.node(id));
        let names = names.collect::<Vec<_>>();
        match &names[..] {
            [] => String::new(),
            [first, .., before, last] if names.len() > MOST_STEPS => {
                format!(": {first} → … → {before} → {last}")
            }
            names => format!(": {}", names.join(" → ")),
        }
    }

    fn column(self, column: &ColumnEffect, table: &str) -> String {
        let change = match &column.change {
            ColumnChange::Gone(_) => "goes".to_owned(),
            ColumnChange::FailsRun => "makes the next run fail".to_owned(),
            ColumnChange::Null => "is empty in new rows".to_owned(),
            ColumnChange::Type(before, now) => {
                let [before, now] = [before, now].map(|name| (self.name)(name));
                format!("is {now} instead of {before}")
            }
        };
        let name = (self.name)(&column.name);
        format!("{name} of {table} {change}: {}", self.usage(column))
    }

    fn usage(self, column: &ColumnEffect) -> String {
        let sheets = self.names(column.sheets.iter().map(String::as_str));
        let places = column.places.iter().map(ToString::to_string);
        let places = super::names::listed(places);
        match column.usage {
            ColumnUse::OnSheet if sheets.is_empty() => "a sheet shows it".to_owned(),
            ColumnUse::OnSheet => {
                let noun = if column.sheets.len() == 1 {
                    "sheet"
                } else {
                    "sheets"
                };
                format!("used on {noun} {sheets}{}", self.fields(column))
            }
            ColumnUse::InQuery if places.is_empty() => "custom SQL names it".to_owned(),
            ColumnUse::InQuery => format!("custom SQL names it ({places})"),
            ColumnUse::InDatasource => "only in the data source, and on no sheet".to_owned(),
            ColumnUse::NotTold => "the export does not tell whether it is used".to_owned(),
        }
    }

    /// The fields by which a sheet shows a column, if they have other names.
    fn fields(self, column: &ColumnEffect) -> String {
        let is_other = |field: &&str| !same_but_case(field, &column.name);
        let fields = column.fields.iter().map(String::as_str);
        let fields = fields.filter(is_other).collect::<Vec<_>>();
        match fields.len() {
            0 => String::new(),
            _ => format!(" as {}", self.names(fields)),
        }
    }
}
