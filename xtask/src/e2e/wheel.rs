//! The wheel: built, looked into, and installed where nothing else is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::checks::{Checks, expect};
use super::glibc;
use super::lab::{Lab, output};
use crate::failure::{Result, Trying};
use crate::repository::{self, run_quietly};

/// The version of glibc that `manylinux2014` promises to do with.
const GLIBC: (u32, u32) = (2, 17);
/// The most that the program may take: a little more than it does, so that growth is noticed. 3 MB of
/// it are Parquet, and nearly 4 MB came with what asks Tableau. Optimising for size saves 3 MB and makes
/// patching 15 % slower; aborting on a panic would end the program where the reader of Parquet panics on
/// a damaged file, which is an error today.
const MOST_BYTES: u64 = 27_000_000;
/// What a wheel holds, from the top, without the version.
const CONTENT: [&str; 15] = [
    "autoexpose.data/scripts/autoexpose",
    "autoexpose.dist-info/METADATA",
    "autoexpose.dist-info/RECORD",
    "autoexpose.dist-info/WHEEL",
    "autoexpose.dist-info/licenses/LICENSE",
    "autoexpose.dist-info/sboms/autoexpose.cyclonedx.json",
    "dbt_autoexpose/__init__.py",
    "dbt_autoexpose/_dependencies.py",
    "dbt_autoexpose/_loader.py",
    "dbt_autoexpose/_manifest.py",
    "dbt_autoexpose/_program.py",
    "dbt_autoexpose/_settings.py",
    "dbt_autoexpose/_warning.py",
    "dbt_autoexpose/py.typed",
    "dbt_autoexpose/v2_parser.py",
];

/// Builds the wheel and checks it; its path, if it can be built.
pub(super) fn check(lab: &Lab, checks: &mut Checks) -> Option<PathBuf> {
    let wheel = checks.check("wheel: built", || build(lab, "dist"))?;
    checks.check(
        "wheel: holds the program, the plugin and the licence",
        || content(lab, &wheel),
    );
    if !lab.is_quick {
        checks.check("wheel: the same bytes a second time", || {
            let bytes = [wheel.clone(), build(lab, "dist-again")?].map(fs::read);
            let [first, second] = bytes;
            let is_same = first.trying("wheel")? == second.trying("wheel")?;
            expect("whether they are the same", is_same, true)
        });
    }
    let venv = checks.check("wheel: pip installs it into an empty environment", || {
        install(lab, &wheel)
    })?;
    checks.check("wheel: the program and the module are there", || {
        works(lab, &venv)
    });
    checks.check("wheel: uvx runs it", || {
        let mut uvx = lab.tool("uv")?;
        uvx.args(["tool", "run", "--offline", "--from"]).arg(&wheel);
        let [printed, _] = output(uvx.args(["autoexpose", "--version"]))?;
        expect("its name", printed.starts_with("autoexpose "), true)
    });
    if !lab.is_quick {
        whole(lab, &venv, checks);
    }
    Some(wheel)
}

/// What only makes sense for the program as it is released, or takes long.
fn whole(lab: &Lab, venv: &Path, checks: &mut Checks) {
    checks.check("wheel: the program does with glibc 2.17", || {
        let path = venv.join("bin/autoexpose");
        let program = fs::read(&path).trying(path.display())?;
        let newest = glibc::versions(&program)?.into_iter().max();
        match newest {
            Some(newest) if newest <= GLIBC => Ok(()),
            other => Err(format!("the newest symbol is of {other:?}")),
        }
    });
    let most = MOST_BYTES / 1_000_000;
    checks.check(
        &format!("wheel: the program takes less than {most} MB"),
        || {
            let path = venv.join("bin/autoexpose");
            let bytes = fs::metadata(&path).trying(path.display())?.len();
            println!("               it takes {:.1} MB", bytes as f64 / 1e6);
            expect("whether it is small", bytes < MOST_BYTES, true)
        },
    );
    checks.check("crate: cargo install --path . works", || {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let target = lab.work.join("cargo");
        let mut install = Command::new(cargo);
        install
            .args([
                "install", "--quiet", "--locked", "--debug", "--path", ".", "--root",
            ])
            .arg(&target)
            .current_dir(&lab.root);
        run_quietly(&mut install)?;
        run_quietly(Command::new(target.join("bin/autoexpose")).arg("--version"))
    });
}

/// Builds the wheel; with `--quick` one that only this machine runs, from what is built for tests.
fn build(lab: &Lab, name: &str) -> Result<PathBuf> {
    let folder = lab.work.join(name);
    let mut maturin = lab.tool("maturin")?;
    maturin
        .args(["build", "--quiet", "--locked", "--out"])
        .arg(&folder);
    if lab.is_quick {
        maturin.args(["--profile", "dev", "--compatibility", "linux"]);
    } else {
        maturin.args(["--release", "--compatibility", "manylinux2014", "--zig"]);
    }
    // Without it, the bill of materials has the time of the build and a random number.
    maturin.env("SOURCE_DATE_EPOCH", commit_time(&lab.root)?);
    run_quietly(&mut maturin)?;
    let files = repository::files(&folder)?;
    let wheel = files
        .into_iter()
        .find(|file| file.extension().is_some_and(|end| end == "whl"));
    wheel.ok_or_else(|| "maturin left no wheel".to_owned())
}

/// The time of the last commit, in seconds since 1970.
fn commit_time(root: &Path) -> Result<String> {
    let mut git = Command::new("git");
    git.args(["log", "-1", "--format=%ct"]).current_dir(root);
    let [printed, _] = output(&mut git)?;
    Ok(printed.trim().to_owned())
}

fn content(lab: &Lab, wheel: &Path) -> Result<()> {
    let mut list = lab.tool("python")?;
    let script =
        "import sys, zipfile; print(*sorted(zipfile.ZipFile(sys.argv[1]).namelist()), sep='\\n')";
    let [printed, _] = output(list.args(["-c", script]).arg(wheel))?;
    let version = format!("autoexpose-{}.", env!("CARGO_PKG_VERSION"));
    let names = printed.lines().filter(|name| !name.ends_with('/'));
    let names = names.map(|name| name.replace(&version, "autoexpose."));
    let mut names = names.collect::<Vec<_>>();
    names.sort();
    expect("the files", names, CONTENT.map(str::to_owned).to_vec())
}

/// Installs the wheel by pip, with nothing from anywhere else.
fn install(lab: &Lab, wheel: &Path) -> Result<PathBuf> {
    let venv = lab.work.join("empty");
    let mut make = lab.tool("python")?;
    run_quietly(make.args(["-m", "venv"]).arg(&venv))?;
    let mut pip = Command::new(venv.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-index"]);
    run_quietly(pip.arg(wheel))?;
    Ok(venv)
}

fn works(lab: &Lab, venv: &Path) -> Result<()> {
    let version = format!("autoexpose {}", env!("CARGO_PKG_VERSION"));
    let mut program = lab.program(&venv.join("bin/autoexpose"), &lab.work);
    let [printed, _] = output(program.arg("--version"))?;
    expect("the version", printed.starts_with(&version), true)?;
    let mut python = lab.program(&venv.join("bin/python"), &lab.work);
    let script = "import dbt_autoexpose; print(dbt_autoexpose.plugins)";
    let [printed, _] = output(python.args(["-B", "-c", script]))?;
    expect("the plugins without dbt", printed.trim(), "[]")
}
