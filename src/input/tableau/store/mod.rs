//! All objects of one site, joined from every page and every nesting in which they come.
//!
//! Objects arrive whole, in pieces and as mere references, in any order. [`intake`] gives each one
//! entity, found by id or luid, with the copies that were seen of it; [`settle`] then decides
//! between copies in a way that does not depend on their order.

mod intake;
mod settle;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

pub(super) use self::intake::Store;
use super::document::Project;
use super::wire::{self, Field};

/// The kinds of objects that take part in lineage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::input::tableau) enum Kind {
    Workbook,
    Embedded,
    Published,
    /// An embedded or published data source, where the mention does not say which.
    Datasource,
    Table,
    CustomSql,
    VirtualConnection,
    VirtualTable,
    Flow,
}

impl Kind {
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

    /// Ids are unique over both kinds of data sources, so they share their names.
    fn family(self) -> Self {
        match self {
            Self::Embedded | Self::Published => Self::Datasource,
            other => other,
        }
    }
}

/// A mention of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::input::tableau) struct Ref<'a> {
    pub kind: Kind,
    pub id: Option<Cow<'a, str>>,
    pub luid: Option<Cow<'a, str>>,
    pub name: Option<Cow<'a, str>>,
}

/// What an object leads to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::input::tableau) struct Links<'a> {
    /// The objects directly upstream.
    pub upstream: BTreeSet<Ref<'a>>,
    /// Objects behind the columns of a data source's fields.
    pub columns: BTreeSet<Ref<'a>>,
    /// Custom SQL that mentions a table, which says little about who reads what.
    pub queries: BTreeSet<Ref<'a>>,
    /// Elements of lists that are null, by kind.
    pub nulls: BTreeMap<Kind, usize>,
    /// Paths of a workbook's views.
    pub views: BTreeSet<Cow<'a, str>>,
    /// Kinds of which a list breaks off.
    pub cut: BTreeSet<Kind>,
}

impl<'a> Links<'a> {
    fn absorb(&mut self, other: Self) {
        self.upstream.extend(other.upstream);
        self.columns.extend(other.columns);
        self.queries.extend(other.queries);
        for (kind, count) in other.nulls {
            let most = self.nulls.entry(kind).or_default();
            *most = count.max(*most);
        }
        self.views.extend(other.views);
        self.cut.extend(other.cut);
    }
}

/// The facts of an object beside its links.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::input::tableau) enum Body<'a> {
    Workbook(Box<wire::Workbook<'a>>),
    Table(Box<wire::Table<'a>>),
    Other {
        name: Option<Cow<'a, str>>,
        unsupported_sql: Option<bool>,
        query: Field<'a>,
        has_tables: bool,
    },
}

/// When a copy was true: the time of capture, then `updatedAt`. Later ones win.
pub(in crate::input::tableau) type Stamp = (Option<Timestamp>, Option<Timestamp>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Copy<'a> {
    stamp: Stamp,
    body: Body<'a>,
    links: Links<'a>,
}

/// One object, with every copy of it.
#[derive(Debug)]
struct Entity<'a> {
    kind: Kind,
    copies: Vec<Copy<'a>>,
    /// What others call it.
    mention: Option<Cow<'a, str>>,
    /// Links that other objects tell of this one.
    told: Links<'a>,
}

/// One object after its copies were joined. A table whose copies disagree has several bodies.
#[derive(Debug)]
pub(in crate::input::tableau) struct Object<'a> {
    pub kind: Kind,
    /// What others call it: a name, else an id.
    pub mention: Option<Cow<'a, str>>,
    pub bodies: Vec<Body<'a>>,
    pub links: Links<'a>,
}

/// The objects of one site, each joined from its copies.
pub(in crate::input::tableau) struct Settled<'a> {
    objects: Vec<Object<'a>>,
    names: HashMap<(Kind, Cow<'a, str>), usize>,
    /// Custom SQL whose readers are named by the export.
    pub owned: BTreeSet<Ref<'a>>,
    pub databases: HashMap<Cow<'a, str>, wire::Database<'a>>,
    pub projects: BTreeMap<Cow<'a, str>, Project<'a>>,
    /// How many objects of each kind came in copies that differ.
    pub differing: BTreeMap<Kind, usize>,
}

impl<'a> Settled<'a> {
    /// All objects.
    pub(in crate::input::tableau) fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// The position of the object that is meant, if the export mentions it at all.
    pub(in crate::input::tableau) fn find(&self, reference: &Ref<'a>) -> Option<usize> {
        keys(reference).iter().find_map(|key| self.names.get(key)).copied()
    }
}

/// The names under which an object is known: luid first where it outlives the id.
fn keys<'a>(reference: &Ref<'a>) -> Vec<(Kind, Cow<'a, str>)> {
    let family = reference.kind.family();
    let mut names = vec![reference.id.clone(), reference.luid.clone()];
    if matches!(reference.kind, Kind::Workbook | Kind::Published) {
        names.reverse();
    }
    names.into_iter().flatten().map(|name| (family, name)).collect()
}
