//! `cargo xtask judge --sql`: engines and parsers judge how custom SQL is read.
//!
//! The reader is written after a corpus of our own, so others must say whether it is right. Each
//! judge ([`judges`]) gets statements that nobody wrote for this project: those that packages ship
//! as tests (`shipped.py`, read where they are unpacked, never copied), and those that a grammar
//! composes at random by a seed (`grammar.py`). What a judge accepts, it says the tables of; a
//! statement that it refuses does not count. A walk of ours goes through its tree, so that a
//! disagreement is a fault of the reader, of the walk or of the judge: the first ones are printed.

mod judges;
mod tally;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use self::judges::Judge;
use self::tally::{Statement, Tally};
use crate::failure::{Result, Trying};
use crate::repository;

/// How many statements are composed for each dialect, and the seed.
const COMPOSED: usize = 2000;
const SEED: u64 = 1;
/// How many disagreements are shown of each judge and dialect.
const SHOWN: usize = 5;

/// Lets every judge that can be installed here judge. `--shipped` takes what packages ship, too,
/// which takes minutes to fetch; a seed composes other statements.
pub(super) fn run(arguments: &[String]) -> Result<()> {
    let is_shipped = arguments.iter().any(|argument| argument == "--shipped");
    let seed = arguments.iter().find_map(|argument| argument.parse().ok());
    let work = repository::root().join("target/xtask/judge-sql");
    fs::create_dir_all(&work).trying(work.display())?;
    let mut tallies = BTreeMap::new();
    for judge in judges::all(&work, is_shipped)? {
        count(&judge, seed.unwrap_or(SEED), &work, &mut tallies)?;
    }
    print(&tallies);
    let worse: Vec<String> = tallies
        .iter()
        .filter(|(_, tally)| tally.is_worse())
        .map(|((judge, dialect), _)| format!("{judge} on {dialect}"))
        .collect();
    if worse.is_empty() {
        return Ok(());
    }
    Err(format!(
        "read worse than promised (precision 0.999, recall 0.99): {}",
        worse.join(", ")
    ))
}

/// Adds up what one judge says.
fn count(
    judge: &Judge,
    seed: u64,
    work: &Path,
    tallies: &mut BTreeMap<(String, String), Tally>,
) -> Result<()> {
    for line in judge.lines(COMPOSED, seed, work)?.lines() {
        let statement: Statement = serde_json::from_str(line).trying(judge.name)?;
        let key = (statement.judge.clone(), statement.dialect.clone());
        let tally = tallies
            .entry(key)
            .or_insert_with(|| Tally::new(judge.is_hint));
        if let Some(disagreement) = tally.add(&statement)?
            && tally.shown < SHOWN
        {
            tally.shown += 1;
            println!(
                "{} on {}: {disagreement}",
                statement.judge, statement.dialect
            );
        }
    }
    Ok(())
}

fn print(tallies: &BTreeMap<(String, String), Tally>) {
    println!(
        "\njudge     dialect     statements  refused  agreed  ours  theirs  precision  recall"
    );
    for ((judge, dialect), tally) in tallies {
        println!(
            "{judge:<10}{dialect:<12}{:>10}{:>9}{:>8}{:>6}{:>8}{:>11.4}{:>8.4}{}",
            tally.statements,
            tally.refused,
            tally.agreed,
            tally.ours_only,
            tally.theirs_only,
            tally.precision(),
            tally.recall(),
            if tally.is_hint { "  (a hint)" } else { "" },
        );
    }
}
