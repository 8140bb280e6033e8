//! Real dbt as a judge: dbt Core in Python, dbt 2.0 and Fusion as the programs that they are.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use serde_json::json;

use super::forms::{Form, Subject};
use super::script::Script;
use super::verdict::{Statement, Verdict};
use crate::failure::{Result, Trying};
use crate::fixtures::table::{FIXTURES, Fixture};
use crate::fixtures::{in_project, project};
use crate::python::{Environment, PYTHONS, Recipe};
use crate::repository::{self, run_quietly};

/// A dbt with our project laid out for it.
pub(super) struct Dbt {
    /// Decides on the overlays of the project.
    pub(super) fixture: &'static Fixture,
    /// Its installation.
    pub(super) environment: Environment,
    /// The project.
    pub(super) project: PathBuf,
}

impl Dbt {
    /// The dbt of a fixture, in a project of its own under `folder`.
    pub(super) fn for_fixture(name: &str, folder: &Path) -> Result<Self> {
        let fixture = FIXTURES
            .iter()
            .find(|fixture| fixture.name == name)
            .ok_or_else(|| format!("no fixture is called `{name}`"))?;
        let root = repository::root();
        let recipe = Recipe {
            python: PYTHONS,
            pip: fixture.pip,
        };
        let environment = Environment::make(&root.join("target/xtask"), &recipe)?;
        let project = folder.join(name);
        if project.exists() {
            fs::remove_dir_all(&project).trying(project.display())?;
        }
        project::lay_out(&root.join("fixtures/dbt"), &project, fixture)?;
        let dbt = Self {
            fixture,
            environment,
            project,
        };
        run_quietly(&mut dbt.command(&["deps"]))?;
        Ok(dbt)
    }

    /// A dbt command in the project.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.environment.program("dbt"));
        command
            .args(arguments)
            .args(["--target", self.fixture.target]);
        in_project(&mut command, &self.project);
        command
    }
}

/// dbt Core loads every form, lists with it as `--state`, and writes back what is its own.
pub(super) fn core(dbt: &Dbt, subjects: &[Subject]) -> Result<Vec<Statement>> {
    let script = Script {
        environment: &dbt.environment,
        folder: &dbt.project,
        name: "core.py",
        text: include_str!("core.py"),
    };
    let mut statements = script.run(&json!({
        "dbt": version(dbt.fixture),
        "target": dbt.fixture.target,
        "manifests": subjects.iter().map(Subject::task).collect::<Vec<_>>(),
    }))?;
    statements.extend(alike(
        dbt.fixture,
        &dbt.environment,
        &dbt.project,
        subjects,
    )?);
    Ok(statements)
}

/// Every dbt Core that wrote a manifest reads it patched, and writes it back.
pub(super) fn writers(work: &Path, subjects: &[Subject]) -> Result<Vec<Statement>> {
    let mut statements = Vec::new();
    let mut seen = BTreeSet::new();
    for fixture in FIXTURES {
        // One environment writes several fixtures, and reads all of its version here.
        if fixture.dbt < (2, 0) && seen.insert(fixture.dbt) {
            let cache = repository::root().join("target/xtask");
            let environment = Environment::make(&cache, &fixture.recipe())?;
            statements.extend(alike(fixture, &environment, work, subjects)?);
        }
    }
    Ok(statements)
}

/// A dbt Core writes back the manifests of its own version.
fn alike(
    fixture: &Fixture,
    environment: &Environment,
    folder: &Path,
    subjects: &[Subject],
) -> Result<Vec<Statement>> {
    let own = subjects
        .iter()
        .filter(|subject| is_written_by(fixture.dbt, &subject.name))
        .map(Subject::task)
        .collect::<Vec<_>>();
    let task = json!({"dbt": version(fixture), "manifests": own});
    Script {
        environment,
        folder,
        name: "alike.py",
        text: include_str!("alike.py"),
    }
    .run(&task)
}

fn is_written_by(dbt: (u8, u8), name: &str) -> bool {
    FIXTURES
        .iter()
        .any(|fixture| fixture.name == name && fixture.dbt == dbt)
}

fn version(fixture: &Fixture) -> String {
    let (major, minor) = fixture.dbt;
    format!("{major}.{minor}")
}

/// dbt 2.0 or Fusion lists with every form as `--state`.
pub(super) fn v2(name: &str, dbt: &Dbt, subjects: &[Subject]) -> Result<Vec<Statement>> {
    let rest = Mutex::new(subjects.iter());
    let verdicts = Mutex::new(Vec::new());
    thread::scope(|scope| {
        // A run takes a fifth of a second, and waits for most of it.
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(subject) = rest.lock().ok().and_then(|mut rest| rest.next()) {
                    let judged = v2_subject(name, dbt, subject);
                    if let Ok(mut verdicts) = verdicts.lock() {
                        verdicts.push(judged);
                    }
                }
            });
        }
    });
    let verdicts = verdicts
        .into_inner()
        .trying(name)?
        .into_iter()
        .collect::<Result<Vec<_>>>()?;
    Ok(verdicts.concat())
}

fn v2_subject(name: &str, dbt: &Dbt, subject: &Subject) -> Result<Vec<Statement>> {
    let mut statements = Vec::new();
    let mut unpatched = None;
    for form in Form::ALL {
        let listed = v2_list(dbt, subject, form)?;
        // Exposures in a state change nothing of what is listed.
        let refusal = match (listed, &unpatched) {
            (Err(refusal), _) => Some(refusal),
            (Ok(listed), Some(expected)) if listed != *expected => {
                Some(format!("lists {listed:?} instead of {expected:?}"))
            }
            (Ok(listed), _) => {
                unpatched = Some(listed);
                None
            }
        };
        statements.push(Statement::Verdict(Verdict {
            judge: format!("{name}: ls --state"),
            manifest: subject.name.clone(),
            form,
            refusal,
        }));
        if unpatched.is_none() {
            break;
        }
    }
    Ok(statements)
}

/// What dbt 2.0 lists with a form as its state, sorted; or why it does not take it.
fn v2_list(
    dbt: &Dbt,
    subject: &Subject,
    form: Form,
) -> Result<std::result::Result<Vec<String>, String>> {
    let state = subject.state(form);
    let mut command = dbt.command(&["ls", "--select", "state:modified+"]);
    // Runs beside each other must not share what they write.
    command
        .arg("--state")
        .arg(&state)
        .arg("--target-path")
        .arg(state.join("target"));
    let output = command.output().trying("dbt")?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    // Some versions only warn of a state that they cannot load.
    if !output.status.success() || complained.contains("ManifestLoadFailed") {
        let refusal = refusal(&format!("{printed}{complained}"));
        return Ok(Err(
            refusal.replace(&state.display().to_string(), form.as_str())
        ));
    }
    let mut listed = printed
        .lines()
        .skip_while(|line| !line.contains("Selected nodes"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .map(str::to_owned)
        .collect::<Vec<_>>();
    listed.sort();
    Ok(Ok(listed))
}

/// What dbt 2.0 prints of an error or a panic, without its banner and the frames of its stack.
fn refusal(printed: &str) -> String {
    let lines = printed
        .lines()
        .skip_while(|line| !line.starts_with("[error]") && !line.starts_with("panic: "))
        .take(2)
        .collect::<Vec<_>>();
    if lines.is_empty() {
        printed.to_owned()
    } else {
        lines.join(" ")
    }
}
