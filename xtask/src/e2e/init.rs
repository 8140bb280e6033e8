//! `autoexpose init` in a project as a new user has it, then the commands that it shows, with real dbt
//! and real git.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::checks::{Checks, expect};
use super::lab::{Lab, output};
use super::plugin::{MANUAL, UPSTREAM};
use super::shop::{NAME, Shop, V1_8, V1_11, V2_0, Version, lines_of};
use crate::failure::{Result, Trying};

/// The versions that are checked. With `--quick` only some are.
const VERSIONS: [(Version, bool); 3] = [(V1_8, false), (V1_11, true), (V2_0, false)];

/// Checks each version of dbt.
pub(super) fn check(lab: &Lab, wheel: &Path, checks: &mut Checks) {
    let versions = VERSIONS
        .iter()
        .filter(|(_, is_quick)| *is_quick || !lab.is_quick);
    for (version, _) in versions {
        let what = |text: &str| format!("init, dbt {}: {text}", version.name);
        let shop = checks.check(&what("installed, in a repository"), || {
            open(lab, version, wheel)
        });
        let Some(shop) = shop else { continue };
        checks.check(
            &what("a hidden folder, which dbt need not have yet"),
            || hidden(&shop),
        );
        checks.check(&what("ls selects by hidden files"), || {
            selects(&shop)?;
            expect("what git sees", git_sees(&shop)?, lines_of(HIDDEN))
        });
        checks.check(&what("over to committed files"), || committed(&shop));
        checks.check(&what("ls selects by committed files"), || {
            selects(&shop)?;
            expect("what git sees", git_sees(&shop)?, lines_of(COMMITTED))
        });
    }
}

/// What changes in the repository by each way of use.
const HIDDEN: &str = ".gitignore\nautoexpose.yml\ndbt_project.yml";
const COMMITTED: &str =
    ".gitignore\nautoexpose.yml\ndbt_project.yml\nmodels/autoexpose/tableau.yml";

/// A repository of the project, with the export where a new autoexpose.yml looks for it.
fn open<'l>(lab: &'l Lab, version: &Version, wheel: &Path) -> Result<Shop<'l>> {
    let shop = Shop::open(lab, version, wheel, &format!("init-{}", version.name))?;
    let [from, to] = ["export", "exports"].map(|name| shop.folder.join(name));
    fs::rename(&from, &to).trying(from.display())?;
    git(&shop, &["init", "--quiet"])?;
    git(&shop, &["add", "."])?;
    Ok(shop)
}

fn git(shop: &Shop, arguments: &[&str]) -> Result<String> {
    let mut git = Command::new("git");
    let [printed, _] = output(git.args(arguments).current_dir(&shop.folder))?;
    Ok(printed)
}

/// The files that differ from what was there at first, as far as git does not ignore them. What dbt and
/// DuckDB leave behind does not count.
fn git_sees(shop: &Shop) -> Result<Vec<String>> {
    let ours = [
        ".gitignore",
        "autoexpose.yml",
        "dbt_project.yml",
        "models",
        ".autoexpose",
    ];
    let list = [
        "ls-files",
        "--modified",
        "--others",
        "--exclude-standard",
        "--",
    ];
    let mut files = lines_of(&git(shop, &[&list[..], &ours].concat())?);
    files.sort();
    Ok(files)
}

fn autoexpose(shop: &Shop, arguments: &[&str]) -> Result<String> {
    let [printed, _] = output(&mut shop.autoexpose(arguments))?;
    Ok(printed)
}

fn hidden(shop: &Shop) -> Result<()> {
    let shown = autoexpose(shop, &["init", "--hidden"])?;
    expect(
        "what is changed without --write",
        git_sees(shop)?,
        Vec::new(),
    )?;
    let command = "autoexpose init --hidden --write";
    expect(
        "whether the command is shown",
        shown.contains(command),
        true,
    )?;
    autoexpose(shop, &["init", "--hidden", "--write"])?;
    let listed = shop.lists(&["exposure:*"])?;
    expect("exposures", listed, vec![lines_of(MANUAL)])
}

fn committed(shop: &Shop) -> Result<()> {
    let told = autoexpose(shop, &["init", "--committed", "--write"])?;
    let left = "dbt does not read the hidden folder any more";
    expect("whether it tells what is left", told.contains(left), true)?;
    let listed = shop.lists(&["exposure:*"])?;
    expect("exposures", listed, vec![lines_of(MANUAL)])?;
    let hidden = shop.folder.join(".autoexpose");
    fs::remove_dir_all(&hidden).trying(hidden.display())
}

/// Does what `init` says comes next.
fn selects(shop: &Shop) -> Result<()> {
    shop.dbt(&["--quiet", "--warn-error", "parse"])?;
    autoexpose(shop, &["yaml"])?;
    let listed = shop.lists(&["exposure:tableau_*", &format!("+exposure:{NAME}")])?;
    let expected = [lines_of(NAME), lines_of(&UPSTREAM.join("\n"))];
    expect("listed", listed, expected.to_vec())
}
