//! Gives each thing that is not linked its cause: first those by which proposed lines link it.

use std::collections::{BTreeMap, BTreeSet};

use super::cause::{Cause, Choice, Cure, Why};
use super::items::Items;
use super::known::Known;
use super::line::Line;
use super::proposals::{Entry, Proposal};
use super::sorting::Sorted;
use super::trial::{Fault, Trial, Trials};
use super::withheld::{Because, Withheld};
use crate::model::{NodeIx, Table, TableIx};

/// How many trials a run makes: each links all tables again.
const MOST_TRIALS: usize = 12;

/// A cause without its counts.
struct Found {
    why: Why,
    cures: Vec<Cure>,
    withheld: BTreeSet<Withheld>,
}

/// Lines that are not proposed, and the tables that they are for.
struct Refused {
    withheld: Withheld,
    items: Vec<usize>,
}

/// Gives each thing its cause.
pub struct Judge<'j, 'r, 'a> {
    known: &'j Known<'r, 'a>,
    items: &'j Items<'r, 'a>,
    trials: Trials<'j, 'r, 'a>,
    trials_left: usize,
    found: Vec<Found>,
    refused: Vec<Refused>,
    /// The position of the cause of each thing.
    cause_of: Vec<Option<usize>>,
    /// The things that link by another choice than the one by which most do: they are not counted.
    by_other_choice: BTreeSet<usize>,
}

/// A choice by which tables link.
struct Tried {
    choice: String,
    trial: Trial,
    linked: BTreeSet<usize>,
}

impl<'j, 'r, 'a> Judge<'j, 'r, 'a> {
    /// No cause is known yet.
    pub fn new(known: &'j Known<'r, 'a>, items: &'j Items<'r, 'a>) -> Self {
        Self {
            known,
            trials: Trials::new(known),
            trials_left: MOST_TRIALS,
            found: Vec::new(),
            refused: Vec::new(),
            cause_of: vec![None; items.len()],
            by_other_choice: BTreeSet::new(),
            items,
        }
    }

    /// Tries proposals, one after the other and then all together.
    pub fn try_all(&mut self, proposals: Vec<Proposal>) {
        for proposal in proposals {
            self.try_one(proposal);
        }
        for (cause, lines) in self.trials.drop_unfit() {
            let mut items = Vec::new();
            for (item, cause_of) in self.cause_of.iter_mut().enumerate() {
                if *cause_of == Some(cause) {
                    *cause_of = None;
                    self.by_other_choice.remove(&item);
                    items.push(item);
                }
            }
            self.refuse(lines, items, Because::Behind);
        }
    }

    /// Proposes lines if tables link by them. Of several choices, those by which one does; none at
    /// all where lines that are already proposed take what one of them would link, since the others
    /// would look better than they are.
    fn try_one(&mut self, mut proposal: Proposal) {
        if let Some(because) = proposal.doubt.take() {
            for choice in &proposal.choices {
                let items = proposal.items().collect();
                self.refuse(with(&proposal.lines(), choice), items, because.clone());
            }
            return;
        }
        let (mut tried, mut withheld) = self.try_choices(&proposal);
        if !withheld.is_empty() && self.drop_faulty(&mut proposal) {
            (tried, withheld) = self.try_choices(&proposal);
        }
        if !tried.is_empty() {
            proposal.entries.retain(|entry| {
                let mut items = entry.items.iter();
                items.any(|item| tried.iter().any(|tried| tried.linked.contains(item)))
            });
            self.accept(&proposal, tried, withheld);
        } else if proposal.narrower.is_empty() {
            let items = proposal.items().collect::<Vec<_>>();
            let refused = withheld.into_iter().map(|withheld| Refused {
                withheld,
                items: items.clone(),
            });
            self.refused.extend(refused);
        } else {
            for narrower in proposal.narrower {
                self.try_one(narrower);
            }
        }
    }

    /// The choices by which tables link, and the lines of those that must not be proposed.
    fn try_choices(&mut self, proposal: &Proposal) -> (Vec<Tried>, BTreeSet<Withheld>) {
        let mut tried = Vec::new();
        let mut withheld = BTreeSet::new();
        let mut is_taken = false;
        for choice in &proposal.choices {
            match self.run(proposal, choice) {
                Ok(trial) => tried.extend(trial),
                Err(because) => {
                    is_taken |= matches!(because, Because::Taken(..));
                    let lines = with(&proposal.lines(), choice);
                    withheld.insert(Withheld { lines, because });
                }
            }
        }
        if is_taken {
            tried.clear();
        }
        (tried, withheld)
    }

