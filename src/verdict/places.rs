//! Where the project has relations.

use std::collections::HashSet;

use crate::model::relation::folded;
use crate::model::{Project, Relation};

/// The databases and schemas of a project, whatever their case.
pub struct Places {
    databases: HashSet<String>,
    schemas: HashSet<(Option<String>, String)>,
    names: HashSet<(String, String)>,
}

impl Places {
    /// Those of all relations.
    pub fn new(project: &Project) -> Self {
        let mut places = Self {
            databases: HashSet::new(),
            schemas: HashSet::new(),
            names: HashSet::new(),
        };
        for node in project.nodes.iter().filter(|node| node.relation.is_some()) {
            let database = node.typed.database.as_deref().map(folded);
            let schema = folded(node.typed.schema.as_deref().unwrap_or_default());
            let rendered = node
                .relation
                .as_ref()
                .and_then(|relation| relation.database.as_ref());
            places.databases.extend(database.clone());
            places
                .names
                .insert((schema.clone(), folded(&node.typed.name)));
            places.schemas.insert((None, schema.clone()));
            if rendered.is_some() {
                places.schemas.insert((database, schema));
            }
        }
        places
    }

    /// Whether the project has relations in this database.
    pub fn have_database(&self, database: &str) -> bool {
        self.databases.contains(&folded(database))
    }

    /// Whether it has relations in the schema of this name. Where Tableau or dbt shows no database,
    /// in a schema of this name anywhere.
    pub fn have_schema_of(&self, shown: &Relation) -> bool {
        let schema = folded(shown.schema.as_deref().unwrap_or_default());
        let database = shown.database.as_deref().map(folded);
        self.schemas.contains(&(database, schema))
    }

    /// Whether it has a relation of this schema and name.
    pub fn have_schema_and_name(&self, shown: &Relation) -> bool {
        let schema = folded(shown.schema.as_deref().unwrap_or_default());
        self.names.contains(&(schema, folded(&shown.name)))
    }
}
