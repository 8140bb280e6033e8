//! What one run of the program gets.

use std::fs;
use std::path::Path;

use super::corpus::Corpus;
use super::dice::Dice;
use super::json::Json;
use super::layout::Layout;
use super::mutate::{mutate, projects, random_value};
use super::program::{self, Texts};
use crate::failure::{Result, Trying};

/// A configuration with every key, of which most are taken away again.
const CONFIG: &str = r#"{
    "tableau": {"server": "https://tableau.example.com", "site": "food"},
    "select": {
        "include": [{"name": "S*"}, {"project": "House/**"}],
        "exclude": [{"tag": "old"}, {"luid": "11111111-1111-4111-8111-111111111111"}],
        "personal_spaces": true
    },
    "match": {
        "connection_types": {"webdata-direct:*": "snowflake"},
        "name_only": ["snowflake"],
        "default_schema": [{"connection_type": "snowflake", "database": "*", "schema": "CORE"}],
        "prefer_packages": ["bistro"],
        "databases": ["ANALYTICS"]
    },
    "exposure": {
        "name": "{slug}_{hash}_{project}",
        "description": "{description} {name} {owner} {project} {url}",
        "tags": ["{project}", "bi"],
        "owner": {"name": "{owner}", "email": "bi@example.com"},
        "maturity": "high",
        "rules": [{"when": {"name": "Sales"}, "tags": ["{name}"], "owner": {"name": "x"}, "maturity": "low"}]
    },
    "thresholds": {"mass_removal_share": 0.5, "mass_removal_count": 3}
}"#;

/// All inputs of a run, and how they are laid out.
#[derive(Debug, Clone)]
pub(super) struct Input {
    /// The manifest, the state, the configuration and the exports.
    pub(super) documents: Vec<Document>,
    /// Whether exports that do not say so list every workbook.
    pub(super) is_complete: bool,
}

/// What a document is given as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Manifest,
    State,
    Config,
    Export,
}

/// A document and its layout.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) role: Role,
    pub(super) json: Json,
    pub(super) layout: Layout,
}

impl Input {
    /// A random input: those of a case, sometimes after a patch, and then changed here and there.
    pub(super) fn any(
        corpus: &Corpus,
        dice: &mut Dice,
        patched: impl Fn(&Texts) -> Option<String>,
    ) -> Self {
        let mut input = Self::of_case(corpus, dice);
        if dice.one_in(2)
            && let Some(manifest) = patched(&input.texts()).as_deref().and_then(Json::parse)
        {
            // The baseline is then in the manifest, in the state, or in both.
            match dice.below(3) {
                0 => input.add(Role::State, manifest, Layout::compact()),
                1 => input.documents[0].json = manifest,
                _ => {
                    input.documents[0].json = manifest.clone();
                    input.add(Role::State, manifest, Layout::compact());
                }
            }
        }
        for _ in 0..1 + dice.below(4) {
            let at = dice.below(input.documents.len());
            let is_project = matches!(input.documents[at].role, Role::Manifest | Role::State);
            if is_project && dice.one_in(2) {
                projects::mutate(&mut input.documents[at].json, dice);
            } else {
                let other = dice.below(input.documents.len());
                let donor = random_value(&input.documents[other].json, dice);
                mutate(&mut input.documents[at].json, donor, corpus, dice);
            }
        }
        for document in &mut input.documents {
            document.layout = Layout::any(dice);
        }
        input
    }

    /// The inputs of one case, with those of another one mixed in now and then.
    fn of_case(corpus: &Corpus, dice: &mut Dice) -> Self {
        let seed = &corpus.seeds[dice.below(corpus.seeds.len())];
        let mut input = Self {
            documents: Vec::new(),
            is_complete: dice.one_in(2),
        };
        let manifest = &seed.manifests[dice.below(seed.manifests.len())];
        input.add(Role::Manifest, manifest.clone(), Layout::compact());
        if seed.manifests.len() > 1 && dice.one_in(2) {
            let state = &seed.manifests[dice.below(seed.manifests.len())];
            input.add(Role::State, state.clone(), Layout::compact());
        }
        for export in &seed.exports {
            input.add(Role::Export, export.clone(), Layout::compact());
        }
        if dice.one_in(4) {
            let other = &corpus.seeds[dice.below(corpus.seeds.len())];
            let export = &other.exports[dice.below(other.exports.len())];
            input.add(Role::Export, export.clone(), Layout::compact());
        }
        if dice.one_in(3) {
            input.add(Role::Config, config(dice), Layout::compact());
        }
        input
    }

    fn add(&mut self, role: Role, json: Json, layout: Layout) {
        self.documents.push(Document { role, json, layout });
    }

    /// The input as texts.
    pub(super) fn texts(&self) -> Texts {
        let text = |role: Role| {
            let of_role = move |document: &&Document| document.role == role;
            let documents = self.documents.iter().filter(of_role);
            documents.map(|document| document.layout.write(&document.json))
        };
        Texts {
            manifest: text(Role::Manifest).next().unwrap_or_default(),
            state: text(Role::State).next(),
            config: text(Role::Config).next(),
            exports: text(Role::Export).collect(),
            is_complete: self.is_complete,
            is_usual: self.documents[0].layout.is_usual(),
        }
    }

    /// Writes the input as files, with the command that runs the program on them.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn save(&self, folder: &Path, law: &str) -> Result<()> {
        fs::create_dir_all(folder).trying(folder.display())?;
        let texts = self.texts();
        let mut command = "autoexpose patch --manifest manifest.json".to_owned();
        let mut files = vec![("manifest.json".to_owned(), &texts.manifest)];
        if let Some(state) = &texts.state {
            command += " --state state.json";
            files.push(("state.json".to_owned(), state));
        }
        if let Some(config) = &texts.config {
            command += " --config autoexpose.yml";
            files.push(("autoexpose.yml".to_owned(), config));
        }
        for (at, export) in texts.exports.iter().enumerate() {
            let name = program::export_name(at);
            command += &format!(" --tableau {name}");
            files.push((name, export));
        }
        if texts.is_complete {
            command += " --export-complete";
        }
        let about = format!("{law}\n\n{command}\n");
        files.push(("about.txt".to_owned(), &about));
        for (name, text) in files {
            let path = folder.join(name);
            fs::write(&path, text).trying(path.display())?;
        }
        Ok(())
    }
}

/// A configuration with some of all keys.
fn config(dice: &mut Dice) -> Json {
    let mut config = Json::parse(CONFIG).unwrap_or(Json::Map(Vec::new()));
    for path in config.paths().into_iter().rev() {
        let Some((last, parent)) = path.split_last() else {
            continue;
        };
        let is_odd = dice.one_in(if parent.len() < 2 { 2 } else { 5 });
        if let Some(parent) = config.at_mut(parent).filter(|_| is_odd) {
            parent.remove(*last);
        }
    }
    config
}
