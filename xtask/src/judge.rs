//! `cargo xtask judge`: real dbt and strict readers judge what we write into manifests.
//!
//! One wrong field in one exposure makes dbt refuse a whole manifest. So every manifest of
//! `fixtures/dbt` is patched by the real program with an [`export`] that reads all of it
//! ([`forms`]), and a judge that accepts the file unpatched must accept it patched, patched again, and
//! not when it is broken ([`verdict`]). How much each judge has to judge is recorded
//! ([`record`]), so that none falls silent unnoticed.

mod dbt;
mod export;
mod forms;
mod modified;
mod proof;
mod readers;
mod record;
mod script;
mod sql;
mod strict;
mod verdict;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use crate::failure::{Result, Trying};
use crate::repository::{self, run_quietly};
use dbt::Dbt;
use forms::Subject;
use record::Record;
use verdict::{Statement, Verdicts};

/// Work that ends in verdicts, under the name that is printed with the time it took.
type Job<'j> = (
    &'static str,
    Box<dyn FnOnce() -> Result<Vec<Statement>> + Send + 'j>,
);

/// Judges. `--record` makes later runs reach the counts of this one; `--readers`
/// and `--writers` ask others instead, who take longer and are not asked every time; `--sql` asks
/// about something else, how custom SQL is read.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if let [first, rest @ ..] = arguments
        && first == "--sql"
    {
        return sql::run(rest);
    }
    let root = repository::root();
    let work = root.join("target/xtask/judge");
    if work.exists() {
        fs::remove_dir_all(&work).trying(work.display())?;
    }
    let started = Instant::now();
    let program = build(&root)?;
    let subjects = subjects(&root, &program, &work.join("manifests"))?;
    println!(
        "{} manifests patched in {}",
        subjects.len(),
        seconds(started)
    );

    let asked = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let dbt = root.join("fixtures/dbt");
    let mut verdicts = Verdicts::default();
    let record = if asked("--readers") {
        verdicts.extend(readers::readers(&work, &subjects)?);
        Some(Record::for_readers(&dbt))
    } else if asked("--writers") {
        verdicts.extend(dbt::writers(&work, &subjects)?);
        None
    } else {
        for statements in run_all(jobs(&program, &subjects, &work)) {
            verdicts.extend(statements?);
        }
        Some(Record::for_judges(&dbt))
    };
    println!(
        "\n{}\n{}",
        verdicts.unpatched_refusals().join("\n"),
        verdicts.table()
    );

    let mut complaints = verdicts.complaints();
    if let Some(record) = record {
        if asked("--record") {
            record.write(&verdicts.judged())?;
        }
        complaints.extend(record.undercut(&verdicts.judged())?);
    }
    if complaints.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} verdicts are wrong:\n  {}",
        complaints.len(),
        complaints.join("\n  ")
    ))
}

/// All that judges. Each job makes its own environment, so no two share one.
fn jobs<'j>(program: &'j Path, subjects: &'j [Subject], work: &'j Path) -> Vec<Job<'j>> {
    vec![
        (
            "dbt Core 1.11",
            Box::new(move || {
                let dbt = Dbt::for_fixture("duckdb-1.11", work)?;
                let statements = dbt::core(&dbt, subjects)?;
                Ok([statements, modified::modified(&dbt, program, work)?].concat())
            }),
        ),
        (
            "dbt Core 1.8",
            Box::new(move || dbt::core(&Dbt::for_fixture("postgres-1.8", work)?, subjects)),
        ),
        (
            "strict readers",
            Box::new(move || strict::strict(work, subjects)),
        ),
        (
            "dbt 2.0",
            Box::new(move || dbt::v2("dbt 2.0", &Dbt::for_fixture("duckdb-2.0", work)?, subjects)),
        ),
        (
            "dbt Fusion",
            Box::new(move || {
                dbt::v2(
                    "dbt Fusion",
                    &Dbt::for_fixture("duckdb-fusion", work)?,
                    subjects,
                )
            }),
        ),
    ]
}

/// Runs jobs, two at a time: that is how many cores a small machine has.
fn run_all(jobs: Vec<Job>) -> Vec<Result<Vec<Statement>>> {
    let rest = Mutex::new(jobs.into_iter());
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((name, job)) = rest.lock().ok().and_then(|mut rest| rest.next()) {
                    let started = Instant::now();
                    let statements = job().trying(name);
                    println!("{name}: {}", seconds(started));
                    if let Ok(mut results) = results.lock() {
                        results.push(statements);
                    }
                }
            });
        }
    });
    results.into_inner().unwrap_or_default()
}

fn seconds(since: Instant) -> String {
    format!("{:.0} s", since.elapsed().as_secs_f64())
}

/// Builds the program, and gives its path.
fn build(root: &Path) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", "--locked", "--package", "autoexpose"])
        .current_dir(root);
    run_quietly(&mut command)?;
    // cargo puts it beside this very program.
    let this = std::env::current_exe().trying("the path of xtask")?;
    Ok(this.with_file_name(format!("autoexpose{}", std::env::consts::EXE_SUFFIX)))
}

/// Every manifest of the fixtures in all its forms, and Fusion's once more as v20.
fn subjects(root: &Path, program: &Path, work: &Path) -> Result<Vec<Subject>> {
    let mut texts = Vec::new();
    for (name, file) in forms::fixtures(&root.join("fixtures/dbt"))? {
        let text = forms::read(&file)?;
        if name == "duckdb-fusion" {
            texts.push(("duckdb-fusion-v20".to_owned(), forms::as_v20(&text)?));
        }
        texts.push((name, text));
    }
    texts
        .iter()
        .map(|(name, text)| forms::prepare(program, work, name, text).trying(name))
        .collect()
}
