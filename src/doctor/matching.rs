//! Judges how much of an export is linked, database by database.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::check::Check;
use super::export::counted;
use super::finding::Finding;
use crate::link::{Links, MatchedTable, Outcome, OutcomeKind};
use crate::model::{Project, Site, Upstream, WorkbookIx};
use crate::settings::SelectedWorkbooks;
use crate::verdict::{Cause, Cure};

/// What else tells about tables that are not linked.
const EXPLAIN: &str = "`autoexpose explain --unlinked` tells of each table why it is not linked";

/// The results of matching an export to projects.
pub struct Matching<'r> {
    /// What the export shows.
    pub site: &'r Site<'r>,
    /// Whether each workbook is selected.
    pub selection: &'r SelectedWorkbooks,
    /// Each project with its links.
    pub projects: Vec<(&'r Project<'r>, &'r Links<'r>)>,
    /// Why tables are not linked; empty where that is not known of several projects.
    pub causes: Vec<Cause>,
}

/// Tables of one database, each counted once for each workbook that reads it.
#[derive(Default)]
struct Tally {
    linked: usize,
    all: usize,
    /// Why one is not linked, with how many have the same reason.
    reasons: BTreeMap<String, usize>,
}

impl Tally {
    /// The reason that most have; of equally many, the first by its text.
    fn reason(&self) -> Option<&str> {
        let reasons = self.reasons.iter();
        let most = reasons.min_by_key(|(text, count)| (Reverse(**count), *text));
        most.map(|(text, _)| text.as_str())
    }
}

/// Judges the target of the manifest, and how much is linked.
pub fn matching(matching: &Matching) -> Vec<Finding> {
    let mut total = Tally::default();
    let mut databases: BTreeMap<String, Tally> = BTreeMap::new();
    for (database, read) in reads(matching) {
        let kind = read.0.outcome.kind();
        if !kind.is_of_warehouse() {
            continue;
        }
        let of_database = databases.entry(database).or_default();
        for tally in [&mut total, of_database] {
            tally.all += 1;
            tally.linked += usize::from(kind == OutcomeKind::Linked);
        }
        if kind != OutcomeKind::Linked {
            *of_database
                .reasons
                .entry(reason(matching, read))
                .or_default() += 1;
        }
    }
    let mut findings = vec![target(matching, &total), rate(matching, &total)];
    let mut databases = databases.into_iter().collect::<Vec<_>>();
    databases.sort_by_key(|(_, tally)| Reverse(tally.all));
    let is_one = databases.len() < 2 && total.linked == total.all;
    let databases = databases.into_iter().filter(|_| !is_one);
    findings.extend(databases.map(|(database, tally)| of_database(&database, &tally)));
    findings
}

/// A table as the project sees it that has most to say about it, with the position of that project.
type Reading<'r> = (&'r MatchedTable<'r>, usize);

/// What selected workbooks read, each with its database.
fn reads<'r>(matching: &'r Matching) -> impl Iterator<Item = (String, Reading<'r>)> {
    let workbooks = matching.site.workbooks.iter().enumerate();
    let selected = workbooks.filter(|(at, _)| matching.selection.get(WorkbookIx(*at)).is_yes());
    selected.flat_map(move |(at, workbook)| {
        let reads = workbook.reads.iter().enumerate();
        reads.filter_map(move |(place, read)| {
            let projects = matching.projects.iter().enumerate();
            let tables = projects.map(|(number, (_, links))| {
                (links.workbooks[at].tables[place].table.as_ref(), number)
            });
            let table = tables.min_by_key(|(table, _)| table.outcome.kind())?;
            Some((database(matching.site, &read.upstream), table))
        })
    })
}

/// How Tableau names the database of a table.
fn database(site: &Site, upstream: &Upstream) -> String {
    let Upstream::Table(table) = upstream else {
        return "tables without a name".to_owned();
    };
    let name = site.tables[table.0].name.as_ref().ok();
    let database = name.and_then(|relation| relation.database.as_deref());
    match database {
        Some(database) => format!("database {database}"),
        None => "tables without a database".to_owned(),
    }
}

/// Why a table is not linked: the relation that comes nearest, else the reason.
fn reason(matching: &Matching, (table, project): Reading) -> String {
    let (project, _) = matching.projects[project];
    if let Outcome::Unknown { nearest, .. } = &table.outcome
        && let Some(miss) = nearest.first()
    {
        return format!("a relation is near: {}", miss.difference);
    }
    let reason = table.not_linked(project.adapter());
    reason.map_or_else(String::new, |reason| reason.to_string())
}

/// Whether the manifest is of the target that Tableau reads.
fn target(matching: &Matching, total: &Tally) -> Finding {
    let other = matching
        .causes
        .iter()
        .find(|cause| cause.is_of_other_target());
    match other {
        Some(cause) => {
            let command = cause.cures.iter().find_map(|cure| match cure {
                Cure::Command(command) => Some(*command),
                _ => None,
            });
            let command = command.unwrap_or("dbt parse --target prod");
            let cure =
                format!("make the manifest for the target that Tableau reads, as with `{command}`");
            Finding::warning(Check::Target, cause.why.to_string(), cure)
        }
        None if total.linked > 0 => {
            Finding::ok(Check::Target, "workbooks read relations of this manifest")
        }
        None => Finding::not_known(
            Check::Target,
            "workbooks read not one relation of this manifest",
            "check that the export is of the right site, and the manifest of the right target",
        ),
    }
}

/// How many tables are linked in all.
fn rate(matching: &Matching, total: &Tally) -> Finding {
    let Tally { linked, all, .. } = *total;
    if all == 0 {
        return Finding::not_known(
            Check::MatchRate,
            "workbooks read not one table that could be the project's",
            "check that the export is of the right site, and that `select` in autoexpose.yml leaves workbooks in",
        );
    }
    let per_mille = linked * 1000 / all;
    let seen = format!(
        "{}.{} % of {} {} linked, each table counted once for each workbook",
        per_mille / 10,
        per_mille % 10,
        counted(all, "table"),
        if all == 1 { "is" } else { "are" },
    );
    if linked == all {
        return Finding::ok(Check::MatchRate, seen);
    }
    let cure = matching.causes.first().map(cure);
    let cure = cure.unwrap_or_else(|| EXPLAIN.to_owned());
    if linked == 0 {
        Finding::fault(Check::MatchRate, seen, cure)
    } else {
        Finding::warning(Check::MatchRate, seen, cure)
    }
}

/// What to do about the cause that explains most.
fn cure(cause: &Cause) -> String {
    let why = &cause.why;
    let what = cause.cures.first().map(|cure| match cure {
        Cure::Config { .. } | Cure::Risky { .. } => {
            "`autoexpose diff` shows lines for autoexpose.yml that link them".to_owned()
        }
        Cure::Command(command) => format!("make another manifest, as with `{command}`"),
        Cure::Query { fields, .. } => format!("ask in the query for `{}`", fields.join(" ")),
        Cure::Advice(advice) => (*advice).to_owned(),
    });
    match what {
        Some(what) => format!("of most others, {why}: {what}"),
        None => format!("of most others, {why}; {EXPLAIN}"),
    }
}

/// How many tables of one database are linked.
fn of_database(database: &str, tally: &Tally) -> Finding {
    let Tally { linked, all, .. } = tally;
    let seen = format!("{linked} of {} linked", counted(*all, "table"));
    let finding = match tally.reason() {
        None => Finding::ok(Check::MatchRate, seen),
        Some(reason) => Finding::note(
            Check::MatchRate,
            format!("{seen}; of most others, {reason}"),
        ),
    };
    finding.about(database)
}
