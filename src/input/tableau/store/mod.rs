//! All objects of one site, joined from every page and every nesting in which they come.
//!
//! Objects arrive whole, in pieces and as mere references, in any order. [`intake`] takes them
//! apart, [`entities`] gives each one entity, found by id or luid, with the copies that were seen
//! of it; [`settle`] then decides between copies in a way that does not depend on their order.

mod entities;
mod intake;
mod settle;
mod versions;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

pub(super) use self::intake::Store;
use self::settle::{differ, fill, fill_field};
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

    /// Its name in messages about several.
    pub(in crate::input::tableau) fn noun_of_many(self) -> String {
        match self {
            Self::CustomSql => self.noun().to_owned(),
            other => format!("{}s", other.noun()),
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

/// Whether Tableau gave no id, so that this one was made up.
pub(in crate::input::tableau) fn is_of_our_own(id: &str) -> bool {
    id.starts_with('\0')
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
    /// Kinds of which there was a list of objects upstream, even if it was empty.
    pub lists: BTreeSet<Kind>,
}

impl<'a> Links<'a> {
    /// The tables directly upstream.
    fn tables(&self) -> impl Iterator<Item = &Ref<'a>> {
        self.upstream.iter().filter(|link| link.kind == Kind::Table)
    }

    /// Whether there is any table directly upstream.
    pub(in crate::input::tableau) fn has_tables(&self) -> bool {
        self.tables().next().is_some()
    }

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
        self.lists.extend(other.lists);
    }
}

/// The facts of an object beside its links.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::input::tableau) enum Body<'a> {
    Workbook(Box<wire::Workbook<'a>>),
    Table(Box<wire::Table<'a>>),
    Other(Box<Holder<'a>>),
}

/// The facts of what is neither a workbook nor a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::input::tableau) struct Holder<'a> {
    pub name: Option<Cow<'a, str>>,
    /// Whether it is, or contains, custom SQL that Tableau does not support.
    pub unsupported_sql: Option<bool>,
    /// The query of custom SQL.
    pub query: Field<'a>,
    pub has_tables: bool,
    /// The connection of custom SQL, which its database may tell too.
    pub connection_type: Option<wire::Text<'a>>,
    pub database: Option<wire::Database<'a>>,
}

/// Objects that came in copies that differ: by the name of their kind, what each is called.
pub(in crate::input::tableau) type Differing = BTreeMap<&'static str, Vec<String>>;

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
    /// Whether it turned out to be another one, which has all of it now.
    is_other: bool,
}

/// One object after its copies were joined. A table whose copies disagree has several bodies.
#[derive(Debug)]
pub(in crate::input::tableau) struct Object<'a> {
    pub kind: Kind,
    /// What others call it: a name, else an id.
    pub mention: Option<Cow<'a, str>>,
    /// Whether it turned out to be another one, which has all of it.
    pub is_other: bool,
    pub bodies: Vec<Body<'a>>,
    pub links: Links<'a>,
}

/// The position of each object, under its id and its luid.
type Names<'a> = foldhash::HashMap<(Kind, Cow<'a, str>), usize>;

/// The objects of one site, each joined from its copies.
pub(in crate::input::tableau) struct Settled<'a> {
    objects: Vec<Object<'a>>,
    names: Names<'a>,
    /// Positions of the custom SQL whose readers the export names.
    pub owned: BTreeSet<usize>,
    /// The virtual connection of each virtual connection table, by position.
    pub connection_of: HashMap<usize, usize>,
    pub databases: BTreeMap<Cow<'a, str>, wire::Database<'a>>,
    pub projects: BTreeMap<Cow<'a, str>, Project<'a>>,
    /// What came in copies that differ.
    pub differing: Differing,
}

impl<'a> Settled<'a> {
    /// All objects.
    pub(in crate::input::tableau) fn objects(&self) -> &[Object<'a>] {
        &self.objects
    }

    /// Whether an object is mentioned by an id or a luid.
    pub(in crate::input::tableau) fn has_id(&self, at: usize) -> bool {
        self.names.values().any(|position| *position == at)
    }

    /// The position of the object that is meant, if the export mentions it at all.
    pub(in crate::input::tableau) fn find(&self, reference: &Ref<'a>) -> Option<usize> {
        find(&self.names, reference)
    }
}

fn find<'a>(names: &Names<'a>, reference: &Ref<'a>) -> Option<usize> {
    let keys = keys(reference);
    let found = keys.iter().find_map(|key| names.get(key));
    if reference.kind != Kind::Table {
        return found.copied();
    }
    // A column's table is of any kind, which only `__typename` tells. Ids are unique over all kinds.
    let of_kind = |kind| keys.iter().find_map(|(_, name)| names.get(&(kind, name.clone())));
    found.or_else(|| of_kind(Kind::CustomSql)).or_else(|| of_kind(Kind::VirtualTable)).copied()
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
