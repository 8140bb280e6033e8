//! The world of twenty runs: sites that change, a dbt project, and people who write in it.

use std::collections::BTreeSet;

use autoexpose::model::SiteId;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

pub(super) const MODELS: usize = 5;
const WORKBOOKS: usize = 4;
/// The last one is a copy of the first: its workbooks have the same luids.
const SITES: [(&str, &str); 3] = [
    ("https://a.example.com", "kitchen"),
    ("https://a.example.com", "bar"),
    ("https://b.example.com", "kitchen"),
];
/// The title that the export does not tell.
const KEPT_BACK: u8 = 3;

/// A workbook by its site and number.
pub(super) type Workbook = (usize, usize);

/// What tells workbooks apart: server, site and luid.
pub(super) type Identity = (String, String, String);

pub(super) fn site(number: usize) -> SiteId {
    let (server, content_url) = SITES[number];
    SiteId {
        server: Some(server.to_owned()),
        content_url: Some(content_url.to_owned()),
    }
}

/// Luids of equal workbook numbers begin alike on all sites, so that names collide.
pub(super) fn luid((site, workbook): Workbook) -> String {
    format!("{workbook}0000000-aaaa-4aaa-8aaa-aaaaaaaaaaa{}", site % 2)
}

pub(super) fn identity(workbook: Workbook) -> Identity {
    let (server, content_url) = SITES[workbook.0];
    (server.to_owned(), content_url.to_owned(), luid(workbook))
}

/// How much of a site one export shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Extent {
    /// All, with evidence.
    Whole,
    /// All, without evidence.
    Plain,
    /// Only the first few workbooks, as the total tells.
    FirstPage,
    /// With an error beside it.
    Error,
}

/// A workbook as one export shows it.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    title: u8,
    project: u8,
    pub(super) reads: BTreeSet<usize>,
    has_hidden: bool,
}

impl Shown {
    pub(super) fn is_kept_back(&self) -> bool {
        self.title == KEPT_BACK
    }

    pub(super) fn is_complete(&self) -> bool {
        !self.has_hidden && !self.is_kept_back()
    }

    /// The models that it reads; one more is no model of the project.
    pub(super) fn models(&self) -> BTreeSet<String> {
        self.reads
            .iter()
            .filter(|model| **model < MODELS)
            .map(|model| model_id(*model))
            .collect()
    }
}

#[derive(Debug, Clone)]
pub(super) struct Export {
    pub(super) site: usize,
    /// By number; `None` where the site has no such workbook.
    workbooks: Vec<Option<Shown>>,
    pub(super) extent: Extent,
}

/// What somebody does in the project between two runs.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    /// Writes an exposure for a workbook by hand, or takes it out again.
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

/// The manifest that a run starts from, and its state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Start {
    /// The manifest of the last run.
    InPlace,
    /// A fresh one, with the last one as its state.
    Fresh,
    /// The manifest of the last run, with the state that an earlier run had.
    SameState,
}

