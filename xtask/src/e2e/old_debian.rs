//! The wheel on the oldest Debian that Debian's mirrors still have: an older C library, Python and
//! pip than where it was built. Needs root, as debootstrap does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::checks::{Checks, expect};
use super::lab::{Lab, output};
use crate::failure::{Result, Trying};
use crate::repository::run_quietly;

/// Has glibc 2.31 and Python 3.9.
const RELEASE: &str = "bullseye";
/// Where the checks work, inside of the system.
const FOLDER: &str = "srv/autoexpose";

/// Checks the wheel there, but not with `--quick`.
pub(super) fn check(lab: &Lab, wheel: &Path, checks: &mut Checks) {
    if lab.is_quick {
        return;
    }
    let what = |text: &str| format!("Debian {RELEASE}: {text}");
    let system = checks.check(&what("installed"), || System::make(lab));
    let Some(system) = system else { return };
    let installed = checks.check(&what("pip installs the wheel"), || system.install(wheel));
    if installed.is_some() {
        checks.check(
            &what("the program patches, and finds nothing to do then"),
            || system.patch(lab),
        );
    }
}

/// A whole Debian in a folder.
struct System {
    root: PathBuf,
}

impl System {
    /// Installs it, or takes the one of an earlier run.
    fn make(lab: &Lab) -> Result<Self> {
        let root = lab.cache.join(RELEASE);
        let complete = lab.cache.join(format!("{RELEASE}-complete"));
        if !complete.exists() {
            if root.exists() {
                fs::remove_dir_all(&root).trying(root.display())?;
            }
            let options = ["--variant=minbase", "--include=python3-venv", RELEASE];
            run_quietly(debootstrap()?.args(options).arg(&root))?;
            fs::write(&complete, "").trying(complete.display())?;
        }
        Ok(Self { root })
    }

    /// A command inside of the system.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("chroot");
        command
            .args([&self.root, Path::new("/usr/bin/env")])
            .args(["--chdir", &format!("/{FOLDER}"), program])
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command
    }

    fn install(&self, wheel: &Path) -> Result<()> {
        let folder = self.root.join(FOLDER);
        if folder.exists() {
            fs::remove_dir_all(&folder).trying(folder.display())?;
        }
        fs::create_dir_all(&folder).trying(folder.display())?;
        let name = wheel.file_name().unwrap_or_default();
        fs::copy(wheel, folder.join(name)).trying(wheel.display())?;
        run_quietly(self.command("python3").args(["-m", "venv", "venv"]))?;
        let mut pip = self.command("venv/bin/pip");
        run_quietly(pip.args(["install", "--quiet", "--no-index"]).arg(name))?;
        let [printed, _] = output(self.command("venv/bin/autoexpose").arg("--version"))?;
        expect("its name", printed.starts_with("autoexpose "), true)?;
        let mut python = self.command("venv/bin/python");
        run_quietly(python.args(["-c", "import dbt_autoexpose"]))
    }

    fn patch(&self, lab: &Lab) -> Result<()> {
        for (from, to) in [
            ("dbt/postgres-1.11/manifest.json", "manifest.json"),
            ("tableau/bistro.json", "export.json"),
        ] {
            let from = lab.root.join("fixtures").join(from);
            fs::copy(&from, self.root.join(FOLDER).join(to)).trying(from.display())?;
        }
        for verb in [&["patch"][..], &["diff", "--exit-code"]] {
            let mut program = self.command("venv/bin/autoexpose");
            program.args(verb);
            run_quietly(program.args(["--manifest", "manifest.json", "--tableau", "export.json"]))?;
        }
        Ok(())
    }
}

/// The program that installs a Debian, which apt-get installs if it is missing.
fn debootstrap() -> Result<Command> {
    let is_there = Command::new("debootstrap")
        .arg("--version")
        .output()
        .is_ok();
    if !is_there {
        run_quietly(Command::new("apt-get").args(["install", "--yes", "debootstrap"]))?;
    }
    Ok(Command::new("debootstrap"))
}
