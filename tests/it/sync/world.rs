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
/// The title of workbooks whose title Tableau hides.
const HIDDEN_TITLE: u8 = 3;

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
    /// Only the first few workbooks; the total is larger.
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
        self.title == HIDDEN_TITLE
    }

    pub(super) fn is_complete(&self) -> bool {
        !self.has_hidden && !self.is_kept_back()
    }

    /// The models that it reads. The number after the last one is not a model of the project.
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

/// Twenty steps.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let start = prop_oneof![
        Just(Start::InPlace),
        Just(Start::Fresh),
        Just(Start::SameState)
    ];
    let step = (exports(), start, prop::option::weighted(0.3, deed())).prop_map(
        |(exports, start, deed)| Step {
            exports,
            start,
            deed,
        },
    );
    prop::collection::vec(step, 20)
}

/// An export of at least one site.
fn exports() -> impl Strategy<Value = Vec<Export>> {
    let workbooks = prop::collection::vec(prop::option::weighted(0.8, shown()), WORKBOOKS);
    let extent = prop_oneof![
        3 => Just(Extent::Whole),
        1 => Just(Extent::Plain),
        1 => Just(Extent::FirstPage),
        1 => Just(Extent::Error),
    ];
    let of_site = prop::option::weighted(0.5, (workbooks, extent));
    prop::collection::vec(of_site, SITES.len())
        .prop_map(|sites| {
            sites
                .into_iter()
                .enumerate()
                .filter_map(|(site, export)| {
                    export.map(|(workbooks, extent)| Export {
                        site,
                        workbooks,
                        extent,
                    })
                })
                .collect()
        })
        .prop_filter("a run needs an export", |exports: &Vec<Export>| {
            !exports.is_empty()
        })
}

fn shown() -> impl Strategy<Value = Shown> {
    let reads = prop::collection::btree_set(0..=MODELS, 0..4);
    (0..=HIDDEN_TITLE, 0..2_u8, reads, prop::bool::weighted(0.2)).prop_map(
        |(title, project, reads, has_hidden)| Shown {
            title,
            project,
            reads,
            has_hidden,
        },
    )
}

fn deed() -> impl Strategy<Value = Deed> {
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

fn model_id(number: usize) -> String {
    format!("model.bistro.m{number}")
}

fn model(number: usize) -> Value {
    json!({
        "package_name": "bistro", "name": format!("m{number}"), "alias": format!("m{number}"),
        "database": "db", "schema": "s", "relation_name": format!("db.s.m{number}"),
    })
}

fn url_id((site, workbook): Workbook) -> String {
    format!("{site}{workbook}")
}

impl Shown {
    /// The workbook as Tableau's Metadata API has it.
    fn node(&self, workbook: Workbook) -> Value {
        let hidden = json!({"id": "h", "name": null, "fullName": null});
        let tables: Vec<Value> = self
            .reads
            .iter()
            .map(|model| json!({"fullName": format!("[DB].[S].[M{model}]"), "name": "x"}))
            .chain(self.has_hidden.then_some(hidden))
            .collect();
        let title = (!self.is_kept_back()).then(|| format!("Title {}", self.title));
        json!({
            "luid": luid(workbook), "name": title, "vizportalUrlId": url_id(workbook),
            "projectName": format!("Project {}", self.project), "upstreamTables": tables,
        })
    }
}

impl Export {
    /// The workbooks that it shows.
    pub(super) fn shown(&self) -> impl Iterator<Item = (Workbook, &Shown)> {
        let most = match self.extent {
            Extent::FirstPage => 2,
            Extent::Whole | Extent::Plain | Extent::Error => WORKBOOKS,
        };
        self.workbooks
            .iter()
            .enumerate()
            .filter_map(|(number, shown)| Some(((self.site, number), shown.as_ref()?)))
            .take(most)
    }

    pub(super) fn text(&self) -> String {
        let nodes: Vec<Value> = self
            .shown()
            .map(|(workbook, shown)| shown.node(workbook))
            .collect();
        let total = self.workbooks.iter().flatten().count();
        let data = match self.extent {
            Extent::Plain => json!({"workbooks": nodes}),
            Extent::FirstPage => json!({"workbooksConnection": {
                "nodes": nodes, "pageInfo": {"hasNextPage": true}, "totalCount": total.max(3),
            }}),
            Extent::Whole | Extent::Error => {
                json!({"workbooksConnection": {"nodes": nodes, "totalCount": total}})
            }
        };
        let mut response = json!({"data": data});
        if self.extent == Extent::Error {
            let extensions = json!({"code": "NODE_LIMIT_EXCEEDED", "severity": "WARNING"});
            response["errors"] = json!([{"message": "partial", "extensions": extensions}]);
        }
        let (server, content_url) = SITES[self.site];
        json!({
            "autoexpose_export": 1, "server": server, "site": {"content_url": content_url},
            "answers": [response],
        })
        .to_string()
    }
}
