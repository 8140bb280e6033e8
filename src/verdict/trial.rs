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
/// The names of tables by the node that a line draws them to, with one of the tables: no other line may
/// draw others there.
type Drawn = BTreeMap<NodeIx, (Name, TableIx)>;

/// What would come of a line.
#[derive(Default)]
pub struct Trial {
    /// The tables that link by it, and to what.
    pub linked: Vec<(TableIx, NodeIx)>,
    drawn: Drawn,
}

/// Why a line must not be proposed.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// A name in it is no pattern.
    TooLong,
    /// This table would lose its link to the node.
    LosesLink(TableIx, NodeIx),
    /// It would draw both tables to the node.
    DrawsTwo(TableIx, TableIx, NodeIx),
    /// It would draw the first table to the node, to which accepted lines draw the other.
    Taken(TableIx, TableIx, NodeIx),
}

impl Fault {
    /// The tables that it is about.
    pub fn tables(self) -> Vec<TableIx> {
        match self {
            Self::TooLong => Vec::new(),
            Self::LosesLink(table, _) => vec![table],
            Self::DrawsTwo(one, other, _) | Self::Taken(one, other, _) => vec![one, other],
        }
    }
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
    /// behind a line that renames what they are for. Gives the numbers of their causes, and the lines.
    pub fn drop_unfit(&mut self) -> Vec<(usize, Vec<Line>)> {
        let mut dropped = Vec::new();
        while self.accepted.len() > 1 {
            let Some(unfit) = self.last_unfit() else {
                break;
            };
            let Accepted { cause, lines, .. } = self.accepted.remove(unfit);
            dropped.push((cause, lines));
        }
        dropped
    }

    fn last_unfit(&self) -> Option<usize> {
        let lines = self.accepted.iter().flat_map(|accepted| &accepted.lines);
        let together = self.together(lines)?;
        self.accepted.iter().rposition(|accepted| {
            let mut linked = accepted.linked.iter();
            linked.any(|(table, node)| together[table.0].outcome.node() != Some(*node))
        })
    }

    /// Whether lines of several kinds link all these tables, once all of them are given.
    pub fn link_together<'l>(
        &self,
        lines: impl Iterator<Item = &'l Line>,
        mut links: impl Iterator<Item = &'l (TableIx, NodeIx)>,
    ) -> bool {
        self.together(lines).is_some_and(|together| {
            links.all(|(table, node)| together[table.0].outcome.node() == Some(*node))
        })
    }

    /// What becomes of all tables with lines of several kinds; `None` if a name in them is no pattern.
    fn together<'l>(&self, lines: impl Iterator<Item = &'l Line>) -> Option<Vec<Finding<'a>>> {
        let Known { project, site, .. } = *self.known;
        let mut lines = Line::in_order(lines, |line| *line).into_iter();
        let matching = lines.try_fold(self.known.matching.clone(), |matching, line| {
            line.added_to(&matching)
        })?;
        let index = Index::new(&project.nodes, project.adapter(), &matching);
        Some(link::findings(&index, &site.tables, &matching))
    }

    /// What would come of these lines, with this value for what the user must choose.
    ///
    /// # Errors
    /// All reasons why they must not be proposed: another link would change, or two tables would be
    /// drawn to one relation.
    pub fn run(&self, lines: &[Line], choice: &str) -> Result<Trial, Vec<Fault>> {
        let matching = lines
            .iter()
            .try_fold(self.known.matching.clone(), |matching, line| {
                line.with(choice).added_to(&matching)
            });
        let Some(matching) = matching else {
            return Err(vec![Fault::TooLong]);
        };
        let after = self.after(lines, &matching);
        let before = self.before().iter().map(|finding| finding.outcome.node());
        let mut linked = Vec::new();
        let mut faults = Vec::new();
        for (at, (before, after)) in before.zip(&after).enumerate() {
            let (at, now) = (TableIx(at), after.outcome.node());
            match before {
                Some(node) if now != before => faults.push(Fault::LosesLink(at, node)),
                Some(_) => {}
                None => linked.extend(now.map(|node| (at, node))),
            }
        }
        let is_by_connection = |line: &Line| matches!(line, Line::ConnectionType { .. });
        let is_connection_told = lines.iter().any(is_by_connection);
        let drawn = self.newly_drawn(&after, &linked, is_connection_told, &mut faults);
        faults.extend(self.taken(&drawn));
        if faults.is_empty() {
            Ok(Trial { linked, drawn })
        } else {
            Err(faults)
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

    /// The project's relations, for lines that leave them as they are.
    pub fn index(&self) -> &Index<'r, 'a> {
        let project = self.known.project;
        self.index
            .get_or_init(|| Index::new(&project.nodes, project.adapter(), self.known.matching))
    }

    /// The names of the tables that a line links, by node. It is a fault if a table of another name is
    /// linked to one of the nodes as well. A wildcard source stands for many tables.
    fn newly_drawn(
        &self,
        after: &[Finding],
        linked: &[(TableIx, NodeIx)],
        is_connection_told: bool,
        faults: &mut Vec<Fault>,
    ) -> Drawn {
        let name = |at| self.name(at, is_connection_told);
        let mut drawn = Drawn::new();
        for (at, node) in linked {
            if is_one_relation(&after[at.0]) {
                drawn.extend(name(*at).map(|name| (*node, (name, *at))));
            }
        }
        for (at, finding) in after.iter().enumerate() {
            let at = TableIx(at);
            let node = finding.outcome.node().filter(|_| is_one_relation(finding));
            if let Some(node) = node
                && let Some((drawn, other)) = drawn.get(&node)
                && name(at).is_none_or(|name| !may_be_one(&name, drawn))
            {
                faults.push(Fault::DrawsTwo(at, *other, node));
            }
        }
        drawn
    }

    fn taken(&self, drawn: &Drawn) -> impl Iterator<Item = Fault> {
        drawn.iter().filter_map(|(node, (name, at))| {
            let (other_name, other) = self.drawn.get(node)?;
            let is_taken = !may_be_one(other_name, name);
            is_taken.then_some(Fault::Taken(*at, *other, *node))
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
