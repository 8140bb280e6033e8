//! What `bases.json` and `pair.json` say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::failure::{Result, Trying};

/// One pair: a run that stands for production, and one of the pull request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pair {
    /// What the pull request does, for people.
    #[serde(rename = "about")]
    _about: String,
    /// The name of a run in `bases.json`.
    pub(super) base: String,
    head: Run,
}

/// How artifacts are made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Run {
    /// The patch for the project, a path below `fixtures/pairs`.
    change: Option<String>,
    /// dbt's version, as `1.11`.
    pub(super) dbt: String,
    /// The output in `profiles.yml`.
    pub(super) target: String,
    pub(super) make: Make,
    /// What comes behind the arguments of each command.
    #[serde(default)]
    pub(super) flags: Vec<String>,
    /// What comes behind the arguments of `dbt build` alone.
    #[serde(default)]
    pub(super) build_flags: Vec<String>,
    #[serde(default)]
    pub(super) environment: BTreeMap<String, String>,
    /// Lines that are added to files, for files that are too large to be kept.
    #[serde(default)]
    pub(super) fill: Vec<Fill>,
    /// Whether the warehouse is the one that production has built.
    #[serde(default)]
    onto_production: bool,
    /// Whether building may fail, as the pair wants to show.
    #[serde(default)]
    pub(super) may_fail: bool,
    /// Whether our exposures are written into the manifest in the end.
    #[serde(default)]
    pub(super) patched: bool,
}

/// Which commands make the artifacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Make {
    /// `dbt parse`: a manifest, and nothing else.
    Parse,
    /// `dbt build`, then `dbt docs generate`: manifest, catalog and run results.
    Build,
    /// `dbt build --select state:modified+ --defer`, then `dbt docs generate`.
    BuildModified,
}

/// Lines for the end of a file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fill {
    pub(super) file: String,
    /// A line, with `{}` for its number.
    pub(super) line: String,
    pub(super) times: u32,
}

impl Pair {
    /// The run of the pull request; its patch is `change.patch` of the pair, unless it names another.
    pub(super) fn head_of(&self, name: &str) -> Run {
        let mut head = self.head.clone();
        head.change
            .get_or_insert_with(|| format!("{name}/change.patch"));
        head
    }
}

impl Run {
    /// The patch, a path below `fixtures/pairs`; a pair may be about the run alone, and then it is
    /// `none`.
    pub(super) fn patch(&self) -> Option<&str> {
        self.change.as_deref().filter(|change| *change != "none")
    }

    /// Whether it works in the warehouse that production has built: where it must, and where
    /// continuous integration would.
    pub(super) fn is_in_production_warehouse(&self) -> bool {
        self.onto_production || (self.target == "ci" && self.make != Make::Parse)
    }
}

/// The runs that stand for production, by name.
pub(super) fn bases(pairs: &Path) -> Result<BTreeMap<String, Run>> {
    read(&pairs.join("bases.json"))
}

/// All pairs, by name.
pub(super) fn pairs(folder: &Path) -> Result<BTreeMap<String, Pair>> {
    let mut pairs = BTreeMap::new();
    for entry in fs::read_dir(folder).trying(folder.display())? {
        let entry = entry.trying(folder.display())?;
        let recipe = entry.path().join("pair.json");
        if recipe.exists() {
            let name = entry.file_name().to_string_lossy().into_owned();
            pairs.insert(name, read(&recipe)?);
        }
    }
    Ok(pairs)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read(path).trying(path.display())?;
    serde_json::from_slice(&text).trying(path.display())
}
