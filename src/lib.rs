//! Matches the tables of Tableau workbooks to dbt nodes, and writes the workbooks into dbt's
//! `manifest.json` as exposures.
//!
//! `.github/CONTRIBUTING.md` explains how to build and test, and has a recipe for each kind of
//! extension: a report format, an adapter, a matching rule, a verb and others.
//!
//! # Code map
//!
//! The rooms, in the order of the data. [`pipeline`] calls them one after another; which room may
//! use which is in `xtask/src/tidy/rooms.rs`.
//!
//! | room | turns | into |
//! |---|---|---|
//! | [`model`] | – | the nouns: relations, nodes, workbooks, exposures, reasons, diagnostics |
//! | [`settings`] | – | what the user wants: selection, matching, exposures, thresholds |
//! | [`input`] | text | a dbt project with editable spans; the workbooks of Tableau sites; settings |
//! | [`sql`] | custom SQL in its dialect | the tables that its query names, with their places; a site with them |
//! | [`withhold`] | what was read | the same without what the audience of the run may not see |
//! | [`link`] | nodes and workbooks | one outcome for each table that a workbook reads |
//! | [`plan`] | outcomes and exposures of earlier runs | exposures to add, change, remove or keep |
//! | [`verdict`] | outcomes | why tables are not linked, and what would link them |
//! | [`mod@report`] | the results of all stages | what a reader is told of exposures, workbooks and tables |
//! | [`check`] | a report and what each workbook reads | which gates hold, and what the others fail on |
//! | [`impact`] | two manifests and the links of one | which workbooks a change of the project breaks or touches |
//! | [`schedule`] | run results and the links of data sources | which extracts are due, and why others are not |
//! | [`audience`] | answers about permissions | what somebody may see, and by which rule |
//! | [`usage`] | outcomes and what depends on what | models that no workbook reads, and how sure that is |
//! | [`explain`] | a question | what is known of a workbook, a node or a table |
//! | [`edit`] | a plan | byte ranges of the manifest, and their new text |
//! | [`output`] | a report or an answer | text, JSON, Markdown, a unified diff and what other programs read |
//! | [`remote`] | what Tableau answers | the next question to it, and at the end an export |
//! | [`doctor`] | what files and Tableau show | checks, each with what was seen and its cure |
//! | [`codes`] | the pages of `docs/codes` | what each code that a report shows means, and what to do |
//! | [`io`] | files and standard input | bytes; and bytes into files |
//! | [`cli`] | arguments | a run, and its exit code |
//! | [`pipeline`] | bytes and settings | the result of each stage, as far as a verb needs it |
//!
//! # Invariants
//!
//! - There is no I/O, environment, clock or terminal outside [`io`] and [`cli`].
//! - No exposure without our marker is ever changed or removed, and none is removed without evidence.
//! - The manifest is never serialised as a whole: bytes that no edit covers are never touched.
//! - A stage takes its input by shared reference or by value and returns a type of its own; no stage
//!   passes a result on as `&mut`.
//! - No order of inputs and no number of threads changes a byte of any result.
//! - No room but [`input`] and [`edit`] knows the JSON keys of a manifest or an export. The rest use
//!   the types of [`model`].
//! - What the audience of a run may not see is taken out once, in [`withhold`], behind the selection and
//!   before anything is linked, planned or told. Only what finds bytes in a file may look at
//!   [`withhold::InFile`].
//! - No text from outside is printed or written unless it is inert where it will be shown.
//!
//! # Glossary
//!
//! Words of our own, as used throughout. Other words are those of dbt and Tableau.
//!
//! - **baseline**: the owned exposures of earlier runs, from the state (or what was left behind) and the
//!   manifest, that a run compares with ([`plan::baseline`]).
//! - **chunk**: a part of a large file that is read or parsed on its own, in parallel with others.
//! - **evidence**: what the exports of a site prove about its list of workbooks ([`model::Evidence`]).
//! - **fingerprint**: a hash of an exposure's JSON, to compare it by
//!   ([`model::exposure::Fingerprints`]).
//! - **gap**: a reason why the export may not show everything: every workbook of a site
//!   ([`model::WorkbookListGap`]), or everything that a workbook reads ([`model::WorkbookGap`]).
//! - **hand-written**: of an exposure, without our marker ([`model::Origin`]).
//! - **incomplete**: of a workbook, with a gap: it may read more than the export shows. Of an export,
//!   without proof that it lists every workbook.
//! - **inferred**: of a link, shown only by custom SQL that could not be read without a doubt
//!   ([`model::StepKind::DoubtfulSql`]).
//! - **kept**: of an owned exposure, neither wanted by this run nor removed ([`plan::KeepReason`]).
//! - **left behind**: of what a completed patch writes beside the manifest for the next run, which then
//!   is remembered ([`input::remembered`], [`model::Remembered`]).
//! - **link**: a table of a workbook and the one node whose relation it is, with the rule and the path
//!   that prove it.
//! - **marker**: the key `autoexpose` in an exposure's `config.meta` (before dbt 1.3 in its `meta`); it
//!   names the workbook that the exposure covers ([`model::Marker`]).
//! - **outcome**: what matching finds for a table that a workbook reads: a link, or why there is none
//!   ([`link::Outcome`]).
//! - **owned**: of an exposure, with our marker ([`plan::baseline::Owned`]).
//! - **shape**: how a version of dbt writes exposures ([`edit::shapes`]).
//! - **standing**: of an exposure, contained in the manifest or the state that is read
//!   ([`model::StandingExposure`]).
//! - **state**: the manifest of an earlier run, given by `--state`.
//! - **stored form**: a relation's names as its database stores them, for example in upper case if
//!   they are not quoted on Snowflake ([`model::Casing`]).
//! - **twin**: a hand-written exposure that covers a workbook of the export or of an owned exposure
//!   ([`plan::Twin`]).
//! - **withheld**: of a workbook that the audience of a run may not see, or of which that is not known: it
//!   has no facts any more that tell it apart but its luid ([`model::withheld`]).

pub mod audience;
pub mod check;
pub mod cli;
pub mod codes;
pub mod doctor;
pub mod edit;
pub mod explain;
pub mod impact;
pub mod input;
pub mod io;
pub mod link;
pub mod model;
pub mod output;
pub mod pipeline;
pub mod plan;
#[cfg(feature = "fetch")]
pub mod remote;
pub mod report;
pub mod schedule;
pub mod settings;
pub mod setup;
pub mod sql;
pub mod usage;
pub mod verdict;
pub mod withhold;
