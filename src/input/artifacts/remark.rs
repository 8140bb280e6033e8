//! What users should know of an artifact that can be read.

use crate::model::display::{display_enum, shortened};

display_enum! {
    /// What users should know of an artifact that can be read: a sentence about the file.
    pub enum Remark {
        /// The number of its schema is newer than the newest known one.
        NewerSchema(schema: u32, newest: u32) => "its schema v{schema} is newer than v{newest}; it is read as v{newest}";
        /// Nothing says when it was written.
        Undated => "`metadata.generated_at` is missing or not a timestamp, so that every other file counts as newer";
        /// Its command builds and tests nothing.
        ExecutesNothing(command: String) => "it is of `dbt {}`, which builds and tests nothing, so it is not used", shown_command(command);
        /// Its relations have no rows.
        WithoutRows => "it is of a run with `--empty`, which builds relations without rows";
        /// It has no results.
        NoResults => "it lists no results: dbt selected nothing, or stopped before it ran anything";
        /// Some of its results cannot be read.
        Unreadable(unreadable: usize, all: usize, first: String) => "{unreadable} of its {all} results cannot be read and are not used; the first is {first}";
        /// Some results have a status that is not known.
        UnknownStatus(status: String, count: usize, first: String) => "the status `{}` is not known, so these nodes count neither as built nor as failed: {count}, the first is {first}", shortened(status);
        /// Some of its nodes are not in any manifest of the run.
        NotInManifest(missing: usize, all: usize, first: String) => "{missing} of its {all} nodes are not in the manifest; the first is {first}";
        /// A manifest of the run was written after it, by another invocation.
        OlderThanManifest => "it is older than the manifest, which a later invocation of dbt wrote";
    }
}

/// The command as users type it.
fn shown_command(command: &str) -> &str {
    match command {
        "generate" => "docs generate",
        command => command,
    }
}
