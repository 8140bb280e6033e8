//! `cargo xtask bench`: how long it takes, against the least that it could take and against peers.
//!
//! Inputs are scaled from a fixture ([`manifest`], [`export`]), whole processes are measured
//! ([`measure`]), those to be compared one after another in turns ([`race`]), and what counts are
//! ratios within one run ([`table`]). Nothing of that fails because something is slow; what fails is
//! a kind of input whose cost grows faster than its size ([`growth`]), or a run on several projects whose
//! cost grows faster than their number ([`mesh`]).

mod export;
mod growth;
mod manifest;
mod measure;
mod mesh;
mod race;
mod table;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Result, Trying};
use crate::python::{Environment, Recipe};
use crate::repository::{self, run_quietly};
use export::{Shape, Site};
use measure::Cost;
use race::{Finish, Outcome, Race, Runner};

/// The manifest that is scaled.
const FIXTURE: &str = "fixtures/dbt/snowflake-1.11/manifest.json";
/// A MB of a manifest, here and in the tables.
const MB: usize = 1_000_000;
/// Where inputs are made.
const WORK: &str = "target/xtask/bench";
/// The sizes: MB of the manifest, workbooks of the site, and how often each runner runs.
const SIZES: [(usize, usize, usize); 5] = [
    (1, 50, 15),
    (10, 500, 9),
    (46, 2_000, 7),
    (150, 5_000, 5),
    (450, 5_000, 5),
];
/// Beyond this size the crawler takes minutes, and grows with the square.
const MOST_MB_FOR_CRAWLER: usize = 46;
/// `jq` takes half a minute for more.
const MOST_RUNS_OF_SLOW: usize = 3;
/// The export of the races between shapes, over a manifest of 46 MB.
const WORKBOOKS_FOR_SHAPES: usize = 20_000;
/// The race of a manifest with our exposures against the same one without, and how many times as
/// long as the first day the second one may take.
const SECOND_DAY: &str = "second day";
const MOST_OF_SECOND_DAY: f64 = 1.2;
/// The export that is too large for most.
const MANY_WORKBOOKS: usize = 200_000;

const CRAWLER: &str = include_str!("bench/crawler.py");
const CRAWLER_RECIPE: Recipe<'_> = Recipe {
    python: &["3.11"],
    pip: &["dbt-exposures-crawler==0.1.5"],
};

/// Runs the races whose names begin with one of the arguments; all without arguments. Behind
/// `growth`, the arguments are those of [`growth_of`], behind `mesh` those of [`mesh_of`].
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if arguments
        .first()
        .is_some_and(|argument| argument == "measure")
    {
        return measure::as_parent(&arguments[1..]);
    }
    if let Some((_, rest)) = arguments
        .split_first()
        .filter(|(verb, _)| *verb == "growth")
    {
        return growth_of(rest);
    }
    if let Some((_, rest)) = arguments.split_first().filter(|(verb, _)| *verb == "mesh") {
        return mesh_of(rest);
    }
    let lab = Lab::set_up(&repository::root())?;
    let is_asked =
        |name: &str| arguments.is_empty() || arguments.iter().any(|start| name.starts_with(start));
    let mut results = Vec::new();
    for (mb, workbooks, runs) in SIZES {
        let name = format!("{mb} MB, {workbooks} workbooks");
        if is_asked(&name) {
            results.push(lab.size(name, mb, workbooks, runs)?.run()?);
        }
    }
    for (name, workbooks, shapes) in [
        ("shapes", WORKBOOKS_FOR_SHAPES, Shape::ALL.as_slice()),
        (
            "many workbooks",
            MANY_WORKBOOKS,
            &[Shape::Ndjson, Shape::Gzip],
        ),
    ] {
        if is_asked(name) {
            results.push(lab.shapes(name, workbooks, shapes)?.run()?);
        }
    }
    if is_asked(SECOND_DAY) {
        results.push(lab.second_day()?.run()?);
    }
    if results.is_empty() {
        return Err("no race has such a name".to_owned());
    }
    print!("{}", table::render(&results));
    let file = lab.work.join("results.json");
    let json = serde_json::to_string_pretty(&results).trying("results")?;
    fs::write(&file, json).trying(file.display())?;
    println!("as JSON: {}", file.display());
    let is_slow = results.iter().any(is_slow_on_second_day);
    if arguments.is_empty() {
        growth::run(lab.program, &lab.work, &[])?;
    }
    if is_slow {
        return Err(format!(
            "the second day takes more than {MOST_OF_SECOND_DAY} times the first"
        ));
    }
    Ok(())
}

