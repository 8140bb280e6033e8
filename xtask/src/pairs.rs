//! `cargo xtask pairs`: real dbt runs our project before and after a change, once per pair.
//!
//! `fixtures/pairs/bases.json` says which runs stand for production, and `pair.json` of each pair
//! what changes and how the run of the pull request is made ([`recipe`]). What both runs left is
//! kept without what differs at each run ([`keep`]), and beside it what dbt itself says of the
//! change ([`said`]).

mod dbt;
mod keep;
mod lay;
mod recipe;
mod said;
mod worker;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Result, Trying};
use crate::repository;
use dbt::Dbts;
pub(crate) use dbt::environment;
use keep::Side;
use lay::Laid;
use recipe::{Pair, Run};

/// Where the pairs are, and where they are made.
struct Workshop {
    /// `fixtures/pairs`.
    pairs: PathBuf,
    work: PathBuf,
    dbts: Dbts,
    bases: BTreeMap<String, Laid>,
}

/// Makes the pairs that are named, or all of them.
pub(crate) fn run(names: &[String]) -> Result<()> {
    let root = repository::root();
    let cache = root.join("target/xtask");
    let work = cache.join("pairs");
    if work.exists() {
        fs::remove_dir_all(&work).trying(work.display())?;
    }
    let mut workshop = Workshop {
        pairs: root.join("fixtures/pairs"),
        dbts: Dbts::new(cache, work.clone()),
        work,
        bases: BTreeMap::new(),
    };
    let bases = recipe::bases(&workshop.pairs)?;
    let pairs = recipe::pairs(&workshop.pairs)?;
    if let Some(name) = names.iter().find(|name| !pairs.contains_key(*name)) {
        return Err(format!("fixtures/pairs has no pair called `{name}`"));
    }
    let mut failed = Vec::new();
    for (name, pair) in &pairs {
        if !names.is_empty() && !names.contains(name) {
            continue;
        }
        println!("{name}");
        let base = bases
            .get(&pair.base)
            .ok_or_else(|| format!("{name}: bases.json has no `{}`", pair.base))?;
        let made = workshop
            .base(&pair.base, base)
            .trying(&pair.base)
            .and_then(|()| workshop.pair(name, pair, base));
        if let Err(error) = made {
            eprintln!("  {error}");
            failed.push(name.as_str());
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("could not be made: {}", failed.join(", ")))
}

impl Workshop {
    /// Makes the run that stands for production, unless it was made for another pair.
    fn base(&mut self, name: &str, run: &Run) -> Result<()> {
        if self.bases.contains_key(name) {
            return Ok(());
        }
        let folder = self.work.join("bases").join(name);
        let laid = Laid::new(&self.pairs, &folder, &[run], None)?;
        self.dbts.make(&laid, run, None)?;
        let kept = self.pairs.join("bases").join(name);
        keep::artifacts(&laid, &self.dbts, run, Side::Base, &kept)?;
        self.bases.insert(name.to_owned(), laid);
        Ok(())
    }

    /// Makes the run of the pull request, and asks dbt what has changed.
    fn pair(&mut self, name: &str, pair: &Pair, base_run: &Run) -> Result<()> {
        let base = &self.bases[&pair.base];
        let head = pair.head_of(name);
        let folder = self.work.join("heads").join(name);
        let warehouse = head.is_in_production_warehouse().then_some(base);
        let laid = Laid::new(&self.pairs, &folder, &[base_run, &head], warehouse)?;
        let state = base.state(&self.work.join("states").join(&pair.base))?;
        self.dbts.make(&laid, &head, Some(&state))?;
        let kept = self.pairs.join(name);
        keep::artifacts(&laid, &self.dbts, &head, Side::Head, &kept.join("head"))?;
        let said = said::ask(&self.dbts, &laid, &head, &state)?;
        write(&kept.join("dbt.json"), &said)
    }
}

/// Writes JSON for people.
fn write(path: &Path, value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value).trying(path.display())?;
    fs::write(path, text + "\n").trying(path.display())
}
