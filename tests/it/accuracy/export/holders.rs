//! What holds tables for a workbook: data sources, virtual connections, custom SQL and flows.

use serde_json::{Value, json};

use super::Export;
use crate::accuracy::expect::Expected;
use crate::accuracy::spellings::Table;

impl Export {
    /// Lets a workbook read tables by a path.
    pub(super) fn hold(&mut self, workbook: usize, path: &str, tables: &[Table]) {
        let objects: Vec<Value> = tables.iter().map(|table| table.json.clone()).collect();
        match path.split_once([' ', ',']).map_or(path, |(first, _)| first) {
            "workbook" => self.hold_directly(workbook, path, objects),
            "embedded" => self.hold_embedded(workbook, path, objects),
            "published" => self.hold_published(workbook, path, &objects),
            "virtual" => self.hold_virtual(workbook, path, &objects),
            "custom" if path == "custom SQL, with its database" => {
                self.hold_sql_with_database(workbook, objects);
            }
            "custom" => self.hold_sql(workbook, path, &objects),
            "flow" => self.hold_flow(workbook, path, &objects),
            _ => self.tell(workbook, path, objects),
        }
    }

    fn hold_directly(&mut self, workbook: usize, path: &str, tables: Vec<Value>) {
        for table in tables {
            if path == "workbook" {
                self.name_in(workbook, "upstreamTables", table);
            } else {
                self.name_in(workbook, "upstreamTables", json!({"id": table["id"]}));
                self.list_table(table);
            }
        }
    }

    fn hold_embedded(&mut self, workbook: usize, path: &str, tables: Vec<Value>) {
        let id = self.id("embedded");
        let whole = json!({"id": id, "name": "Embedded", "upstreamTables": tables});
        match path {
            "embedded, inline" => self.name_in(workbook, "embeddedDatasources", whole),
            "embedded, nested connection" => {
                let nested = &mut self.workbooks[workbook].json["embeddedDatasourcesConnection"];
                *nested = json!({"nodes": [whole], "totalCount": 1});
            }
            _ => {
                self.name_in(workbook, "embeddedDatasources", json!({"id": id}));
                self.section("embeddedDatasources").push(whole);
            }
        }
    }

    pub(super) fn hold_published(&mut self, workbook: usize, path: &str, tables: &[Value]) {
        let (id, luid) = (self.id("published"), self.random.luid());
        let whole = json!({"id": id, "luid": luid, "name": "Published", "upstreamTables": tables});
        let by_luid = json!({"luid": luid, "name": "Published"});
        match path {
            "published, inline" => {
                return self.name_in(workbook, "upstreamDatasources", whole);
            }
            "published, by luid" => self.name_in(workbook, "upstreamDatasources", by_luid),
            "published, by id" => {
                self.name_in(workbook, "upstreamDatasources", json!({"id": id}));
            }
            "published of embedded" => {
                let embedded = json!({
                    "id": self.id("embedded"), "name": "Published", "upstreamTables": [],
                    "upstreamDatasources": [{"id": id, "luid": luid}],
                });
                self.name_in(workbook, "embeddedDatasources", embedded);
            }
            _ => {
                let embedded = self.id("embedded");
                self.name_in(workbook, "embeddedDatasources", json!({"id": embedded}));
                let embedded = json!({"id": embedded, "parentPublishedDatasources": [by_luid]});
                self.section("embeddedDatasources").push(embedded);
            }
        }
        self.section("publishedDatasources").push(whole);
    }

    fn hold_virtual(&mut self, workbook: usize, path: &str, tables: &[Value]) {
        let (id, luid) = (self.id("virtual-table"), self.random.luid());
        let connection = self.id("virtual-connection");
        let whole = json!({
            "__typename": "VirtualConnectionTable", "id": id, "luid": luid, "name": "Virtual",
            "virtualConnection": {"id": connection, "name": "Connection"},
            "upstreamTables": tables,
        });
        let by_id = json!({"id": id});
        match path {
            "virtual table, by luid" => {
                let by_luid = json!({"id": id, "luid": luid, "name": "Virtual"});
                self.name_in(workbook, "upstreamVirtualConnectionTables", by_luid);
            }
            "virtual table, by column" => {
                let table = json!({"__typename": "VirtualConnectionTable", "id": id});
                self.name_column(workbook, &table);
            }
            _ => self.name_in(workbook, "upstreamVirtualConnectionTables", by_id),
        }
        if path == "virtual table of a connection" {
            let bait = self.random.pick(&self.bait).clone();
            let unused = json!({
                "id": self.id("virtual-table"), "name": "Unused", "upstreamTables": [bait],
            });
            self.name_in(
                workbook,
                "upstreamVirtualConnections",
                json!({"id": connection}),
            );
            let connection = json!({
                "id": connection, "luid": self.random.luid(), "name": "Connection",
                "tables": [unused, whole],
            });
            self.section("virtualConnections").push(connection);
        } else {
            self.section("virtualConnectionTables").push(whole);
        }
    }

