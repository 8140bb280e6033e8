//! Chores of this repository, as `cargo xtask <verb>`.
//!
//! This file only knows the verbs; each has a module of its own.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for a terminal: it prints what it does"
)]

mod artifact;
mod audit;
mod bench;
mod corpus;
mod e2e;
mod failure;
mod faults;
mod fixtures;
mod fuzz;
mod judge;
mod pairs;
mod python;
mod repository;
mod results;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <verb>

  audit [--advisories]          check licences and sources of dependencies, and the workflows
  bench [RACE...]               measure speed and memory against copying, jq and a peer
  bench growth [KIND...]        measure whether any input costs more than its size
  corpus [--record]             measure how well custom SQL is read
  e2e [--quick] [PART...]       build and install the wheel, and let real dbt work with what it does
  faults [--quick]              let each call of the system fail in turn while a manifest is patched
  fixtures [--list] [NAME...]   let real dbt write the manifests of fixtures/dbt again
  fuzz [--minutes N] [--runs N] [--seed N] [--first N]
                                try the laws of patching on random inputs
  fuzz sql [the same options]   try the laws of reading custom SQL on changed queries
  judge [--record]              let real dbt and strict readers judge what we write
  judge --readers [--record]    let tools that read manifests judge it
  judge --sql [--shipped] [SEED]
                                let engines and parsers judge how custom SQL is read
  judge --writers               let every dbt that wrote a fixture judge it
  pairs [NAME...]               let real dbt make the pairs of manifests of fixtures/pairs again
  results                       let real dbt make the results of fixtures/run-results again
  tidy [--fix]                  check the rules of this house
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let verb = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let outcome = match verb.as_str() {
        "audit" => audit::run(&rest),
        "bench" => bench::run(&rest),
        "corpus" => corpus::run(&rest),
        "e2e" => e2e::run(&rest),
        "faults" => faults::run(&rest),
        "fixtures" => fixtures::run(&rest),
        "fuzz" => fuzz::run(&rest),
        "judge" => judge::run(&rest),
        "pairs" => pairs::run(&rest),
        "results" => results::run(&rest),
        "tidy" => tidy::run(&rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
