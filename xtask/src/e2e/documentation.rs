//! The commands of the documentation that need dbt, with real dbt. What needs nothing is run by
//! `tests/it/docs/runs.rs`.
//!
//! The commands of a page are run one after the other by one shell, as somebody would who reads it.
//! What needs dbt 2.0 ends in a server, so it is not run here: `docs_index.rs` takes the same steps.

#[path = "../../../tests/it/docs/blocks.rs"]
mod blocks;

use std::fs;
use std::path::{Path, PathBuf};

use super::checks::Checks;
use super::lab::Lab;
use super::shop::{V1_11, WITH_PLUGIN};
use crate::failure::{Result, Trying};
use crate::fixtures::project;
use crate::repository::run_quietly;
use blocks::Block;

/// The page that begins in a clone of this repository, and the only one with `--quick`.
const TOUR: &str = "docs/tour.md";
/// The page that supposes that the plugin is switched on.
const PLUGIN: &str = "docs/dbt-plugin.md";
/// The page that compares with what production was built from.
const IMPACT: &str = "docs/impact.md";
/// What a shell prints behind each block, so that their outputs can be told apart.
const END: &str = "-- end of a block --";

/// Runs the commands of each page.
pub(super) fn check(lab: &Lab, wheel: &Path, checks: &mut Checks) {
    let prepared = checks.check(
        "documentation: dbt is installed, and the pages are read",
        || {
            let wheel = wheel.display().to_string();
            let packages = [V1_11.packages, &[&wheel]].concat();
            let environment = lab.environment("documentation-dbt", &packages)?;
            let blocks = blocks::all(&lab.root).trying("the pages of docs")?;
            Ok((environment, blocks))
        },
    );
    let Some((environment, blocks)) = prepared else {
        return;
    };
    for page in blocks.chunk_by(|one, next| one.page == next.page) {
        let name = &page[0].page;
        let is_asked = !lab.is_quick || name == TOUR;
        if is_asked && page.iter().any(needs_dbt) {
            checks.check(&format!("documentation: the commands of {name}"), || {
                follow(lab, &environment, page)
            });
        }
    }
}

/// Whether a block needs dbt and nothing else that is not here.
fn needs_dbt(block: &Block) -> bool {
    block.language == "sh" && block.needs() == ["dbt"]
}

/// Runs the commands of a page, and compares what they print with what it shows.
fn follow(lab: &Lab, environment: &Path, page: &[Block]) -> Result<()> {
    let name = &page[0].page;
    let folder = lab.work.join(name.replace(['/', '.'], "-"));
    stage(lab, name, &folder)?;
    if name == IMPACT {
        let parse = "dbt parse --quiet --target prod --target-path prod";
        run_quietly(shell(lab, environment, &folder).args(["-c", parse]))?;
    }
    let asked: Vec<&Block> = page.iter().filter(|block| needs_dbt(block)).collect();
    let script: String = asked
        .iter()
        .map(|block| format!("{}\necho '{END}'\n", block.text))
        .collect();
    let output = shell(lab, environment, &folder)
        .args(["-e", "-u", "-c", &script])
        .output()
        .trying("sh")?;
    let [printed, said] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    // A block that ends otherwise than with 0 ends the shell, so it is the last one of its page.
    let last = asked.last().and_then(|block| block.mark("ends with"));
    let code = output.status.code().map(|code| code.to_string());
    if code.as_deref() != Some(last.unwrap_or("0")) {
        return Err(format!("{name}: it ends with {code:?}\n{printed}{said}"));
    }
    shown(page, &printed)
}

/// Compares the blocks that show an output with that of the block before each.
fn shown(page: &[Block], printed: &str) -> Result<()> {
    let mut outputs = printed.split(END);
    let mut output = "";
    for block in page {
        if needs_dbt(block) {
            output = outputs.next().unwrap_or_default();
        } else if block.mark("printed").is_some()
            && let Some(line) = block.not_printed(output)
        {
            let place = block.place();
            return Err(format!("{place}: it does not print {line:?}:\n{output}"));
        }
    }
    Ok(())
}

/// Lays out what the commands of a page find: a clone with the project in it, or the project with two
/// exports, on a branch of a repository.
fn stage(lab: &Lab, page: &str, folder: &Path) -> Result<()> {
    let shop = lab.root.join("fixtures/shop");
    if page == TOUR {
        return project::copy(&shop, &folder.join("fixtures/shop"));
    }
    project::copy(&shop.join("project"), folder)?;
    for name in ["2026-05-01", "latest"] {
        project::copy(&shop.join("export"), &folder.join("exports").join(name))?;
    }
    if page == PLUGIN {
        let settings = WITH_PLUGIN.replace("export]", "exports/latest]");
        fs::write(folder.join("autoexpose.yml"), settings).trying(folder.display())?;
    }
    let begin = "git init --quiet --initial-branch main && git add dbt_project.yml models \
                 && git -c user.name=ada -c user.email=ada@shop.example commit --quiet -m base \
                 && git switch --quiet --create branch";
    let mut shell = lab.program(Path::new("/bin/sh"), folder);
    run_quietly(shell.args(["-c", begin]))
}

/// A shell in a folder, with the programs of an environment.
fn shell(lab: &Lab, environment: &Path, folder: &Path) -> std::process::Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let programs = std::iter::once(environment.join("bin"));
    let folders: Vec<PathBuf> = programs.chain(std::env::split_paths(&path)).collect();
    let path = std::env::join_paths(folders).unwrap_or(path);
    let mut shell = lab.program(Path::new("/bin/sh"), folder);
    // dbt finds its profiles in the folder that a command goes to.
    shell
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .env_remove("DBT_PROFILES_DIR");
    shell
}
