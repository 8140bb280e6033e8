//! What changed, in words: of one node, and of several in one sentence.

use super::names::{Words, counted_nodes};
use crate::impact::{Change, ChangeKind, ChangedColumn, ColumnChange, LostBy, LostRelation};
use crate::output::counted;

impl Words {
    /// What changed in a node: of several things the one that weighs most.
    pub(super) fn change(self, change: &Change) -> String {
        if let Some(lost) = &change.lost {
            return self.loss(change, lost);
        }
        if let Some(sentence) = self.columns_change(change) {
            return sentence;
        }
        let kinds = change.kinds.iter();
        let weighty = kinds.min_by_key(|kind| (weight(kind), *kind));
        let name = self.kind_and_node(&change.unique_id);
        match weighty {
            Some(kind) => self.kind(&name, kind, true),
            None => format!("{name} changes"),
        }
    }

    /// A kind of change, of one node or of several alike.
    fn kind(self, name: &str, kind: &ChangeKind, is_one: bool) -> String {
        match kind {
            ChangeKind::Relation | ChangeKind::Columns => format!("{name} changes"),
            ChangeKind::Text => format!("the code of {name} changes"),
            ChangeKind::Inputs(removed, added) => {
                let (gone, new) = (self.inputs(removed), self.inputs(added));
                match (removed.is_empty(), added.is_empty()) {
                    (true, _) => format!("{name} also reads {new}"),
                    (_, true) => format!("{name} no longer reads {gone}"),
                    _ => format!("{name} reads {new} instead of {gone}"),
                }
            }
            ChangeKind::Macros(ids) => {
                let macros = self.nodes(ids.iter().map(AsRef::as_ref));
                let (noun, changes) = match ids.len() {
                    1 => ("macro", "changes"),
                    _ => ("macros", "change"),
                };
                let calls = if is_one { "calls" } else { "call" };
                format!("{noun} {macros} {changes}, which {name} {calls}")
            }
            ChangeKind::Config(keys) => {
                let keys = self.names(keys.iter().map(String::as_str));
                format!("the configuration of {name} changes: {keys}")
            }
            ChangeKind::Seed => format!("the rows of {name} change"),
            ChangeKind::Source => format!("{name} is another table now"),
            ChangeKind::Contract => format!("the contract of {name} changes"),
            ChangeKind::Version(before, now) => {
                let plain = |version: &str| (self.sentence)(version.trim_matches('"'));
                let (before, now) = (plain(before), plain(now));
                format!("version {now} is the latest one now, instead of {before}: {name}")
            }
            ChangeKind::Compiled => {
                format!("{name} compiles to another query, as with another value of a var")
            }
            ChangeKind::Successor(other) => {
                format!(
                    "{} builds the table of {name} now",
                    self.kind_and_node(other)
                )
            }
        }
    }

    fn inputs(self, ids: &[impl AsRef<str>]) -> String {
        let names = ids.iter().map(|id| self.kind_and_node(id.as_ref()));
        super::names::listed(names)
    }

    fn loss(self, change: &Change, lost: &LostRelation) -> String {
        let name = self.kind_and_node(&change.unique_id);
        if let Some(renamed) = &change.renamed {
            let alike = if renamed.has_same_text {
                "the same"
            } else {
                "much the same"
            };
            return format!("{name} is now {} ({alike} code)", self.node(&renamed.to));
        }
        match &lost.by {
            LostBy::Deleted | LostBy::Renamed => format!("{name} is deleted"),
            LostBy::Disabled => format!("{name} is disabled"),
            LostBy::Ephemeral => format!("{name} is ephemeral now, so it has no table"),
            LostBy::Alias | LostBy::Schema | LostBy::Database | LostBy::Quoting => {
                let Some(instead) = &lost.instead else {
                    return format!("{name} is built in another place now");
                };
                let as_in_head = if lost.is_as_in_head {
                    " (as head names it)"
                } else {
                    ""
                };
                format!(
                    "{name} is built as {} now{as_in_head}",
                    (self.name)(instead)
                )
            }
        }
    }

