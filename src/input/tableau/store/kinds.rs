//! Sets of kinds of objects, and the kinds that share their ids.

use crate::model::ObjectKind;

impl ObjectKind {
    /// The kind under which ids are looked up: ids are unique over both kinds of data sources, and
    /// a mention may not say which of the two it means.
    pub(super) fn family(self) -> Self {
        match self {
            Self::Embedded | Self::Published => Self::Datasource,
            other => other,
        }
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kinds(u16);

impl Kinds {
    fn bit(kind: ObjectKind) -> u16 {
        1 << kind as u16
    }

    pub(super) fn insert(&mut self, kind: ObjectKind) {
        self.0 |= Self::bit(kind);
    }

    pub(super) fn extend(&mut self, others: Self) {
        self.0 |= others.0;
    }

    pub(crate) fn contains(self, kind: ObjectKind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    /// These kinds but for others.
    #[must_use]
    pub(super) fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds in their order.
    pub(crate) fn iter(self) -> impl Iterator<Item = ObjectKind> {
        ObjectKind::ALL
            .iter()
            .copied()
            .filter(move |kind| self.contains(*kind))
    }
}
