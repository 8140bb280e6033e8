//! Deciding between the copies of an object.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::super::wire::{self, Field};
use super::intake::Told;
use super::{Body, Entity, Kind, Links, Object, Settled, Store, find};

impl<'a> Store<'a> {
    /// Ends the intake: joins the copies of each object.
    pub(in crate::input::tableau) fn settle(mut self) -> Settled<'a> {
        let mut told = std::mem::take(&mut self.told);
        told.retain(|told| !self.is_outdated(told));
        for Told { reader, read, .. } in &told {
            let at = self.entity(reader);
            self.entities[at].told.upstream.insert(read.clone());
        }
        let members = std::mem::take(&mut self.members);
        for (table, connection) in &members {
            self.entity(table);
            self.entity(connection);
        }
        for (workbook, path) in std::mem::take(&mut self.views) {
            let at = self.entity(&workbook);
            self.entities[at].told.views.insert(path);
        }
        // From here on no two objects turn out to be one, so that positions stay.
        let connection_of = members.iter().filter_map(|(table, connection)| {
            Some((find(&self.names, table)?, find(&self.names, connection)?))
        });
        let connection_of = connection_of.collect();
        let sql_with_reader = told.iter().filter(|told| {
            told.read.kind == Kind::CustomSql && told.reader.kind != Kind::CustomSql
        });
        let owned = sql_with_reader.filter_map(|told| find(&self.names, &told.read)).collect();
        let mut differing = BTreeMap::new();
        let objects =
            self.entities.into_iter().map(|entity| entity.settle(&mut differing)).collect();
        Settled {
            objects,
            names: self.names,
            owned,
            connection_of,
            databases: self.databases,
            projects: self.projects,
            differing,
        }
    }

    /// Whether a later capture has the object that told this.
    fn is_outdated(&self, told: &Told<'a>) -> bool {
        let copies = find(&self.names, &told.read).map(|at| &self.entities[at].copies);
        copies.is_some_and(|copies| copies.iter().any(|copy| copy.stamp.0 > told.captured_at))
    }
}

impl<'a> Entity<'a> {
    /// Joins the copies: the latest win whole, equally late ones are united.
    fn settle(self, differing: &mut BTreeMap<Kind, usize>) -> Object<'a> {
        let Self { kind, mention, mut copies, told, is_other } = self;
        let latest = copies.iter().map(|copy| copy.stamp).max();
        let differ = copies.windows(2).any(|pair| {
            contradict(&pair[0].body, &pair[1].body)
                || cover_differently(&pair[0].links, &pair[1].links)
        });
        if differ {
            *differing.entry(kind).or_default() += 1;
        }
        copies.retain(|copy| Some(copy.stamp) == latest);
        copies.sort();
        let mut links = told;
        let mut bodies: Vec<Body<'a>> = Vec::new();
        for copy in copies {
            links.absorb(copy.links);
            // Workbooks have one title and one owner; a table may come as two tables.
            let fits = |body: &&mut Body<'a>| {
                !matches!(body, Body::Table(_)) || !contradict(body, &copy.body)
            };
            match bodies.iter_mut().find(fits) {
                Some(body) => complete(body, copy.body),
                None => bodies.push(copy.body),
            }
        }
        Object { kind, mention, is_other, bodies, links }
    }
}

/// Whether two copies give different values for one fact.
fn contradict(a: &Body, b: &Body) -> bool {
    fn differ<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
        matches!((a, b), (Some(a), Some(b)) if a != b)
    }
    match (a, b) {
        (Body::Table(a), Body::Table(b)) => {
            let database = |table: &wire::Table<'_>| {
                table
                    .database
                    .as_ref()
                    .and_then(|database| database.name.text().map(|name| name.clone().into_owned()))
            };
            differ(a.full_name.text(), b.full_name.text())
                || differ(a.name.text(), b.name.text())
                || differ(a.schema.text(), b.schema.text())
                || differ(a.connection_type.as_ref(), b.connection_type.as_ref())
                || differ(database(a).as_ref(), database(b).as_ref())
        }
        (Body::Workbook(a), Body::Workbook(b)) => {
            differ(a.name.as_ref(), b.name.as_ref())
                || differ(a.description.as_ref(), b.description.as_ref())
                || differ(a.project_name.as_ref(), b.project_name.as_ref())
                || differ(a.updated_at.as_ref(), b.updated_at.as_ref())
        }
        (Body::Other { name: a, .. }, Body::Other { name: b, .. }) => {
            differ(a.as_ref(), b.as_ref())
        }
        _ => false,
    }
}

/// Whether two copies both list tables, and not the same ones.
fn cover_differently(a: &Links, b: &Links) -> bool {
    let tables = |links: &Links| {
        links
            .upstream
            .iter()
            .filter(|link| link.kind == Kind::Table)
            .map(|link| link.id.clone().map(Cow::into_owned))
            .collect::<Vec<_>>()
    };
    let (a, b) = (tables(a), tables(b));
    !a.is_empty() && !b.is_empty() && a != b
}

/// Fills the gaps of one copy from another.
fn complete<'a>(body: &mut Body<'a>, other: Body<'a>) {
    fn fill<T>(gap: &mut Option<T>, value: Option<T>) {
        if gap.is_none() {
            *gap = value;
        }
    }
    fn fill_field<'a>(gap: &mut Field<'a>, value: Field<'a>) {
        if gap.text().is_none() && value != Field::Absent {
            *gap = value;
        }
    }
    match (body, other) {
        (Body::Table(table), Body::Table(other)) => {
            fill_field(&mut table.name, other.name);
            fill_field(&mut table.full_name, other.full_name);
            fill_field(&mut table.schema, other.schema);
            fill(&mut table.connection_type, other.connection_type);
            match (&mut table.database, other.database) {
                (Some(database), Some(other)) => {
                    fill_field(&mut database.name, other.name);
                    fill(&mut database.connection_type, other.connection_type);
                }
                (gap, value) => fill(gap, value),
            }
        }
        (Body::Workbook(workbook), Body::Workbook(other)) => {
            fill(&mut workbook.luid, other.luid);
            fill(&mut workbook.name, other.name);
            fill(&mut workbook.description, other.description);
            fill(&mut workbook.uri, other.uri);
            fill(&mut workbook.vizportal_url_id, other.vizportal_url_id);
            fill(&mut workbook.project_name, other.project_name);
            fill(&mut workbook.project_luid, other.project_luid);
            fill(&mut workbook.container_type, other.container_type);
            fill(
                &mut workbook.contains_unsupported_custom_sql,
                other.contains_unsupported_custom_sql,
            );
            fill(&mut workbook.created_at, other.created_at);
            fill(&mut workbook.owner, other.owner);
            workbook.tags.items.extend(other.tags.items);
        }
        (
            Body::Other { name, unsupported_sql, query, has_tables },
            Body::Other { name: n, unsupported_sql: u, query: q, has_tables: h },
        ) => {
            fill(name, n);
            fill(unsupported_sql, u);
            fill_field(query, q);
            *has_tables |= h;
        }
        _ => {}
    }
}
