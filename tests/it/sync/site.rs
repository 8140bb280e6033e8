//! The sites of twenty runs, and exports of them.

use std::collections::BTreeSet;

use autoexpose::model::SiteId;
use proptest::prelude::*;
use serde_json::{Value, json};

/// How many models of the project workbooks may read.
pub(super) const MODELS: usize = 5;
/// How many workbooks a site has at most.
pub(super) const WORKBOOKS: usize = 4;
/// Servers and content URLs.
/// The last one is a copy of the first: its workbooks have the same luids.
pub(super) const SITES: [(&str, &str); 3] = [
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

pub(super) fn model_id(number: usize) -> String {
    format!("model.bistro.m{number}")
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
    pub(super) fn hides_its_title(&self) -> bool {
        self.title == HIDDEN_TITLE
    }

    pub(super) fn is_complete(&self) -> bool {
        !self.has_hidden && !self.hides_its_title()
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

/// Exports of one site or several.
pub(super) fn exports() -> impl Strategy<Value = Vec<Export>> {
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

pub(super) fn url_id((site, workbook): Workbook) -> String {
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
        let title = (!self.hides_its_title()).then(|| format!("Title {}", self.title));
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
