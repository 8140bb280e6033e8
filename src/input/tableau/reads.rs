//! What each workbook reads: everything upstream of it, by whatever path.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::names;
use super::store::{Body, Holder, Kind, Object, Ref, Settled, is_of_our_own};
use super::wire::{self, Text};
use crate::model::{ConnectionType, Path, Step, Table};

/// One thing that a workbook reads, before tables are numbered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Found<'a> {
    Table(Table<'a>),
    /// What the token may not see. What is null in a list has no id: the list's object tells it
    /// apart.
    Hidden(Cow<'a, str>, Option<usize>),
    Unresolved(&'static str, Cow<'a, str>),
    /// Custom SQL, and why its tables are not known.
    Unreadable {
        name: Cow<'a, str>,
        id: Cow<'a, str>,
        connection: ConnectionType<'a>,
        reason: &'static str,
    },
}

/// All that was found upstream of one workbook.
#[derive(Debug, Default)]
pub(super) struct Reads<'a> {
    /// Each thing with the paths that lead to it.
    pub found: BTreeMap<Found<'a>, BTreeSet<Path<'a>>>,
    /// Why something may be missing.
    pub doubts: BTreeSet<String>,
}

/// Everything upstream of the object at this position.
pub(super) fn of_workbook<'a>(store: &Settled<'a>, at: usize) -> Reads<'a> {
    let mut walk = Walk {
        store,
        reads: Reads::default(),
        ahead: VecDeque::new(),
        visits: BTreeMap::new(),
        connections: BTreeSet::new(),
        answered: BTreeSet::new(),
        unsupported: false,
    };
    if let Some(Body::Workbook(workbook)) = store.objects()[at].bodies.first() {
        walk.unsupported = workbook.contains_unsupported_custom_sql == Some(true);
    }
    let links = &store.objects()[at].links;
    if links.lists.is_empty() && links.upstream.is_empty() {
        walk.reads.doubts.insert("the export does not say what it reads".to_owned());
    }
    walk.ahead.push_back(Visit { at, path: Path::default(), on_path: vec![at] });
    while let Some(visit) = walk.ahead.pop_front() {
        walk.enter(&visit);
    }
    walk.finish()
}

/// As many paths through one object are followed, the shortest ones: a flow lists all flows
/// upstream of it, the indirect ones as well, so that n flows in a row have 2^n paths.
const MOST_PATHS: usize = 8;

/// An object on the way, and how the walk came to it.
struct Visit<'a> {
    at: usize,
    path: Path<'a>,
    /// The objects between the workbook and here, since flows may run in circles.
    on_path: Vec<usize>,
}

/// Whether custom SQL lies on the path.
fn is_through_sql(path: &Path) -> bool {
    path.0.iter().any(|step| matches!(step, Step::CustomSql(_)))
}

struct Walk<'s, 'a> {
    store: &'s Settled<'a>,
    reads: Reads<'a>,
    /// What is still to be visited, the shortest paths first.
    ahead: VecDeque<Visit<'a>>,
    /// How often each object was visited, through custom SQL and not.
    visits: BTreeMap<(usize, bool), usize>,
    /// Virtual connections that are used, by name and position.
    connections: BTreeSet<(Cow<'a, str>, Option<usize>)>,
    /// The connections of the virtual connection tables that are used; `None` for one whose
    /// connection is not known, which may be any.
    answered: BTreeSet<Option<usize>>,
    /// Whether something says that it contains custom SQL which Tableau does not support.
    unsupported: bool,
}

impl<'a> Walk<'_, 'a> {
    fn enter(&mut self, visit: &Visit<'a>) {
        let Visit { at, path, .. } = visit;
        let links = &self.store.objects()[*at].links;
        for link in &links.upstream {
            self.follow(link, path, visit);
        }
        for link in &links.columns {
            self.follow(link, &path.then(Step::Columns), visit);
        }
        for query in &links.queries {
            // Any custom SQL that mentions a table of this workbook is listed there, also that of
            // others. Where the export tells whose it is, that decides; it was followed from there.
            // What mentions a table of other custom SQL has nothing to do with this workbook.
            if !is_through_sql(path) && self.is_of_nobody(query) {
                self.follow(query, path, visit);
            }
        }
        for (kind, count) in &links.nulls {
            for number in 1..=*count {
                let place = Path(path.0.last().cloned().into_iter().collect());
                let label = format!("unnamed {} {number} of {count} in the {place}", kind.noun());
                self.add(Found::Hidden(Cow::Owned(label), Some(*at)), path);
            }
        }
        for kind in &links.cut {
            let doubt = format!("the export breaks off in its list of {}", kind.noun_of_many());
            self.reads.doubts.insert(doubt);
        }
    }

    /// Whether this custom SQL is known, and the export names no reader of it.
    fn is_of_nobody(&self, query: &Ref<'a>) -> bool {
        self.object(query).is_some_and(|(at, object)| {
            !object.bodies.is_empty() && !self.store.owned.contains(&at)
        })
    }

    fn object(&self, reference: &Ref<'a>) -> Option<(usize, &'_ Object<'a>)> {
        let at = self.store.find(reference)?;
        Some((at, &self.store.objects()[at]))
    }

