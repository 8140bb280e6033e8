//! Links again with a line of configuration that is not there yet.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::known::Known;
use super::line::Line;
use crate::link::{self, Finding, Index, Rule};
use crate::model::relation::folded;
use crate::model::{NodeIx, Table, TableIx};
use crate::settings::Matching;

/// Trials on all tables of a site.
pub struct Trials<'j, 'r, 'a> {
    known: &'j Known<'r, 'a>,
    /// The project's relations, for all lines that leave them as they are.
    index: OnceCell<Index<'r, 'a>>,
    /// What becomes of the tables without any of the lines.
    before: OnceCell<Vec<Finding<'a>>>,
    /// The names of tables that accepted lines link.
    drawn: Drawn,
    accepted: Vec<Accepted>,
}

/// Lines that are proposed.
struct Accepted {
    /// The number of their cause.
    cause: usize,
    lines: Vec<Line>,
    linked: Vec<(TableIx, NodeIx)>,
}

/// The parts of a table's name, the host of its server, and its connection type where that is in
/// question.
type Name = [Option<String>; 5];
/// The names of tables by the node that a line draws them to: no other line may draw others there.
type Drawn = BTreeMap<NodeIx, Name>;

/// What would come of a line.
#[derive(Default)]
pub struct Trial {
    /// The tables that link by it, and to what.
    pub linked: Vec<(TableIx, NodeIx)>,
    /// Whether it draws tables to a relation to which accepted lines draw others.
    pub is_taken: bool,
    drawn: Drawn,
}

impl<'j, 'r, 'a> Trials<'j, 'r, 'a> {
    /// No trials yet.
    pub fn new(known: &'j Known<'r, 'a>) -> Self {
        Self {
            known,
            index: OnceCell::new(),
            before: OnceCell::new(),
            drawn: Drawn::new(),
            accepted: Vec::new(),
        }
    }

    /// Notes that the lines of a trial are proposed for a cause.
    pub fn accept(&mut self, cause: usize, lines: Vec<Line>, trial: Trial) {
        self.drawn.extend(trial.drawn);
        self.accepted.push(Accepted {
            cause,
            lines,
            linked: trial.linked,
        });
    }

    /// Drops lines that do not link what they should once all that are accepted are given, as those
    /// behind a line that renames what they are for. Gives the numbers of their causes.
    pub fn drop_unfit(&mut self) -> Vec<usize> {
        let mut dropped = Vec::new();
        while self.accepted.len() > 1 {
            let Some(unfit) = self.last_unfit() else {
                break;
            };
            dropped.push(self.accepted.remove(unfit).cause);
        }
        dropped
    }

    fn last_unfit(&self) -> Option<usize> {
        let Known { project, site, .. } = *self.known;
        let mut lines = self.accepted.iter().flat_map(|accepted| &accepted.lines);
        let matching = lines.try_fold(self.known.matching.clone(), |matching, line| {
            line.added_to(&matching)
        })?;
        let index = Index::new(&project.nodes, project.adapter(), &matching);
        let together = link::findings(&index, &site.tables, &matching);
        self.accepted.iter().rposition(|accepted| {
            let mut linked = accepted.linked.iter();
            linked.any(|(table, node)| together[table.0].outcome.node() != Some(*node))
        })
    }

    /// What would come of these lines, with this value for what the user must choose: nothing, if
    /// another link would change, or if two tables would be drawn to one relation.
    pub fn run(&self, lines: &[Line], choice: &str) -> Trial {
        let matching = lines
            .iter()
            .try_fold(self.known.matching.clone(), |matching, line| {
                line.with(choice).added_to(&matching)
            });
        let Some(matching) = matching else {
            return Trial::default();
        };
        let after = self.after(lines, &matching);
        let before = self.before().iter().map(|finding| finding.outcome.node());
        let mut linked = Vec::new();
        for (at, (before, after)) in before.zip(&after).enumerate() {
            let now = after.outcome.node();
            if before.is_some() && before != now {
                return Trial::default();
            }
            if before.is_none() {
                linked.extend(now.map(|node| (TableIx(at), node)));
            }
        }
        let is_by_connection = |line: &Line| matches!(line, Line::ConnectionType { .. });
        let is_connection_told = lines.iter().any(is_by_connection);
        match self.newly_drawn(&after, &linked, is_connection_told) {
            Some(drawn) if self.is_taken(&drawn) => Trial {
                is_taken: true,
                ..Trial::default()
            },
            Some(drawn) => Trial {
                linked,
                drawn,
                is_taken: false,
            },
            None => Trial::default(),
        }
    }

