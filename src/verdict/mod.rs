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
pub mod renaming;
pub mod rewrite_line;
pub mod sorting;
pub mod trial;
pub mod way;
pub mod withheld;
pub mod without_links;

pub use self::cause::{Cause, Choice, Counted, Cure, Why};
use self::items::Items;
use self::judge::Judge;
pub use self::known::Known;
pub use self::line::Line;
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
    let items = Items::new(known);
    let sorted = sorting::sort(known, &items);
    let mut judge = Judge::new(known, &items);
    judge.try_all(proposals::proposals(known, &items, &sorted));
    judge.explain_others(&sorted);
    let mut causes = judge.causes();
    causes.extend(without_links::nothing_listed(known));
    causes.extend(lost::gone(known));
    Cause::sort(&mut causes);
    Verdict {
        causes,
        without_links: without_links::all(known),
    }
}
