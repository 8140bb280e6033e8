//! Why tables are not linked, most of them first, and what would link them.
//!
//! [`items`] are the things that no node is found for, [`sorting`] asks of each what differs, and
//! [`proposals`] makes lines of configuration for those that differ in the same. [`trial`] links again
//! with each of them: a line is proposed only if tables link by it, beside all others as well, every
//! link that is there stays, and no two tables are drawn to one relation; [`withheld`] has the reasons
//! why one is not. [`choosing`] decides which of several ways the tables of one schema go, and
//! [`judge`] which cause a thing has. [`cause`] has what a report shows, [`mod@line`] and
//! [`rewrite_line`] the lines, [`renaming`] what becomes of a schema, and [`cures`] what else can be
//! done. [`without_links`] tells why a workbook gets nothing, and [`lost`] counts what reports tell first.
//! [`remedy`] has the lines for some of the things that a cause explains.

use std::collections::{BTreeMap, HashMap};

pub mod ambiguous;
pub mod cause;
pub mod choosing;
pub mod cures;
pub mod elsewhere;
pub mod items;
pub mod judge;
pub mod known;
pub mod line;
pub mod lost;
pub mod places;
pub mod proposals;
pub mod remedy;
pub mod renaming;
pub mod rewrite_line;
pub mod sorting;
pub mod trial;
pub mod way;
pub mod withheld;
pub mod without_links;

pub use self::cause::{Cause, Choice, Counted, Cure, Why};
pub use self::items::Items;
use self::judge::Judge;
pub use self::known::Known;
pub use self::line::Line;
pub use self::remedy::{Remedies, Remedy};
pub use self::rewrite_line::{CHOICE, RewriteLine};
pub use self::withheld::Withheld;
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
    detailed(known).verdict
}

/// The verdict, with the cause of each thing.
pub struct Detailed<'r, 'a> {
    /// The verdict.
    pub verdict: Verdict,
    /// The things that are not linked.
    pub items: Items<'r, 'a>,
    /// The position of the cause of each of them in the verdict.
    pub cause_of: Vec<Option<usize>>,
}

/// Why each thing that a selected workbook reads is not linked.
pub fn detailed<'r, 'a>(known: &Known<'r, 'a>) -> Detailed<'r, 'a> {
    let items = Items::new(known);
    let (causes, cause_of) = judged(known, &items);
    let more = without_links::nothing_listed(known).into_iter();
    let more = more.chain(lost::gone(known));
    let numbered = causes
        .into_iter()
        .map(|(number, cause)| (Some(number), cause));
    let mut causes = numbered.collect::<Vec<_>>();
    causes.extend(more.map(|cause| (None, cause)));
    causes.sort_by(|(_, one), (_, other)| one.order(other));
    let places = causes.iter().enumerate();
    let places = places
        .filter_map(|(at, (number, _))| Some(((*number)?, at)))
        .collect::<HashMap<_, _>>();
    let cause_of = cause_of.into_iter();
    let cause_of = cause_of.map(|number| places.get(&number?).copied());
    Detailed {
        cause_of: cause_of.collect(),
        verdict: Verdict {
            causes: causes.into_iter().map(|(_, cause)| cause).collect(),
            without_links: without_links::all(std::slice::from_ref(known)),
        },
        items,
    }
}

/// The same for several projects of one run: those on each adapter as one, which tell different tables.
pub fn verdict_of_all(all: &[Known]) -> Verdict {
    let causes = all
        .iter()
        .flat_map(|known| judged(known, &Items::new(known)).0.into_values());
    let causes = causes.chain(all.first().and_then(without_links::nothing_listed));
    let causes = causes.chain(all.first().and_then(lost::gone));
    let mut causes = causes.collect::<Vec<_>>();
    causes.sort_by(Cause::order);
    Verdict {
        causes,
        without_links: without_links::all(all),
    }
}

/// The causes of things by number, and the number of the cause of each.
fn judged(known: &Known, items: &Items) -> (BTreeMap<usize, Cause>, Vec<Option<usize>>) {
    let sorted = sorting::sort(known, items);
    let mut judge = Judge::new(known, items);
    judge.try_all(proposals::proposals(known, items, &sorted));
    judge.explain_others(&sorted);
    judge.causes()
}
