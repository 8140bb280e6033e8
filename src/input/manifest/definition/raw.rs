//! The members of nodes and macros that are compared.

use serde_json::value::RawValue;

use crate::input::manifest::graph::raw::raw_objects;
use crate::model::definition::PARTS;

raw_objects! {
    /// A node.
    Node {
        name, package_name, source_name, original_file_path, version, depends_on, deferred,
        defer_relation, raw_code, raw_sql, compiled_code, compiled_sql, language, checksum, config,
        unrendered_config, columns, contract, constraints, description, latest_version,
        deprecation_date, unrendered_schema, unrendered_database, fqn, tags, meta, docs, group,
        access, freshness, external, quoting, loaded_at_field, patch_path, source_description,
        loader, arguments, returns,
    }
    /// A macro.
    Macro { macro_sql, depends_on, original_file_path }
    /// What is read and called.
    DependsOn { nodes, macros }
    /// The configuration.
    Enabled { enabled }
    /// The relation that is read when dbt defers.
    Deferred { relation_name }
}

/// The names of the slices, in their order.
pub(super) const NAMES: [&str; PARTS] = [
    "language",
    "checksum",
    "config",
    "unrendered_config",
    "columns",
    "contract",
    "constraints",
    "description",
    "latest_version",
    "deprecation_date",
    "unrendered_schema",
    "unrendered_database",
    "arguments",
    "returns",
    "external",
    "quoting",
    // What no reader sees.
    "fqn",
    "tags",
    "meta",
    "docs",
    "group",
    "access",
    "freshness",
    "patch_path",
];

impl<'a> Node<'a> {
    /// The slices that are compared, in the order of their names.
    pub(super) fn parts(&self) -> [Option<&'a RawValue>; PARTS] {
        [
            self.language,
            self.checksum,
            self.config,
            self.unrendered_config,
            self.columns,
            self.contract,
            self.constraints,
            self.description,
            self.latest_version,
            self.deprecation_date,
            self.unrendered_schema,
            self.unrendered_database,
            self.arguments,
            self.returns,
            self.external,
            self.quoting,
            self.fqn,
            self.tags,
            self.meta,
            self.docs,
            self.group,
            self.access,
            self.freshness,
            self.patch_path,
        ]
    }
}
