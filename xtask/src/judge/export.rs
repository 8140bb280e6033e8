//! Tableau exports that read everything a manifest has, made from the manifest itself.
//!
//! Two of them: the site as it is, and the site a while later, when workbooks were renamed and
//! removed and read other tables. The metadata is as unpleasant as Tableau allows it to be.

use std::collections::BTreeMap;

use autoexpose::input::manifest::Manifest;
use autoexpose::model::relation::folded;
use autoexpose::model::{Node, NodeKind, Relation};
use serde_json::{Value, json};

/// The state of the site that an export shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// When the exposures are first written.
    Before,
    /// When they are written again.
    After,
}

/// A node that a workbook can read, and what is special about it.
pub(super) struct Linkable<'m> {
    node: &'m Node<'m>,
    relation: &'m Relation<'m>,
    /// The database, also where dbt leaves it out of the relation.
    database: Option<&'m str>,
    /// What the tables begin with that it stands for, where a `*` at the end of a name says so.
    wildcard_prefix: Option<&'m str>,
}

impl Linkable<'_> {
    /// dbt's id.
    pub(super) fn id(&self) -> &str {
        &self.node.unique_id
    }

    /// What a reader of manifests might stumble over.
    pub(super) fn traits(&self, root_package: &str) -> Vec<&'static str> {
        let Relation {
            database,
            schema,
            name,
        } = self.relation;
        let parts = [database.as_deref(), schema.as_deref(), Some(name)];
        let is_quoted = parts
            .into_iter()
            .flatten()
            .any(|part| !is_plain(part.trim_end_matches('*')));
        let kind = match self.node.kind {
            NodeKind::Model => "model",
            NodeKind::Seed => "seed",
            NodeKind::Snapshot => "snapshot",
            NodeKind::Source => "source",
        };
        let special = [
            ("version", self.node.version.is_some()),
            ("package", self.node.package != root_package),
            ("wildcard", self.wildcard_prefix.is_some()),
            ("quoting", is_quoted),
        ];
        let special = special
            .iter()
            .filter_map(|(name, is_so)| is_so.then_some(*name));
        std::iter::once(kind).chain(special).collect()
    }

    /// The table as Tableau's Metadata API shows it.
    fn table(&self, connection: &str) -> Value {
        let Relation {
            database,
            schema,
            name,
        } = self.relation;
        let name = match self.wildcard_prefix {
            Some(prefix) => format!("{prefix}20240131"),
            None => name.clone().into_owned(),
        };
        let parts = [database.as_deref(), schema.as_deref(), Some(name.as_str())]
            .into_iter()
            .flatten()
            .map(|part| format!("[{}]", part.replace(']', "]]")))
            .collect::<Vec<_>>();
        json!({
            "name": name,
            "schema": schema,
            "fullName": parts.join("."),
            "connectionType": connection,
            "database": {"name": self.database.unwrap_or("warehouse"), "connectionType": connection},
        })
    }
}

/// Whether an identifier needs no quotes.
fn is_plain(part: &str) -> bool {
    part.chars()
        .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'))
}

/// The nodes that have a relation for themselves, by id. A relation of several sources is
/// ambiguous by rule and stays out.
pub(super) fn linkable<'m>(manifest: &'m Manifest<'m>) -> Vec<Linkable<'m>> {
    let mut by_relation: BTreeMap<_, Vec<Linkable<'m>>> = BTreeMap::new();
    for node in &manifest.project.nodes {
        if let Some(relation) = &node.relation {
            let database = relation
                .database
                .as_deref()
                .or(node.unrendered_database.as_deref());
            let linkable = Linkable {
                node,
                relation,
                database,
                wildcard_prefix: relation
                    .name
                    .strip_suffix('*')
                    .filter(|_| manifest.project.adapter().has_wildcard_tables()),
            };
            by_relation
                .entry(relation_key(manifest, relation, database))
                .or_default()
                .push(linkable);
        }
    }
    let mut found = Vec::new();
    for mut nodes in by_relation.into_values() {
        if nodes.iter().any(|node| node.node.kind != NodeKind::Source) {
            nodes.retain(|node| node.node.kind != NodeKind::Source);
        }
        if nodes.len() == 1 {
            found.append(&mut nodes);
        }
    }
    found.sort_by(|a, b| a.id().cmp(b.id()));
    found
}

/// What tells relations apart: their parts, without case where the database has none.
fn relation_key(
    manifest: &Manifest,
    relation: &Relation,
    database: Option<&str>,
) -> [Option<String>; 3] {
    let schema = relation.schema.as_deref();
    let parts = [database, schema, Some(&*relation.name)];
    let ignores_case = manifest.project.adapter().ignores_case();
    parts.map(|part| match part {
        Some(part) if ignores_case => Some(folded(part)),
        part => part.map(str::to_owned),
    })
}

