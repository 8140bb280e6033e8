//! Whether the server of the tests answers like Tableau: Tableau's own client for Python reads from it
//! what `autoexpose fetch` does.

#[allow(
    dead_code,
    clippy::unwrap_used,
    reason = "it is for tests, which make it fail in many ways"
)]
#[path = "../../../tests/it/fetch/server.rs"]
mod server;
#[allow(dead_code, clippy::unwrap_used, reason = "it is for tests")]
#[path = "../../../tests/it/fetch/site.rs"]
mod site;
#[allow(clippy::unwrap_used, reason = "it is for tests")]
#[path = "../../../tests/it/fetch/xml.rs"]
mod xml;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use self::server::{SECRET, StandIn, TOKEN_NAME};
use self::site::Site;
use super::checks::{Checks, expect};
use super::lab::{Lab, output};
use crate::failure::{Result, Trying};

const SCRIPT: &str = include_str!("tableau_client.py");
const PACKAGE: &str = "tableauserverclient==0.42";
const SITE: &str = "sales";
/// More than a page of the client's has.
const WORKBOOKS: usize = 230;

/// Lets both read the same site.
pub(super) fn check(lab: &Lab, wheel: &Path, checks: &mut Checks) {
    let Some(environment) = checks.check("tableau client: it is installed", || {
        lab.environment("tableau-client", &[PACKAGE, &wheel.display().to_string()])
    }) else {
        return;
    };
    let stand_in = StandIn::start(Site::new(WORKBOOKS), Box::new(|_, _| None));
    let seen = checks.check("tableau client: it knows what the server answers", || {
        let mut python = lab.program(&environment.join("bin/python"), &lab.work);
        let arguments = ["-c", SCRIPT, &stand_in.url(), TOKEN_NAME, SECRET, SITE];
        let [printed, _] = output(python.args(arguments))?;
        expect("open sessions", stand_in.open_sessions(), 0)?;
        let seen: Value = serde_json::from_str(&printed).trying("what the client saw")?;
        expect(
            "its user",
            &seen["role"],
            &json!("SiteAdministratorExplorer"),
        )?;
        expect("a wrong token", &seen["refused"], &json!("401001"))?;
        expect("what is missing", &seen["missing"], &json!("404003"))?;
        Ok(seen)
    });
    let Some(seen) = seen else { return };
    checks.check("tableau client: `fetch` reads the same", || {
        let file = lab.work.join("tableau-client.json");
        let mut fetch = lab.program(&environment.join("bin/autoexpose"), &lab.work);
        fetch
            .args(["fetch", "--server", &stand_in.url(), "--site", SITE])
            .arg("--output")
            .arg(&file)
            .envs([
                ("TABLEAU_PAT_NAME", TOKEN_NAME),
                ("TABLEAU_PAT_SECRET", SECRET),
            ]);
        output(&mut fetch)?;
        expect("open sessions", stand_in.open_sessions(), 0)?;
        same(&seen, &read(&file)?)
    });
}

fn read(file: &Path) -> Result<Value> {
    let text = fs::read(file).trying(file.display())?;
    serde_json::from_slice(&text).trying(file.display())
}

/// Compares what the client saw with an export.
fn same(seen: &Value, export: &Value) -> Result<()> {
    let answers = export["answers"].as_array().into_iter().flatten();
    let titles = answers
        .filter_map(|answer| {
            answer
                .pointer("/data/workbooksConnection/nodes")?
                .as_array()
        })
        .flatten()
        .map(|one| {
            let luid = one["luid"].as_str().unwrap_or_default();
            (luid.to_owned(), one["name"].clone())
        });
    let titles = titles.collect::<serde_json::Map<_, _>>();
    expect("workbooks", titles.len(), WORKBOOKS)?;
    let luids = titles.keys().cloned().collect::<Vec<_>>();
    expect("workbooks by REST", json!(luids), seen["workbooks"].clone())?;
    expect("titles", &Value::Object(titles), &seen["titles"])
}