    /// What becomes of the tables with some lines, which are all of one kind.
    fn after(&self, lines: &[Line], matching: &Matching) -> Vec<Finding<'a>> {
        let Known { project, site, .. } = *self.known;
        match lines.first() {
            Some(Line::Rewrite(_)) => {
                link::findings_rewritten(self.index(), &site.tables, matching, self.before())
            }
            Some(Line::PreferPackage(_) | Line::IgnoreCase) => {
                let index = Index::new(&project.nodes, project.adapter(), matching);
                link::findings(&index, &site.tables, matching)
            }
            _ => link::findings(self.index(), &site.tables, matching),
        }
    }

    fn before(&self) -> &[Finding<'a>] {
        self.before.get_or_init(|| {
            link::findings(self.index(), &self.known.site.tables, self.known.matching)
        })
    }

    fn index(&self) -> &Index<'r, 'a> {
        let project = self.known.project;
        self.index
            .get_or_init(|| Index::new(&project.nodes, project.adapter(), self.known.matching))
    }

    /// The names of the tables that a line links, by node; `None` if a table of another name is
    /// linked to one of the nodes as well. A wildcard source stands for many tables.
    fn newly_drawn(
        &self,
        after: &[Finding],
        linked: &[(TableIx, NodeIx)],
        is_connection_told: bool,
    ) -> Option<Drawn> {
        let name = |at| self.name(at, is_connection_told);
        let mut drawn = Drawn::new();
        for (at, node) in linked {
            if is_one_relation(&after[at.0]) {
                drawn.insert(*node, name(*at)?);
            }
        }
        for (at, finding) in after.iter().enumerate() {
            let node = finding.outcome.node().filter(|_| is_one_relation(finding));
            let drawn = node.and_then(|node| drawn.get(&node));
            if let Some(drawn) = drawn
                && !may_be_one(&name(TableIx(at))?, drawn)
            {
                return None;
            }
        }
        Some(drawn)
    }

    fn is_taken(&self, drawn: &Drawn) -> bool {
        drawn.iter().any(|(node, name)| {
            let other = self.drawn.get(node);
            other.is_some_and(|other| !may_be_one(other, name))
        })
    }

    fn name(&self, at: TableIx, is_connection_told: bool) -> Option<Name> {
        let table: &Table = &self.known.site.tables[at.0];
        let relation = table.name.as_ref().ok()?;
        let connection = table.connection.base().filter(|_| is_connection_told);
        let parts = [
            relation.database.as_deref(),
            relation.schema.as_deref(),
            Some(relation.name.as_ref()),
        ];
        // Only where case may count do names that differ in it stand for two tables.
        let may_ignore_case = self.known.project.adapter().may_ignore_case();
        let does_case_count = may_ignore_case && !self.known.matching.ignore_case;
        let own = |part: &str| match does_case_count {
            true => part.to_owned(),
            false => folded(part),
        };
        let [database, schema, name] = parts.map(|part| part.map(own));
        let [connection, server] =
            [connection, table.server.as_deref()].map(|part| part.map(folded));
        Some([database, schema, name, connection, server])
    }
}

/// Whether two names may be those of one table: what both have is the same.
fn may_be_one(one: &Name, other: &Name) -> bool {
    one.iter().zip(other).all(|(one, other)| {
        let both = one.as_ref().zip(other.as_ref());
        both.is_none_or(|(one, other)| one == other)
    })
}

fn is_one_relation(finding: &Finding) -> bool {
    finding.by != Some(Rule::Wildcard)
}