/// The export's files at that moment: one of a site that names itself, one that does not.
pub(super) fn files(manifest: &Manifest, moment: Moment) -> [(&'static str, Value); 2] {
    let nodes = linkable(manifest);
    let connection = match &*manifest.project.adapter_name {
        "fabric" => "azure_sql_dw",
        adapter => adapter,
    };
    let site = Site {
        tables: nodes.iter().map(|node| node.table(connection)).collect(),
        traits: by_trait(&nodes, &manifest.project.root_package),
        moment,
    };
    let named = json!({
        "autoexpose_export": 1,
        "server": "https://tableau.bistro.example",
        "site": {"content_url": "front-of-house"},
        "sections": {"workbooks": {"complete": true}},
        "projects": [
            {"luid": "p1", "name": "House & Garden", "parent_luid": null},
            {"luid": "p2", "name": "Küche 🍳", "parent_luid": "p1"},
        ],
        "answers": [{"data": {"workbooks": site.workbooks()}}],
    });
    let unnamed = json!({"data": {"workbooks": [
        {"luid": luid(901), "name": "From nowhere", "upstreamTables": site.some_tables(0, 3)},
    ]}});
    [("site.json", named), ("nowhere.json", unnamed)]
}

/// The first node of each kind, and with each peculiarity.
fn by_trait(nodes: &[Linkable], root_package: &str) -> BTreeMap<&'static str, usize> {
    let mut first = BTreeMap::new();
    for (position, node) in nodes.iter().enumerate() {
        for name in node.traits(root_package) {
            first.entry(name).or_insert(position);
        }
    }
    first
}

/// A site whose workbooks read all tables of a project.
struct Site {
    tables: Vec<Value>,
    traits: BTreeMap<&'static str, usize>,
    moment: Moment,
}

impl Site {
    fn workbooks(&self) -> Vec<Value> {
        let mut workbooks = vec![
            self.everything(),
            self.renamed(),
            self.moved(),
            self.hidden(),
        ];
        workbooks.extend(self.one_per_trait());
        workbooks.extend(self.twins());
        workbooks.push(match self.moment {
            Moment::Before => json!({
                "luid": luid(5), "name": "Soon gone", "description": "Nobody reads this.",
                "owner": {"name": "Nobody"}, "upstreamTables": self.some_tables(2, 4),
            }),
            Moment::After => json!({
                "luid": luid(6), "name": "Brand new", "upstreamTables": self.some_tables(1, 6),
            }),
        });
        workbooks
    }

    /// Reads every table and has every field; later only half of the tables.
    fn everything(&self) -> Value {
        let tables = match self.moment {
            Moment::Before => self.tables.clone(),
            Moment::After => self.tables.iter().step_by(2).cloned().collect(),
        };
        json!({
            "luid": luid(1),
            "name": format!("All \"there\" is \\ 100 % {{{{ growth }}}} – {}", "sehr lang ".repeat(40)),
            "description": "<b>Takings</b> of *each* evening:\n\n- <img src=x onerror=alert(1)>\n- Größe, 売上, 🍷\u{7}\t[x](javascript:alert(1))",
            "projectLuid": "p2", "projectName": "Küche 🍳",
            "vizportalUrlId": "2511",
            "createdAt": "2024-01-12T08:30:00Z",
            "owner": {"name": "Yasmin Öz", "username": "yoz", "email": "yasmin@bistro.example"},
            "tags": [{"name": "weekly"}, {"name": "Küche, kalt"}, {"name": "\"quoted\""}],
            "upstreamTables": tables,
        })
    }

    /// Has another title and owner later.
    fn renamed(&self) -> Value {
        let (title, owner) = match self.moment {
            Moment::Before => (
                "Menü 🍷",
                json!({"name": "", "username": "cook", "email": null}),
            ),
            Moment::After => (
                "Karte 🥂",
                json!({"name": "The cook", "email": "cook@bistro.example"}),
            ),
        };
        json!({
            "luid": luid(2), "name": title, "owner": owner, "vizportalUrlId": "77",
            "projectName": "***", "tags": [], "upstreamTables": self.some_tables(0, 2),
        })
    }

    /// Reads other tables later, and is described then.
    fn moved(&self) -> Value {
        let (skip, description) = match self.moment {
            Moment::Before => (0, Value::Null),
            Moment::After => (3, json!("Now <i>described</i>.")),
        };
        json!({
            "luid": luid(3), "name": "🚀", "description": description, "owner": null,
            "createdAt": "2025-07-01T00:00:00Z", "upstreamTables": self.some_tables(skip, 5),
        })
    }

    /// Not all of it is to be seen, so that what it read before stays.
    fn hidden(&self) -> Value {
        let skip = if self.moment == Moment::Before { 1 } else { 4 };
        let mut tables = self.some_tables(skip, 2);
        tables.push(json!({"name": null, "fullName": null}));
        json!({"luid": luid(4), "name": "Half hidden", "upstreamTables": tables})
    }

    /// One workbook for each peculiarity that a node can have.
    fn one_per_trait(&self) -> Vec<Value> {
        let mut workbooks = Vec::new();
        for (number, (name, position)) in self.traits.iter().enumerate() {
            workbooks.push(json!({
                "luid": luid(100 + number), "name": format!("Only a {name}"),
                "owner": {"name": "Ada Okafor"}, "tags": [{"name": *name}],
                "vizportalUrlId": (3000 + number).to_string(),
                "upstreamTables": [self.tables[*position]],
            }));
        }
        workbooks
    }

    /// Two workbooks that would get the same name.
    fn twins(&self) -> [Value; 2] {
        ["000000000001", "000000000002"].map(|end| {
            json!({
                "luid": format!("000000aa-0000-4000-8000-{end}"), "name": "Twin",
                "upstreamTables": self.some_tables(0, 1),
            })
        })
    }

    fn some_tables(&self, skip: usize, take: usize) -> Vec<Value> {
        self.tables
            .iter()
            .cycle()
            .skip(skip)
            .take(take.min(self.tables.len()))
            .cloned()
            .collect()
    }
}

fn luid(number: usize) -> String {
    format!("{number:08x}-0000-4000-8000-{number:012x}")
}
