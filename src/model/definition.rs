//! How a manifest defines its nodes and macros, as far as two manifests are compared.
//!
//! Most of two manifests of one project is the same to the byte. So a definition holds slices of the
//! manifest's text, and only those of nodes that differ are read further. How they are read is given
//! with them, since nothing here knows the form of the text.

use std::borrow::Cow;

/// How many slices of a node are compared.
pub const PARTS: usize = 24;

/// What a manifest defines: the nodes that can have a relation, what they are made of, and macros.
#[derive(Debug, Clone, Default)]
pub struct Definitions<'a> {
    /// Models, seeds, snapshots, sources and functions, disabled ones as well, in the order of their
    /// ids. No id comes twice.
    pub nodes: Vec<Definition<'a>>,
    /// The macros, in the order of their ids.
    pub macros: Vec<MacroDefinition<'a>>,
}

impl<'a> Definitions<'a> {
    /// The definition of the node with this id.
    pub fn node(&self, unique_id: &str) -> Option<&Definition<'a>> {
        let found = self
            .nodes
            .binary_search_by(|node| node.unique_id.as_ref().cmp(unique_id));
        found.ok().map(|at| &self.nodes[at])
    }

    /// The position of the macro with this id.
    pub fn macro_at(&self, unique_id: &str) -> Option<usize> {
        let found = self
            .macros
            .binary_search_by(|one| one.unique_id.as_ref().cmp(unique_id));
        found.ok()
    }
}

/// A text of a manifest that is read only where it is needed.
#[derive(Debug, Clone, Copy)]
pub struct LazyText<'a> {
    /// The text as the manifest spells it; empty if it has none.
    pub spelling: &'a str,
    /// Reads it.
    pub read: for<'t> fn(&'t str) -> Cow<'t, str>,
}

impl<'a> LazyText<'a> {
    /// The text itself.
    pub fn text(&self) -> Cow<'a, str> {
        (self.read)(self.spelling)
    }

    /// Whether there is one.
    pub fn is_given(&self) -> bool {
        !self.spelling.is_empty()
    }
}

/// How a manifest defines a node.
#[derive(Debug, Clone)]
pub struct Definition<'a> {
    /// dbt's id.
    pub unique_id: Cow<'a, str>,
    /// Whether it is enabled.
    pub is_enabled: bool,
    /// The name that `ref` takes, or the table name that `source` takes.
    pub name: Cow<'a, str>,
    /// The first argument of `source`.
    pub source_name: Option<Cow<'a, str>>,
    /// The package that defines it.
    pub package: Cow<'a, str>,
    /// The file that defines it, from the folder of its project on.
    pub file: Option<Cow<'a, str>>,
    /// A versioned model's version, as JSON text.
    pub version: Option<&'a str>,
    /// The ids of the nodes that it reads.
    pub depends_on: Vec<Cow<'a, str>>,
    /// The ids of the macros that it calls.
    pub macros: Vec<Cow<'a, str>>,
    /// The relation that dbt reads instead when it defers, as it is rendered.
    pub deferred_relation: Option<Cow<'a, str>>,
    /// Whether dbt put the relation of another manifest in place of its own, as before 1.8 when it
    /// defers.
    pub is_deferred: bool,
    /// The query or code as somebody wrote it.
    pub code: LazyText<'a>,
    /// The query that dbt made of it.
    pub compiled: LazyText<'a>,
    /// What else is compared, each a slice of the manifest.
    pub parts: [&'a str; PARTS],
    /// Reads these.
    pub read: for<'t> fn(&[&'t str; PARTS]) -> Details<'t>,
}

impl<'a> Definition<'a> {
    /// Its resource type, such as `model`.
    pub fn resource_type(&self) -> &str {
        self.unique_id.split('.').next().unwrap_or_default()
    }

    /// Everything that is compared, read.
    pub fn details(&self) -> Details<'a> {
        (self.read)(&self.parts)
    }

    /// Whether both are the same to the byte, but for where they are built and what they are
    /// compiled to.
    pub fn is_same(&self, other: &Definition) -> bool {
        self.is_enabled == other.is_enabled
            && self.file == other.file
            && self.depends_on == other.depends_on
            && self.macros == other.macros
            && self.code.spelling == other.code.spelling
            && self.parts == other.parts
    }
}

/// Keys of an object with the JSON text of each value, in the order of the keys.
pub type Members<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// What else a manifest says of a node.
#[derive(Debug, Clone, Default)]
pub struct Details<'a> {
    /// The language of its code; SQL if it is not named.
    pub language: Option<Cow<'a, str>>,
    /// What is hashed, and the hash.
    pub checksum: Option<(Cow<'a, str>, Cow<'a, str>)>,
    /// Its configuration as it is rendered.
    pub config: Members<'a>,
    /// Its configuration as it was written, as far as dbt keeps that.
    pub unrendered_config: Members<'a>,
    /// The columns that YAML declares, in the order of the file.
    pub columns: Vec<DeclaredColumn<'a>>,
    /// Whether dbt enforces these.
    pub has_contract: bool,
    /// The latest version of the model, as JSON text.
    pub latest_version: Option<&'a str>,
    /// From when on it is deprecated, as JSON text.
    pub deprecation_date: Option<&'a str>,
    /// Of a source: its schema and its database as they were written; `None` if the manifest does not
    /// say it, as before dbt 1.9. Empty if they were not written.
    pub unrendered_schema: Option<Cow<'a, str>>,
    /// Its database.
    pub unrendered_database: Option<Cow<'a, str>>,
    /// Description and columns, without what matters to the rows: JSON texts.
    pub description: &'a str,
    /// What else no reader sees: a name for each, and its JSON text.
    pub others: Vec<(&'static str, &'a str)>,
}

impl Details<'_> {
    /// The JSON text of a value of the rendered configuration; `None` for null as well.
    pub fn config(&self, key: &str) -> Option<&str> {
        member(&self.config, key)
    }

    /// The same of the configuration as it was written.
    pub fn unrendered(&self, key: &str) -> Option<&str> {
        member(&self.unrendered_config, key)
    }

    /// A text of the rendered configuration.
    pub fn config_text(&self, key: &str) -> Option<&str> {
        let text = self.config(key)?;
        text.strip_prefix('"')?.strip_suffix('"')
    }
}

/// The JSON text of a member that is not null.
pub fn member<'m>(members: &'m Members, key: &str) -> Option<&'m str> {
    let found = members.binary_search_by(|(other, _)| other.as_ref().cmp(key));
    let (_, json) = &members[found.ok()?];
    (json != "null").then_some(json.as_ref())
}

/// A column that YAML declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredColumn<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its type, if it is declared.
    pub data_type: Option<Cow<'a, str>>,
    /// Its constraints as JSON text; empty if it has none.
    pub constraints: &'a str,
}

/// How a manifest defines a macro.
#[derive(Debug, Clone)]
pub struct MacroDefinition<'a> {
    /// dbt's id, `macro.package.name`.
    pub unique_id: Cow<'a, str>,
    /// The file that defines it.
    pub file: Option<Cow<'a, str>>,
    /// Its text.
    pub text: LazyText<'a>,
    /// The ids of the macros that it calls.
    pub macros: Vec<Cow<'a, str>>,
}

impl MacroDefinition<'_> {
    /// The package that defines it.
    pub fn package(&self) -> &str {
        self.unique_id.split('.').nth(1).unwrap_or_default()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.unique_id.splitn(3, '.').nth(2).unwrap_or_default()
    }
}
