//! The one integration binary: every file here is a module of it.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop where it stands"
)]

mod access;
mod accuracy;
mod advice;
mod artifacts;
mod audience;
mod bases;
mod binary;
mod bistro;
mod case;
mod cases_audience;
mod cases_capture;
mod cases_check;
mod cases_config;
mod cases_docs_index;
mod cases_doctor;
mod cases_evidence;
mod cases_explain;
mod cases_exposures;
mod cases_impact;
mod cases_init;
mod cases_lost;
mod cases_matching;
mod cases_mesh;
mod cases_patching;
mod cases_refresh;
mod cases_report;
mod cases_sql;
mod cases_state;
mod cases_static_docs;
mod cases_syncing;
mod cases_tableau;
mod cases_yaml;
mod codes;
mod columns;
mod command_line;
mod config_schema;
mod docs;
mod docs_index;
mod due;
mod explain;
mod exposures;
#[cfg(feature = "fetch")]
mod fetch;
mod file_names;
mod fixtures;
mod graph;
mod hidden;
mod hostile;
mod impact;
mod init;
mod kill;
mod laws;
mod layout;
mod markdown;
mod mesh;
mod order;
mod outputs;
mod pairs;
mod registry;
mod release;
mod run;
mod schema;
mod shapes;
mod state_out;
mod sync;
mod together;
mod usage;
