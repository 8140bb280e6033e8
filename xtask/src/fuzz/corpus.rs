//! What inputs are made of: those of the cases, small enough to be run thousands of times.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::json::Json;
use crate::failure::{Result, Trying};
use crate::repository;

/// Larger files are left out.
const MOST_BYTES: u64 = 30_000;

/// The inputs of one case.
#[derive(Debug, Clone, Default)]
pub(super) struct Seed {
    pub(super) manifests: Vec<Json>,
    pub(super) exports: Vec<Json>,
}

/// All seeds, and the words in them.
#[derive(Debug, Default)]
pub(super) struct Corpus {
    pub(super) seeds: Vec<Seed>,
    /// Every key of a map, each once.
    pub(super) keys: Vec<String>,
    /// Every string, each once.
    pub(super) texts: Vec<String>,
}

impl Corpus {
    /// Reads the cases of the repository.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn read() -> Result<Self> {
        let root = repository::root().join("fixtures");
        let mut seeds: BTreeMap<PathBuf, Seed> = BTreeMap::new();
        let (mut keys, mut texts) = (BTreeSet::new(), BTreeSet::new());
        for path in repository::files(&root.join("cases"))? {
            let Some(json) = input(&root, &path)? else {
                continue;
            };
            collect_words(&json, &mut keys, &mut texts);
            let folder = path.parent().unwrap_or(&root).to_owned();
            let seed = seeds.entry(folder).or_default();
            if json.get("metadata").is_some() {
                seed.manifests.push(json);
            } else {
                seed.exports.push(json);
            }
        }
        let is_whole = |seed: &Seed| !seed.manifests.is_empty() && !seed.exports.is_empty();
        Ok(Self {
            seeds: seeds.into_values().filter(is_whole).collect(),
            keys: keys.into_iter().collect(),
            texts: texts.into_iter().collect(),
        })
    }
}

/// The content of a file of a case, if it is JSON and small; `NAME.from` names another file.
fn input(root: &Path, path: &Path) -> Result<Option<Json>> {
    let mut path = path.to_owned();
    if path.extension().is_some_and(|ending| ending == "from") {
        path = root.join(repository::text(&path)?.trim());
    }
    let is_json = path.extension().is_some_and(|ending| ending == "json");
    // What is kept gzipped, without that ending in its name here, is large.
    if !is_json || !path.exists() || fs::metadata(&path).trying(path.display())?.len() > MOST_BYTES
    {
        return Ok(None);
    }
    Ok(Json::parse(&repository::text(&path)?))
}

fn collect_words(json: &Json, keys: &mut BTreeSet<String>, texts: &mut BTreeSet<String>) {
    match json {
        Json::Text(text) => drop(texts.insert(text.clone())),
        Json::List(items) => items
            .iter()
            .for_each(|item| collect_words(item, keys, texts)),
        Json::Map(members) => {
            for (key, member) in members {
                keys.insert(key.clone());
                collect_words(member, keys, texts);
            }
        }
        Json::Raw(_) | Json::Escaped(_) => {}
    }
}
