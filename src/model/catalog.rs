//! What the warehouse says of relations: dbt's `catalog.json`
//! (<https://docs.getdbt.com/reference/artifacts/catalog-json>).

use std::collections::BTreeMap;

/// The columns of the relations that existed when dbt asked the warehouse.
///
/// A catalog knows the relations of its own target alone, and only those that were built there or
/// selected: a node that is missing is unknown, and never one without columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalog {
    /// dbt's id of the invocation, which the manifest of the same invocation has as well.
    pub invocation_id: Option<String>,
    /// When it was written, as it says itself.
    pub generated_at: Option<String>,
    /// The columns of each node and source, by its id, in the order of the relation.
    pub columns: BTreeMap<String, Vec<CatalogColumn>>,
}

/// A column of a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogColumn {
    /// Its name as the warehouse has it.
    pub name: String,
    /// Its type as the warehouse names it; empty if the catalog does not say it.
    pub data_type: String,
}

impl Catalog {
    /// The columns of a node or source; `None` if the catalog does not tell them.
    pub fn get(&self, unique_id: &str) -> Option<&[CatalogColumn]> {
        let columns = self.columns.get(unique_id)?;
        (!columns.is_empty()).then_some(columns)
    }
}
