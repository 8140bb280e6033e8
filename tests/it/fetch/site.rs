//! What the stand-in server has: a site of so many workbooks, all of the same kind.

use serde_json::{Value, json};

/// The luid of an object, by a letter for its kind and its number.
pub(super) fn luid(kind: char, number: usize) -> String {
    format!("{number:08x}-0000-4000-8000-{:012x}", kind as u32)
}

/// The sections of the Metadata API, each sorted by id.
pub(super) struct Site {
    pub(super) sections: Vec<(&'static str, Vec<Value>)>,
}

impl Site {
    /// A site whose workbook `n` reads table `n`, the third of them by custom SQL as well.
    pub(super) fn new(workbooks: usize) -> Self {
        let all = || 0..workbooks;
        Self {
            sections: vec![
                ("workbooks", all().map(workbook).collect()),
                ("publishedDatasources", vec![published()]),
                ("databaseTables", all().map(table).collect()),
                ("customSQLTables", vec![custom_sql()]),
                ("virtualConnections", Vec::new()),
                ("flows", Vec::new()),
                ("embeddedDatasources", Vec::new()),
                ("sheets", Vec::new()),
            ],
        }
    }

    pub(super) fn section(&mut self, name: &str) -> &mut Vec<Value> {
        let mut sections = self.sections.iter_mut();
        let section = sections.find(|(known, _)| *known == name);
        &mut section.unwrap().1
    }

    pub(super) fn of(&self, name: &str) -> &[Value] {
        let mut sections = self.sections.iter();
        let section = sections.find(|(known, _)| *known == name);
        section.map_or(&[], |(_, objects)| objects)
    }

    /// Moves a workbook to another project.
    pub(super) fn move_to(&mut self, number: usize, project: usize) {
        let projects = Self::projects();
        let moved = luid('w', number);
        let workbooks = self.section("workbooks");
        let workbook = workbooks.iter_mut().find(|one| one["luid"] == moved);
        let workbook = workbook.unwrap();
        workbook["projectLuid"] = projects[project]["id"].clone();
        workbook["projectName"] = projects[project]["name"].clone();
    }

    /// The workbooks as the REST API lists them.
    pub(super) fn listed(&self) -> Vec<Value> {
        let workbooks = self.of("workbooks").iter();
        let workbooks = workbooks.map(|one| {
            let project = json!({"id": one["projectLuid"], "name": one["projectName"]});
            json!({"id": one["luid"], "project": project})
        });
        workbooks.collect()
    }

    /// The projects as the REST API lists them.
    pub(super) fn projects() -> Vec<Value> {
        let project = |number: usize, name: &str| {
            json!({
                "id": luid('p', number),
                "name": name,
                "parentProjectId": number.checked_sub(1).map(|above| luid('p', above)),
                "contentPermissions": "ManagedByOwner",
                "owner": {"id": luid('u', 1)},
            })
        };
        vec![
            project(0, "House"),
            project(1, "Finance"),
            project(2, "Sales, west"),
        ]
    }
}

fn id(kind: char, number: usize) -> String {
    format!("{kind}{number:06}")
}

fn workbook(number: usize) -> Value {
    json!({
        "id": id('w', number),
        "luid": luid('w', number),
        "name": format!("Workbook {number}"),
        "description": "",
        "projectName": "Finance",
        "projectLuid": luid('p', 1),
        "containerType": "project",
        "containerName": "Finance",
        "vizportalUrlId": number.to_string(),
        "uri": format!("sites/1/workbooks/{number}"),
        "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-02-01T00:00:00Z",
        "containsUnsupportedCustomSql": false,
        "owner": {"id": "u1", "luid": luid('u', 1), "name": "Ada", "username": "ada", "email": null},
        "tags": [],
        "views": [],
        "upstreamTables": [{"id": id('t', number)}],
        "upstreamDatasources": [],
        "upstreamVirtualConnectionTables": [],
        "upstreamFlows": [],
        "embeddedDatasources": [{
            "id": id('e', number),
            "name": "data",
            "hasExtracts": false,
            "extractLastRefreshTime": null,
            "containsUnsupportedCustomSql": false,
            "upstreamTables": [{"id": id('t', number)}],
            "upstreamDatasources": [],
        }],
    })
}

fn table(number: usize) -> Value {
    json!({
        "id": id('t', number),
        "luid": luid('t', number),
        "name": format!("table_{number}"),
        "schema": "public",
        "fullName": format!("[public].[table_{number}]"),
        "connectionType": "postgres",
        "isEmbedded": false,
        "database": {"id": "d1", "name": "shop", "connectionType": "postgres"},
    })
}

fn published() -> Value {
    json!({
        "id": id('s', 0),
        "luid": luid('s', 0),
        "name": "Sales",
        "projectName": "Finance",
        "hasExtracts": true,
        "extractLastRefreshTime": "2026-02-01T00:00:00Z",
        "extractLastUpdateTime": null,
        "containsUnsupportedCustomSql": false,
        "upstreamTables": [{"id": id('t', 0)}],
        "upstreamFlows": [],
        "upstreamVirtualConnectionTables": [],
    })
}

fn custom_sql() -> Value {
    json!({
        "id": id('q', 0),
        "name": "Custom SQL Query",
        "query": "select * from public.table_1",
        "isUnsupportedCustomSql": false,
        "connectionType": "postgres",
        "database": {"id": "d1", "name": "shop", "connectionType": "postgres"},
        "tables": [{"id": id('t', 1)}],
        "downstreamWorkbooks": [{"id": id('w', 2), "luid": luid('w', 2)}],
        "downstreamDatasources": [],
    })
}