/// Races kinds of input: `growth [--program FILE] [KIND...]`. Another program may be an earlier build,
/// to compare with.
fn growth_of(arguments: &[String]) -> Result<()> {
    let root = repository::root();
    let (program, kinds) = match arguments {
        [flag, program, kinds @ ..] if flag == "--program" => {
            (fs::canonicalize(program).trying(program)?, kinds)
        }
        kinds => (build(&root)?, kinds),
    };
    growth::run(program, &root.join(WORK), kinds)
}

/// Measures runs on several projects: `mesh [--program FILE]`.
fn mesh_of(arguments: &[String]) -> Result<()> {
    let root = repository::root();
    let program = match arguments {
        [flag, program] if flag == "--program" => fs::canonicalize(program).trying(program)?,
        [] => build(&root)?,
        _ => return Err("bench mesh takes `--program FILE` and nothing else".to_owned()),
    };
    let fixture = fs::read_to_string(root.join(FIXTURE)).trying(FIXTURE)?;
    mesh::run(&program, &root.join(WORK), &fixture)
}

/// Whether patching a manifest with our exposures takes much longer than without, in time or CPU.
fn is_slow_on_second_day(outcome: &Outcome) -> bool {
    let least = |finish: &Finish, figure: fn(&Cost) -> f64| {
        finish.runs.iter().map(figure).fold(f64::INFINITY, f64::min)
    };
    let [first, second] = outcome.results.as_slice() else {
        return false;
    };
    let figures: [fn(&Cost) -> f64; 2] = [|cost| cost.wall_ms, |cost| cost.cpu_ms];
    outcome.race.starts_with(SECOND_DAY)
        && figures
            .iter()
            .any(|figure| least(second, *figure) > MOST_OF_SECOND_DAY * least(first, *figure))
}

/// Where inputs are made and races are run.
struct Lab {
    program: PathBuf,
    base: manifest::Base,
    work: PathBuf,
    cache: PathBuf,
}

impl Lab {
    fn set_up(root: &Path) -> Result<Self> {
        let fixture = fs::read_to_string(root.join(FIXTURE)).trying(FIXTURE)?;
        let lab = Self {
            program: build(root)?,
            base: manifest::Base::new(&fixture).trying(FIXTURE)?,
            work: root.join(WORK),
            cache: root.join("target/xtask"),
        };
        fs::create_dir_all(&lab.work).trying(lab.work.display())?;
        Ok(lab)
    }

    /// The race at one size: patching against copying, `jq` and the crawler.
    fn size(&self, name: String, mb: usize, workbooks: usize, runs: usize) -> Result<Race> {
        let (manifest, models) = self.manifest(mb)?;
        let export = self.export(Site { workbooks, models }, Shape::Ndjson)?;
        let folder = self.work.clone();
        let slow = runs.min(MOST_RUNS_OF_SLOW);
        let mut runners = vec![
            Runner::new("autoexpose patch", runs, self.patch(&manifest, &export)),
            Runner::new(
                "cp && sync",
                runs,
                shell("cp \"$0\" copy.json && sync copy.json", &manifest),
            ),
            Runner::new(
                "jq -c .",
                slow,
                shell("jq -c . \"$0\" > copy.json", &manifest),
            ),
        ];
        if mb <= MOST_MB_FOR_CRAWLER {
            let mut crawler = Runner::new("dbt-exposures-crawler", slow, self.crawler(&export)?);
            crawler.copy = Some(manifest.clone());
            runners.push(crawler);
        }
        Ok(Race {
            name,
            input_mb: megabytes(&manifest)?,
            folder,
            runners,
        })
    }

