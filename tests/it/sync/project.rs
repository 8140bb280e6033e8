//! The dbt project of twenty runs, and people who write in it.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::site::{MODELS, SITES, WORKBOOKS, Workbook, luid, model_id, url_id};

/// What somebody does in the project between two runs.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    /// Writes an exposure for a workbook by hand, or removes it again.
    Twin(Twin),
    /// Writes an exposure by hand that has the name of one of ours.
    TakeName(prop::sample::Index, bool),
    /// Switches one of ours off.
    SwitchOff(prop::sample::Index),
    /// Gives names back and switches on again.
    Clear,
}

/// How a hand-written exposure says for which workbook it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Twin {
    Luid(Workbook),
    Url(Workbook),
    LuidAndUrl(Workbook),
}

/// Something that somebody does.
pub(super) fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        workbook().prop_map(|workbook| Deed::Twin(Twin::Luid(workbook))),
        workbook().prop_map(|workbook| Deed::Twin(Twin::Url(workbook))),
        workbook().prop_map(|workbook| Deed::Twin(Twin::LuidAndUrl(workbook))),
        any::<(prop::sample::Index, bool)>().prop_map(|(one, here)| Deed::TakeName(one, here)),
        any::<prop::sample::Index>().prop_map(Deed::SwitchOff),
        Just(Deed::Clear),
    ]
}

fn workbook() -> impl Strategy<Value = Workbook> {
    (0..SITES.len(), 0..WORKBOOKS)
}

/// What people have written in the project.
#[derive(Debug, Default)]
pub(super) struct Project {
    pub(super) twins: BTreeSet<Twin>,
    /// Names of ours that others have taken, each with the package.
    pub(super) taken: BTreeSet<(&'static str, String)>,
    /// Names of ours that are switched off.
    pub(super) off: BTreeSet<String>,
}

impl Project {
    /// `names` are those that ours have now.
    pub(super) fn change(&mut self, deed: &Deed, names: &[String]) {
        match deed {
            Deed::Twin(twin) => {
                if !self.twins.remove(twin) {
                    self.twins.insert(*twin);
                }
            }
            Deed::TakeName(one, here) if !names.is_empty() => {
                let package = if *here { "bistro" } else { "cellar" };
                self.taken.insert((package, one.get(names).clone()));
            }
            Deed::SwitchOff(one) if !names.is_empty() => {
                self.off.insert(one.get(names).clone());
            }
            Deed::TakeName(..) | Deed::SwitchOff(_) => {}
            Deed::Clear => {
                self.taken.clear();
                self.off.clear();
            }
        }
    }

    /// Whether somebody may have switched the exposure of a workbook off: one whose name ends in
    /// the first digits of the luid, or one with a longer name.
    pub(super) fn may_be_off(&self, luid: &str) -> bool {
        self.off
            .iter()
            .filter_map(|name| name.rsplit('_').next())
            .any(|digits| digits == &luid[..8] || digits.len() > 8)
    }

    /// The manifest that dbt writes for the project.
    pub(super) fn manifest(&self) -> String {
        let ids: Vec<String> = (0..MODELS).map(model_id).collect();
        let nodes: Map<String, Value> = (0..MODELS).map(|n| (model_id(n), model(n))).collect();
        let mut children: Map<String, Value> =
            ids.iter().map(|id| (id.clone(), json!([]))).collect();
        let mut parents = children.clone();
        let mut exposures = Map::new();
        for (package, name, facts) in self.by_hand() {
            let id = format!("exposure.{package}.{name}");
            let mut exposure = json!({"name": name, "depends_on": {"nodes": [ids[0]]}});
            exposure.as_object_mut().unwrap().extend(facts);
            exposures.insert(id.clone(), exposure);
            parents.insert(id.clone(), json!([ids[0]]));
            children.insert(id.clone(), json!([]));
            children[&ids[0]].as_array_mut().unwrap().push(json!(id));
        }
        let off: Map<String, Value> = self
            .off
            .iter()
            .map(|name| (format!("exposure.bistro.{name}"), json!([{"name": name}])))
            .collect();
        json!({
            "metadata": {
                "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
                "dbt_version": "1.11.6", "project_name": "bistro", "adapter_type": "snowflake",
            },
            "nodes": nodes, "sources": {}, "exposures": exposures, "disabled": off,
            "parent_map": parents, "child_map": children,
        })
        .to_string()
    }

    /// Package, name and further facts of every hand-written exposure.
    fn by_hand(&self) -> Vec<(&'static str, String, Map<String, Value>)> {
        let taken = self
            .taken
            .iter()
            .map(|(package, name)| (*package, name.clone(), Map::new()));
        self.twins
            .iter()
            .map(|twin| ("bistro", twin.name(), twin.facts()))
            .chain(taken)
            .collect()
    }
}

impl Twin {
    /// The name of the exposure.
    fn name(self) -> String {
        let (kind, (site, workbook)) = match self {
            Self::Luid(workbook) => ("luid", workbook),
            Self::Url(workbook) => ("url", workbook),
            Self::LuidAndUrl(workbook) => ("luid_and_url", workbook),
        };
        format!("by_hand_{kind}_{site}_{workbook}")
    }

    /// What the exposure says about its workbook.
    fn facts(self) -> Map<String, Value> {
        let mut facts = Map::new();
        if let Self::Luid(workbook) | Self::LuidAndUrl(workbook) = self {
            facts.insert("meta".to_owned(), json!({"tableau": luid(workbook)}));
        }
        if let Self::Url(workbook) | Self::LuidAndUrl(workbook) = self {
            let (server, content_url) = SITES[workbook.0];
            let id = url_id(workbook);
            let url = format!("{server}/#/site/{content_url}/workbooks/{id}");
            facts.insert("url".to_owned(), json!(url));
        }
        facts
    }
}

fn model(number: usize) -> Value {
    json!({
        "package_name": "bistro", "name": format!("m{number}"), "alias": format!("m{number}"),
        "database": "db", "schema": "s", "relation_name": format!("db.s.m{number}"),
    })
}
