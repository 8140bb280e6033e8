//! Random sites, of whose workbooks a user sees some.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// A user of the site, by whom the audience is named.
const USER: &str = "a0a00000-0000-4000-8000-000000000001";

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    /// A text that stands nowhere else.
    fn text(&mut self, kind: &str) -> String {
        format!(
            "Zq{kind}{:07x}{:07x}",
            self.below(1 << 28),
            self.below(1 << 28)
        )
    }
}

/// A workbook of a random site.
pub(super) struct Workbook {
    pub(super) luid: String,
    pub(super) node: Value,
    /// What only those may see that may see the workbook.
    pub(super) texts: Vec<String>,
}

impl Workbook {
    fn new(number: u64, numbers: &mut Numbers) -> Self {
        let luid = format!("{:08x}-51f3-4d0e-9a57-1f2be6d0c001", 0x0b9c_2a44 + number);
        let mut texts = Vec::new();
        let mut text = |kind: &str, numbers: &mut Numbers| {
            let text = numbers.text(kind);
            texts.push(text.clone());
            text
        };
        let url_id = format!("{}", 80_000_000 + numbers.below(9_000_000));
        let mut read = tables(numbers);
        let (sheet, file) = (text("sheet", numbers), text("file", numbers));
        read.push(json!({
            "id": format!("x{number}"), "luid": format!("e4ce1000-0000-4000-8000-{number:012x}"),
            "name": sheet, "schema": "", "fullName": format!("[{sheet}$]"),
            "connectionType": "excel-direct", "isEmbedded": true,
            "database": {"id": format!("f{number}"), "name": file, "connectionType": "excel-direct"}
        }));
        let node = json!({
            "id": format!("w{number}"), "luid": luid,
            "name": text("title", numbers),
            "description": text("about", numbers),
            "projectName": text("project", numbers),
            "projectLuid": format!("f1a00000-0000-4000-8000-{number:012x}"),
            "containerType": "project",
            "vizportalUrlId": url_id,
            "createdAt": "2024-01-12T08:30:00Z", "updatedAt": "2026-01-02T17:05:09Z",
            "containsUnsupportedCustomSql": false,
            "owner": {
                "name": text("owner", numbers),
                "username": text("user", numbers),
                "email": format!("{}@bistro.example", text("mail", numbers))
            },
            "tags": [{"name": text("tag", numbers)}],
            "views": [{"path": format!("{}/{}", text("book", numbers), text("view", numbers))}],
            "embeddedDatasources": [{
                "id": format!("e{number}"), "name": text("source", numbers),
                "upstreamDatasources": [], "upstreamTables": read
            }],
            "upstreamTables": [], "upstreamDatasources": []
        });
        texts.push(url_id);
        Self { luid, node, texts }
    }
}

/// Some of the tables of the warehouse.
fn tables(numbers: &mut Numbers) -> Vec<Value> {
    let tables = [
        ("fact_bills", 1),
        ("menu_v2", 2),
        ("tips_by_waiters", 3),
        ("dish_sales", 4),
    ];
    let read = tables.iter().filter(|_| numbers.below(3) > 0);
    let read = read.map(|(name, id)| {
        json!({
            "id": format!("t{id}"), "luid": format!("7ab1e000-0000-4000-8000-00000000000{id}"),
            "name": name, "schema": "prod_marts", "fullName": format!("[prod_marts].[{name}]"),
            "connectionType": "postgres", "isEmbedded": false,
            "database": {"id": "d1", "name": "bistro", "connectionType": "postgres"}
        })
    });
    let shop = json!({
        "id": "t5", "luid": "7ab1e000-0000-4000-8000-000000000005",
        "name": "fct_orders", "schema": "main", "fullName": "[main].[fct_orders]",
        "connectionType": "duckdb", "isEmbedded": false,
        "database": {"id": "d2", "name": "shop", "connectionType": "duckdb"}
    });
    read.chain([shop]).collect()
}

/// A random site, and whom of its workbooks the user sees.
pub(super) struct Site {
    pub(super) workbooks: Vec<Workbook>,
    pub(super) visible: BTreeSet<String>,
}

impl Site {
    pub(super) fn new(seed: u64) -> Self {
        let mut numbers = Numbers(seed);
        let workbooks = (0..4 + numbers.below(4)).map(|at| Workbook::new(at * 0x10, &mut numbers));
        let workbooks = workbooks.collect::<Vec<_>>();
        let visible = workbooks.iter().filter(|_| numbers.below(3) == 0);
        let visible = visible.map(|one| one.luid.clone()).collect();
        Self { workbooks, visible }
    }

    /// The texts that are withheld, in lower case.
    pub(super) fn withheld(&self) -> Vec<String> {
        let hidden = self.workbooks.iter();
        let hidden = hidden.filter(|one| !self.visible.contains(&one.luid));
        let texts = hidden.flat_map(|one| &one.texts);
        texts.map(|text| text.to_lowercase()).collect()
    }

    pub(super) fn export(&self, is_reverse: bool) -> Value {
        let mut nodes = self
            .workbooks
            .iter()
            .map(|one| one.node.clone())
            .collect::<Vec<_>>();
        if is_reverse {
            nodes.reverse();
        }
        let count = nodes.len();
        json!({
            "autoexpose_export": 1,
            "server": "https://tableau.bistro.example",
            "site": {"content_url": "bistro"},
            "captured_at": "2026-11-02T06:00:00Z",
            "sections": {"workbooks": {"complete": true}},
            "answers": [{"data": {"workbooksConnection": {
                "nodes": nodes, "totalCount": count,
                "pageInfo": {"hasNextPage": false, "endCursor": null}
            }}}]
        })
    }

    pub(super) fn rest(&self) -> Value {
        let page = |count: usize| json!({"pageNumber": "1", "pageSize": "1000", "totalAvailable": count.to_string()});
        let listed = self.visible.iter().map(|luid| json!({"id": luid}));
        let listed = listed.collect::<Vec<_>>();
        json!({
            "autoexpose_export": 1,
            "server": "https://tableau.bistro.example",
            "site": {"content_url": "bistro"},
            "captured_at": "2026-11-02T06:00:00Z",
            "rest": [
                {"get": "users?pageSize=1000&pageNumber=1", "body": {
                    "pagination": page(1),
                    "users": {"user": [{"id": USER, "name": "carl", "siteRole": "Viewer"}]}
                }},
                {"get": format!("users/{USER}/workbooks?pageSize=1000&pageNumber=1"), "body": {
                    "pagination": page(self.visible.len()),
                    "workbooks": {"workbook": listed}
                }}
            ]
        })
    }
}
