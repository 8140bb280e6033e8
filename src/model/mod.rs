//! The nouns of both worlds: what dbt builds, what Tableau reads, and what joins them.
//!
//! Nothing here does I/O, knows JSON or decides anything.

pub mod access;
pub mod adapter;
pub mod artifacts;
pub mod catalog;
pub mod column_use;
pub mod connection;
pub mod custom_sql;
pub mod definition;
pub mod diagnostic;
pub mod dialect;
pub(crate) mod display;
pub mod exposure;
pub mod folder;
pub mod graph;
pub mod index;
pub mod letters;
pub mod lineage;
pub mod listing;
pub mod luid;
pub mod narrowing;
mod node;
pub mod object_kind;
pub mod project;
pub mod reason;
pub mod refresh;
pub mod relation;
pub mod remembered;
pub mod server;
pub mod site_id;
pub mod tableau;
pub mod withheld;

pub use access::Access;
pub use adapter::Adapter;
pub use artifacts::{Freshness, NodeRun, NodeStatus, RunResults, SourceFreshness};
pub use catalog::{Catalog, CatalogColumn};
pub use column_use::{ColumnsInUse, Degree, TableColumns, UnlessElsewhere, UsedColumn};
pub use connection::ConnectionType;
pub use custom_sql::{CustomSql, Place};
pub use diagnostic::{Code, Diagnostic, Failure, Severity};
pub use dialect::Dialect;
pub use exposure::{
    Dependency, DisabledExposure, Exposure, Marker, Origin, Owner, ReferencedColumn,
    StandingExposure,
};
pub use graph::{Graph, GraphIx, GraphNode, ResourceType};
pub use index::{CustomSqlIx, ObjectKey, TableIx, WorkbookIx};
pub use lineage::{Path, Read, ReadSql, Step, StepKind, Unresolved, Upstream};
pub use narrowing::Narrowing;
pub use node::{Node, NodeIx, NodeKind, OtherRelation, Role, StoredRelation, Verb};
pub use object_kind::ObjectKind;
pub use project::Project;
pub use reason::{
    DoubtKind, NameProblem, UnreadableSql, UnresolvedReason, WorkbookGap, WorkbookListGap,
};
pub use refresh::{RefreshState, TargetId, TargetKind, TargetState};
pub use relation::{Casing, Relation};
pub use remembered::{Findings, KnownExport, KnownExports, KnownWorkbook, Remembered, TableName};
pub use site_id::{SiteId, shown_site};
pub use tableau::{
    Datasource, Evidence, Holder, KnownColumns, SchemaHints, Site, Table, UnclaimedSql,
    UnreadableName, User, Workbook,
};
pub use withheld::{Fact, Named, NamedBy, WhyWithheld, Withheld, WithheldCounts};
