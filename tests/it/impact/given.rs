//! A small project, changed in one thing, and what that does to two workbooks.

use autoexpose::impact::{Impact, Known, Run, Side, impact};
use autoexpose::input::manifest::{self, Source};
use autoexpose::link::link;
use autoexpose::model::{Catalog, ObjectKind, Read, Table, Upstream, Workbook};
use autoexpose::model::{
    CatalogColumn, ColumnsInUse, ConnectionType, Degree, Relation, Site, TableColumns, TableIx,
    UsedColumn,
};
use autoexpose::settings::{Matching, SelectedWorkbooks};
use serde_json::{Value, json};

/// A manifest of a project with a seed, a staging model, two marts and macros. `schema` is that of the
/// target.
pub(super) fn manifest(schema: &str) -> Value {
    let node = |kind: &str, name: &str, code: &str, reads: &[&str], custom: Option<&str>| {
        let schema = custom.map_or(schema.to_owned(), |custom| format!("{schema}_{custom}"));
        json!({
            "name": name, "package_name": "b", "raw_code": code, "database": "db", "schema": schema, "alias": name,
            "relation_name": format!("\"db\".\"{schema}\".\"{name}\""), "original_file_path": format!("models/{name}.sql"),
            "depends_on": {"nodes": reads, "macros": []}, "checksum": {"name": "sha256", "checksum": format!("of {code}")},
            "config": {"materialized": if kind == "seed" { "seed" } else { "table" }, "schema": custom, "enabled": true},
            "unrendered_config": custom.map_or(json!({}), |custom| json!({"schema": custom})), "columns": {}
        })
    };
    let mut orders = node(
        "model",
        "orders",
        "select id, day, net from {{ ref('stg') }}",
        &["model.b.stg"],
        Some("marts"),
    );
    orders["depends_on"]["macros"] = json!(["macro.b.outer"]);
    json!({
        "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "dbt_version": "1.11.0",
            "project_name": "b", "adapter_type": "duckdb"},
        "nodes": {
            "seed.b.rates": node("seed", "rates", "", &[], None),
            "model.b.stg": node("model", "stg", "select * from {{ ref('rates') }}", &["seed.b.rates"], None),
            "model.b.orders": orders,
            "model.b.days": node("model", "days", "select day, count(*) as n from {{ ref('orders') }} group by 1", &["model.b.orders"], Some("marts")),
        },
        "sources": {}, "exposures": {}, "disabled": {},
        "macros": {
            "macro.b.outer": {"macro_sql": "{% macro outer() %} {{ inner() }} {% endmacro %}", "depends_on": {"macros": ["macro.b.inner"]}},
            "macro.b.inner": {"macro_sql": "{% macro inner() %} 1 {% endmacro %}", "depends_on": {"macros": []}},
        }
    })
}

/// A question: two manifests, and what lies beside them.
pub(super) struct Asked {
    pub(super) base: Value,
    pub(super) head: Value,
    pub(super) catalogs: [Option<Catalog>; 2],
    pub(super) used: Vec<UsedColumn<'static>>,
    pub(super) targets: [Option<&'static str>; 2],
    pub(super) is_told_same: bool,
}

/// The project as it is, and changed.
pub(super) fn changed(change: impl FnOnce(&mut Value)) -> Asked {
    let mut asked = Asked {
        base: manifest("prod"),
        head: manifest("prod"),
        catalogs: [None, None],
        used: Vec::new(),
        targets: [None, None],
        is_told_same: false,
    };
    change(&mut asked.head);
    asked
}

/// The same with head built for another target.
pub(super) fn changed_in_ci(change: impl FnOnce(&mut Value)) -> Asked {
    let mut asked = changed(|_| {});
    asked.head = manifest("pr_1");
    change(&mut asked.head);
    asked
}

impl Asked {
    /// What happens to two workbooks, of which one reads `orders` and one `days`: `node what`.
    fn answer(&self) -> (Vec<String>, Impact) {
        let texts = [self.base.to_string(), self.head.to_string()];
        let sources = [
            Source::new("base", texts[0].as_bytes()),
            Source::new("head", texts[1].as_bytes()),
        ];
        let read = |at: usize| {
            manifest::read(&sources[at])
                .unwrap_or_else(|failure| panic!("{failure}"))
                .0
        };
        let (base, head) = (read(0), read(1));
        let definitions = [
            manifest::definitions(&base.document),
            manifest::definitions(&head.document),
        ];
        let site = self.site();
        let links = link(
            &base.project.nodes,
            base.project.adapter(),
            &site,
            &Matching::default(),
        );
        let side = |project, at: usize| Side {
            file: "manifest.json",
            project,
            definitions: &definitions[at],
            catalog: self.catalogs[at].as_ref(),
            run: Run {
                target: self.targets[at],
                ..Run::default()
            },
        };
        let impact = impact(&Known {
            base: side(&base.project, 0),
            head: side(&head.project, 1),
            is_told_same: self.is_told_same,
            site: &site,
            selection: &SelectedWorkbooks::all_of(&site),
            links: &links,
        });
        let happens = impact.workbooks.iter().flat_map(|reached| &reached.effects);
        let happens = happens.map(|effect| {
            let name = effect.node.rsplit('.').next().unwrap_or_default();
            format!("{name} {}", effect.what.key())
        });
        let mut happens = happens.collect::<Vec<_>>();
        happens.sort();
        (happens, impact)
    }

    fn site(&self) -> Site<'static> {
        let tables = ["days", "orders"].map(|name| Table {
            name: Ok(Relation {
                database: Some("db".into()),
                schema: Some("prod_marts".into()),
                name: name.into(),
            }),
            connection: ConnectionType::default(),
            hints: None,
            whole_name: None,
            server: None,
            has_stored_name: false,
            has_typed_database: false,
        });
        let reader = |at: usize| Workbook {
            reads: vec![Read {
                upstream: Upstream::Table(TableIx(at)),
                kind: ObjectKind::Table,
                object: None,
                paths: Vec::new(),
            }],
            ..workbook(["a0", "a1"][at])
        };
        let columns = TableColumns {
            is_told: !self.used.is_empty(),
            columns: self.used.clone(),
        };
        Site {
            tables: tables.into(),
            workbooks: vec![
                reader(0),
                Workbook {
                    columns: ColumnsInUse {
                        tables: [(TableIx(1), columns)].into(),
                        ..ColumnsInUse::default()
                    },
                    ..reader(1)
                },
            ],
            ..Site::default()
        }
    }

    #[track_caller]
    pub(super) fn check(&self, expected: &[&str]) -> Impact {
        let (happens, impact) = self.answer();
        assert_eq!(happens, expected, "{:?}", impact.changes);
        impact
    }
}

fn workbook(luid: &'static str) -> Workbook<'static> {
    Workbook {
        luid: luid.into(),
        name: "Week".into(),
        ..Workbook::default()
    }
}

pub(super) fn node<'m>(manifest: &'m mut Value, id: &str) -> &'m mut Value {
    &mut manifest["nodes"][id]
}

pub(super) fn catalog(columns: &[&str]) -> Option<Catalog> {
    let columns = columns.iter().map(|column| {
        let (name, data_type) = column.split_once(' ').unwrap_or((column, "INTEGER"));
        CatalogColumn {
            name: name.to_owned(),
            data_type: data_type.to_owned(),
        }
    });
    Some(Catalog {
        columns: [("model.b.orders".to_owned(), columns.collect())].into(),
        ..Catalog::default()
    })
}

pub(super) fn used(name: &'static str, degree: Degree) -> UsedColumn<'static> {
    UsedColumn::new(name.into(), degree)
}
