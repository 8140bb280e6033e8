//! With the projects of which adapter a table is told.

use crate::link::finding::Finding;
use crate::link::outcome::{Outcome, Rule};

/// With which group of projects a table is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// With this one: relations of no other one fit as well.
    By(usize),
    /// Relations of several ones fit equally well. There are at least two.
    Several(Vec<usize>),
}

impl Settled {
    /// The group, if it is one.
    pub fn only(&self) -> Option<usize> {
        match self {
            Self::By(group) => Some(*group),
            Self::Several(_) => None,
        }
    }

    /// The first group.
    pub fn first(&self) -> usize {
        match self {
            Self::By(group) => *group,
            Self::Several(groups) => groups.first().copied().unwrap_or_default(),
        }
    }
}

/// Decides for each table, by what each group finds for it.
pub fn settle(found: &[Vec<Finding>]) -> Vec<Settled> {
    let tables = found.first().map_or(0, Vec::len);
    let rows = (0..tables).map(|at| found.iter().map(move |group| &group[at]));
    rows.map(|row| one(&row.collect::<Vec<_>>())).collect()
}

fn one(row: &[&Finding]) -> Settled {
    let groups = |is_meant: &dyn Fn(&Finding) -> bool| {
        let meant = row.iter().enumerate().filter(|(_, found)| is_meant(found));
        meant.map(|(group, _)| group).collect::<Vec<_>>()
    };
    let fitting = groups(&fits);
    match (fitting.as_slice(), groups(&is_proven).as_slice()) {
        ([only], _) => Settled::By(*only),
        (_, [only]) if matches!(row[*only].outcome, Outcome::Linked { .. }) => Settled::By(*only),
        ([], _) => {
            let kinds = row.iter().map(|found| found.outcome.kind()).enumerate();
            let nearest = kinds.min_by_key(|(_, kind)| *kind);
            Settled::By(nearest.map_or(0, |(group, _)| group))
        }
        _ => Settled::Several(fitting),
    }
}

fn fits(finding: &Finding) -> bool {
    matches!(
        finding.outcome,
        Outcome::Linked { .. } | Outcome::Ambiguous { .. }
    )
}

/// Whether it fits by a rule that compares all parts of the name.
fn is_proven(finding: &Finding) -> bool {
    fits(finding)
        && finding
            .by
            .is_some_and(|rule| Rule::BEFORE_MAPPED.contains(&rule))
}
