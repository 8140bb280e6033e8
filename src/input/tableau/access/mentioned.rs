//! How the Metadata API mentions a table.

use std::collections::BTreeMap;

use crate::model::access::{AssetId, AssetKind};

/// A table that the Metadata API mentions.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mentioned {
    Luid(String),
    Id(String),
}

impl Mentioned {
    /// The mention of a table with these ids; `None` if it has none.
    pub(super) fn of(luid: Option<&str>, id: Option<&str>) -> Option<Self> {
        let luid = luid.map(|luid| Self::Luid(luid.to_owned()));
        luid.or_else(|| Some(Self::Id(id?.to_owned())))
    }

    /// The table. `luids` has the luids of tables by their ids; where an export asked for ids alone, the
    /// id stands in place of the luid, and no answer of the REST API is about it.
    pub(super) fn table(&self, luids: &BTreeMap<String, String>) -> AssetId {
        let luid = match self {
            Self::Luid(luid) => luid,
            Self::Id(id) => luids.get(id).unwrap_or(id),
        };
        AssetId::new(AssetKind::Table, luid)
    }
}
