//! `cargo xtask fuzz sql`: the laws of reading custom SQL, on queries that nobody has thought of.
//!
//! Each query is one of the corpus, in its own dialect or another one, changed at a few places.

use std::fs;
use std::time::{Duration, Instant};

use autoexpose::model::Dialect;

use super::dice::Dice;
use super::options::{MOST_FAILURES, Options};
use super::program;
use super::query_laws::{self, Broken};
use crate::corpus::cases;
use crate::failure::{Result, Trying};
use crate::repository;

/// What is put into queries, beside pieces of others.
const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "`",
    "$$",
    "$t$",
    "--",
    "/*",
    "*/",
    "/*!",
    "#",
    "//",
    "\n",
    " ",
    "\u{a0}",
    "ß",
    "\u{feff}",
    "\\",
    ";",
    ",",
    ".",
    "..",
    ":",
    "::",
    "@",
    "?",
    "|>>",
    "<<",
    ">>",
    "<",
    ">",
    "<[Parameters].[P]>",
    "<Parameters.Q>",
    "<[Parameters].[",
    " FROM ",
    " JOIN ",
    " WITH a AS (",
    " AS ",
    " TABLE ",
    " LATERAL ",
    " VALUES ",
    " SELECT ",
    " UNION ",
    " INSERT INTO ",
    " UPDATE ",
    " DELETE FROM ",
    " MERGE INTO ",
    " CREATE TEMP TABLE ",
    " IDENTIFIER(",
    " IN ",
    " USING ",
    " INTO ",
    "q'[",
    "U&\"",
    "r\"",
    "0",
    "1e",
    ".5",
];

/// Tries queries until the time is over.
pub(super) fn run(options: &Options) -> Result<()> {
    let queries: Vec<_> = cases::read()?
        .into_iter()
        .map(|case| (case.dialect, case.query))
        .collect();
    if queries.is_empty() {
        return Err("there are no queries".to_owned());
    }
    program::catch_panics();
    let mut runs = 0;
    let mut failures = 0;
    let end = Instant::now() + Duration::from_secs_f64(options.minutes * 60.0);
    while Instant::now() < end && runs < options.most_runs && failures < MOST_FAILURES {
        let number = options.first + runs;
        runs += 1;
        let (dialect, query) = any(&queries, &mut Dice::new(options.seed, number));
        if let Err(broken) = query_laws::check(&query, dialect) {
            failures += 1;
            let small = shrunk(query, dialect, broken.law);
            save(options, number, dialect, &small, &broken)?;
        }
    }
    println!("{runs} queries, {failures} break a law");
    match failures {
        0 => Ok(()),
        count => Err(format!("{count} queries break a law")),
    }
}

/// A query of the corpus, changed at up to four places, and a dialect.
fn any(queries: &[(Dialect, String)], dice: &mut Dice) -> (Dialect, String) {
    let (own, query) = &queries[dice.below(queries.len())];
    let mut query = query.clone();
    for _ in 0..dice.below(5) {
        let from = place(&query, dice);
        let to = if dice.one_in(2) {
            from
        } else {
            place(&query[from..], dice).min(20) + from
        };
        let to = (to..=query.len())
            .find(|at| query.is_char_boundary(*at))
            .unwrap_or(query.len());
        let piece = if dice.one_in(3) {
            let (_, other) = &queries[dice.below(queries.len())];
            let start = place(other, dice);
            other[start..].chars().take(dice.below(30)).collect()
        } else {
            dice.pick(PIECES).to_owned()
        };
        query.replace_range(from..to, &piece);
    }
    let dialect = if dice.one_in(2) {
        *own
    } else {
        dice.pick(&Dialect::ALL)
    };
    (dialect, query)
}

/// Any place between two letters.
fn place(text: &str, dice: &mut Dice) -> usize {
    let at = dice.below(text.len() + 1);
    (at..=text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

/// The query without what it does not need to break the same law.
fn shrunk(mut query: String, dialect: Dialect, law: &str) -> String {
    let is_broken =
        |query: &str| query_laws::check(query, dialect).is_err_and(|broken| broken.law == law);
    let mut length = query.len() / 2;
    while length > 0 {
        let mut at = 0;
        while at < query.len() {
            let mut smaller = query.clone();
            let end = (at + length).min(query.len());
            let is_whole = query.is_char_boundary(at) && query.is_char_boundary(end);
            if is_whole {
                smaller.replace_range(at..end, "");
            }
            if is_whole && is_broken(&smaller) {
                query = smaller;
            } else {
                at += length;
            }
        }
        length /= 2;
    }
    query
}

fn save(
    options: &Options,
    number: u64,
    dialect: Dialect,
    query: &str,
    broken: &Broken,
) -> Result<()> {
    let folder = repository::root().join("target/xtask/fuzz");
    fs::create_dir_all(&folder).trying(folder.display())?;
    let Broken { law, detail } = broken;
    let path = folder.join(format!("sql-{law}-{}-{number}.sql", options.seed));
    fs::write(&path, query).trying(path.display())?;
    println!(
        "{law} (--seed {} --first {number} --runs 1), {}: {detail}\n{query}\n  {}",
        options.seed,
        dialect.name(),
        path.display()
    );
    Ok(())
}