    /// A race between shapes of one export.
    fn shapes(&self, name: &str, workbooks: usize, shapes: &[Shape]) -> Result<Race> {
        let (manifest, models) = self.manifest(46)?;
        let site = Site { workbooks, models };
        let mut runners = Vec::new();
        for shape in shapes {
            let export = self.export(site, *shape)?;
            let command = self.patch(&manifest, &export);
            runners.push(Runner::new(shape.name(), MOST_RUNS_OF_SLOW, command));
        }
        let plain = self.export(site, Shape::Ndjson)?;
        let name = format!("{name}: {workbooks} workbooks over 46 MB");
        Ok(Race {
            name,
            input_mb: megabytes(&plain)?,
            folder: self.work.clone(),
            runners,
        })
    }

    /// Patching the largest manifest for the first time, and again on the day after.
    fn second_day(&self) -> Result<Race> {
        let [.., (mb, workbooks, runs)] = SIZES;
        let (manifest, models) = self.manifest(mb)?;
        let export = self.export(Site { workbooks, models }, Shape::Ndjson)?;
        let patched = self.work.join("patched.json");
        let mut first_day = Command::new(&self.program);
        first_day.arg("patch").arg("--manifest").arg(&manifest);
        first_day.arg("--tableau").arg(&export);
        run_quietly(first_day.arg("--output").arg(&patched))?;
        Ok(Race {
            name: format!("{SECOND_DAY}: {workbooks} workbooks over {mb} MB"),
            input_mb: megabytes(&manifest)?,
            folder: self.work.clone(),
            runners: vec![
                Runner::new("first day", runs, self.patch(&manifest, &export)),
                Runner::new("second day", runs, self.patch(&patched, &export)),
            ],
        })
    }

    fn patch(&self, manifest: &Path, export: &Path) -> Vec<String> {
        let paths = [&self.program, manifest, export].map(|path| path.display().to_string());
        let [program, manifest, export] = paths;
        let words = [
            "patch",
            "--manifest",
            &manifest,
            "--tableau",
            &export,
            "--output",
            "copy.json",
        ];
        [program]
            .into_iter()
            .chain(words.map(str::to_owned))
            .collect()
    }

    fn crawler(&self, export: &Path) -> Result<Vec<String>> {
        let environment = Environment::make(&self.cache, &CRAWLER_RECIPE)?;
        let script = self.work.join("crawler.py");
        fs::write(&script, CRAWLER).trying(script.display())?;
        let paths = [
            environment.program("python"),
            script,
            "copy.json".into(),
            export.to_owned(),
        ];
        Ok(paths.map(|path| path.display().to_string()).to_vec())
    }

    /// A manifest of about so many MB, and how many copies of its model it has.
    fn manifest(&self, mb: usize) -> Result<(PathBuf, usize)> {
        let copies = self.base.copies_for(mb * MB);
        let path = self.work.join(format!("manifest-{mb}.json"));
        if !path.exists() {
            let file = File::create(&path).trying(path.display())?;
            let mut file = BufWriter::with_capacity(1 << 20, file);
            self.base
                .write(&mut file, copies)
                .and_then(|()| file.flush())
                .trying(path.display())?;
        }
        Ok((path, copies))
    }

    fn export(&self, site: Site, shape: Shape) -> Result<PathBuf> {
        let name = format!("{}-{}-{}", shape.name(), site.workbooks, site.models);
        let folder = self.work.join(name);
        if !folder.exists() {
            site.write(&folder, shape)?;
        }
        Ok(shape.path(&folder))
    }
}

fn shell(script: &str, argument: &Path) -> Vec<String> {
    ["sh", "-c", script, &argument.display().to_string()]
        .map(str::to_owned)
        .to_vec()
}

/// The size of a file.
fn megabytes(path: &Path) -> Result<f64> {
    Ok(fs::metadata(path).trying(path.display())?.len() as f64 / MB as f64)
}

/// Builds the program as it is released, and gives its path.
fn build(root: &Path) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args([
        "build",
        "--quiet",
        "--locked",
        "--release",
        "--package",
        "autoexpose",
    ]);
    run_quietly(command.current_dir(root))?;
    Ok(root
        .join("target/release")
        .join(format!("autoexpose{}", std::env::consts::EXE_SUFFIX)))
}
