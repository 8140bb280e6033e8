//! `cargo xtask fuzz`: the laws of patching, on inputs that nobody has thought of.
//!
//! Each input is one of the cases ([`corpus`]), changed at a few places of manifest, state, export
//! and configuration ([`mutate`]), and laid out in any way ([`layout`]). The stages of the program
//! run on it in this process ([`program`]), and whatever they accept must obey the laws ([`laws`]).
//! An input that breaks one is made smaller ([`shrink`]) and saved.
//!
//! `cargo xtask fuzz sql` does the same for custom SQL ([`queries`]): the queries of the corpus, changed
//! at a few places, must be read without a panic and by laws of their own.
//!
//! A seed stands for the same inputs on every machine, as long as cases stay the same.

mod corpus;
mod dice;
mod input;
mod json;
mod laws;
mod layout;
mod mutate;
mod options;
mod outside;
mod program;
mod queries;
mod query_laws;
mod shrink;
mod undo;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use self::corpus::Corpus;
use self::dice::Dice;
use self::input::Input;
use self::laws::{Law, Verdict};
use self::options::{MOST_FAILURES, Options};
use self::program::{Ending, Texts};
use crate::failure::Result;
use crate::repository;

/// The reasons of refusals that are shown.
const MOST_REASONS: usize = 12;

/// What was found so far.
#[derive(Default)]
struct Tally {
    runs: u64,
    accepted: u64,
    reasons: BTreeMap<String, u64>,
    failures: Vec<(Law, PathBuf)>,
}

/// Tries inputs until the time is over.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let ["sql", ..] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        return queries::run(&Options::parse(&arguments[1..])?);
    }
    let options = Options::parse(arguments)?;
    let corpus = Corpus::read()?;
    let folder = repository::root().join("target/xtask/fuzz");
    program::catch_panics();
    let mut tally = Tally::default();
    let end = Instant::now() + Duration::from_secs_f64(options.minutes * 60.0);
    while Instant::now() < end && tally.runs < options.most_runs {
        let number = options.first + tally.runs;
        tally.runs += 1;
        let input = Input::any(&corpus, &mut Dice::new(options.seed, number), patched);
        match laws::check(&input.texts()) {
            Verdict::Accepted => tally.accepted += 1,
            Verdict::Refused(reason) => tally.refuse(&reason),
            Verdict::Broken(law, detail) => {
                tally.accepted += 1;
                let folder = folder.join(format!("{law}-{}-{number}", options.seed));
                println!(
                    "{law} (--seed {} --first {number} --runs 1): {detail}",
                    options.seed
                );
                let small = shrink::shrink(input, law);
                small.save(&folder, &format!("{law}: {detail}"))?;
                println!("  {} values: {}", shrink::size(&small), folder.display());
                tally.failures.push((law, folder));
                if tally.failures.len() == MOST_FAILURES {
                    break;
                }
            }
        }
    }
    tally.print();
    match tally.failures.len() {
        0 => Ok(()),
        count => Err(format!("{count} inputs break a law")),
    }
}

/// The manifest after a run, if the input is accepted.
fn patched(texts: &Texts) -> Option<String> {
    match program::run(texts, false) {
        Ending::Patched(patched) => Some(patched.manifest),
        Ending::Refused(_) | Ending::Panicked(_) => None,
    }
}

impl Tally {
    /// Counts a refusal by its reason, without places and names.
    fn refuse(&mut self, reason: &str) {
        let line = reason.lines().next().unwrap_or_default();
        let message = line.split_once(": ").map_or(line, |(_, message)| message);
        let kind = message
            .split(['`', '"', '\''])
            .step_by(2)
            .collect::<Vec<_>>();
        *self.reasons.entry(kind.join("…")).or_default() += 1;
    }

    fn print(&self) {
        let Self { runs, accepted, .. } = self;
        let share = 100.0 * *accepted as f64 / (*runs).max(1) as f64;
        println!("{runs} inputs, {accepted} accepted ({share:.0} %); refused:");
        let mut reasons: Vec<_> = self.reasons.iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (reason, count) in reasons.iter().take(MOST_REASONS) {
            println!("  {count:>7}  {reason}");
        }
        println!("{} break a law", self.failures.len());
    }
}
