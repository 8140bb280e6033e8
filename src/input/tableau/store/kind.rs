//! The kinds of objects that take part in lineage.

/// A kind of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::input::tableau) enum Kind {
    Workbook,
    Embedded,
    Published,
    /// An embedded or published data source, where the mention does not say which. It sorts behind
    /// the two kinds that it leaves open.
    Datasource,
    Table,
    CustomSql,
    VirtualConnection,
    VirtualTable,
    Flow,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::Workbook,
        Self::Embedded,
        Self::Published,
        Self::Datasource,
        Self::Table,
        Self::CustomSql,
        Self::VirtualConnection,
        Self::VirtualTable,
        Self::Flow,
    ];

    /// Its name in messages.
    pub(in crate::input::tableau) fn noun(self) -> &'static str {
        match self {
            Self::Workbook => "workbook",
            Self::Embedded => "embedded data source",
            Self::Published => "published data source",
            Self::Datasource => "data source",
            Self::Table => "table",
            Self::CustomSql => "custom SQL",
            Self::VirtualConnection => "virtual connection",
            Self::VirtualTable => "virtual connection table",
            Self::Flow => "flow",
        }
    }

    /// Its name in messages about several.
    pub(in crate::input::tableau) fn noun_of_many(self) -> String {
        match self {
            Self::CustomSql => self.noun().to_owned(),
            other => format!("{}s", other.noun()),
        }
    }

    /// Ids are unique over both kinds of data sources, so they share their names.
    pub(super) fn family(self) -> Self {
        match self {
            Self::Embedded | Self::Published => Self::Datasource,
            other => other,
        }
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::input::tableau) struct Kinds(u16);

impl Kinds {
    fn bit(kind: Kind) -> u16 {
        1 << kind as u16
    }

    pub(super) fn insert(&mut self, kind: Kind) {
        self.0 |= Self::bit(kind);
    }

    pub(super) fn extend(&mut self, others: Self) {
        self.0 |= others.0;
    }

    pub(super) fn contains(self, kind: Kind) -> bool {
        self.0 & Self::bit(kind) != 0
    }

    pub(in crate::input::tableau) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds in their order.
    pub(in crate::input::tableau) fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL
            .into_iter()
            .filter(move |kind| self.contains(*kind))
    }
}
