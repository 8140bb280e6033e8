//! `cargo xtask fuzz`: the laws of patching, on inputs that nobody has thought of.
//!
//! Each input is one of the cases ([`corpus`]), changed at a few places of manifest, state, export
//! and configuration ([`mutate`]), and laid out in any way ([`layout`]). The stages of the program
//! run on it in this process ([`program`]), and whatever they accept must obey the laws ([`laws`]).
//! An input that breaks one is made smaller ([`shrink`]) and saved.
//!
//! A seed stands for the same inputs on every machine, as long as cases stay the same.

mod corpus;
mod dice;
mod input;
mod json;
mod laws;
mod layout;
mod mutate;
mod outside;
mod program;
mod shrink;
mod undo;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use self::corpus::Corpus;
use self::dice::Dice;
use self::input::Input;
use self::laws::{Law, Verdict};
use self::program::{Ending, Texts};
use crate::failure::{Result, Trying};
use crate::repository;

/// It ends early once it has found so many inputs that break a law.
const MOST_FAILURES: usize = 20;
/// The reasons of refusals that are shown.
const MOST_REASONS: usize = 12;

/// How long to go on, and with which inputs.
struct Options {
    minutes: f64,
    most_runs: u64,
    seed: u64,
    first: u64,
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self {
            minutes: 1.0,
            most_runs: u64::MAX,
            seed: 1,
            first: 0,
        };
        for pair in arguments.chunks(2) {
            let [flag, value] = pair else {
                return Err(format!("{} needs a number", pair[0]));
            };
            match flag.as_str() {
                "--minutes" => options.minutes = value.parse().trying(flag)?,
                "--runs" => options.most_runs = value.parse().trying(flag)?,
                "--seed" => options.seed = value.parse().trying(flag)?,
                "--first" => options.first = value.parse().trying(flag)?,
                _ => return Err(format!("unknown option {flag}")),
            }
        }
        Ok(options)
    }
}

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
