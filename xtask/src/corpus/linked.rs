//! The corpus through the whole program: each query is the custom SQL of a workbook, and all names in
//! the queries stand by as relations of a project, so that whatever is taken for a table links.

use std::collections::{BTreeMap, BTreeSet};

use autoexpose::input::manifest;
use autoexpose::input::tableau::{Arena, SiteDefaults, Source};
use autoexpose::model::relation::folded;
use autoexpose::model::{ConnectionType, Dialect, Relation};
use autoexpose::pipeline::{self, LeftBehind, ProjectInput, SiteInput};
use autoexpose::settings::Settings;
use serde_json::{Value, json};

use super::cases::Case;
use crate::failure::Result;

/// What the custom SQL is in, where its queries do not say it.
const DATABASE: &str = "demo-project";
const SCHEMA: &str = "shop";

/// Links the queries of one dialect, and says which tables they link that they should not, and which
/// they do not link.
///
/// # Errors
/// The program refuses its input.
pub(super) fn differences(dialect: Dialect, cases: &[&Case]) -> Result<Vec<String>> {
    let warehouse = Warehouse::new(dialect);
    let relations = warehouse.relations(cases);
    let settings = settings(dialect)?;
    let links = links(
        &manifest(&warehouse, &relations),
        &export(&warehouse, cases),
        &settings,
    )?;
    let keys = relations.keys().collect::<Vec<_>>();
    let mut differences = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let read = case.expected.iter();
        let read = read.filter_map(|line| line.strip_prefix("read "));
        let expected = read.filter_map(|name| warehouse.key(&parts(name)));
        let expected = expected.collect::<BTreeSet<_>>();
        let nodes = links.get(&luid(number)).into_iter().flatten();
        let linked = nodes.map(|node| keys[*node].clone()).collect();
        let tell =
            |what: &str, key: &Key| format!("{}: {}: {what}: {key:?}", case.file, case.title);
        let wrong = BTreeSet::difference(&linked, &expected);
        differences.extend(wrong.map(|key| tell("wrong link", key)));
        let lost = expected.difference(&linked);
        differences.extend(lost.map(|key| tell("lost link", key)));
    }
    Ok(differences)
}

/// What tells relations apart in one warehouse.
type Key = (Option<String>, Option<String>, String);

/// A part of a name, and whether it is quoted.
type Part = (String, bool);

/// How the names of a dialect's warehouse work.
struct Warehouse {
    dialect: Dialect,
    /// The adapter, which is called like Tableau's connection type.
    adapter: &'static str,
    connection: ConnectionType<'static>,
}

impl Warehouse {
    fn new(dialect: Dialect) -> Self {
        let adapter = match dialect {
            Dialect::Generic => "vertica",
            known => known.name(),
        };
        Self {
            dialect,
            adapter,
            connection: ConnectionType::new(Some(adapter.into())),
        }
    }

    /// The relation of a name; `None` if it is elsewhere.
    fn relation(&self, parts: &[Part]) -> Option<Relation<'static>> {
        let stored = |(text, quoted): &Part| {
            let stored = self.dialect.casing().stored(&text.clone().into(), *quoted);
            stored.into_owned()
        };
        let mut names = parts.iter().rev().map(stored);
        let (name, schema, database) = (names.next()?, names.next(), names.next());
        if name.is_empty() || names.next().is_some() {
            return None;
        }
        let left_out = || self.dialect.schema_left_out().unwrap_or(SCHEMA).to_owned();
        let schema = schema.map_or_else(
            || SCHEMA.to_owned(),
            |schema| {
                if schema.is_empty() {
                    left_out()
                } else {
                    schema
                }
            },
        );
        let database = database.filter(|database| !database.is_empty());
        let database = database.unwrap_or_else(|| DATABASE.to_owned());
        let is_two_level = self.connection.is_two_level();
        Some(Relation {
            database: (!is_two_level).then(|| database.into()),
            schema: Some(schema.into()),
            name: name.into(),
        })
    }

    fn key(&self, parts: &[Part]) -> Option<Key> {
        self.relation(parts).map(|relation| self.key_of(&relation))
    }

    fn key_of(&self, relation: &Relation<'_>) -> Key {
        let text = |part: &str| match self.dialect.heeds_case() {
            true => part.to_owned(),
            false => folded(part),
        };
        (
            relation.database.as_deref().map(text),
            relation.schema.as_deref().map(text),
            text(&relation.name),
        )
    }

    /// The tables of all queries, and everything in them that could be taken for one.
    fn relations(&self, cases: &[&Case]) -> BTreeMap<Key, Relation<'static>> {
        let expected = cases.iter().flat_map(|case| &case.expected);
        let expected = expected.filter_map(|line| Some(parts(line.split_once(' ')?.1)));
        let decoys = cases.iter().flat_map(|case| decoys(&case.query));
        let mut relations = BTreeMap::new();
        for parts in expected.chain(decoys) {
            if let Some(relation) = self.relation(&parts) {
                relations.entry(self.key_of(&relation)).or_insert(relation);
            }
        }
        relations
    }
}

/// The parts of a name as the corpus writes it.
fn parts(name: &str) -> Vec<Part> {
    let mut parts = vec![Part::default()];
    let mut is_inside = false;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_inside && letters.next_if_eq(&'"').is_some() => push(&mut parts, '"'),
            '"' => {
                is_inside = !is_inside;
                parts
                    .iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|part| part.1 = true);
            }
            '.' if !is_inside => parts.push(Part::default()),
            letter => push(&mut parts, letter),
        }
    }
    parts
}

fn push(parts: &mut [Part], letter: char) {
    parts
        .iter_mut()
        .last()
        .into_iter()
        .for_each(|part| part.0.push(letter));
}

