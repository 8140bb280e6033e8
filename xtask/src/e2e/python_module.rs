//! The Python module on its own: its form, its types, and its tests, which need no dbt; and the form of
//! the recipes in Python, whose libraries are too large to be installed.

use std::path::Path;
use std::process::Command;

use super::checks::Checks;
use super::lab::Lab;
use crate::failure::Result;
use crate::repository::run_quietly;

const PACKAGES: [&str; 4] = [
    "ruff==0.17.6",
    "mypy==2.4.1",
    "PyYAML==6.0.4",
    "types-PyYAML",
];

/// Checks the module.
pub(super) fn check(lab: &Lab, checks: &mut Checks) {
    let made = checks.check("python: tools are installed", || {
        lab.environment("python", &PACKAGES)
    });
    let Some(environment) = made else { return };
    for (what, program, arguments) in [
        (
            "lints",
            "ruff",
            &["check", "--no-cache", "python", "docs/recipes"][..],
        ),
        (
            "format",
            "ruff",
            &["format", "--no-cache", "--check", "python", "docs/recipes"],
        ),
        ("types", "mypy", &["--cache-dir=/dev/null", "python"]),
    ] {
        checks.check(&format!("python: {what}"), || {
            run(&environment, program, arguments, &lab.root)
        });
    }
    checks.check("python: tests", || {
        let arguments = ["-B", "-W", "error", "-m", "unittest"];
        run(&environment, "python", &arguments, &lab.root.join("python"))
    });
}

fn run(environment: &Path, program: &str, arguments: &[&str], folder: &Path) -> Result<()> {
    let mut command = Command::new(environment.join("bin").join(program));
    run_quietly(command.args(arguments).current_dir(folder))
}
