//! Tables as Tableau may spell them, each with what must become of it.

mod decoys;
mod others;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::expect::{self, Expected};
use super::parts::{Parts, Quote, backticks, brackets, double_quotes, is_plain, swap_case};
use super::random::Random;
use super::relations::{Facts, Relation, key};

/// One table of the export.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// How it is spelled, for messages.
    pub(crate) spelling: &'static str,
    pub(crate) json: Value,
    /// Its last part, as the messages must show it.
    pub(crate) name: String,
    /// Tables of one key may be one table, or lead to one node: a workbook reads only one of them.
    pub(crate) key: String,
    pub(crate) expected: Expected,
    /// The node that must be named first among the nearest.
    pub(crate) nearest: Option<String>,
    /// The database of a link that was found without regard to it.
    pub(crate) unseen_database: Option<String>,
    /// Whether it has a schema, so that no query needs to be read for it.
    pub(crate) has_schema: bool,
}

/// Whether the database of such connections is the schema.
fn is_two_level(connection: &str) -> bool {
    let base = connection
        .trim_end_matches("_jdbc")
        .trim_end_matches("_odbc");
    let two_level = [
        "spark",
        "hive",
        "hadoophive",
        "clickhouse",
        "mysql",
        "teradata",
    ];
    two_level.contains(&base)
}

/// Takes links from tables of several databases that are linked to one node without regard to it:
/// only those in the node's own database keep theirs.
pub(crate) fn keep_one_database(tables: &mut [Table], facts: &Facts) {
    let mut databases: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for table in tables.iter() {
        if let (Expected::Linked { node, .. }, Some(database)) =
            (&table.expected, &table.unseen_database)
        {
            let databases = databases.entry(node.clone()).or_default();
            databases.insert(database.to_lowercase());
        }
    }
    for table in tables {
        let Expected::Linked { node, .. } = &table.expected else {
            continue;
        };
        let Some(all) = databases.get(node).filter(|all| all.len() > 1) else {
            continue;
        };
        let is_own = |relation: &&Relation| relation.candidates().contains(node);
        let relation = facts.relations.iter().find(is_own).unwrap();
        let own = relation.database.as_ref().map(|own| own.to_lowercase());
        let database = table
            .unseen_database
            .as_ref()
            .map(|name| name.to_lowercase());
        let types = [
            &table.json["connectionType"],
            &table.json["database"]["connectionType"],
        ];
        let connection = types.iter().find_map(|connection| connection.as_str());
        let is_two_level = connection.is_some_and(is_two_level);
        let keeps = match own.filter(|own| all.contains(own)) {
            Some(own) => database.is_none_or(|database| database == own),
            None => is_two_level,
        };
        if !keeps {
            table.nearest = Some(node.clone());
            table.expected = Expected::Unlinked("unknown");
        }
    }
}

/// Labels of three parts and of two parts beside `database.name`, and the way of quoting.
const QUOTES: [(&str, &str, Quote); 4] = [
    ("[d].[s].[t]", "[s].[t] + database", brackets),
    ("\"d\".\"s\".\"t\"", "\"s\".\"t\" + database", double_quotes),
    ("`d`.`s`.`t`", "`s`.`t` + database", backticks),
    ("d.s.t", "s.t + database", str::to_owned),
];

/// What the schemas begin with that the configuration of [`CONFIG`] reads as others.
const MIRROR: &str = "mirror_of_";
/// The configuration of every run.
pub(crate) const CONFIG: &str =
    r#"match: {rewrite: [{schema: "/mirror_of_(.+)/", to: {schema: "{1}"}}]}"#;

/// Collects the tables of one export.
pub(crate) struct Speller<'a> {
    facts: &'a Facts,
    random: Random,
    pub(crate) tables: Vec<Table>,
}

impl<'a> Speller<'a> {
    pub(crate) fn new(facts: &'a Facts, seed: &str) -> Self {
        Self {
            facts,
            random: Random::new(seed),
            tables: Vec::new(),
        }
    }

    /// The usual parts of a table over this relation, in the words of its database.
    fn parts(&mut self, relation: &Relation) -> Parts {
        let own = expect::own_connections(&self.facts.adapter);
        let database = relation.database.as_deref().unwrap_or("default");
        Parts {
            database: Some(database.to_owned()),
            schema: relation.schema.clone(),
            name: relation.name.clone(),
            connection: Some((*self.random.pick(own)).to_owned()),
        }
    }

