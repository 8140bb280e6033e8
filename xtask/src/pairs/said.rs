//! What dbt itself says of a change.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::dbt::Dbts;
use super::lay::Laid;
use super::recipe::Run;
use super::worker::Answer;
use crate::failure::Result;

/// `state:modified` and its parts
/// (<https://docs.getdbt.com/reference/node-selection/methods#state>).
const SELECTORS: [&str; 7] = [
    "state:modified",
    "state:modified.body",
    "state:modified.configs",
    "state:modified.relation",
    "state:modified.persisted_descriptions",
    "state:modified.macros",
    "state:modified.contract",
];

/// What `dbt ls` says.
#[derive(Debug, Default, Serialize)]
pub(super) struct Said {
    /// The ids that each selector lists, if there are any. A moved file is in none of the parts.
    #[serde(flatten)]
    listed: BTreeMap<&'static str, Vec<String>>,
    /// The first line of what it says instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Deserialize)]
struct Listed {
    unique_id: String,
}

/// Asks dbt what has changed since the state.
pub(super) fn ask(dbts: &Dbts, laid: &Laid, run: &Run, state: &Path) -> Result<Said> {
    let state = state.display().to_string();
    let options = [
        "--state",
        &state,
        "--output",
        "json",
        "--output-keys",
        "unique_id",
    ];
    let answers = dbts.lists(laid, run, &SELECTORS, &options)?;
    let mut said = Said::default();
    for (selector, answer) in SELECTORS.into_iter().zip(&answers) {
        if answer.is_success {
            let ids = ids(answer);
            if !ids.is_empty() {
                said.listed.insert(selector, ids);
            }
        } else if said.error.is_none() {
            let error = answer.errors.first().map_or("", String::as_str);
            said.error = error.lines().next().map(|line| line.trim().to_owned());
        }
    }
    Ok(said)
}

/// The ids in an answer, in which dbt 2.0 also says what it does.
fn ids(answer: &Answer) -> Vec<String> {
    let listed = answer
        .lines
        .iter()
        .filter_map(|line| serde_json::from_str::<Listed>(line).ok());
    let mut ids: Vec<String> = listed.map(|listed| listed.unique_id).collect();
    ids.sort();
    ids
}
