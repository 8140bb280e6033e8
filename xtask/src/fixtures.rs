//! `cargo xtask fixtures`: real dbt parses our project, once per adapter and version.
//!
//! For each row of [`table`]: make a virtual environment ([`crate::python`]), lay the project
//! out in a temporary folder ([`project`]), let dbt parse it there, and keep
//! `target/manifest.json` with nothing changed but the paths of this machine.

pub(crate) mod project;
pub(crate) mod table;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::{Compression, GzBuilder};

use crate::failure::{Result, Trying};
use crate::python::Environment;
use crate::repository::{self, run_quietly};
use table::{FIXTURES, Fixture};

/// Where the manifests say that the project was.
const NEUTRAL_PROJECT: &str = "/srv/dbt/bistro";
/// Where the manifests say that dbt was installed (older ones name the paths of macros).
const NEUTRAL_ENVIRONMENT: &str = "/srv/dbt/venv";

/// Makes the fixtures that are named, or all of them.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|argument| argument == "--list") {
        list();
        return Ok(());
    }
    let root = repository::root();
    for fixture in chosen(arguments)? {
        println!("{}: {}", fixture.name, fixture.pip.join(" "));
        make(&root, fixture).trying(fixture.name)?;
    }
    Ok(())
}

fn list() {
    let mut out = std::io::stdout().lock();
    for fixture in FIXTURES {
        let line = writeln!(out, "{:<28} {}", fixture.name, fixture.pip.join(" "));
        if line.is_err() {
            // The reader has seen enough (`--list | head`).
            return;
        }
    }
}

/// The rows with these names; all rows without names.
fn chosen(names: &[String]) -> Result<Vec<&'static Fixture>> {
    if names.is_empty() {
        return Ok(FIXTURES.iter().collect());
    }
    names
        .iter()
        .map(|name| {
            FIXTURES
                .iter()
                .find(|fixture| fixture.name == name)
                .ok_or_else(|| format!("no fixture is called `{name}`, see --list"))
        })
        .collect()
}

fn make(root: &Path, fixture: &Fixture) -> Result<()> {
    let environment = Environment::make(&root.join("target/xtask"), &fixture.recipe())?;
    let temporary = tempfile::tempdir().trying("a temporary folder")?;
    // dbt writes resolved paths, and some systems keep temporary folders behind a link.
    let work = temporary
        .path()
        .canonicalize()
        .trying("a temporary folder")?;
    let project = work.join("bistro");
    project::lay_out(&root.join("fixtures/dbt"), &project, fixture)?;

    dbt(&environment, &project, fixture, "deps")?;
    // `parse` writes no manifest before dbt 1.5.
    let verb = if fixture.dbt < (1, 5) { "ls" } else { "parse" };
    dbt(&environment, &project, fixture, verb)?;

    let manifest = project.join("target/manifest.json");
    let text = fs::read_to_string(&manifest).trying(manifest.display())?;
    let text = neutral(text, &project, NEUTRAL_PROJECT)?;
    let text = neutral(text, environment.folder(), NEUTRAL_ENVIRONMENT)?;
    refuse_paths_of_this_machine(&text, root, &work)?;
    keep(
        &root.join("fixtures/dbt").join(fixture.name),
        fixture,
        &text,
    )
}

/// Runs one dbt command.
fn dbt(environment: &Environment, project: &Path, fixture: &Fixture, verb: &str) -> Result<()> {
    let mut command = Command::new(environment.program("dbt"));
    command.args([verb, "--target", fixture.target]);
    run_quietly(in_project(&mut command, project))
}

/// Lets a command run in the project, in an environment that knows nothing of the user's.
pub(crate) fn in_project<'c>(command: &'c mut Command, project: &Path) -> &'c mut Command {
    command
        .current_dir(project)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        // No file of the user's, such as ~/.dbt, gets into a manifest.
        .env("HOME", project)
        .env("LANG", "C.UTF-8")
        .env("PYTHONUTF8", "1")
        // Sets come in the same order in every run.
        .env("PYTHONHASHSEED", "0")
        .env("DBT_PROFILES_DIR", project)
        .env("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
        // dbt 2.0 wants to be asked for some of its adapters.
        .env("DBT_ALLOW_EXPERIMENTAL_ADAPTERS", "true")
}

/// Puts a neutral path in the place of one of this machine.
pub(crate) fn neutral(text: String, path: &Path, neutral: &str) -> Result<String> {
    let path = path
        .to_str()
        .ok_or_else(|| format!("{} is not Unicode", path.display()))?;
    Ok(text.replace(path, neutral))
}

/// A manifest that still names this machine must not get into the repository.
pub(crate) fn refuse_paths_of_this_machine(text: &str, root: &Path, work: &Path) -> Result<()> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let all = [Some(root), Some(work), home.as_deref()];
    for path in all.into_iter().flatten() {
        let path = path.to_string_lossy();
        if path.len() > 1 && text.contains(&format!("{path}/")) {
            return Err(format!("the manifest still holds the path {path}"));
        }
    }
    Ok(())
}

/// Writes the manifest, and removes its other form.
fn keep(folder: &Path, fixture: &Fixture, text: &str) -> Result<()> {
    fs::create_dir_all(folder).trying(folder.display())?;
    let plain = folder.join("manifest.json");
    let gzipped = folder.join("manifest.json.gz");
    let (path, other, bytes) = if fixture.gzipped {
        (gzipped, plain, gzip(text)?)
    } else {
        (plain, gzipped, text.as_bytes().to_vec())
    };
    fs::write(&path, &bytes).trying(path.display())?;
    println!("  {} ({} bytes)", path.display(), bytes.len());
    if other.exists() {
        fs::remove_file(&other).trying(other.display())?;
    }
    Ok(())
}

/// gzip without time and system, so that the same text gives the same bytes.
pub(crate) fn gzip(text: &str) -> Result<Vec<u8>> {
    const UNKNOWN_SYSTEM: u8 = 255;
    let mut encoder = GzBuilder::new()
        .mtime(0)
        .operating_system(UNKNOWN_SYSTEM)
        .write(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).trying("gzip")?;
    encoder.finish().trying("gzip")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() -> Result<()> {
        for fixture in FIXTURES {
            let found = chosen(&[fixture.name.to_owned()])?;
            assert!(std::ptr::eq(found[0], fixture), "{}", fixture.name);
        }
        assert!(chosen(&["nothing".to_owned()]).is_err());
        Ok(())
    }

    #[test]
    fn a_path_of_this_machine_is_refused() {
        let root = Path::new("/somewhere/else");
        let refuse = |text| refuse_paths_of_this_machine(text, root, root);
        assert!(refuse(r#"{"root_path": "/srv/dbt/bistro"}"#).is_ok());
        assert!(refuse(r#"{"root_path": "/somewhere/else/x"}"#).is_err());
    }

    #[test]
    fn gzip_is_the_same_every_time() -> Result<()> {
        let bytes = gzip("bistro")?;
        assert_eq!(bytes, gzip("bistro")?);
        assert_eq!(bytes[4..8], [0; 4], "the time");
        Ok(())
    }
}