    /// Takes the lines out of a proposal that must not be proposed, so that the others may be. Returns
    /// whether it did; where none of the lines is at fault alone, the proposal stays as it is.
    fn drop_faulty(&mut self, proposal: &mut Proposal) -> bool {
        let mut is_changed = false;
        let is_one_choice = proposal.choices.len() == 1;
        while is_one_choice && proposal.entries.len() > 1 && self.trials_left > 1 {
            self.trials_left -= 1;
            let Err(faults) = self.trials.run(&proposal.lines(), &proposal.choices[0]) else {
                break;
            };
            let of_items = self.faults_of_items(&faults);
            let fault = |entry: &Entry| {
                let mut items = entry.items.iter();
                items.find_map(|item| of_items.get(item)).copied()
            };
            let (faulty, fit): (Vec<_>, Vec<_>) = std::mem::take(&mut proposal.entries)
                .into_iter()
                .partition(|entry| fault(entry).is_some());
            proposal.entries = fit;
            if faulty.is_empty() {
                break;
            }
            is_changed = true;
            for entry in faulty {
                if let Some(fault) = fault(&entry) {
                    self.refuse(vec![entry.line], entry.items, self.because(fault));
                }
            }
        }
        is_changed
    }

    /// The first fault that each thing has a part in.
    fn faults_of_items(&self, faults: &[Fault]) -> BTreeMap<usize, Fault> {
        let mut of_items = BTreeMap::new();
        for fault in faults {
            let tables = fault.tables().into_iter();
            for item in tables.filter_map(|table| self.items.of_table(table)) {
                of_items.entry(item).or_insert(*fault);
            }
        }
        of_items
    }

    /// What would come of a proposal with a choice; `None` if none of its tables links.
    fn run(&mut self, proposal: &Proposal, choice: &str) -> Result<Option<Tried>, Because> {
        self.trials_left = self.trials_left.checked_sub(1).ok_or(Because::NotTried)?;
        let trial = self.trials.run(&proposal.lines(), choice);
        let trial = trial.map_err(|faults| self.first_because(&faults))?;
        let linked = self.without_cause(&trial);
        let does_link = proposal.items().any(|item| linked.contains(&item));
        let choice = choice.to_owned();
        Ok(does_link.then_some(Tried {
            choice,
            trial,
            linked,
        }))
    }

    /// Proposes lines with the choices by which tables link, of which there is at least one.
    fn accept(&mut self, proposal: &Proposal, mut tried: Vec<Tried>, withheld: BTreeSet<Withheld>) {
        let number = self.found.len();
        let choices = match tried.as_slice() {
            [_] => Vec::new(),
            several => several.iter().map(|tried| self.choice(tried)).collect(),
        };
        let all = tried.iter().flat_map(|tried| &tried.linked);
        let all = all.copied().collect::<BTreeSet<_>>();
        let most = tried.iter().map(|tried| tried.linked.len()).max();
        let best = tried
            .iter()
            .position(|tried| Some(tried.linked.len()) == most);
        let best = tried.swap_remove(best.unwrap_or_default());
        for item in &all {
            self.cause_of[*item] = Some(number);
        }
        self.by_other_choice.extend(all.difference(&best.linked));
        let best_lines = with(&proposal.lines(), &best.choice);
        let lines = match choices.as_slice() {
            [] => best_lines.clone(),
            _ => proposal.lines(),
        };
        let risky = self.risky(proposal, best.linked.len(), &all);
        self.trials.accept(number, best_lines, best.trial);
        let mut cures = proposal.before.clone();
        cures.push(Cure::Config { lines, choices });
        cures.extend(risky);
        cures.extend(proposal.behind.iter().cloned());
        self.found.push(Found {
            why: proposal.why(),
            cures,
            withheld,
        });
    }

    fn choice(&self, tried: &Tried) -> Choice {
        Choice {
            value: tried.choice.clone(),
            counted: self.items.counted_of(&tried.linked),
        }
    }

    /// The line that links more than `most` tables in the place of a proposal, at a risk.
    fn risky(&mut self, proposal: &Proposal, most: usize, own: &BTreeSet<usize>) -> Option<Cure> {
        let (line, risk) = proposal.risky.clone()?;
        self.trials_left = self.trials_left.checked_sub(1)?;
        let trial = self.trials.run(std::slice::from_ref(&line), "").ok()?;
        let tables = trial.linked.iter();
        let items = tables.filter_map(|(table, _)| self.items.of_table(*table));
        let is_meant = |item: &usize| own.contains(item) || self.cause_of[*item].is_none();
        let linked = items.filter(is_meant).collect::<BTreeSet<_>>();
        (linked.len() > most).then(|| Cure::Risky {
            lines: vec![line],
            counted: self.items.counted_of(&linked),
            risk,
        })
    }

