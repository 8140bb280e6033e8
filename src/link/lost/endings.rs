//! How the links of one workbook ended.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::ended::Ended;
use super::links::LostLinks;
use crate::link::outcome::{MatchedTable, Outcome, OutcomeKind};
use crate::model::relation::folded;
use crate::model::{Relation, TableIx, WorkbookIx};

/// How the links of one workbook ended.
#[derive(Debug)]
pub struct Endings<'l> {
    links: &'l LostLinks<'l>,
    /// By the ids of the nodes of the state that its tables linked to.
    still_read: HashMap<&'l str, Ended>,
    /// Whether the export shows everything that it reads.
    is_complete: bool,
    /// What its tables are called that are not linked.
    names: BTreeSet<Called>,
    /// Whether it cannot be told which relation such a table is.
    has_unclear_name: bool,
}

impl<'l> Endings<'l> {
    /// Looks at the tables of one workbook.
    pub fn new(links: &'l LostLinks<'l>, at: WorkbookIx) -> Self {
        let workbook = links.site.workbook(at);
        let mut endings = Self {
            links,
            still_read: HashMap::new(),
            is_complete: links.links.workbooks[at.0].is_complete(workbook),
            names: BTreeSet::new(),
            has_unclear_name: false,
        };
        for (table, matched) in links.tables_of(at) {
            if let Some(table) = table {
                endings.add(table, matched);
            }
        }
        endings
    }

    fn add(&mut self, table: TableIx, matched: &'l MatchedTable) {
        let outcome = &matched.outcome;
        if let Some((before, ended)) = self.links.ended(table, outcome) {
            self.note(before, ended);
        }
        if let Outcome::OtherProject { node, own } = outcome {
            for own in own {
                let id = self.links.now.nodes[*own].unique_id.as_ref();
                self.note(id, Ended::Moved(Arc::clone(node)));
            }
        }
        if matches!(
            outcome.kind(),
            OutcomeKind::Unknown | OutcomeKind::Ambiguous
        ) {
            self.has_unclear_name |= self.links.is_recorded_otherwise(table, matched);
            match &self.links.site.tables[table.0].name {
                Ok(relation) => drop(self.names.insert(called(relation))),
                Err(_) => self.has_unclear_name = true,
            }
        }
    }

    /// Notes how the link of one table to a node ended. Of several tables the worst counts.
    fn note(&mut self, before: &'l str, ended: Ended) {
        let known = self.still_read.entry(before);
        let known = known.or_insert_with(|| ended.clone());
        if ended < *known {
            *known = ended;
        }
    }

    /// How the link to a node ended that the workbook does not link to any more.
    pub fn of(&self, id: &str) -> Ended {
        if let Some(ended) = self.still_read.get(id) {
            return ended.clone();
        }
        if !self.is_complete || self.has_unclear_name || self.may_name(id) {
            Ended::NotKnown
        } else {
            Ended::Stopped
        }
    }

    /// Whether the workbook may read what some node was, whatever that is.
    pub fn may_read_more(&self) -> bool {
        !self.is_complete || self.has_unclear_name || !self.names.is_empty()
    }

    /// Whether a table that is not linked may be that of a node. Where nobody knows its relation,
    /// each may be.
    fn may_name(&self, id: &str) -> bool {
        let node = self.links.node(id);
        node.map_or(!self.names.is_empty(), |node| {
            node.relations().any(|(_, (relation, _))| {
                let (name, schema) = called(relation);
                self.has(&name, schema) || self.has_beginning(name.strip_suffix('*'))
            })
        })
    }

    /// Whether there is a table of this name that may be in this schema.
    fn has(&self, name: &str, schema: Option<String>) -> bool {
        let of_schema = |schema| self.names.contains(&(name.to_owned(), schema));
        match schema {
            Some(_) => of_schema(schema) || of_schema(None),
            None => self
                .first_from(name)
                .is_some_and(|(first, _)| first == name),
        }
    }

    fn has_beginning(&self, prefix: Option<&str>) -> bool {
        prefix.is_some_and(|prefix| {
            let first = self.first_from(prefix);
            first.is_some_and(|(first, _)| first.starts_with(prefix))
        })
    }

    fn first_from(&self, name: &str) -> Option<&Called> {
        self.names.range((name.to_owned(), None)..).next()
    }
}

/// Name and schema of a relation in folded case, the schema if it is known.
type Called = (String, Option<String>);

fn called(relation: &Relation) -> Called {
    (
        folded(&relation.name),
        relation.schema.as_deref().map(folded),
    )
}