/// Every word, every chain of words and everything in quotes.
fn decoys(query: &str) -> Vec<Vec<Part>> {
    let is_in_chain = |letter: char| letter.is_alphanumeric() || "_$#.".contains(letter);
    let mut decoys = Vec::new();
    for chain in query.split(|letter| !is_in_chain(letter)) {
        let words = chain.split('.').filter(|word| !word.is_empty());
        let words = words
            .map(|word| (word.to_owned(), false))
            .collect::<Vec<_>>();
        decoys.extend(words.iter().map(|word| vec![word.clone()]));
        decoys.push(words);
    }
    for quote in ['"', '\'', '`'] {
        let quoted = query.split(quote).skip(1).step_by(2);
        decoys.extend(quoted.map(|text| vec![(text.to_owned(), true)]));
    }
    decoys
}

fn luid(number: usize) -> String {
    format!("{number:08x}-1111-4111-8111-111111111111")
}

fn settings(dialect: Dialect) -> Result<Settings> {
    let config = format!("match: {{default_schema: [{{schema: {SCHEMA}}}]}}");
    let config = autoexpose::input::config::read("autoexpose.yml", &config);
    config
        .map(|config| config.settings)
        .map_err(|failure| format!("{}: {failure}", dialect.name()))
}

fn manifest(warehouse: &Warehouse, relations: &BTreeMap<Key, Relation<'_>>) -> String {
    let node = |(number, relation): (usize, &Relation<'_>)| {
        let parts = [&relation.database, &relation.schema];
        let parts = parts.into_iter().flatten().map(AsRef::as_ref);
        let parts = parts.chain([relation.name.as_ref()]);
        let quoted = parts.map(|part| format!("\"{part}\"")).collect::<Vec<_>>();
        let node = json!({
            "resource_type": "model", "package_name": "p", "name": format!("m{number}"),
            "database": relation.database, "schema": relation.schema, "alias": relation.name,
            "relation_name": quoted.join("."), "config": {"materialized": "table"},
        });
        (format!("model.p.m{number}"), node)
    };
    let nodes: BTreeMap<String, Value> = relations.values().enumerate().map(node).collect();
    let manifest = json!({
        "metadata": {
            "dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
            "dbt_version": "1.10.0", "project_name": "p", "adapter_type": warehouse.adapter,
        },
        "nodes": nodes, "sources": {}, "exposures": {}, "parent_map": {}, "child_map": {},
    });
    manifest.to_string()
}

fn export(warehouse: &Warehouse, cases: &[&Case]) -> String {
    let workbook = |number| json!({"luid": luid(number), "name": format!("Workbook {number}")});
    let database = if warehouse.connection.is_two_level() {
        SCHEMA
    } else {
        DATABASE
    };
    let sql = |(number, case): (usize, &&Case)| {
        json!({
            "id": format!("q{number}"), "name": "Custom SQL Query", "query": case.query,
            "isUnsupportedCustomSql": true, "tables": [], "connectionType": warehouse.adapter,
            "database": {"id": "d", "name": database},
            "downstreamWorkbooks": [{"luid": luid(number)}],
        })
    };
    let workbooks = (0..cases.len()).map(workbook).collect::<Vec<_>>();
    let sql = cases.iter().enumerate().map(sql).collect::<Vec<_>>();
    json!({"data": {"workbooks": workbooks, "customSQLTables": sql}}).to_string()
}

/// The numbers of the nodes that each workbook links to, by its luid.
fn links(
    manifest: &str,
    export: &str,
    settings: &Settings,
) -> Result<BTreeMap<String, BTreeSet<usize>>> {
    let arena = Arena::default();
    let project = ProjectInput {
        manifest: manifest::Source::new("manifest.json", manifest.as_bytes()),
        state: None,
        left: LeftBehind::default(),
    };
    let site = SiteInput {
        exports: vec![Source::from_text("export.json", export)],
        passed_over: Vec::new(),
        defaults: SiteDefaults::default(),
        asks_columns: false,
        asks_extracts: false,
        asks_access: false,
        arena: &arena,
    };
    let patched = pipeline::patch(&project, site, settings)
        .map_err(|failures| failures.iter().map(ToString::to_string).collect::<String>())?;
    let number = |node: &str| node.rsplit_once(".m")?.1.parse().ok();
    let added = patched.report.added.iter();
    let links = added.map(|exposure| {
        let nodes = exposure.links.iter().filter_map(|link| number(&link.node));
        (exposure.luid.clone(), nodes.collect())
    });
    Ok(links.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_and_lost_links_are_told() {
        let case = |title: &str, expected: &str| Case {
            dialect: Dialect::Snowflake,
            file: "snowflake/x.sql".to_owned(),
            title: title.to_owned(),
            query: "SELECT 'a.b' FROM core.orders JOIN \"Guests\" g".to_owned(),
            expected: expected.lines().map(str::to_owned).collect(),
        };
        let right = case("right", "read core.orders\nread \"Guests\"");
        let wrong = case("wrong", "read core.orders\nread guests\nread a.b");
        let differences = differences(Dialect::Snowflake, &[&right, &wrong]).expect("it links");
        let told = differences
            .iter()
            .filter_map(|one| one.strip_prefix("snowflake/x.sql: "));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                "wrong: wrong link: (Some(\"demo-project\"), Some(\"shop\"), \"Guests\")",
                "wrong: lost link: (Some(\"demo-project\"), Some(\"A\"), \"B\")",
                "wrong: lost link: (Some(\"demo-project\"), Some(\"shop\"), \"GUESTS\")",
            ]
        );
    }
}
