//! Asks Tableau before another verb reads the export (`--fetch`).

use super::args::InputArgs;
#[cfg(feature = "fetch")]
use super::fetch;
use super::paths::Paths;
use crate::model::Failure;

/// Asks Tableau for an export, if that is wanted.
#[cfg(feature = "fetch")]
pub(super) fn if_wanted(args: &InputArgs, paths: &Paths) -> Result<(), Vec<Failure>> {
    if args.export.fetch {
        fetch::before(args, paths).map_err(|failure| vec![failure])?;
    }
    Ok(())
}

/// This program cannot ask Tableau itself.
#[cfg(not(feature = "fetch"))]
#[allow(clippy::unnecessary_wraps, reason = "it may fail where it asks")]
pub(super) fn if_wanted(_: &InputArgs, _: &Paths) -> Result<(), Vec<Failure>> {
    Ok(())
}
