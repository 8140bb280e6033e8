//! Writes the exposures of a plan into the index of dbt 2, from which its docs are shown.
//!
//! dbt 2 writes the index with `--write-index`: a folder of Parquet files, one for each table. Exposures
//! stand in two of them, `dbt.exposures` and `dbt.edges`; the docs read nothing else of an exposure, and
//! never the manifest (seen with dbt 2.0.0-alpha.4 and Fusion 2.0.0-preview.196, whose source has the
//! same rows up to 2.0.0-beta.2). The files have no number of a version, so that what is known of
//! them is checked column by column.
//!
//! [`Index`] is what was read; [`Index::change`] decides which rows go and which come. `table` reads a
//! file, `column` knows how our values become those of a column, and `rewrite` makes the new
//! file: what dbt wrote is copied as it is, ours is a row group of its own behind it.

mod cells;
mod column;
mod fields;
mod index;
mod rewrite;
mod table;

pub use self::index::{Change, EDGES, EXPOSURES, Files, Index, NODES, PROJECT, Wanted};
pub use self::table::File;
