//! Why a table is not linked and how near misses differ, each with the sentence that reports show.

use std::sync::Arc;

use super::alike::{Alike, Part};
use super::other_node::OtherNode;
use crate::model::display::display_enum;
use crate::model::{NameProblem, NodeKind, UnreadableSql, UnresolvedReason};
use crate::settings::MOST_REWRITES;

display_enum! {
    /// Why no relation fits a table.
    pub enum UnknownReason {
        /// Its schema and name are known, and no rule finds a relation.
        NoRelation = "no-relation" => "no relation of the project fits";
        /// The same for the name that the configuration makes of it.
        NoRelationRewritten(name: Arc<str>) = "no-relation-rewritten" => "no relation of the project fits, not even {name}, as `match.rewrite` reads it";
        /// More entries of the configuration than may change its name.
        TooManyRewrites = "too-many-rewrites" => "more than {} entries of `match.rewrite` change its name, one after the other", MOST_REWRITES;
        /// Neither Tableau nor a query names a schema.
        OnlyNameKnown = "only-name-known" => "only the name is known, without a schema";
        /// Tableau gives a schema that need not be the table's own.
        DoubtfulSchema(schema: Arc<str>) = "doubtful-schema" => "Tableau shows schema {schema}, which may be the last selected one";
        /// Tables of these other databases have the same schema and name, and nothing says which
        /// database is the project's.
        SeveralDatabases(others: Arc<str>) = "several-databases" => "only schema and name fit, and so do those of a table in {others}";
        /// Its name cannot be split into parts.
        UnreadableName(problem: NameProblem) = "unreadable-name" => "{problem}";
    }
}

display_enum! {
    /// Why a table is not linked.
    pub enum NotLinked {
        /// So many nodes fit, or more of which that many are named.
        Ambiguous(nodes: usize, is_all: bool) => "{}{nodes} nodes fit equally well", if *is_all { "" } else { "more than " };
        /// Another project of the run has it.
        OtherProject(node: Arc<OtherNode>) => "{node}";
        /// No relation fits.
        Unknown(reason: UnknownReason) => "{reason}";
        /// Tableau hides its name.
        Hidden => "the token used for the export has no permission to see it";
        /// A reference leads nowhere.
        Unresolved(reason: UnresolvedReason) => "{reason}";
        /// A connection of this type reads files, sheets, extracts or web pages.
        NotWarehouse(connection: String) => "{connection} is not a warehouse connection";
        /// A connection of this type does not reach the warehouse of this adapter.
        OtherPlatform(connection: String, adapter: String) => "it is read over {connection}, but the project is on {adapter}";
        /// The tables of custom SQL are not known.
        Unreadable(reason: UnreadableSql) => "{reason}";
    }
}

display_enum! {
    /// How a relation that nearly fits differs from the table. The order is that of nearness.
    pub enum Difference {
        /// It is the latest version of a model of this name, and nobody knows whether dbt makes a
        /// view of that name for it.
        LatestVersion => "the latest version of a model of this name";
        /// Only case differs, and the query says which one it means.
        Case => "only case differs, which makes it another table";
        /// Only the database differs.
        Database => "only the database differs";
        /// Schema and name are equal, and nobody knows the relation's database.
        DatabaseNotKnown => "schema and name are equal, the database is not known";
        /// Only the schema differs.
        Schema => "only the schema differs";
        /// One part differs, and looks alike.
        Alike(part: Part, how: Alike) => "{}", how.sentence(*part);
        /// A model of this name is there, or a seed or snapshot, and its relation has this other one.
        OtherAlias(kind: NodeKind, alias: Arc<str>) => "a {kind} of this name, but its alias is {alias}";
        /// The same of a source.
        OtherIdentifier(identifier: Arc<str>) => "a source table of this name, but its identifier is {identifier}";
        /// The name is this many edits away.
        Name(edits: usize) => "the name differs in {}", letters(*edits);
        /// Database and schema differ.
        DatabaseAndSchema => "the name is equal, database and schema differ";
        /// Tableau gives no schema, and the database may be the same.
        OnlyNameKnown => "it has the same name";
        /// Tableau gives no schema, and the database differs.
        OnlyNameAndDatabase => "it has the same name in another database";
    }
}

fn letters(count: usize) -> String {
    match count {
        1 => "one letter".to_owned(),
        _ => format!("{count} letters"),
    }
}