    fn refuse(&mut self, lines: Vec<Line>, items: Vec<usize>, because: Because) {
        let withheld = Withheld { lines, because };
        self.refused.push(Refused { withheld, items });
    }

    /// The first of several faults in words; one that depends on other lines goes before.
    fn first_because(&self, faults: &[Fault]) -> Because {
        let taken = faults
            .iter()
            .find(|fault| matches!(fault, Fault::Taken(..)));
        let first = taken.or(faults.first()).copied();
        self.because(first.unwrap_or(Fault::TooLong))
    }

    fn because(&self, fault: Fault) -> Because {
        let node = |at: NodeIx| self.known.project.nodes[at].unique_id.to_string();
        match fault {
            Fault::TooLong => Because::TooLong,
            Fault::LosesLink(at, to) => Because::LosesLink(self.table(at).to_string(), node(to)),
            Fault::DrawsTwo(one, other, to) => {
                let (one, other) = self.both(one, other);
                Because::DrawsTwo(one, other, node(to))
            }
            Fault::Taken(one, other, to) => {
                let (one, other) = self.both(one, other);
                Because::Taken(one, other, node(to))
            }
        }
    }

    fn table(&self, at: TableIx) -> &'r Table<'a> {
        &self.known.site.tables[at.0]
    }

    /// Two tables, with what tells them apart if it is not the name.
    fn both(&self, one: TableIx, other: TableIx) -> (String, String) {
        let (one, other) = (self.table(one), self.table(other));
        if one.to_string() != other.to_string() {
            return (one.to_string(), other.to_string());
        }
        let more = |table: &Table| {
            let connection = table.connection.as_str().unwrap_or("unknown type");
            match table.server.as_deref() {
                Some(server) => format!("{table} ({connection}, {server})"),
                None => format!("{table} ({connection})"),
            }
        };
        (more(one), more(other))
    }

    /// The things that link in a trial and have no cause yet.
    fn without_cause(&self, trial: &Trial) -> BTreeSet<usize> {
        let tables = trial.linked.iter();
        let items = tables.filter_map(|(table, _)| self.items.of_table(*table));
        items
            .filter(|item| self.cause_of[*item].is_none())
            .collect()
    }

    /// Things that no line links have the cause by which they were sorted, with the lines that were
    /// found for them.
    pub fn explain_others(&mut self, sorted: &[Sorted]) {
        let mut numbers: BTreeMap<(&Why, &[Cure]), usize> = BTreeMap::new();
        for (item, sorted) in sorted.iter().enumerate() {
            let Some((why, cures)) = sorted
                .otherwise
                .as_ref()
                .filter(|_| self.cause_of[item].is_none())
            else {
                continue;
            };
            let number = *numbers.entry((why, cures.as_slice())).or_insert_with(|| {
                self.found.push(Found {
                    why: why.clone(),
                    cures: cures.clone(),
                    withheld: BTreeSet::new(),
                });
                self.found.len() - 1
            });
            self.cause_of[item] = Some(number);
        }
        let first_of_others = numbers.into_values().min().unwrap_or(self.found.len());
        for refused in std::mem::take(&mut self.refused) {
            let causes = refused.items.iter();
            let causes = causes.filter_map(|item| self.cause_of[*item]);
            let causes = causes.filter(|cause| *cause >= first_of_others);
            for cause in causes.collect::<BTreeSet<_>>() {
                self.found[cause].withheld.insert(refused.withheld.clone());
            }
        }
    }

    /// The causes with what each explains, by number, and the number of the cause of each thing.
    pub fn causes(self) -> (BTreeMap<usize, Cause>, Vec<Option<usize>>) {
        let counted = self.items.counted(self.found.len(), |item| {
            let is_counted = !self.by_other_choice.contains(&item);
            self.cause_of[item].filter(|_| is_counted)
        });
        let causes = self.found.into_iter().zip(counted).enumerate();
        let causes = causes.filter(|(_, (_, counted))| counted.objects() > 0);
        let causes = causes.map(|(number, (found, counted))| {
            let cause = Cause {
                why: found.why,
                counted,
                cures: found.cures,
                withheld: found.withheld.into_iter().collect(),
            };
            (number, cause)
        });
        (causes.collect(), self.cause_of)
    }
}

fn with(lines: &[Line], choice: &str) -> Vec<Line> {
    lines.iter().map(|line| line.with(choice)).collect()
}
