//! Why tables are not linked, most of them first, and what would link them.
//!
//! [`items`] are the tables that no node is found for, [`sorting`] asks of each what differs, and
//! [`proposals`] makes lines of configuration for those that differ in the same. [`trial`] links again
//! with each of them: a line is proposed only if tables link by it, beside all others as well, every
//! link that is there stays, and no two tables are drawn to one relation. [`choosing`] decides which
//! of several ways the tables of one schema go. [`cause`] has what a report shows, [`mod@line`] the lines
//! and [`renaming`] what becomes of a schema. [`without_links`] tells why a workbook gets nothing.

pub mod ambiguous;
pub mod cause;
pub mod choosing;
pub mod items;
pub mod known;
pub mod line;
pub mod places;
pub mod proposals;
pub mod renaming;
pub mod sorting;
pub mod trial;
pub mod way;
pub mod without_links;

use std::collections::{BTreeMap, BTreeSet};

pub use self::cause::{Cause, Cure, Why};
use self::items::Items;
pub use self::known::Known;
pub use self::line::{CHOICE, Line, RewriteLine};
use self::proposals::Proposal;
use self::sorting::Sorted;
use self::trial::{Trial, Trials};
pub use self::without_links::WithoutLinks;
use crate::model::WorkbookIx;

/// Why selected workbooks lack links.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// Why tables are not linked: first the causes that somebody can cure, then what is not the
    /// project's; of each, what explains most first.
    pub causes: Vec<Cause>,
    /// Every selected workbook without a link, in the order of the site.
    pub without_links: Vec<(WorkbookIx, WithoutLinks)>,
}

/// Why tables of the selected workbooks are not linked.
pub fn verdict(known: &Known) -> Verdict {
    let items = Items::new(known);
    let mut judge = Judge::new(known, &items);
    let sorted = sorting::sort(known, &items);
    judge.try_all(proposals::proposals(known, &items, &sorted));
    judge.explain_others(&sorted);
    let mut causes = judge.causes();
    causes.extend(without_links::nothing_listed(known));
    causes.sort_by(|a, b| {
        let key = |cause: &Cause| {
            (
                cause.why.is_normal(),
                std::cmp::Reverse((cause.tables, cause.workbooks)),
            )
        };
        key(a).cmp(&key(b)).then_with(|| a.why.cmp(&b.why))
    });
    Verdict {
        causes,
        without_links: without_links::all(known),
    }
}

/// A cause without its counts.
struct Found {
    why: Why,
    cures: Vec<Cure>,
}

/// Gives each item its cause.
struct Judge<'j, 'r, 'a> {
    items: &'j Items<'r, 'a>,
    trials: Trials<'j, 'r, 'a>,
    found: Vec<Found>,
    /// The position of the cause of each item.
    cause_of: Vec<Option<usize>>,
    /// The items that link by another choice than the one by which most do: they are not counted.
    by_other_choice: BTreeSet<usize>,
}

impl<'j, 'r, 'a> Judge<'j, 'r, 'a> {
    fn new(known: &'j Known<'r, 'a>, items: &'j Items<'r, 'a>) -> Self {
        Self {
            trials: Trials::new(known),
            found: Vec::new(),
            cause_of: vec![None; items.len()],
            by_other_choice: BTreeSet::new(),
            items,
        }
    }

    fn try_all(&mut self, proposals: Vec<Proposal>) {
        for proposal in proposals {
            self.try_one(proposal);
        }
        let unfit = self.trials.drop_unfit();
        for (item, cause) in self.cause_of.iter_mut().enumerate() {
            if cause.is_some_and(|cause| unfit.contains(&cause)) {
                *cause = None;
                self.by_other_choice.remove(&item);
            }
        }
    }

    /// Proposes lines if tables link by them. Of several choices, those by which one does; none at
    /// all where lines that are already proposed take what one of them would link, since the others
    /// would look better than they are.
    fn try_one(&mut self, proposal: Proposal) {
        let mut best = (BTreeSet::new(), Trial::default(), "");
        let mut choices = Vec::new();
        let mut all = BTreeSet::new();
        for choice in &proposal.choices {
            let trial = self.trials.run(&proposal.lines, choice);
            if trial.is_taken {
                return;
            }
            let linked = self.without_cause(&trial);
            if !proposal.items.iter().any(|item| linked.contains(item)) {
                continue;
            }
            choices.push(choice.clone());
            all.extend(&linked);
            if linked.len() > best.0.len() {
                best = (linked, trial, choice.as_str());
            }
        }
        let (best, trial, choice) = best;
        let tried = proposal.lines.iter().map(|line| line.with(choice));
        let tried = tried.collect::<Vec<_>>();
        let lines = match choices.as_slice() {
            [] => return,
            [_] => tried.clone(),
            _ => proposal.lines,
        };
        if choices.len() < 2 {
            choices.clear();
        }
        for item in &all {
            self.cause_of[*item] = Some(self.found.len());
        }
        self.by_other_choice.extend(all.difference(&best));
        self.trials.accept(self.found.len(), tried, trial);
        let mut cures = proposal.before;
        cures.push(Cure::Config { lines, choices });
        cures.extend(proposal.behind);
        self.found.push(Found {
            why: proposal.why,
            cures,
        });
    }

    /// The items that link in a trial and have no cause yet.
    fn without_cause(&self, trial: &Trial) -> BTreeSet<usize> {
        let tables = trial.linked.iter();
        let items = tables.filter_map(|(table, _)| self.items.of_table(*table));
        items
            .filter(|item| self.cause_of[*item].is_none())
            .collect()
    }

    /// Items that no line links have the cause by which they were sorted.
    fn explain_others(&mut self, sorted: &[Sorted]) {
        let mut numbers: BTreeMap<(&Why, &Option<Cure>), usize> = BTreeMap::new();
        for (item, sorted) in sorted.iter().enumerate() {
            let Some((why, cure)) = sorted
                .otherwise
                .as_ref()
                .filter(|_| self.cause_of[item].is_none())
            else {
                continue;
            };
            let number = *numbers.entry((why, cure)).or_insert_with(|| {
                self.found.push(Found {
                    why: why.clone(),
                    cures: cure.iter().cloned().collect(),
                });
                self.found.len() - 1
            });
            self.cause_of[item] = Some(number);
        }
    }

    /// The causes with what each explains.
    fn causes(self) -> Vec<Cause> {
        let causes = self.found.into_iter().map(|found| Cause {
            why: found.why,
            tables: 0,
            workbooks: 0,
            cures: found.cures,
        });
        let mut causes = causes.collect::<Vec<_>>();
        let cause_of = |item: usize| {
            let is_counted = !self.by_other_choice.contains(&item);
            self.cause_of[item].filter(|_| is_counted)
        };
        for cause in (0..self.cause_of.len()).filter_map(cause_of) {
            causes[cause].tables += 1;
        }
        let mut last_reader = vec![None; causes.len()];
        self.items.each_read(|workbook, item| {
            if let Some(cause) = cause_of(item)
                && last_reader[cause].replace(workbook) != Some(workbook)
            {
                causes[cause].workbooks += 1;
            }
        });
        causes.retain(|cause| cause.tables > 0);
        causes
    }
}
