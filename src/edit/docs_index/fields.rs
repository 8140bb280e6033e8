//! Where the columns of the two tables get their values from.

/// The value of a column, in the JSON of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// A text at this place, or null.
    Text(&'static str),
    /// The list of texts at this place.
    Texts(&'static str),
    /// What stands at this place, as JSON text.
    Json(&'static str),
    /// A number of seconds at this place, or null.
    Seconds(&'static str),
    /// When dbt wrote the index.
    IngestedAt,
}

/// A column by its name.
pub(super) type Fields = [(&'static str, Field)];

/// The columns of `dbt.exposures`. A row is an exposure as it stands in the manifest.
pub(super) const OF_EXPOSURES: &Fields = &[
    (UNIQUE_ID, Field::Text("/unique_id")),
    ("name", Field::Text("/name")),
    ("exposure_type", Field::Text("/type")),
    ("label", Field::Text("/label")),
    ("owner_name", Field::Text("/owner/name")),
    ("owner_email", Field::Text("/owner/email")),
    ("url", Field::Text("/url")),
    ("maturity", Field::Text("/maturity")),
    ("description", Field::Text("/description")),
    ("package_name", Field::Text("/package_name")),
    ("file_path", Field::Text("/path")),
    (FILE, Field::Text("/original_file_path")),
    ("fqn", Field::Texts("/fqn")),
    ("depends_on_nodes", Field::Texts("/depends_on/nodes")),
    ("depends_on_macros", Field::Texts("/depends_on/macros")),
    ("refs", Field::Json("/refs")),
    ("sources", Field::Json("/sources")),
    ("metrics", Field::Json("/metrics")),
    ("tags", Field::Texts("/tags")),
    ("meta", Field::Json("/meta")),
    (CONFIG, Field::Json("/config")),
    ("created_at", Field::Seconds("/created_at")),
    (INGESTED_AT, Field::IngestedAt),
];

/// The columns of `dbt.edges`. dbt writes the same type for every edge, also for those from sources.
pub(super) const OF_EDGES: &Fields = &[
    (PARENT, Field::Text("/parent")),
    (CHILD, Field::Text("/child")),
    ("edge_type", Field::Text("/type")),
    (INGESTED_AT, Field::IngestedAt),
];

/// The type of an edge.
pub(super) const EDGE_TYPE: &str = "ref";

pub(super) const UNIQUE_ID: &str = "unique_id";
pub(super) const FILE: &str = "original_file_path";
pub(super) const CONFIG: &str = "config";
pub(super) const PARENT: &str = "parent_unique_id";
pub(super) const CHILD: &str = "child_unique_id";
pub(super) const INGESTED_AT: &str = "ingested_at";
pub(super) const PROJECT_NAME: &str = "project_name";

/// Without these columns it is not known whose a row is.
pub(super) const NEEDED_OF_EXPOSURES: &[&str] = &[UNIQUE_ID, "name", FILE, CONFIG];
pub(super) const NEEDED_OF_EDGES: &[&str] = &[PARENT, CHILD];