    /// Adds an embedded data source whose field alone shows what it reads.
    fn name_column(&mut self, workbook: usize, table: &Value) {
        let embedded = json!({
            "id": self.id("embedded"), "name": "Embedded", "upstreamTables": [],
            "fields": [{"name": "f", "upstreamColumns": [{"name": "c", "table": table}]}],
        });
        self.name_in(workbook, "embeddedDatasources", embedded);
    }

    fn hold_sql(&mut self, workbook: usize, path: &str, tables: &[Value]) {
        let id = self.id("custom-sql");
        let [a, b, c] = [(); 3].map(|()| {
            let bait = self.random.pick(&self.bait);
            bait["fullName"]
                .as_str()
                .unwrap_or("core.orders")
                .to_owned()
        });
        let query = format!(
            "select 'from {}' /* from {b} */ -- join {c}",
            a.replace('\'', "''")
        );
        let mut sql = json!({
            "__typename": "CustomSQLTable", "id": id, "name": "Custom SQL Query",
            "query": query, "tables": tables,
            "isUnsupportedCustomSql": false, "connectionType": null, "database": null,
        });
        match path {
            "custom SQL, by workbook" => {
                let luid = &self.workbooks[workbook].luid;
                sql["downstreamWorkbooks"] = json!([{"luid": luid}]);
            }
            "custom SQL, by column" => {
                self.name_column(workbook, &json!({"__typename": "CustomSQLTable", "id": id}));
            }
            "custom SQL, by published" => {
                self.hold_published(workbook, "published, by luid", &[]);
                let published = self.section("publishedDatasources").last().unwrap();
                sql["downstreamDatasources"] = json!([{"luid": published["luid"]}]);
            }
            _ => {
                let embedded = self.id("embedded");
                let object = json!({"id": embedded, "name": "Embedded", "upstreamTables": []});
                self.name_in(workbook, "embeddedDatasources", object);
                if path == "custom SQL, by field" {
                    let field = json!({"datasource": {"id": embedded}});
                    sql["columns"] = json!([{"name": "c", "referencedByFields": [field]}]);
                } else {
                    sql["downstreamDatasources"] = json!([{"id": embedded}]);
                }
            }
        }
        self.section("customSQLTables").push(sql);
    }

    /// Custom SQL for each table, which takes the database of the custom SQL.
    fn hold_sql_with_database(&mut self, workbook: usize, tables: Vec<Value>) {
        for mut table in tables {
            let database = table["database"].take();
            let sql = json!({
                "id": self.id("custom-sql"), "name": "Custom SQL Query", "query": "select 1",
                "tables": [table], "database": database,
                "downstreamWorkbooks": [{"luid": self.workbooks[workbook].luid}],
            });
            self.section("customSQLTables").push(sql);
        }
    }

    fn hold_flow(&mut self, workbook: usize, path: &str, tables: &[Value]) {
        let mut flow = json!({
            "id": self.id("flow"), "luid": self.random.luid(), "name": "Flow",
            "upstreamTables": tables, "downstreamDatasources": [], "downstreamTables": [],
        });
        if path == "flow, by data source" {
            self.hold_published(workbook, "published, by id", &[]);
            let published = self.section("publishedDatasources").last().unwrap();
            flow["downstreamDatasources"] = json!([{"luid": published["luid"]}]);
        } else {
            let written = self.stranger("flow-output");
            flow["downstreamTables"] = json!([{"id": written["id"]}]);
            self.read_stranger(workbook, written);
        }
        self.section("flows").push(flow);
    }

    /// Lets a workbook read a table that is no relation of any project.
    pub(super) fn read_stranger(&mut self, workbook: usize, table: Value) {
        self.name_in(workbook, "upstreamTables", table.clone());
        self.workbooks[workbook].tables.push(Table {
            spelling: "a stranger",
            name: table["name"].as_str().unwrap().to_owned(),
            key: String::new(),
            expected: Expected::Unlinked("unknown"),
            nearest: None,
            unseen_database: None,
            has_schema: true,
            json: table,
        });
    }
}
