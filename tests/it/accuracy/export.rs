//! Spreads tables over workbooks and over every path by which a workbook reads a table.

mod holders;
mod tellers;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::expect::Expected;
use super::random::Random;
use super::spellings::Table;

/// The paths, by what holds the table and how the workbook names the holder.
pub(crate) const PATHS: [&str; 35] = [
    "workbook",
    "workbook, by id",
    "embedded, inline",
    "embedded, nested connection",
    "embedded, by id",
    "published, inline",
    "published, by luid",
    "published, by id",
    "published of embedded",
    "published, parent of embedded",
    "virtual table, by id",
    "virtual table, by luid",
    "virtual table of a connection",
    "virtual table, by column",
    "custom SQL, by workbook",
    "custom SQL, by embedded",
    "custom SQL, by published",
    "custom SQL, by field",
    "custom SQL, by column",
    "custom SQL, with its database",
    "flow, by data source",
    "flow, by table",
    "told by table, of workbook",
    "told by table, of embedded",
    "told by table, of published",
    "told by table, of sheet",
    "told by table, of dashboard",
    "told by column",
    "in a database server, by id",
    "in a database, of workbook",
    "sheet inside",
    "sheet as root",
    "dashboard of sheets",
    "field of a sheet",
    "field as root",
];

/// One workbook and what it reads.
pub(crate) struct Workbook {
    pub(crate) luid: String,
    pub(crate) tables: Vec<Table>,
    keys: BTreeSet<String>,
    json: Value,
}

/// A whole export: workbooks, and the nodes of each section of the Metadata API.
pub(crate) struct Export {
    pub(crate) workbooks: Vec<Workbook>,
    pub(crate) sections: BTreeMap<&'static str, Vec<Value>>,
    /// A workbook that the export only names.
    pub(crate) stranger: String,
    random: Random,
    /// Holders made so far, so that each has its own id.
    made: usize,
    /// Tables of the project, to be mentioned where nothing reads them.
    bait: Vec<Value>,
    /// The first published data source named by luid, and what it reads.
    shared: Option<(Value, Vec<Table>)>,
}

impl Export {
    /// Gives each table to one workbook, by one path or by two.
    pub(crate) fn spread(tables: Vec<Table>, seed: &str) -> Self {
        let mut random = Random::new(seed);
        let linked = tables
            .iter()
            .filter(|table| table.expected.outcome() == "linked");
        let bait = linked.map(|table| table.json.clone()).collect();
        let mut export = Self {
            workbooks: Vec::new(),
            sections: BTreeMap::new(),
            stranger: random.luid(),
            random,
            made: 0,
            bait,
            shared: None,
        };
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for table in &tables {
            *counts.entry(&table.key).or_default() += 1;
        }
        let most = counts.values().copied().max().unwrap_or_default();
        for number in 0..most + 3 {
            export.add_workbook(number);
        }
        let mut held: BTreeMap<(usize, usize), Vec<Table>> = BTreeMap::new();
        for table in tables {
            let workbook = export.free_workbook(&table.key);
            let paths = if export.random.one_in(8) { 2 } else { 1 };
            for _ in 0..paths {
                let path = export.path(&table);
                held.entry((workbook, path))
                    .or_default()
                    .push(table.clone());
            }
            export.workbooks[workbook].keys.insert(table.key.clone());
            export.workbooks[workbook].tables.push(table);
        }
        for ((workbook, path), mut tables) in held {
            tables.dedup_by(|a, b| a.json == b.json);
            export.hold(workbook, PATHS[path], &tables);
            if PATHS[path] == "published, by luid" && export.shared.is_none() {
                let published = export.section("publishedDatasources").last().cloned();
                export.shared = published.map(|published| (published, tables));
            }
        }
        export.add_strangers();
        export.add_unseen();
        export.close();
        export
    }

    fn add_workbook(&mut self, number: usize) {
        let luid = self.random.luid();
        let json = json!({
            // Two workbooks of one title are two workbooks.
            "id": format!("workbook-{number}"), "luid": luid, "name": format!("Report {}", number / 2),
            "projectName": "Sales", "description": "Made up", "vizportalUrlId": format!("{}", 700_000 + number),
            "uri": format!("sites/1/workbooks/{}", 700_000 + number),
            "createdAt": "2024-02-03T04:05:06Z", "updatedAt": "2024-03-04T05:06:07Z",
            "owner": {"id": "user-1", "name": "Ada", "username": "ada", "email": "ada@example.com"},
            "tags": [{"name": "weekly"}], "containsUnsupportedCustomSql": false,
            "upstreamTables": [], "upstreamDatasources": [], "embeddedDatasources": [],
            "upstreamVirtualConnectionTables": [], "upstreamVirtualConnections": [], "sheets": [],
            "embeddedDatasourcesConnection": {"nodes": [], "totalCount": 0},
        });
        self.workbooks.push(Workbook {
            luid,
            tables: Vec::new(),
            keys: BTreeSet::new(),
            json,
        });
    }

    /// A workbook that reads nothing of this key yet.
    fn free_workbook(&mut self, key: &str) -> usize {
        let start = self.random.below(self.workbooks.len());
        let order = (start..self.workbooks.len()).chain(0..start);
        let mut free = order.filter(|at| !self.workbooks[*at].keys.contains(key));
        free.next().expect("as many workbooks as tables of a key")
    }

