//! What a manifest says of one thing in it, whatever kind of thing it is.

use std::borrow::Cow;

use crate::model::NodeKind;
use crate::model::display::display_enum;
use crate::model::exposure::Owner;

/// The position of something in its [`Graph`](super::Graph), where all are in the order of their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GraphIx(pub usize);

display_enum! {
    /// The kinds of things that depend on each other in a manifest. Their texts are dbt's resource
    /// types, with which their ids begin
    /// (<https://docs.getdbt.com/reference/artifacts/manifest-json>).
    pub enum ResourceType {
        /// A model.
        Model => "model";
        /// A CSV file that dbt loads.
        Seed => "seed";
        /// A snapshot table.
        Snapshot => "snapshot";
        /// A table that dbt reads and does not build.
        Source => "source";
        /// A data test: a query that must find nothing.
        Test => "test";
        /// A unit test: a model run on rows that its author wrote.
        UnitTest => "unit_test";
        /// A query that dbt compiles and never runs.
        Analysis => "analysis";
        /// What runs before or after all others: `on-run-start`, `on-run-end`.
        Operation => "operation";
        /// A user-defined function.
        Function => "function";
        /// A use outside dbt.
        Exposure => "exposure";
        /// A metric of the semantic layer.
        Metric => "metric";
        /// A model as the semantic layer sees it.
        SemanticModel => "semantic_model";
        /// A query of the semantic layer that somebody saved.
        SavedQuery => "saved_query";
    }
}

impl ResourceType {
    /// The resource type of the thing with this id, which begins with it and a dot; `None` for types
    /// that dbt has got since.
    pub fn from_unique_id(unique_id: &str) -> Option<Self> {
        let (resource_type, _) = unique_id.split_once('.')?;
        let mut known = Self::ALL.iter().copied();
        known.find(|known| known.text() == resource_type)
    }
}

display_enum! {
    /// Who may refer to a model (<https://docs.getdbt.com/reference/resource-configs/access>).
    pub enum Access {
        /// Only its group.
        Private => "private";
        /// Only its project. This is what dbt assumes.
        Protected => "protected";
        /// Every project.
        Public => "public";
    }
}

display_enum! {
    /// What follows where a data test fails
    /// (<https://docs.getdbt.com/reference/resource-configs/severity>).
    pub enum TestSeverity {
        /// A warning.
        Warn => "warn";
        /// An error, which stops what depends on the tested node. This is what dbt assumes.
        Error => "error";
    }
}

/// What a data test or a unit test says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFacts<'a> {
    /// The ids of what it tests. A test that belongs to one node tests that one alone, although it
    /// may read others (`relationships`); one that somebody wrote as a query tests all that it reads.
    pub tested: Vec<Cow<'a, str>>,
    /// The name of the generic test, such as `not_null`, without its package; `None` for one that
    /// somebody wrote as a query, and for a unit test.
    pub generic_name: Option<Cow<'a, str>>,
    /// What follows where it fails.
    pub severity: TestSeverity,
}

/// A model, test, exposure, metric or whatever else depends on others, as far as its manifest
/// describes it. What is missing in the file, or has a type that dbt does not write, is empty.
#[derive(Debug, Clone, Default)]
pub struct GraphNode<'a> {
    /// dbt's id, which begins with the resource type and the package.
    pub unique_id: Cow<'a, str>,
    /// What it is; `None` for types that dbt has got since.
    pub resource_type: Option<ResourceType>,
    /// The package that defines it.
    pub package: Cow<'a, str>,
    /// Its name.
    pub name: Cow<'a, str>,
    /// The first argument of `source`; `None` for other types.
    pub source_name: Option<Cow<'a, str>>,
    /// The file that defines it, from the folder of its project on.
    pub file: Option<Cow<'a, str>>,
    /// The same file, from the folder on that the project reads models (or seeds …) from.
    pub path: Option<Cow<'a, str>>,
    /// The YAML file that describes it, as `package://path`; `None` if none does, and for whatever is
    /// defined in YAML itself.
    pub patch_path: Option<Cow<'a, str>>,
    /// Its package, its folders and its name.
    pub fqn: Vec<Cow<'a, str>>,
    /// Its tags, sorted.
    pub tags: Vec<Cow<'a, str>>,
    /// Who may refer to it; `None` where dbt has no such rule: before 1.5, and for all but models and
    /// functions.
    pub access: Option<Access>,
    /// The name of its group.
    pub group: Option<Cow<'a, str>>,
    /// How it is built, such as `table` or `ephemeral`.
    pub materialized: Option<Cow<'a, str>>,
    /// Whether it has a description that is not blank; for a source, of the table itself.
    pub is_described: bool,
    /// Whether its columns are a contract that dbt enforces.
    pub has_contract: bool,
    /// Whether the semantic layer reads its days, which stands in no list of dependencies.
    pub is_time_spine: bool,
    /// A versioned model's version as JSON text (`1`, `"1"`, `1.5`).
    pub version: Option<Cow<'a, str>>,
    /// The latest version of that model, as JSON text.
    pub latest_version: Option<Cow<'a, str>>,
    /// The ids of what it depends on, in the order of the file; some may be in no manifest.
    pub depends_on: Vec<Cow<'a, str>>,
    /// What it tests; `None` unless it is a test.
    pub test: Option<TestFacts<'a>>,
}

impl GraphNode<'_> {
    /// The resource type as its id names it, also one that dbt has got since.
    pub fn type_name(&self) -> &str {
        let name = self.unique_id.split_once('.');
        name.map_or("", |(resource_type, _)| resource_type)
    }

    /// Which kind of node with a relation it is; `None` for what nobody can query.
    pub fn kind(&self) -> Option<NodeKind> {
        NodeKind::from_unique_id(&self.unique_id)
    }

    /// Whether dbt puts it into the queries of its readers instead of building it.
    pub fn is_ephemeral(&self) -> bool {
        self.materialized.as_deref() == Some("ephemeral")
    }
}

/// A group of models with an owner (<https://docs.getdbt.com/docs/build/groups>).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'a> {
    /// The package that defines it.
    pub package: Cow<'a, str>,
    /// Its name.
    pub name: Cow<'a, str>,
    /// Who is responsible for it.
    pub owner: Owner,
}
