//! What each workbook reads: everything upstream of it, by whatever path.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::names;
use super::store::{Content, Intermediate, Kind, Merged, Object, ObjectIx, Ref, is_made_up};
use super::wire::Field;
use crate::model::tableau::Read;
use crate::model::{
    ConnectionType, Path, Step, StepKind, TableIx, UnreadableSql, Unresolved, Upstream, WorkbookGap,
};

/// One thing that a workbook reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Found<'a> {
    /// A table, by its position at this site.
    Table(TableIx),
    /// What the token may not see. What is null in a list has no id: the list's object tells it
    /// apart.
    Hidden(Cow<'a, str>, Option<ObjectIx>),
    Unresolved(Unresolved<'a>),
    /// Custom SQL, and why its tables are not known.
    Unreadable {
        name: Cow<'a, str>,
        id: &'a str,
        connection: ConnectionType<'a>,
        reason: UnreadableSql,
    },
}

impl<'a> Found<'a> {
    fn upstream(self) -> Upstream<'a> {
        match self {
            Self::Table(table) => Upstream::Table(table),
            Self::Hidden(label, _) => Upstream::Hidden(label),
            Self::Unresolved(reference) => Upstream::Unresolved(reference),
            Self::Unreadable {
                name,
                connection,
                reason,
                ..
            } => Upstream::Unreadable {
                name,
                connection,
                reason,
            },
        }
    }
}

/// All that was found upstream of one workbook.
#[derive(Debug, Default)]
pub(super) struct Reads<'a> {
    /// Each thing, in order, with the paths that lead to it. Tables have the numbers of their site.
    pub reads: Vec<Read<'a>>,
    /// Why something may be missing.
    pub gaps: BTreeSet<WorkbookGap>,
}

/// Everything upstream of the object at this position.
pub(super) fn of_workbook<'a>(store: &Merged<'_, 'a>, at: ObjectIx) -> Reads<'a> {
    let mut walk = Walk {
        store,
        found: Vec::new(),
        gaps: BTreeSet::new(),
        ahead: VecDeque::new(),
        visits: BTreeMap::new(),
        connections: BTreeSet::new(),
        answered: BTreeSet::new(),
        unsupported: false,
    };
    let object = store.object(at);
    if let Content::Workbook(workbook) = object.content {
        walk.unsupported = workbook.unsupported_sql == Some(true);
    }
    if object.links.lists.is_empty() && object.links.upstream.is_empty() {
        walk.gaps.insert(WorkbookGap::NothingUpstream);
    }
    walk.ahead.push_back(Visit {
        at,
        path: Path::default(),
        on_path: vec![at],
    });
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
    at: ObjectIx,
    path: Path<'a>,
    /// The objects between the workbook and here, since flows may run in circles.
    on_path: Vec<ObjectIx>,
}

/// Whether custom SQL lies on the path.
fn is_through_sql(path: &Path) -> bool {
    path.0.iter().any(|step| step.kind == StepKind::CustomSql)
}

struct Walk<'s, 'm, 'a> {
    store: &'s Merged<'m, 'a>,
    found: Vec<(Found<'a>, Path<'a>)>,
    /// Why something may be missing.
    gaps: BTreeSet<WorkbookGap>,
    /// What is still to be visited, the shortest paths first.
    ahead: VecDeque<Visit<'a>>,
    /// How often each object was visited, through custom SQL and not.
    visits: BTreeMap<(ObjectIx, bool), usize>,
    /// Virtual connections that are used, by name and position.
    connections: BTreeSet<(Cow<'a, str>, Option<ObjectIx>)>,
    /// The connections of the virtual connection tables that are used; `None` for one whose
    /// connection is not known, which may be any.
    answered: BTreeSet<Option<ObjectIx>>,
    /// Whether something says that it contains custom SQL which Tableau does not support.
    unsupported: bool,
}

