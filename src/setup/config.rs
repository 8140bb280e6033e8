//! `autoexpose.yml`: what a new one says, and what in one that exists contradicts a way of use.

use super::project::{FileChange, Project, Way};
use crate::input::dbt_project::{FILE, HIDDEN};
use crate::model::Failure;

/// A new `autoexpose.yml`.
const NEW: &str = "\
# Settings of autoexpose; every key is optional. For completion in editors, run
# `autoexpose schema config > autoexpose.schema.json`, and let this file begin with
# `# yaml-language-server: $schema=autoexpose.schema.json`.
tableau:
  # Exports of Tableau's metadata: files, folders and patterns, from here. `--tableau` replaces them.
  exports: [exports]
  # For exports that do not name them:
  # server: https://10ax.online.tableau.com
  # site: marketing

# Which workbooks are exposed; without this, all of them.
# select:
#   include:
#     - project: Finance/**

# A file for each Tableau project; without this, one for all.
# yaml:
#   group_by: project
";

/// A new file, if the project has none.
pub(super) fn begun<'t>(project: &Project<'t>) -> Option<FileChange<'t>> {
    project.config.is_none().then(|| FileChange {
        path: project.config_file,
        before: None,
        after: NEW.to_owned(),
    })
}

/// What the file says against a way of use, if it names the folder into which `autoexpose yaml` writes.
pub(super) fn contradiction(project: &Project, way: Way, folder: &str) -> Vec<Failure> {
    let config = project.config.as_ref();
    if config.is_none_or(|config| config.settings.yaml.folder.is_none()) {
        return Vec::new();
    }
    let is_hidden = folder == HIDDEN || folder.starts_with(&format!("{HIDDEN}/"));
    let (wrong, help) = match way {
        Way::Hidden if is_hidden => return Vec::new(),
        Way::Hidden => (
            "is not the hidden folder",
            format!("take `yaml.folder` out, or set it to {HIDDEN}; or use `--committed`"),
        ),
        Way::Committed if is_hidden => (
            "is the hidden folder",
            "take `yaml.folder` out; or use `--hidden`".to_owned(),
        ),
        Way::Committed if project.folders.have(folder) => return Vec::new(),
        Way::Committed => (
            "is not below one of the `model-paths`, so dbt does not read it",
            format!("take `yaml.folder` out, or add the folder to `model-paths` of {FILE}"),
        ),
    };
    let message = format!("`yaml.folder` is {folder}, which {wrong}");
    vec![Failure::new(project.config_file, message).help(help)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::config;

    #[test]
    fn a_new_file_is_valid_and_so_is_what_its_comments_show() {
        let new = config::read("autoexpose.yml", NEW).expect("valid");
        assert_eq!(new.exports, ["exports"]);
        let lines = NEW.lines().map(|line| {
            let indent = line.len() - line.trim_start().len();
            let shown = line.trim_start().strip_prefix("# ");
            // Sentences begin with a capital letter or a quote.
            let is_setting = |shown: &&str| {
                shown
                    .trim_start()
                    .starts_with(|letter: char| letter == '-' || letter.is_lowercase())
            };
            let shown = shown.filter(is_setting);
            shown.map_or(line.to_owned(), |shown| {
                format!("{}{shown}", &line[..indent])
            })
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        let shown = config::read("autoexpose.yml", &text)
            .unwrap_or_else(|failure| panic!("{failure}\n{text}"));
        let written = shown.listing.iter().filter(|setting| setting.is_written);
        let written = written
            .map(|setting| setting.key.as_str())
            .collect::<Vec<_>>();
        assert_eq!(
            written,
            [
                "tableau.server",
                "tableau.site",
                "tableau.exports",
                "select.include",
                "yaml.group_by"
            ]
        );
    }
}