    fn follow(&mut self, link: &Ref<'a>, path: &Path<'a>, from: &Visit<'a>) {
        if link.kind == Kind::VirtualConnection {
            self.connections.insert((label(link), self.store.find(link)));
            return;
        }
        let Some((at, _)) = self.object(link) else {
            self.add(Found::Unresolved(link.kind.noun(), label(link)), path);
            return;
        };
        let object = &self.store.objects()[at];
        if object.bodies.is_empty() {
            self.add(Found::Unresolved(link.kind.noun(), label(link)), path);
        }
        for body in &object.bodies {
            match body {
                Body::Table(table) => self.table(link, table, path),
                Body::Other(holder) => {
                    self.judge(link, object, holder, path);
                    if object.kind == Kind::VirtualTable {
                        self.answered.insert(self.store.connection_of.get(&at).copied());
                    }
                }
                Body::Workbook(_) => {}
            }
        }
        let path = step(object, link).map_or_else(|| path.clone(), |step| path.then(step));
        let visits = self.visits.entry((at, is_through_sql(&path))).or_default();
        if *visits < MOST_PATHS && !from.on_path.contains(&at) {
            *visits += 1;
            let on_path = from.on_path.iter().copied().chain([at]).collect();
            self.ahead.push_back(Visit { at, path, on_path });
        }
    }

    fn table(&mut self, link: &Ref<'a>, table: &wire::Table<'a>, path: &Path<'a>) {
        let mut table = table.clone();
        self.describe(&mut table.database);
        match names::table(&table) {
            Some(table) => self.add(Found::Table(table), path),
            None => {
                let label = Cow::Owned(format!("table {}", label(link)));
                self.add(Found::Hidden(label, None), path);
            }
        }
    }

    /// Completes a database that is mentioned by its id and described elsewhere.
    fn describe(&self, database: &mut Option<wire::Database<'a>>) {
        let Some(database) = database else { return };
        let known = database.id.as_ref().and_then(|Text(id)| self.store.databases.get(id));
        if let Some(known) = known {
            if database.name == wire::Field::Absent {
                database.name = known.name.clone();
            }
            if database.connection_type.is_none() {
                database.connection_type = known.connection_type.clone();
            }
        }
    }

    /// Says what is not known of custom SQL, and of other things that may contain some.
    fn judge(&mut self, link: &Ref<'a>, object: &Object<'a>, holder: &Holder<'a>, path: &Path<'a>) {
        let unsupported = holder.unsupported_sql == Some(true);
        // What is null in a list of tables is there, and told as hidden.
        let has_tables = object.links.has_tables() || object.links.nulls.contains_key(&Kind::Table);
        if object.kind == Kind::CustomSql && holder.query == wire::Field::Null && !has_tables {
            let label = Cow::Owned(format!("custom SQL {}", label(link)));
            self.add(Found::Hidden(label, None), path);
            return;
        }
        let reason = match object.kind {
            Kind::CustomSql if unsupported && has_tables => {
                "Tableau could read only part of this custom SQL"
            }
            Kind::CustomSql if unsupported => "Tableau could not read this custom SQL",
            Kind::CustomSql if has_tables => return,
            Kind::CustomSql if holder.has_tables => "Tableau found no table in this custom SQL",
            Kind::CustomSql => "the export does not say which tables this custom SQL reads",
            Kind::VirtualTable if unsupported => {
                "it contains custom SQL that Tableau does not support"
            }
            _ => {
                self.unsupported |= unsupported;
                return;
            }
        };
        let mut database = holder.database.clone();
        self.describe(&mut database);
        let connection = names::connection(&holder.connection_type, &database);
        let (name, id) = (display_name(object, link), link.id.clone().unwrap_or_default());
        self.add(Found::Unreadable { name, id, connection, reason }, path);
    }

    fn add(&mut self, found: Found<'a>, path: &Path<'a>) {
        self.reads.found.entry(found).or_default().insert(path.clone());
    }

    fn finish(mut self) -> Reads<'a> {
        for (connection, at) in std::mem::take(&mut self.connections) {
            if !self.answered.contains(&at) && !self.answered.contains(&None) {
                self.add(
                    Found::Unresolved(Kind::VirtualConnection.noun(), connection),
                    &Path::default(),
                );
            }
        }
        let names_it =
            self.reads.found.keys().any(|found| matches!(found, Found::Unreadable { .. }));
        if self.unsupported && !names_it {
            self.reads.doubts.insert("it contains custom SQL that Tableau does not support, and the export does not hold it".to_owned());
        }
        self.reads
    }
}

/// The step of a path that leads through an object; tables are ends, not steps.
fn step<'a>(object: &Object<'a>, link: &Ref<'a>) -> Option<Step<'a>> {
    let name = display_name(object, link);
    let kind = match object.kind {
        // A page of `datasources` does not tell embedded and published ones apart; who names one may.
        Kind::Datasource => link.kind,
        kind => kind,
    };
    match kind {
        Kind::Embedded => Some(Step::EmbeddedDatasource(name)),
        Kind::Published | Kind::Datasource => Some(Step::PublishedDatasource(name)),
        Kind::CustomSql => Some(Step::CustomSql(name)),
        Kind::VirtualTable => Some(Step::VirtualConnectionTable(name)),
        Kind::Flow => Some(Step::Flow(name)),
        Kind::Workbook | Kind::Table | Kind::VirtualConnection => None,
    }
}

fn display_name<'a>(object: &Object<'a>, link: &Ref<'a>) -> Cow<'a, str> {
    let of_body = object.bodies.iter().find_map(|body| match body {
        Body::Other(holder) => holder.name.clone(),
        _ => None,
    });
    of_body.or_else(|| link.name.clone()).unwrap_or_default()
}

/// How a reference is shown: its name, else its id, unless that is one of ours.
fn label<'a>(link: &Ref<'a>) -> Cow<'a, str> {
    let named =
        [&link.name, &link.luid, &link.id].into_iter().flatten().find(|text| !is_of_our_own(text));
    named.cloned().unwrap_or(Cow::Borrowed("without an id"))
}
