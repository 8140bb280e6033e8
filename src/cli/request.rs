//! What a verb asks of the steps that all verbs share.

use std::path::Path;

use super::args::InputArgs;
use super::paths::Paths;

/// What a verb asks for when it plans.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) inputs: &'a InputArgs,
    pub(super) paths: &'a Paths,
    /// The files that the result is written to, which must not be inputs.
    pub(super) reports: &'a [&'a Path],
    /// Whether no progress is shown.
    pub(super) is_quiet: bool,
    /// The file that gets the patched manifest.
    pub(super) target: Option<Target<'a>>,
}

/// The file that the patched manifest is written to.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) path: &'a Path,
    /// Whether it is not written in this run.
    pub(super) is_dry_run: bool,
}
