//! What shows the tables of a workbook from their side, or from within the workbook: tables that
//! name their readers, databases, sheets, dashboards and fields.

use serde_json::{Value, json};

use super::Export;

impl Export {
    /// Lets something else than the lists of a workbook and its holders show what it reads.
    pub(super) fn tell(&mut self, workbook: usize, path: &str, tables: Vec<Value>) {
        match path.split_once(' ').map_or(path, |(first, _)| first) {
            "told" => self.tell_by_tables(workbook, path, tables),
            "in" => self.tell_by_databases(workbook, path, tables),
            "field" => self.tell_by_fields(workbook, path, &tables),
            _ => self.tell_by_views(workbook, path, &tables),
        }
    }

    fn tell_by_tables(&mut self, workbook: usize, path: &str, tables: Vec<Value>) {
        let luid = self.workbooks[workbook].luid.clone();
        let (list, reader) = match path {
            "told by table, of workbook" => ("downstreamWorkbooks", json!({"luid": luid})),
            "told by table, of published" => {
                self.hold_published(workbook, "published, by luid", &[]);
                let published = self.section("publishedDatasources").last().unwrap();
                let reader = json!({"luid": published["luid"]});
                ("downstreamDatasources", reader)
            }
            "told by table, of sheet" => {
                let sheet = json!({"id": self.id("sheet"), "name": "Sheet"});
                self.name_in(workbook, "sheets", sheet.clone());
                ("downstreamSheets", sheet)
            }
            "told by table, of dashboard" => {
                let id = self.id("dashboard");
                let dashboard = json!({"id": id, "workbook": {"luid": luid}});
                self.section("dashboards").push(dashboard);
                ("downstreamDashboards", json!({"id": id}))
            }
            _ => ("downstreamDatasources", self.silent_embedded(workbook)),
        };
        for mut table in tables {
            if path == "told by column" {
                let field = json!({"datasource": reader});
                table["columns"] = json!([{"name": "c", "referencedByFields": [field]}]);
            } else {
                table[list] = json!([reader]);
            }
            self.list_table(table);
        }
    }

    /// Adds a table to its section, in which each table stands once.
    pub(super) fn list_table(&mut self, table: Value) {
        let section = self.section("databaseTables");
        let Some(known) = section.iter_mut().find(|known| known["id"] == table["id"]) else {
            section.push(table);
            return;
        };
        for (key, value) in table.as_object().unwrap() {
            match (&mut known[key], value) {
                (Value::Array(known), Value::Array(more)) => known.extend(more.iter().cloned()),
                (known, value) => *known = value.clone(),
            }
        }
    }

    /// An embedded data source that lists nothing itself, by id.
    fn silent_embedded(&mut self, workbook: usize) -> Value {
        let id = self.id("embedded");
        let embedded = json!({"id": id, "name": "Embedded", "upstreamTables": []});
        self.name_in(workbook, "embeddedDatasources", embedded);
        json!({"id": id})
    }

    /// Each table inside of its database.
    fn tell_by_databases(&mut self, workbook: usize, path: &str, tables: Vec<Value>) {
        for mut table in tables {
            if path == "in a database server, by id" {
                self.name_in(workbook, "upstreamTables", json!({"id": table["id"]}));
            } else {
                let luid = &self.workbooks[workbook].luid;
                table["downstreamWorkbooks"] = json!([{"luid": luid}]);
            }
            let mut database = table["database"].take();
            database["id"] = json!(self.id("holder"));
            database["tables"] = json!([table]);
            let section = if path == "in a database server, by id" {
                "databaseServers"
            } else {
                "databases"
            };
            self.section(section).push(database);
        }
    }

    fn tell_by_views(&mut self, workbook: usize, path: &str, tables: &[Value]) {
        let mut sheet = json!({
            "id": self.id("sheet"), "luid": "", "name": "Sheet", "upstreamTables": tables,
        });
        let owner = json!({"luid": self.workbooks[workbook].luid});
        match path {
            "sheet inside" => self.name_in(workbook, "sheets", sheet),
            "sheet as root" => {
                sheet["workbook"] = owner;
                self.section("sheets").push(sheet);
            }
            _ => {
                let dashboard = json!({
                    "id": self.id("dashboard"), "name": "Dashboard", "workbook": owner,
                    "sheets": [{"id": sheet["id"]}], "upstreamDatasources": [],
                });
                self.section("dashboards").push(dashboard);
                self.section("sheets").push(sheet);
            }
        }
    }

    fn tell_by_fields(&mut self, workbook: usize, path: &str, tables: &[Value]) {
        if path == "field of a sheet" {
            let field = json!({"name": "f", "upstreamTables": tables});
            let sheet = json!({"id": self.id("sheet"), "upstreamFields": [field]});
            self.name_in(workbook, "sheets", sheet);
            return;
        }
        let datasource = self.silent_embedded(workbook);
        let columns: Vec<Value> = tables.iter().map(|table| json!({"table": table})).collect();
        let field = json!({
            "id": self.id("field"), "name": "f", "datasource": datasource,
            "upstreamColumns": columns,
        });
        self.section("fields").push(field);
    }
}
