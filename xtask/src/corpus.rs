//! `cargo xtask corpus`: how well custom SQL is read, on the queries of `fixtures/sql`.
//!
//! Each query has beside it what a reader must find ([`cases`]). What is found ([`found`]) is
//! compared by distinct name and use; precision and recall are printed for each dialect, and every
//! query that is not read as expected is shown. A run with worse figures than the recorded ones
//! fails ([`record`]), and so does one in which the whole program draws other links than these tables
//! ([`linked`]).

pub(crate) mod cases;
mod figures;
pub(crate) mod found;
mod linked;
mod record;

use std::collections::{BTreeMap, BTreeSet};

use autoexpose::model::Dialect;

use self::cases::Case;
use self::figures::Figures;
use self::record::Record;
use crate::failure::Result;

/// Reads every query, and compares.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let does_record = match arguments {
        [] => false,
        [flag] if flag == "--record" => true,
        _ => return Err("it takes nothing but --record".to_owned()),
    };
    let mut figures: BTreeMap<&str, Figures> = BTreeMap::new();
    let cases = cases::read()?;
    for case in &cases {
        let found = found::lines(&case.query, case.dialect);
        figures
            .entry(case.dialect.name())
            .or_default()
            .add(case, &found);
        if found != case.expected {
            print_difference(case, &found);
        }
    }
    print(&figures);
    check_links(&cases)?;
    let record = Record::of_repository();
    if does_record {
        return record.write(&figures);
    }
    match record.undercut(&figures)? {
        worse if worse.is_empty() => Ok(()),
        worse => Err(format!("worse than recorded:\n  {}", worse.join("\n  "))),
    }
}

/// Runs the whole program on the queries of each dialect.
fn check_links(cases: &[Case]) -> Result<()> {
    let mut differences = Vec::new();
    for dialect in Dialect::ALL {
        let of_dialect = cases.iter().filter(|case| case.dialect == dialect);
        differences.extend(linked::differences(
            dialect,
            &of_dialect.collect::<Vec<_>>(),
        )?);
    }
    if !differences.is_empty() {
        return Err(format!("other links:\n  {}", differences.join("\n  ")));
    }
    println!("all of them link as expected, with all their words standing by as relations");
    Ok(())
}

fn print_difference(case: &Case, found: &BTreeSet<String>) {
    println!("{}: {}", case.file, case.title);
    for line in case.expected.difference(found) {
        println!("  missed: {line}");
    }
    for line in found.difference(&case.expected) {
        println!("  wrong:  {line}");
    }
}

fn print(figures: &BTreeMap<&str, Figures>) {
    println!("dialect     queries  unlike  tables  precision  recall");
    for (dialect, figures) in figures {
        println!(
            "{dialect:<12}{:>7}{:>8}{:>8}{:>11.4}{:>8.4}",
            figures.queries,
            figures.unlike,
            figures.expected,
            figures.precision(),
            figures.recall(),
        );
    }
}