    /// The columns that go, else those that change.
    fn columns_change(self, change: &Change) -> Option<String> {
        let name = self.kind_and_node(&change.unique_id);
        let of = |is_so: fn(&ColumnChange) -> bool| {
            let columns = change.columns.iter().filter(|column| is_so(&column.change));
            columns.collect::<Vec<_>>()
        };
        let gone = of(|change| matches!(change, ColumnChange::Gone(_)));
        if let Some(first) = gone.first() {
            let perhaps = match &first.change {
                ColumnChange::Gone(Some(new)) => format!(" (perhaps {} now)", (self.name)(new)),
                _ => String::new(),
            };
            return Some(format!("{name} loses {}{perhaps}", self.columns(&gone)));
        }
        let failing = of(|change| *change == ColumnChange::FailsRun);
        if !failing.is_empty() {
            let columns = self.columns(&failing);
            return Some(format!(
                "{name} no longer selects {columns}, so its next run fails"
            ));
        }
        let null = of(|change| *change == ColumnChange::Null);
        if !null.is_empty() {
            let columns = self.columns(&null);
            return Some(format!(
                "{name} no longer selects {columns}, empty in new rows"
            ));
        }
        let mut types = change
            .columns
            .iter()
            .filter_map(|column| match &column.change {
                ColumnChange::Type(before, now) => Some((&column.name, before, now)),
                _ => None,
            });
        let (column, before, now) = types.next()?;
        let more = match types.count() {
            0 => String::new(),
            count => format!(", and {count} more"),
        };
        let [column, before, now] = [column, before, now].map(|text| (self.name)(text));
        Some(format!(
            "column {column} of {name} is {now} instead of {before}{more}"
        ))
    }

    /// `column a`, `columns a and b`.
    fn columns(self, columns: &[&ChangedColumn]) -> String {
        let noun = if columns.len() == 1 {
            "column"
        } else {
            "columns"
        };
        format!(
            "{noun} {}",
            self.names(columns.iter().map(|column| column.name.as_str()))
        )
    }

    /// What changed in several nodes, in one sentence.
    pub(super) fn changes(self, changes: &[&Change]) -> String {
        match changes {
            [] => String::new(),
            [only] => self.change(only),
            _ => self
                .one_kind(changes)
                .or_else(|| self.one_loss(changes))
                .unwrap_or_else(|| self.many(changes)),
        }
    }

    /// The same for all of them, as the same macro.
    fn one_kind(self, changes: &[&Change]) -> Option<String> {
        let [kind] = &changes[0].kinds[..] else {
            return None;
        };
        let is_alike = |change: &&Change| {
            let is_whole = change.lost.is_none() && change.columns.is_empty();
            is_whole && change.kinds == changes[0].kinds
        };
        if !changes.iter().all(is_alike) {
            return None;
        }
        let names = self.nodes(ids(changes));
        match kind {
            ChangeKind::Macros(_)
            | ChangeKind::Text
            | ChangeKind::Config(_)
            | ChangeKind::Contract => Some(self.kind(&names, kind, false)),
            _ => None,
        }
    }

    /// The same loss for all of them.
    fn one_loss(self, changes: &[&Change]) -> Option<String> {
        let by = |change: &Change| change.lost.as_ref().map(|lost| lost.by);
        let first = by(changes[0])?;
        if !changes
            .iter()
            .all(|change| by(change).as_ref() == Some(&first))
        {
            return None;
        }
        let what = match first {
            LostBy::Deleted => "are deleted",
            LostBy::Renamed => "have other names now",
            LostBy::Disabled => "are disabled",
            LostBy::Ephemeral => "are ephemeral now, so they have no tables",
            LostBy::Alias => "have another alias now",
            LostBy::Schema => "move to another schema",
            LostBy::Database => "move to another database",
            LostBy::Quoting => "have names that are quoted otherwise",
        };
        let names = self.nodes(ids(changes));
        Some(format!("{} {what}: {names}", counted_nodes(ids(changes))))
    }

    fn many(self, changes: &[&Change]) -> String {
        if let [one, other] = changes {
            return format!("{}; {}", self.change(one), self.change(other));
        }
        let loses = |change: &&&Change| change.lost.is_some() || !change.columns.is_empty();
        if let Some(worst) = changes.iter().find(loses) {
            let more = counted(changes.len() - 1, "more change");
            return format!("{}, and {more}", self.change(worst));
        }
        let names = self.nodes(ids(changes));
        format!("{} change: {names}", counted_nodes(ids(changes)))
    }
}

fn ids<'c>(changes: &'c [&'c Change]) -> impl Iterator<Item = &'c str> + Clone {
    changes.iter().map(|change| change.unique_id.as_ref())
}

/// Which of several kinds of change is told: the lowest.
fn weight(kind: &ChangeKind) -> usize {
    match kind {
        ChangeKind::Successor(_) => 0,
        ChangeKind::Relation | ChangeKind::Columns => 1,
        ChangeKind::Text | ChangeKind::Seed | ChangeKind::Source => 2,
        ChangeKind::Inputs(..) => 3,
        ChangeKind::Macros(_) => 4,
        ChangeKind::Contract => 5,
        ChangeKind::Config(_) => 6,
        ChangeKind::Version(..) | ChangeKind::Compiled => 7,
    }
}