#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) exports: Vec<Export>,
    pub(super) start: Start,
    pub(super) deed: Option<Deed>,
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let reads = prop::collection::btree_set(0..=MODELS, 0..4);
    let shown = (0..=KEPT_BACK, 0..2_u8, reads, prop::bool::weighted(0.2));
    let shown = shown.prop_map(|(title, project, reads, has_hidden)| Shown {
        title,
        project,
        reads,
        has_hidden,
    });
    let workbooks = prop::collection::vec(prop::option::weighted(0.8, shown), WORKBOOKS);
    let extent = prop_oneof![3 => Just(Extent::Whole), 1 => Just(Extent::Plain), 1 => Just(Extent::FirstPage), 1 => Just(Extent::Error)];
    let export = prop::option::weighted(0.5, (workbooks, extent));
    let exports = prop::collection::vec(export, SITES.len()).prop_map(|exports| {
        let mut all = Vec::new();
        for (site, export) in exports.into_iter().enumerate() {
            all.extend(export.map(|(workbooks, extent)| Export {
                site,
                workbooks,
                extent,
            }));
        }
        all
    });
    let exports = exports.prop_filter("a run needs an export", |exports| !exports.is_empty());
    let start = prop_oneof![
        Just(Start::InPlace),
        Just(Start::Fresh),
        Just(Start::SameState)
    ];
    let workbook = || (0..SITES.len(), 0..WORKBOOKS);
    let deed = prop_oneof![
        workbook().prop_map(|workbook| Deed::Twin(Twin::Luid(workbook))),
        workbook().prop_map(|workbook| Deed::Twin(Twin::Url(workbook))),
        workbook().prop_map(|workbook| Deed::Twin(Twin::LuidAndUrl(workbook))),
        any::<(prop::sample::Index, bool)>().prop_map(|(one, here)| Deed::TakeName(one, here)),
        any::<prop::sample::Index>().prop_map(Deed::SwitchOff),
        Just(Deed::Clear),
    ];
    let step = (exports, start, prop::option::weighted(0.3, deed));
    let step = step.prop_map(|(exports, start, deed)| Step {
        exports,
        start,
        deed,
    });
    prop::collection::vec(step, 20)
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

    /// Whether a workbook may be switched off: one whose luid begins as the disabled name tells, or
    /// one with a longer name.
    pub(super) fn may_be_off(&self, luid: &str) -> bool {
        let has_digits = |name: &String| {
            let digits = name.rsplit('_').next().unwrap_or_default();
            digits == &luid[..8] || digits.len() > 8
        };
        self.off.iter().any(has_digits)
    }

    /// The manifest that dbt writes of it.
    pub(super) fn manifest(&self) -> String {
        let ids = (0..MODELS).map(model_id).collect::<Vec<_>>();
        let nodes = ids.iter().enumerate().map(|(number, id)| {
            let node = json!({"package_name": "bistro", "name": format!("m{number}"), "alias": format!("m{number}"),
                "database": "db", "schema": "s", "relation_name": format!("db.s.m{number}")});
            (id.clone(), node)
        });
        let mut children = ids
            .iter()
            .map(|id| (id.clone(), json!([])))
            .collect::<Map<_, _>>();
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
        let off = self
            .off
            .iter()
            .map(|name| (format!("exposure.bistro.{name}"), json!([{"name": name}])));
        json!({
            "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "dbt_version": "1.11.6",
                "project_name": "bistro", "adapter_type": "snowflake"},
            "nodes": nodes.collect::<Map<_, _>>(), "sources": {}, "exposures": exposures, "disabled": off.collect::<Map<_, _>>(),
            "parent_map": parents, "child_map": children,
        }).to_string()
    }

    /// Package, name and further facts of each hand-written exposure.
    fn by_hand(&self) -> Vec<(&'static str, String, Map<String, Value>)> {
        let of_twin = |twin: &Twin| {
            let (kind, workbook) = match *twin {
                Twin::Luid(workbook) => ("luid", workbook),
                Twin::Url(workbook) => ("url", workbook),
                Twin::LuidAndUrl(workbook) => ("luid_and_url", workbook),
            };
            let (server, content_url) = SITES[workbook.0];
            let mut facts = Map::new();
            if kind != "url" {
                facts.insert("meta".to_owned(), json!({"tableau": luid(workbook)}));
            }
            if kind != "luid" {
                let url = format!(
                    "{server}/#/site/{content_url}/workbooks/{}",
                    url_id(workbook)
                );
                facts.insert("url".to_owned(), json!(url));
            }
            (
                "bistro",
                format!("by_hand_{kind}_{}_{}", workbook.0, workbook.1),
                facts,
            )
        };
        let taken = self
            .taken
            .iter()
            .map(|(package, name)| (*package, name.clone(), Map::new()));
        self.twins.iter().map(of_twin).chain(taken).collect()
    }
}

fn model_id(number: usize) -> String {
    format!("model.bistro.m{number}")
}

fn url_id((site, workbook): Workbook) -> String {
    format!("{site}{workbook}")
}

impl Export {
    /// The workbooks that it shows.
    pub(super) fn shown(&self) -> impl Iterator<Item = (Workbook, &Shown)> {
        let most = if self.extent == Extent::FirstPage {
            2
        } else {
            WORKBOOKS
        };
        let all = self.workbooks.iter().enumerate();
        all.filter_map(|(number, shown)| Some(((self.site, number), shown.as_ref()?)))
            .take(most)
    }

    pub(super) fn text(&self) -> String {
        let nodes = self.shown().map(|(workbook, shown)| {
            let tables = shown.reads.iter().map(|model| json!({"fullName": format!("[DB].[S].[M{model}]"), "name": "x"}));
            let hidden = shown.has_hidden.then(|| json!({"id": "h", "name": null, "fullName": null}));
            let title = (!shown.is_kept_back()).then(|| format!("Title {}", shown.title));
            json!({"luid": luid(workbook), "name": title, "projectName": format!("Project {}", shown.project),
                "vizportalUrlId": url_id(workbook), "upstreamTables": tables.chain(hidden).collect::<Vec<_>>()})
        });
        let nodes = nodes.collect::<Vec<_>>();
        let total = self.workbooks.iter().flatten().count();
        let data = match self.extent {
            Extent::Plain => json!({"workbooks": nodes}),
            Extent::FirstPage => {
                json!({"workbooksConnection": {"nodes": nodes, "pageInfo": {"hasNextPage": true}, "totalCount": total.max(3)}})
            }
            Extent::Whole | Extent::Error => {
                json!({"workbooksConnection": {"nodes": nodes, "totalCount": total}})
            }
        };
        let mut answer = json!({"data": data});
        if self.extent == Extent::Error {
            answer["errors"] = json!([{"message": "partial", "extensions": {"code": "NODE_LIMIT_EXCEEDED", "severity": "WARNING"}}]);
        }
        let (server, content_url) = SITES[self.site];
        json!({"autoexpose_export": 1, "server": server, "site": {"content_url": content_url}, "answers": [answer]}).to_string()
    }
}
