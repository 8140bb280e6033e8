//! Tables that have a namesake in another database or schema, or that are on another platform: the
//! manifest is probably of another target than Tableau reads.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::known::Known;
use crate::link::{Difference, MatchedTable, Outcome};
use crate::model::listing::first_few;
use crate::model::{Code, Diagnostic, Project, Relation, Upstream, WorkbookIx};

/// Fewer tables than this say nothing about a whole manifest.
const FEW: usize = 2;
/// What to do where a manifest is of another target.
pub(super) const RIGHT_TARGET: &str =
    "give the manifest that dbt writes for that target, as `dbt parse --target prod` does";

/// Where the nodes are that have the names of tables which are not linked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// How many distinct tables there are in a warehouse.
    tables: usize,
    /// How many tables have a namesake, by the place of the table and that of the node.
    namesakes: BTreeMap<[String; 2], usize>,
    /// How many tables are on another platform than the project, by connection type.
    platforms: BTreeMap<String, usize>,
    /// The project's adapter.
    adapter: String,
}

impl Elsewhere {
    /// Counts the distinct tables of some workbooks.
    pub(super) fn new(known: &Known, workbooks: impl IntoIterator<Item = WorkbookIx>) -> Self {
        let mut found = Self {
            adapter: known.project.adapter().name().to_owned(),
            ..Self::default()
        };
        let mut seen = BTreeSet::new();
        for at in workbooks {
            let reads = &known.site.workbook(at).reads;
            for (read, link) in reads.iter().zip(&known.links.workbooks[at.0].tables) {
                if let Upstream::Table(table) = read.upstream
                    && seen.insert(table)
                {
                    let name = known.site.tables[table.0].name.as_ref().ok();
                    found.add(known.project, name, &link.table);
                }
            }
        }
        found
    }

    fn add(&mut self, project: &Project, name: Option<&Relation>, table: &MatchedTable) {
        match &table.outcome {
            Outcome::Linked { .. } | Outcome::Ambiguous { .. } => {}
            Outcome::Unknown { nearest, .. } => {
                let namesake = nearest.iter().find(|miss| is_elsewhere(&miss.difference));
                if let Some((name, miss)) = name.zip(namesake) {
                    let node = &project.nodes[miss.node];
                    let places = [place(name), place(&node.typed)];
                    *self.namesakes.entry(places).or_default() += 1;
                }
            }
            Outcome::OtherPlatform => {
                let connection = table.connection.as_str().unwrap_or_default();
                let count = self.platforms.entry(connection.to_owned()).or_default();
                *count += 1;
            }
            Outcome::OtherProject { .. }
            | Outcome::ToldElsewhere
            | Outcome::Hidden
            | Outcome::Unresolved(_)
            | Outcome::Unreadable(_)
            | Outcome::NotWarehouse => return,
        }
        self.tables += 1;
    }

    /// What differs, if anything does.
    pub(super) fn sentence(&self) -> Option<String> {
        let namesakes = self.namesakes.values().sum::<usize>();
        let on_others = self.platforms.values().sum::<usize>();
        if namesakes > 0 {
            Some(format!(
                "{namesakes} of {} tables have a node of the same name elsewhere: {}",
                self.tables,
                self.places()
            ))
        } else if on_others > 0 && on_others == self.tables {
            let platforms = self.platforms.keys().map(String::as_str);
            let platforms = first_few(self.platforms.len(), platforms);
            Some(format!(
                "their tables are read over {platforms}, but the project is on {}",
                self.adapter
            ))
        } else {
            None
        }
    }

    /// The places that differ, those of most tables first.
    fn places(&self) -> String {
        let mut places = self.namesakes.iter().collect::<Vec<_>>();
        places.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let places = places.into_iter();
        let places = places.map(|([table, node], _)| format!("{table} against {node}"));
        first_few(self.namesakes.len(), places)
    }

    /// Whether most tables have a namesake.
    fn is_most(&self) -> bool {
        let namesakes = self.namesakes.values().sum::<usize>();
        namesakes >= FEW && namesakes * 2 > self.tables
    }
}

/// Asks whether the manifest is the right one, if most tables have their namesake elsewhere.
pub(super) fn diagnostic(known: &Known) -> Option<Diagnostic> {
    let selected = known.site.workbook_positions();
    let selected = selected.filter(|at| known.selection.get(*at).is_yes());
    let elsewhere = Elsewhere::new(known, selected);
    let sentence = elsewhere.sentence().filter(|_| elsewhere.is_most())?;
    let message = format!("{sentence}. Is this the manifest of the target that Tableau reads?");
    Some(Diagnostic::new(Code::TargetDiffers, "", message).help(RIGHT_TARGET))
}

/// Whether only the place differs, and not the name.
fn is_elsewhere(difference: &Difference) -> bool {
    match difference {
        Difference::Database | Difference::Schema | Difference::DatabaseAndSchema => true,
        Difference::LatestVersion
        | Difference::Case
        | Difference::DatabaseNotKnown
        | Difference::Alike(..)
        | Difference::OtherAlias(..)
        | Difference::OtherIdentifier(_)
        | Difference::Name(_)
        | Difference::OnlyNameKnown
        | Difference::OnlyNameAndDatabase => false,
    }
}

/// Database and schema of a relation, as far as they are known.
fn place(relation: &Relation) -> String {
    let parts = [&relation.database, &relation.schema];
    let parts = parts.into_iter().flatten().map(Cow::as_ref);
    parts.collect::<Vec<_>>().join(".")
}