    /// A whole table object.
    fn table(&self, parts: &Parts, full_name: Option<&str>) -> Value {
        let id = self.tables.len();
        json!({
            "__typename": "DatabaseTable", "id": format!("table-{id}"),
            "luid": format!("00000000-0000-4000-8000-{id:012x}"), "isEmbedded": false,
            "name": parts.name, "schema": parts.schema, "fullName": full_name,
            "connectionType": parts.connection,
            "database": {
                "id": format!("database-{id}"), "name": parts.database,
                "connectionType": parts.connection,
            },
        })
    }

    fn add(&mut self, spelling: &'static str, parts: &Parts, full_name: Option<&str>) {
        let json = self.table(parts, full_name);
        self.add_json(spelling, parts, json);
    }

    /// Adds a table of which schema and name can be known.
    fn add_json(&mut self, spelling: &'static str, parts: &Parts, json: Value) {
        let expected = expect::expect(self.facts, parts);
        let key = match &expected {
            Expected::Linked {
                rule: Some("wildcard" | "latest" | "deferred"),
                node,
            } => self.key_of(node),
            _ => key(&parts.schema, &parts.name),
        };
        let unseen_database = self.unseen_database(parts, &expected);
        self.tables.push(Table {
            spelling,
            json,
            name: parts.name.clone(),
            key,
            expected,
            nearest: None,
            unseen_database,
            has_schema: true,
        });
    }

    /// The database of a table, if it is linked without regard to it.
    fn unseen_database(&self, parts: &Parts, expected: &Expected) -> Option<String> {
        let Expected::Linked { node, rule } = expected else {
            return None;
        };
        // Such tables are all spelled with the database of the relation.
        if matches!(rule, Some("latest" | "deferred")) {
            return None;
        }
        let relation = self.relation_of(node);
        let connection = parts.connection.as_deref().unwrap_or_default();
        let database = parts.database.clone().filter(|name| !name.is_empty())?;
        let is_display_name = self.facts.adapter == "bigquery" && !expect::is_project_id(&database);
        let is_left_out = !relation.in_database && !is_two_level(connection);
        (is_display_name || is_left_out).then_some(database)
    }

    fn key_of(&self, node: &String) -> String {
        self.relation_of(node).key()
    }

    fn relation_of(&self, node: &String) -> &Relation {
        let mut relations = self.facts.relations.iter();
        relations
            .find(|relation| relation.candidates().contains(node))
            .unwrap()
    }

    /// Adds a table of which only a name is known, behind a server where it has one.
    fn add_decoy(&mut self, spelling: &'static str, server: &str, name: &str, json: Value) {
        self.tables.push(Table {
            spelling,
            json,
            name: name.to_owned(),
            key: key(server, name),
            expected: Expected::Unlinked("unknown"),
            nearest: None,
            unseen_database: None,
            has_schema: false,
        });
    }

    /// Every spelling of one relation, and what looks like it.
    pub(crate) fn spell(&mut self, relation: &Relation) {
        let parts = self.parts(relation);
        self.quoted(&parts);
        self.contradicted(&parts);
        self.without_full_name(&parts);
        self.without_database(&parts);
        self.connections(&parts);
        self.mapped(&parts);
        self.look_alikes(&parts);
        self.names_only(&parts);
        self.other_names(&parts, relation);
        if self.facts.adapter == "bigquery" {
            self.shards(&parts);
        }
    }

    fn quoted(&mut self, parts: &Parts) {
        for (three, two, quote) in QUOTES {
            if three != "d.s.t" || parts.are_plain() {
                self.add(three, parts, Some(&parts.three(quote)));
                self.add(two, parts, Some(&parts.two(quote)));
            }
        }
        let mixed = [
            brackets(parts.database()),
            double_quotes(&parts.schema),
            backticks(&parts.name),
        ];
        self.add("[d].\"s\".`t`", parts, Some(&mixed.join(".")));
        let swapped = Parts {
            database: parts.database.as_deref().map(swap_case),
            schema: swap_case(&parts.schema),
            name: swap_case(&parts.name),
            connection: parts.connection.clone(),
        };
        let full = swapped.three(brackets);
        self.add("[D].[S].[T], case changed", &swapped, Some(&full));
        let swapped = parts.with_name(&swap_case(&parts.name));
        let full = swapped.two(brackets);
        self.add("[s].[T] + database, case changed", &swapped, Some(&full));
        if self.facts.adapter == "redshift" && parts.are_plain() {
            let full = parts.two(str::to_owned);
            let mut json = self.table(parts, Some(&full));
            json["name"] = json!(full);
            self.add_json("name == fullName == s.t", parts, json);
        }
    }

