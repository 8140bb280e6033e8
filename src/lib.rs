//! Draws dbt exposures for Tableau workbooks, on artifacts.
//!
//! Code map, in the order of the data (see [`pipeline`]):
//!
//! | module | turns | into |
//! |---|---|---|
//! | [`model`] | – | the nouns: relations, nodes, workbooks, exposures, diagnostics |
//! | [`settings`] | what the user wants | selection, matching, exposures' texts, thresholds, ready to use |
//! | [`input`] | text | a manifest with the spans of what may be edited; a Tableau site |
//! | [`link`] | both | one outcome for each workbook × table |
//! | [`plan`] | outcomes and the exposures that stand | what is added, changed, removed, kept |
//! | [`edit`] | the plan | byte ranges of the manifest with new text |
//! | [`output`] | the report | text, JSON, a unified diff |
//! | [`io`] | the world | bytes, and back |
//! | [`cli`] | arguments | a run and its exit code |
//!
//! Only `io` and `cli` touch files, environment or terminal. The stages between are functions of
//! their inputs; the same input gives the same bytes with any number of threads and in any order.

pub mod cli;
pub mod edit;
pub mod input;
pub mod io;
pub mod link;
pub mod model;
pub mod output;
pub mod pipeline;
pub mod plan;
pub mod settings;
