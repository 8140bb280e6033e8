//! The fields of `catalog.json` (`artifacts/schemas/catalog` in dbt-core).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::lenient;
use super::remark::Remark;
use crate::input::json::{self, utf8, without_mark};
use crate::input::mistaken::{self, Wanted};
use crate::model::{Catalog, CatalogColumn, Failure};

const WANTED: Wanted = Wanted {
    what: "dbt's catalog.json",
    help: "give the catalog.json that `dbt docs generate` writes to target/",
};

#[derive(Deserialize)]
struct Top {
    #[serde(default)]
    metadata: Value,
    nodes: Option<BTreeMap<String, Relation>>,
    sources: Option<BTreeMap<String, Relation>>,
}

/// A relation. Its statistics are skipped.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Relation {
    columns: BTreeMap<String, Column>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Column {
    name: Value,
    r#type: Value,
    index: Value,
}

/// Reads a catalog, and what users should know of the file.
///
/// # Errors
/// It is another file, or not JSON.
pub fn catalog(file: &str, bytes: &[u8]) -> Result<(Catalog, Vec<Remark>), Failure> {
    let text =
        utf8(file, bytes).map_err(|failure| WANTED.not_text(file, bytes).unwrap_or(failure))?;
    let text = without_mark(text);
    let other = || {
        let what = match mistaken::schema(text) {
            Some(address) if mistaken::parts(&address).0 == "catalog" => return None,
            Some(address) => mistaken::artifact_name(&address),
            None => mistaken::by_keys(text)?.to_owned(),
        };
        Some(WANTED.instead(file, &what))
    };
    let top = serde_json::from_str::<Top>(text)
        .map_err(|error| other().unwrap_or_else(|| json::failure(file, 0, &error, WANTED.help)))?;
    let Some(nodes) = top.nodes else {
        let message = format!("not {}: `nodes` is missing", WANTED.what);
        let failure = || Failure::new(file, message).help(WANTED.help);
        return Err(other().unwrap_or_else(failure));
    };
    let relations = nodes.into_iter().chain(top.sources.unwrap_or_default());
    let columns = relations.map(|(id, relation)| (id, columns(relation)));
    let generated_at = lenient::text(&top.metadata["generated_at"]);
    let remarks = generated_at.is_none().then_some(Remark::Undated);
    Ok((
        Catalog {
            invocation_id: lenient::text(&top.metadata["invocation_id"]),
            generated_at,
            columns: columns.collect(),
        },
        remarks.into_iter().collect(),
    ))
}

/// The columns in the order of the relation.
fn columns(relation: Relation) -> Vec<CatalogColumn> {
    let columns = relation.columns.into_iter().map(|(key, column)| {
        let index = lenient::count(&column.index).unwrap_or(u64::MAX);
        let column = CatalogColumn {
            name: lenient::text(&column.name).unwrap_or(key),
            data_type: lenient::text(&column.r#type).unwrap_or_default(),
        };
        (index, column)
    });
    let mut columns = columns.collect::<Vec<_>>();
    columns.sort_by_key(|(index, _)| *index);
    columns.into_iter().map(|(_, column)| column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_in_the_order_of_the_relation() {
        let text = r#"{"metadata": {"generated_at": "2026-11-20T04:00:00Z", "invocation_id": "i"},
            "nodes": {"model.b.m": {"columns": {"b": {"name": "B", "type": "INTEGER", "index": 2}, "a": {"type": null, "index": 1}}}},
            "sources": {"source.b.s.t": {"columns": {}}}, "errors": null}"#;
        let (catalog, remarks) =
            catalog("c", text.as_bytes()).unwrap_or_else(|failure| panic!("{failure}"));
        let columns = catalog.get("model.b.m").unwrap_or_default().iter();
        let columns = columns.map(|column| (column.name.as_str(), column.data_type.as_str()));
        assert_eq!(columns.collect::<Vec<_>>(), [("a", ""), ("B", "INTEGER")]);
        assert_eq!(
            (catalog.get("source.b.s.t"), catalog.get("model.b.x")),
            (None, None)
        );
        assert_eq!(
            (catalog.invocation_id.as_deref(), remarks),
            (Some("i"), Vec::new())
        );
    }

    #[test]
    fn another_file_is_named() {
        let wrong = |text: &str| match catalog("c", text.as_bytes()) {
            Ok(_) => String::new(),
            Err(failure) => failure.message,
        };
        let manifest = r#"{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"}, "nodes": []}"#;
        assert_eq!(
            wrong(manifest),
            "this is dbt's manifest.json, not dbt's catalog.json"
        );
        assert_eq!(wrong("{}"), "not dbt's catalog.json: `nodes` is missing");
    }
}
