//! What is known of a project before it is set up, and a change of one of its files.

use crate::input::config::Config;
use crate::input::dbt_project::{Folders, HIDDEN};

/// The name of git's list of what it ignores.
pub const GITIGNORE: &str = ".gitignore";

/// Where exposures in YAML live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In a folder below the models, whose files are committed.
    Committed,
    /// In a folder beside the models, which git ignores.
    Hidden,
}

/// Why a project is set up for one way and not for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It was asked for.
    Asked,
    /// The project has the hidden folder among its `model-paths`.
    Found,
    /// Nothing says anything.
    Usual,
}

/// A project's files as they are.
pub struct Project<'t> {
    /// The text of `dbt_project.yml`.
    pub dbt_project: &'t str,
    /// The folders that it names.
    pub folders: Folders,
    /// The text of `.gitignore` beside it; `None` if there is none.
    pub gitignore: Option<&'t str>,
    /// What `autoexpose.yml` says; `None` if there is none.
    pub config: Option<Config>,
    /// The path of `autoexpose.yml` from the project on.
    pub config_file: &'t str,
}

/// What is known of git.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Git {
    /// The project is not in a repository.
    NotARepository,
    /// Git could not be asked, for this reason.
    Silent(String),
    /// What it says of the files that `autoexpose yaml` writes.
    Says {
        /// The line by which it ignores them, as `.gitignore:3`; `None` if it does not.
        ignored_by: Option<String>,
        /// Those of the hidden folder that it tracks.
        tracked: Vec<String>,
    },
}

/// A file that changes.
#[derive(Debug, PartialEq, Eq)]
pub struct FileChange<'t> {
    /// Its path from the dbt project on.
    pub path: &'t str,
    /// Its text now; `None` if there is no such file.
    pub before: Option<&'t str>,
    /// Its new text.
    pub after: String,
}

impl Project<'_> {
    /// The way that is asked for, else the one that the project has, else the usual one.
    pub fn way(&self, asked: Option<Way>) -> (Way, Choice) {
        match asked {
            Some(way) => (way, Choice::Asked),
            None if self.folders.has_hidden() => (Way::Hidden, Choice::Found),
            None => (Way::Committed, Choice::Usual),
        }
    }

    /// Where `autoexpose yaml` writes exposures in a way of use, from the project on.
    pub fn folder(&self, way: Way) -> String {
        let configured = self.config.as_ref();
        let configured = configured.and_then(|config| config.settings.yaml.folder.as_deref());
        let configured = configured.map(|folder| {
            let folder = folder.strip_prefix("./").unwrap_or(folder);
            folder.trim_end_matches('/').to_owned()
        });
        configured.unwrap_or_else(|| match way {
            Way::Committed => self.folders.for_committed(),
            Way::Hidden => HIDDEN.to_owned(),
        })
    }
}