    fn path(&mut self, table: &Table) -> usize {
        loop {
            let path = self.random.below(PATHS.len());
            if table.has_schema || !PATHS[path].starts_with("custom SQL") {
                return path;
            }
        }
    }

    fn section(&mut self, name: &'static str) -> &mut Vec<Value> {
        self.sections.entry(name).or_default()
    }

    fn id(&mut self, kind: &str) -> String {
        self.made += 1;
        format!("{kind}-{}", self.made)
    }

    fn name_in(&mut self, workbook: usize, list: &str, reference: Value) {
        let list = self.workbooks[workbook].json[list].as_array_mut();
        list.unwrap().push(reference);
    }

    /// A table that is no relation of any project.
    fn stranger(&mut self, kind: &str) -> Value {
        let id = self.id(kind);
        json!({
            "id": id, "name": id, "schema": "nowhere at all", "connectionType": null,
            "fullName": format!("[nothing].[nowhere at all].[{id}]"),
            "database": {"name": "nothing"},
        })
    }

    /// Objects that read tables of the project, but that no workbook uses.
    fn add_strangers(&mut self) {
        let tables: Vec<Value> = self.bait.iter().take(40).cloned().collect();
        let embedded =
            json!({"id": self.id("unused"), "name": "Embedded", "upstreamTables": tables});
        self.section("embeddedDatasources").push(embedded);
        let published = json!({
            "id": self.id("unused"), "luid": self.random.luid(), "name": "Published",
            "upstreamTables": tables,
        });
        self.section("publishedDatasources").push(published);
        // Nobody is known to read this custom SQL, whoever reads a table that it mentions.
        let sql = json!({
            "id": self.id("unused"), "name": "Custom SQL Query", "query": "select 1",
            "tables": tables, "downstreamWorkbooks": [], "downstreamDatasources": [],
        });
        let mut table = self.stranger("queried");
        table["referencedByQueries"] = json!([{"id": sql["id"], "name": "Custom SQL Query"}]);
        self.read_stranger(0, table);
        self.section("customSQLTables").push(sql);
        let sheet = json!({
            "id": self.id("unused"), "luid": "", "name": "Sheet", "upstreamTables": tables,
            "workbook": {"luid": self.stranger},
        });
        self.section("sheets").push(sheet);
        let server = json!({"id": self.id("unused"), "tables": tables});
        self.section("databaseServers").push(server);
        let flow = json!({
            "id": self.id("unused"), "luid": self.random.luid(), "name": "Flow",
            "upstreamTables": tables,
            "downstreamDatasources": [{"id": "nobody", "luid": "nobody"}],
        });
        self.section("flows").push(flow);
        let sql = json!({
            "id": self.id("unused"), "name": "Custom SQL Query", "query": "select 1",
            "tables": tables, "downstreamWorkbooks": [{"luid": self.stranger}],
        });
        // Whoever reads a table does not read what others' queries join it with.
        let mut table = self.stranger("queried");
        table["referencedByQueries"] = json!([{"id": sql["id"], "name": "Custom SQL Query"}]);
        self.read_stranger(0, table);
        self.section("customSQLTables").push(sql);
        let connection = json!({
            "id": self.id("unused"), "luid": self.random.luid(), "name": "Connection",
            "tables": [{"id": self.id("unused"), "name": "Virtual", "upstreamTables": tables}],
        });
        self.section("virtualConnections").push(connection);
    }

    /// Lets three workbooks read something that the export does not show.
    fn add_unseen(&mut self) {
        let nameless = json!({
            "id": "nameless", "luid": self.random.luid(), "name": null, "schema": null,
            "fullName": null, "connectionType": null, "database": {"id": "d", "name": null},
        });
        let missing = json!({"luid": self.random.luid(), "name": "Gone"});
        let unseen = [
            ("hidden", "upstreamTables", json!(null)),
            ("hidden", "upstreamTables", nameless),
            ("unresolved", "upstreamDatasources", missing),
        ];
        for (workbook, (outcome, list, reference)) in unseen.into_iter().enumerate() {
            self.name_in(workbook, list, reference.clone());
            self.workbooks[workbook].tables.push(Table {
                spelling: "unseen",
                name: String::new(),
                key: String::new(),
                expected: Expected::Unlinked(outcome),
                nearest: None,
                unseen_database: None,
                has_schema: false,
                json: reference,
            });
        }
    }

    /// Makes the section of workbooks, with two more that have little more than dbt's docs ask
    /// for: one shares a data source with another workbook, one reads nothing.
    fn close(&mut self) {
        for (name, shared) in [("Shares", self.shared.take()), ("Empty", None)] {
            let luid = self.random.luid();
            let (published, tables) = shared.unzip();
            let published = published.map(|published| json!({"luid": published["luid"]}));
            let json = json!({
                "name": name, "uri": "sites/1/workbooks/800000", "id": name, "luid": luid,
                "projectLuid": "p-1", "projectName": "Sales", "upstreamTables": [],
                "upstreamDatasources": published.into_iter().collect::<Vec<_>>(),
            });
            self.workbooks.push(Workbook {
                luid,
                tables: tables.unwrap_or_default(),
                keys: BTreeSet::new(),
                json,
            });
        }
        let workbooks = self.workbooks.iter().map(|workbook| workbook.json.clone());
        let workbooks = workbooks.collect();
        self.sections.insert("workbooks", workbooks);
    }
}