impl<'s, 'a> Walk<'s, '_, 'a> {
    fn enter(&mut self, visit: &Visit<'a>) {
        let Visit { at, path, .. } = visit;
        let links = &self.store.object(*at).links;
        for link in &links.upstream {
            self.follow(*link, path, visit);
        }
        if !links.columns.is_empty() {
            let path = path.then(Step {
                kind: StepKind::Columns,
                name: Cow::default(),
            });
            links
                .columns
                .iter()
                .for_each(|link| self.follow(*link, &path, visit));
        }
        for query in &links.queries {
            // Any custom SQL that mentions a table of this workbook is listed there, also that of
            // others. Where the export tells whose it is, that decides; it was followed from there.
            // What mentions a table of other custom SQL has nothing to do with this workbook.
            if !is_through_sql(path) && self.is_of_nobody(*query) {
                self.follow(*query, path, visit);
            }
        }
        for (kind, count) in &links.nulls {
            for number in 1..=*count {
                let place = Path(path.0.last().cloned().into_iter().collect());
                let label = format!("unnamed {kind} {number} of {count} in the {place}");
                self.add(Found::Hidden(Cow::Owned(label), Some(*at)), path);
            }
        }
        for kind in links.cut.iter() {
            self.gaps.insert(WorkbookGap::ListCutOff(kind));
        }
    }

    /// Whether this custom SQL is known, and the export names no reader of it.
    fn is_of_nobody(&self, query: Ref) -> bool {
        self.store.find(query).is_some_and(|at| {
            !matches!(self.store.object(at).content, Content::Unknown)
                && !self.store.sql_with_reader.contains(&at)
        })
    }

    fn follow(&mut self, link: Ref, path: &Path<'a>, from: &Visit<'a>) {
        let found = self.store.find(link);
        if link.kind == Kind::VirtualConnection {
            self.connections.insert((self.label(link), found));
            return;
        }
        let Some(at) = found else {
            self.add_unresolved(link.kind, self.label(link), path);
            return;
        };
        let object = self.store.object(at);
        match &object.content {
            Content::Unknown => {
                self.add_unresolved(link.kind, self.label(link), path);
            }
            Content::Workbook(_) => {}
            Content::Tables(tables) => {
                for table in tables {
                    let hidden = || {
                        let label = format!("table {}", self.label(link));
                        Found::Hidden(Cow::Owned(label), None)
                    };
                    self.add(table.map_or_else(hidden, Found::Table), path);
                }
            }
            Content::Intermediate(intermediate) => {
                self.judge(link, object, intermediate, path);
                if object.entity.kind == Kind::VirtualTable {
                    self.answered
                        .insert(self.store.connection_of.get(&at).copied());
                }
            }
        }
        if object.links.lead_on() && !from.on_path.contains(&at) {
            self.visit(at, link, path, from);
        }
    }

    /// Goes on behind an object, some time.
    fn visit(&mut self, at: ObjectIx, link: Ref, path: &Path<'a>, from: &Visit<'a>) {
        let step = self.step(self.store.object(at), link);
        let path = step.map_or_else(|| path.clone(), |step| path.then(step));
        let visits = self.visits.entry((at, is_through_sql(&path))).or_default();
        if *visits < MOST_PATHS {
            *visits += 1;
            let on_path = from.on_path.iter().copied().chain([at]).collect();
            self.ahead.push_back(Visit { at, path, on_path });
        }
    }

    /// Says what is not known of custom SQL, and of other things that may contain some.
    fn judge(
        &mut self,
        link: Ref,
        object: &Object<'a>,
        intermediate: &Intermediate<'a>,
        path: &Path<'a>,
    ) {
        let unsupported = intermediate.unsupported_sql == Some(true);
        // What is null in a list of tables is there, and told as hidden.
        let has_tables = object.links.has_tables() || object.links.nulls.contains_key(&Kind::Table);
        if object.entity.kind == Kind::CustomSql && intermediate.query == Field::Null && !has_tables
        {
            let label = Cow::Owned(format!("custom SQL {}", self.label(link)));
            self.add(Found::Hidden(label, None), path);
            return;
        }
        let reason = match object.entity.kind {
            Kind::CustomSql if unsupported && has_tables => UnreadableSql::PartlyRead,
            Kind::CustomSql if unsupported => UnreadableSql::Unsupported,
            Kind::CustomSql if has_tables => return,
            Kind::CustomSql if intermediate.has_tables => UnreadableSql::NoTables,
            Kind::CustomSql => UnreadableSql::TablesNotListed,
            Kind::VirtualTable if unsupported => UnreadableSql::InVirtualConnection,
            _ => {
                self.unsupported |= unsupported;
                return;
            }
        };
        let database = intermediate
            .database
            .map(|database| self.store.complete_database(database));
        let connection = names::connection(intermediate.connection_type, database);
        let name = self.display_name(object, link);
        let id = self.store.mention(link).id.unwrap_or_default();
        self.add(
            Found::Unreadable {
                name,
                id,
                connection,
                reason,
            },
            path,
        );
    }

    fn add_unresolved(&mut self, kind: Kind, label: Cow<'a, str>, path: &Path<'a>) {
        self.add(Found::Unresolved(Unresolved { kind, label }), path);
    }

    fn add(&mut self, found: Found<'a>, path: &Path<'a>) {
        self.found.push((found, path.clone()));
    }

    fn finish(mut self) -> Reads<'a> {
        for (connection, at) in std::mem::take(&mut self.connections) {
            if !self.answered.contains(&at) && !self.answered.contains(&None) {
                self.add_unresolved(Kind::VirtualConnection, connection, &Path::default());
            }
        }
        let names_it = self
            .found
            .iter()
            .any(|(found, _)| matches!(found, Found::Unreadable { .. }));
        if self.unsupported && !names_it {
            self.gaps.insert(WorkbookGap::UnsupportedSql);
        }
        Reads {
            reads: grouped(self.found),
            gaps: self.gaps,
        }
    }

    /// The step of a path that leads through an object; tables are ends, not steps.
    fn step(&self, object: &Object<'a>, link: Ref) -> Option<Step<'a>> {
        let kind = match object.entity.kind {
            // A page of `datasources` does not tell embedded and published ones apart; who names
            // one may.
            Kind::Datasource => link.kind,
            kind => kind,
        };
        let kind = match kind {
            Kind::Embedded => StepKind::EmbeddedDatasource,
            Kind::Published | Kind::Datasource => StepKind::PublishedDatasource,
            Kind::CustomSql => StepKind::CustomSql,
            Kind::VirtualTable => StepKind::VirtualConnectionTable,
            Kind::Flow => StepKind::Flow,
            Kind::Workbook | Kind::Table | Kind::VirtualConnection => return None,
        };
        let name = self.display_name(object, link);
        Some(Step { kind, name })
    }

    fn display_name(&self, object: &Object<'a>, link: Ref) -> Cow<'a, str> {
        let of_fields = match object.content {
            Content::Intermediate(intermediate) => intermediate.name,
            _ => None,
        };
        Cow::Borrowed(
            of_fields
                .or_else(|| self.store.mention(link).name)
                .unwrap_or_default(),
        )
    }

    /// How a reference is shown: its name, else its id, unless that is one of ours.
    fn label(&self, link: Ref) -> Cow<'a, str> {
        let mention = self.store.mention(link);
        let mut named = [mention.name, mention.luid, mention.id]
            .into_iter()
            .flatten();
        let shown = named.find(|text| !is_made_up(text));
        Cow::Borrowed(shown.unwrap_or("without an id"))
    }
}

/// Each thing once, in order, with all of its paths, the shortest first.
fn grouped<'a>(mut found: Vec<(Found<'a>, Path<'a>)>) -> Vec<Read<'a>> {
    found.sort_by(|(a, to_a), (b, to_b)| {
        a.cmp(b)
            .then_with(|| to_a.0.len().cmp(&to_b.0.len()))
            .then_with(|| to_a.cmp(to_b))
    });
    found.dedup();
    let things = found.chunk_by(|(a, _), (b, _)| a == b);
    let reads = things.map(|paths| Read {
        upstream: paths[0].0.clone().upstream(),
        paths: paths.iter().map(|(_, path)| path.clone()).collect(),
    });
    reads.collect()
}
