//! What autoexpose wants dbt to know of exposures, and whether dbt knows exactly that.

use std::fs;

use serde_json::{Value, json};

use super::checks::expect;
use super::lab::output;
use super::shop::Shop;
use crate::failure::{Result, Trying};

/// The exposures that are planned for a project, in the form of its manifest.
pub(super) struct Wanted {
    exposures: Vec<Value>,
}

impl Wanted {
    /// Asks for the plan, whose texts have to be those of the export.
    pub(super) fn ask(shop: &Shop, export: &str) -> Result<Self> {
        let mut plan = shop.autoexpose(&["exposures", "--tableau", export]);
        let [printed, _] = output(&mut plan)?;
        let document: Value = serde_json::from_str(&printed).trying("the planned exposures")?;
        let exposures = document["exposures"].as_array().cloned();
        let wanted = Self {
            exposures: exposures.unwrap_or_default(),
        };
        let path = shop.folder.join(export).join("workbooks.json");
        let export = fs::read(&path).trying(path.display())?;
        let export: Value = serde_json::from_slice(&export).trying(path.display())?;
        wanted.are_of(&export)?;
        Ok(wanted)
    }

    /// Expects an exposure for each workbook of an export, with its title, its owner and its tags.
    fn are_of(&self, export: &Value) -> Result<()> {
        let workbooks = export.pointer("/answers/0/data/workbooks");
        let workbooks = workbooks.and_then(Value::as_array);
        let workbooks = workbooks.ok_or("the export has another form")?;
        expect("how many", self.exposures.len(), workbooks.len())?;
        for workbook in workbooks {
            let exposure = self.of(workbook["luid"].as_str().unwrap_or_default())?;
            let tags = workbook["tags"].as_array().into_iter().flatten();
            let tags = tags.map(|tag| tag["name"].clone()).collect();
            let told = json!([workbook["name"], workbook["owner"], sorted(tags)]);
            let wanted = json!([exposure["label"], exposure["owner"], exposure["tags"]]);
            expect("title, owner and tags", wanted, told)?;
        }
        Ok(())
    }

    /// The exposure of a workbook.
    pub(super) fn of(&self, luid: &str) -> Result<&Value> {
        let mut exposures = self.exposures.iter();
        let found = exposures.find(|exposure| marker(exposure)["luid"] == luid);
        found.ok_or_else(|| format!("the workbook {luid} has not got an exposure"))
    }

    /// The names of all, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let names = self.exposures.iter().map(name);
        let mut names = names.collect::<Vec<_>>();
        names.sort();
        names
    }

    /// Expects dbt's manifest to say the same of each, and to have no more of ours.
    pub(super) fn are_in(&self, manifest: &Value) -> Result<()> {
        let known = manifest["exposures"].as_object();
        let known = known.ok_or("the manifest has another form")?;
        let ours = known.values().filter(|one| !marker(one).is_null());
        let mut ours = ours.map(name).collect::<Vec<_>>();
        ours.sort();
        expect("exposures with the marker", ours, self.names())?;
        for wanted in &self.exposures {
            let id = wanted["unique_id"].as_str().unwrap_or_default();
            let found = known.get(id).unwrap_or(&Value::Null);
            expect(id, facts(found), facts(wanted))?;
            let parents = strings(&manifest["parent_map"][id]);
            expect(id, parents, strings(&wanted["depends_on"]["nodes"]))?;
        }
        Ok(())
    }
}

/// What an exposure says, but for what dbt adds of its own.
fn facts(exposure: &Value) -> Vec<(&'static str, Value)> {
    let same = [
        "name",
        "label",
        "type",
        "maturity",
        "url",
        "description",
        "package_name",
    ];
    let owner = &exposure["owner"];
    let marker = marker(exposure);
    let mut facts = same.map(|key| (key, exposure[key].clone())).to_vec();
    facts.extend([
        ("owner.name", owner["name"].clone()),
        ("owner.email", owner["email"].clone()),
        ("tags", strings(&exposure["tags"])),
        ("depends_on", strings(&exposure["depends_on"]["nodes"])),
        ("marker.source", marker["source"].clone()),
        ("marker.luid", marker["luid"].clone()),
    ]);
    facts
}

pub(super) fn name(exposure: &Value) -> String {
    exposure["name"].as_str().unwrap_or_default().to_owned()
}

/// Our marker, which older dbt has beside `config`.
fn marker(exposure: &Value) -> &Value {
    let places = ["/config/meta/autoexpose", "/meta/autoexpose"];
    let mut found = places.iter().filter_map(|place| exposure.pointer(place));
    found.next().unwrap_or(&Value::Null)
}

/// A list whose order says nothing.
fn strings(list: &Value) -> Value {
    sorted(list.as_array().cloned().unwrap_or_default())
}

fn sorted(mut list: Vec<Value>) -> Value {
    list.sort_by_key(Value::to_string);
    Value::Array(list)
}
