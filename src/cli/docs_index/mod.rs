//! The index of dbt 2's docs, which `patch --docs-index` changes as well.

#[cfg(feature = "docs-index")]
mod files;
#[cfg(not(feature = "docs-index"))]
mod not_built;

#[cfg(feature = "docs-index")]
pub(super) use self::files::{DocsIndex, NewIndex};
#[cfg(not(feature = "docs-index"))]
pub(super) use self::not_built::{DocsIndex, NewIndex};