    /// The full name is trusted above all else.
    fn contradicted(&mut self, parts: &Parts) {
        for schema in [json!("elsewhere"), json!(""), json!(null)] {
            let mut json = self.table(parts, Some(&parts.three(brackets)));
            json["schema"] = schema.clone();
            self.add_json("[d].[s].[t], wrong schema", parts, json);
            let mut json = self.table(parts, Some(&parts.two(brackets)));
            json["schema"] = schema;
            self.add_json("[s].[t] + database, wrong schema", parts, json);
        }
        for database in [json!({"name": "elsewhere"}), json!(null)] {
            let mut json = self.table(parts, Some(&parts.three(brackets)));
            json["database"] = database;
            self.add_json("[d].[s].[t], wrong database", parts, json);
        }
    }

    fn without_full_name(&mut self, parts: &Parts) {
        if parts.may_hold_more() {
            return;
        }
        let docs = json!({
            "id": format!("table-{}", self.tables.len()), "name": parts.name,
            "schema": parts.schema,
            "database": {"name": parts.database, "connectionType": parts.connection},
        });
        if parts.connection.as_deref() == Some("athena") {
            // The schema may be the one that was selected last.
            if is_plain(&parts.name) {
                self.add_decoy("the query of dbt's docs, athena", "", &parts.name, docs);
            }
        } else {
            self.add_json("the query of dbt's docs", parts, docs);
            self.add("no fullName", parts, None);
        }
        let generic = parts.with_connection(Some("genericjdbc"));
        self.add("no fullName, generic connection", &generic, None);
    }

    fn without_database(&mut self, parts: &Parts) {
        let nowhere = parts.with_database(None);
        for database in [json!(null), json!({"name": null}), json!({"name": ""})] {
            let mut json = self.table(&nowhere, Some(&parts.two(brackets)));
            json["database"] = database;
            self.add_json("[s].[t], no database", &nowhere, json);
        }
        if parts.connection.as_deref() != Some("athena") && !parts.may_hold_more() {
            self.add("no fullName, no database", &nowhere, None);
        }
        if self.facts.adapter == "bigquery" {
            let shown = parts.with_database(Some("My Project 42084"));
            let jdbc = shown.with_connection(Some("bigquery_jdbc"));
            self.add(
                "[s].[t] + display name, JDBC",
                &jdbc,
                Some(&jdbc.two(brackets)),
            );
            self.add(
                "[d].[s].[t], display name",
                &shown,
                Some(&shown.three(brackets)),
            );
            self.add("[s].[t] + display name", &shown, Some(&shown.two(brackets)));
            if !parts.may_hold_more() {
                self.add("no fullName, display name", &shown, None);
            }
        }
    }

    /// In a schema that the configuration reads as the relation's own.
    fn mapped(&mut self, parts: &Parts) {
        let mirror = Parts {
            schema: format!("{MIRROR}{}", parts.schema),
            ..parts.clone()
        };
        let json = self.table(&mirror, Some(&mirror.three(brackets)));
        self.add_json("rewritten schema", parts, json);
        let added = self.tables.last_mut().unwrap();
        if let Expected::Linked { rule, .. } = &mut added.expected {
            *rule = Some("mapped");
        }
    }

    fn connections(&mut self, parts: &Parts) {
        let full = parts.three(brackets);
        let own = parts.connection.clone().unwrap_or_default();
        for connection in expect::own_connections(&self.facts.adapter) {
            self.add(
                "own connection",
                &parts.with_connection(Some(connection)),
                Some(&full),
            );
        }
        for connection in ["genericjdbc", "genericodbc", "acme_lakehouse"] {
            let parts = parts.with_connection(Some(connection));
            self.add("foreign connection", &parts, Some(&full));
        }
        self.add("no connection", &parts.with_connection(None), Some(&full));
        let suffixed = [format!("{own}_jdbc"), format!("{own}_odbc")];
        for connection in &suffixed {
            let parts = parts.with_connection(Some(connection));
            self.add("X_jdbc or X_odbc", &parts, Some(&full));
        }
        let others = expect::other_connections(&self.facts.adapter);
        let other = *self.random.pick(&others);
        let mut json = self.table(parts, Some(&full));
        json["connectionType"] = json!(null);
        self.add_json("connection of the database only", parts, json);
        let mut json = self.table(parts, Some(&full));
        json["database"]["connectionType"] = json!(other);
        self.add_json("another connection of the database", parts, json);
        let file = *self.random.pick(&expect::NO_WAREHOUSE);
        let suffix = *self.random.pick(&["_jdbc", "_odbc", ""]);
        for connection in [other, file, &format!("{other}{suffix}")] {
            let parts = parts.with_connection(Some(connection));
            self.add("another platform or a file", &parts, Some(&full));
            let mut json = self.table(&parts, Some(&full));
            json["connectionType"] = json!(null);
            self.add_json("another platform or a file, by database", &parts, json);
        }
    }
}
