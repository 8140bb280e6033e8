//! `cargo xtask judge`: real dbt and strict readers judge what we write into manifests.
//!
//! One wrong field in one exposure makes dbt refuse a whole manifest. So every manifest of
//! `fixtures/dbt` is patched by the real program with an [`export`] that reads all of it
//! ([`forms`]), and whoever accepts the file unpatched must accept it patched, patched again, and
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
use verdict::{Told, Verdicts};

/// Work that ends in verdicts; its name is told with the time it took.
type Job<'j> = (
    &'static str,
    Box<dyn FnOnce() -> Result<Vec<Told>> + Send + 'j>,
);

/// Judges. `--record` makes the counts of this run those that later runs must reach; `--readers`
/// and `--writers` ask others instead, who take longer and are not asked every time.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
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
        Some(Record::of_readers(&dbt))
    } else if asked("--writers") {
        verdicts.extend(dbt::writers(&work, &subjects)?);
        None
    } else {
        for told in at_once(jobs(&program, &subjects, &work)) {
            verdicts.extend(told?);
        }
        Some(Record::of_judges(&dbt))
    };
    println!(
        "\n{}\n{}",
        verdicts.no_judge_of().join("\n"),
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
    let core = |fixture| Dbt::of_fixture(fixture, work);
    vec![
        (
            "dbt Core 1.11",
            Box::new(move || {
                let dbt = core("duckdb-1.11")?;
                let told = dbt::core(&dbt, subjects)?;
                Ok([told, modified::modified(&dbt, program, work)?].concat())
            }),
        ),
        (
            "dbt Core 1.8",
            Box::new(move || dbt::core(&core("postgres-1.8")?, subjects)),
        ),
        (
            "strict readers",
            Box::new(move || strict::strict(work, subjects)),
        ),
        (
            "dbt 2.0",
            Box::new(move || dbt::v2("dbt 2.0", &core("duckdb-2.0")?, subjects)),
        ),
        (
            "dbt Fusion",
            Box::new(move || dbt::v2("dbt Fusion", &core("duckdb-fusion")?, subjects)),
        ),
    ]
}

/// Runs jobs, two at a time: that is how many cores a small machine has.
fn at_once(jobs: Vec<Job>) -> Vec<Result<Vec<Told>>> {
    let rest = Mutex::new(jobs.into_iter());
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        let work = || {
            loop {
                let next = rest.lock().map(|mut rest| rest.next());
                let Ok(Some((name, job))) = next else {
                    return;
                };
                let started = Instant::now();
                let told = job().trying(name);
                println!("{name}: {}", seconds(started));
                if let Ok(mut results) = results.lock() {
                    results.push(told);
                }
            }
        };
        scope.spawn(work);
        scope.spawn(work);
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
    let prepare = |name: &str, text: &str| forms::prepare(program, work, name, text).trying(name);
    let mut subjects = Vec::new();
    for (name, file) in forms::fixtures(&root.join("fixtures/dbt"))? {
        let text = forms::read(&file)?;
        subjects.push(prepare(&name, &text)?);
        if name == "duckdb-fusion" {
            subjects.push(prepare("duckdb-fusion-v20", &forms::as_v20(&text)?)?);
        }
    }
    Ok(subjects)
}
