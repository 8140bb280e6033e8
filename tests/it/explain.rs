//! Lines of configuration that `explain` proposes for a workbook link what it promises. Every one that it
//! proposes for any workbook of any case is applied here, with each value that may be chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::advice::{CONFIG, KINDS, add, chosen, plain_run, text, together};
use super::{case, fixtures};

#[test]
fn proposed_lines_link_what_is_promised() {
    let mut followed = BTreeSet::new();
    for name in case::names("") {
        let folder = fixtures::root().join("cases").join(&name);
        let script = fs::read_to_string(folder.join("case")).unwrap();
        let inputs = match name.starts_with("explain/") {
            true => inputs_of_question(&script),
            false => plain_run(&script).and_then(|run| run.strip_prefix("diff ")),
        };
        let Some(inputs) = inputs.filter(|_| !folder.join(CONFIG).exists()) else {
            continue;
        };
        let work = tempfile::tempdir().unwrap();
        case::copy(&folder, work.path());
        let case = Case {
            name: &name,
            work: work.path(),
            inputs,
        };
        let Some(all) = case.explain("workbook:*") else {
            continue;
        };
        let workbooks = array(&all["workbooks"]).iter();
        for workbook in workbooks.filter(|workbook| !workbook["proposed_config"].is_null()) {
            case.follow(text(&workbook["luid"]), &mut followed);
        }
    }
    let followed = followed.iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(followed, KINDS);
}

/// The inputs of the first question of a case.
fn inputs_of_question(script: &str) -> Option<&str> {
    let run = script.lines().nth(1)?;
    let inputs = &run[run.find("--manifest ")?..];
    (inputs.split_whitespace().count() == 4).then_some(inputs)
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// A case in a folder of its own.
struct Case<'c> {
    name: &'c str,
    work: &'c Path,
    inputs: &'c str,
}

impl Case<'_> {
    /// The answer as JSON; `None` if nothing has this name, or the inputs cannot be used.
    fn explain(&self, subject: &str) -> Option<Value> {
        let output = Command::new(env!("CARGO_BIN_EXE_autoexpose"))
            .args(["explain", subject])
            .args(self.inputs.split_whitespace())
            .args(["--format", "json"])
            .current_dir(self.work)
            .env_clear()
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).ok()
    }

    /// The answer about the first workbook with this luid.
    fn workbook(&self, luid: &str) -> Value {
        let answer = self.explain(luid);
        answer.unwrap_or_else(|| panic!("{}: {luid} is refused", self.name))["workbooks"][0].take()
    }

    /// Applies the lines for a workbook, with each value that may be chosen.
    fn follow(&self, luid: &str, followed: &mut BTreeSet<String>) {
        let before = self.workbook(luid);
        let causes = array(&before["causes"]).iter();
        let lines = causes.filter_map(Lines::new).collect::<Vec<_>>();
        assert_eq!(lines.is_empty(), before["proposed_config"].is_null());
        let most = lines.iter().map(|lines| lines.values.len()).max();
        for at in 0..most.unwrap_or_default() {
            let mut config = BTreeMap::new();
            let mut promised = Vec::new();
            for lines in &lines {
                let value = &lines.values[at.min(lines.values.len() - 1)];
                add(&mut config, &chosen(&lines.text, value));
                promised.extend(lines.promised(&before, value));
                followed.insert(lines.cause.clone());
            }
            self.demand(luid, &before, &together(&config), &promised);
        }
        if most == Some(1) && lines.iter().all(|lines| lines.values[0].is_empty()) {
            let promised = lines.iter().flat_map(|lines| lines.promised(&before, ""));
            let block = text(&before["proposed_config"]);
            self.demand(luid, &before, block, &promised.collect::<Vec<_>>());
        }
    }

    /// Demands the links that are promised, and all that were there before.
    fn demand(&self, luid: &str, before: &Value, config: &str, promised: &[(usize, String)]) {
        fs::write(self.work.join(CONFIG), config).unwrap();
        let after = self.workbook(luid);
        fs::remove_file(self.work.join(CONFIG)).unwrap();
        let node = |workbook: &Value, at: usize| workbook["reads"][at]["link"]["node"].clone();
        for at in 0..array(&before["reads"]).len() {
            let was = node(before, at);
            assert!(
                was.is_null() || was == node(&after, at),
                "{}: {config} changes the link to {was}",
                self.name
            );
        }
        for (at, promised) in promised {
            assert_eq!(
                node(&after, *at),
                promised.as_str(),
                "{}: {config} does not link {}",
                self.name,
                before["reads"][at]["table"]
            );
        }
    }
}

/// The lines for a cause, with the values that may be chosen; an empty one if there is nothing to choose.
struct Lines {
    cause: String,
    text: String,
    values: Vec<String>,
    reads: Vec<usize>,
}

impl Lines {
    fn new(cause: &Value) -> Option<Self> {
        let because = cause["because"].as_object()?;
        let mut cures = array(&because["cures"]).iter();
        let cure = cures.find(|cure| cure["kind"] == "config")?;
        let choices = array(&cure["choices"]).iter();
        let mut values = choices.map(|it| text(it).to_owned()).collect::<Vec<_>>();
        if values.is_empty() {
            values.push(String::new());
        }
        let reads = array(&cause["reads"]).iter();
        Some(Self {
            cause: text(&because["cause"]).to_owned(),
            text: text(&cure["text"]).to_owned(),
            values,
            reads: reads.map(|at| at.as_u64().unwrap() as usize).collect(),
        })
    }

    /// The places of what is promised with a value, each with the node.
    fn promised(&self, workbook: &Value, value: &str) -> Vec<(usize, String)> {
        let mut promised = Vec::new();
        for at in &self.reads {
            for would in array(&workbook["reads"][at]["would_link"]) {
                if would["choice"].as_str().unwrap_or_default() == value {
                    promised.push((*at, text(&would["node"]).to_owned()));
                }
            }
        }
        // Of several values, one may link nothing of this workbook.
        assert!(
            !promised.is_empty() || self.values.len() > 1,
            "{}",
            self.text
        );
        promised
    }
}
