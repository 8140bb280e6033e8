//! `dbt_project.yml`, as far as it says where dbt leaves its artifacts and finds its files.

mod folders;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_saphyr::{DuplicateKeyPolicy, Spanned};

pub use self::folders::{Folders, HIDDEN, Package, folders, package};
use super::yaml;
use crate::model::Failure;

/// The file's name, in the folder of a project.
pub const FILE: &str = "dbt_project.yml";
/// How expressions, statements and comments of Jinja begin, which dbt evaluates in this file.
const JINJA: [&str; 3] = ["{{", "{%", "{#"];
const HELP: &str = "give the folder with `--target-path`, or the manifest with `--manifest`";

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawProject {
    #[serde(rename = "target-path")]
    target_path: Option<Spanned<String>>,
}

/// The `target-path` of a project, if it has one: the folder in which dbt leaves its artifacts,
/// from the project's own (`project_target_path` in dbt-core's `config/project.py`).
///
/// # Errors
/// The file is not YAML, or the value is not a text, or can be evaluated only by dbt.
pub fn target_path(file: &str, text: &str) -> Result<Option<String>, Failure> {
    let project: RawProject = parse(file, text).map_err(|failure| failure.help(HELP))?;
    let Some(path) = project.target_path else {
        return Ok(None);
    };
    if JINJA.iter().any(|start| path.value.contains(start)) {
        let (line, column) = (path.referenced.line(), path.referenced.column());
        let message = "`target-path` contains Jinja, which only dbt can evaluate";
        return Err(Failure::new(format!("{file}:{line}:{column}"), message).help(HELP));
    }
    Ok(Some(path.value))
}

/// Parses the file as PyYAML does, with which dbt reads it; an empty one has nothing.
fn parse<T: DeserializeOwned + Default>(file: &str, text: &str) -> Result<T, Failure> {
    let options = serde_saphyr::options! { duplicate_keys: DuplicateKeyPolicy::LastWins };
    let project = serde_saphyr::from_str_with_options::<Option<T>>(text, options);
    Ok(project
        .map_err(|error| yaml::failure(file, text, &error))?
        .unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_path_is_looked_at() {
        for (text, expected) in [
            ("", None),
            ("# nothing\n", None),
            ("name: shop\n", None),
            ("target-path:\n", None),
            ("target-path: ~\n", None),
            ("name: shop\ntarget-path: out/dbt\n", Some("out/dbt")),
            ("target-path: 'a'\ntarget-path: \"b\"\n", Some("b")),
            ("models: {+tags: [a], 5: ~}\nvars: !x {a: *b}\n", None),
        ] {
            let path = target_path(FILE, text);
            if text.contains("*b") {
                assert!(path.is_err(), "{text}");
            } else {
                assert_eq!(path, Ok(expected.map(str::to_owned)), "{text}");
            }
        }
    }

    #[test]
    fn what_only_dbt_can_evaluate_is_refused() {
        for value in ["{{ env_var('X') }}", "out{# a #}", "{% if x %}a{% endif %}"] {
            let text = format!("name: shop\ntarget-path: \"{value}\"\n");
            let failure = target_path(FILE, &text).expect_err(value);
            assert_eq!(failure.place, "dbt_project.yml:2:14");
            assert!(failure.message.contains("Jinja"), "{failure}");
        }
    }
}
