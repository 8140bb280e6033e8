//! Deciding between the copies of an object.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::wire::{self, Field};
use super::intake::Told;
use super::versions::{Description, any_two, is_later, keep_latest};
use super::{
    Body, Copy, Differing, Entity, Kind, Links, Object, Ref, Settled, Store, find, is_of_our_own,
};

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
        let mut differing = Differing::new();
        let objects =
            self.entities.into_iter().map(|entity| entity.settle(&mut differing)).collect();
        let databases = self.databases.settle(differing.entry("database").or_default());
        let projects = self.projects.settle(differing.entry("project").or_default());
        differing.retain(|_, labels| !labels.is_empty());
        Settled { objects, names: self.names, owned, connection_of, databases, projects, differing }
    }

    /// Whether a later capture has the object that told this.
    fn is_outdated(&self, told: &Told<'a>) -> bool {
        let copies = find(&self.names, &told.read).map(|at| &self.entities[at].copies);
        copies.is_some_and(|copies| {
            copies.iter().any(|copy| is_later(copy.stamp.0, told.captured_at))
        })
    }
}

impl<'a> Entity<'a> {
    /// Joins the copies: the latest win whole, equally late ones are united.
    fn settle(self, differing: &mut Differing) -> Object<'a> {
        let Self { kind, mention, copies, told, is_other } = self;
        let list_tables = |copies: &[Copy]| copies.iter().any(|copy| copy.links.has_tables());
        let (listed, disagree) = (list_tables(&copies), any_disagree(&copies));
        let (kept, mentions) = choose(copies);
        // Where only copies that do not count list tables, these are lost.
        if disagree || (listed && !list_tables(&kept)) {
            differing.entry(kind.noun()).or_default().push(label(&kept, mention.as_ref()));
        }
        let mut links = told;
        mentions.into_iter().for_each(|copy| links.absorb(copy.links));
        let mut bodies: Vec<Body<'a>> = Vec::new();
        for copy in kept {
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

impl Body<'_> {
    /// Whether it does no more than to name a table that is described elsewhere.
    fn is_mention(&self) -> bool {
        matches!(self, Self::Table(table)
            if (table.id.is_some() || table.luid.is_some())
                && [&table.full_name, &table.schema] == [&Field::Absent; 2]
                && table.connection_type.is_none()
                && table.database.is_none())
    }
}

/// The copies that count, the first to speak first, and mentions that may lead somewhere beside.
fn choose(copies: Vec<Copy>) -> (Vec<Copy>, Vec<Copy>) {
    let (mut kept, mut mentions) =
        copies.into_iter().partition::<Vec<_>, _>(|copy| !copy.body.is_mention());
    keep_latest_copies(&mut kept);
    keep_latest_copies(&mut mentions);
    if kept.is_empty() {
        kept = std::mem::take(&mut mentions);
    }
    mentions.retain(|copy| !kept.iter().any(|one| is_later(one.stamp.0, copy.stamp.0)));
    // A copy whose time is known speaks first.
    kept.sort_by(|a, b| b.stamp.cmp(&a.stamp).then_with(|| a.cmp(b)));
    (kept, mentions)
}

/// Leaves the latest copies: by the time of capture, then by `updatedAt`. The answer to a query
/// that does not ask for `updatedAt` is no older than one that does, and stays beside it.
fn keep_latest_copies(copies: &mut Vec<Copy>) {
    keep_latest(copies, |copy| copy.stamp.0);
    keep_latest(copies, |copy| copy.stamp.1);
}

/// Whether any two copies of one object tell different things. Most are the same but for their time.
fn any_disagree(copies: &[Copy]) -> bool {
    let mut told = copies.iter().map(|copy| (&copy.body, &copy.links)).collect::<Vec<_>>();
    told.sort_unstable();
    told.dedup();
    any_two(&told, |a, b| contradict(a.0, b.0) || cover_differently(a.1, b.1))
}

/// How messages call an object.
fn label(copies: &[Copy], mention: Option<&Cow<str>>) -> String {
    let of_body = copies.iter().find_map(|copy| match &copy.body {
        Body::Workbook(workbook) => workbook.name.as_ref().map(|name| &name.0),
        Body::Table(table) => table.full_name.text().or_else(|| table.name.text()),
        Body::Other(holder) => holder.name.as_ref(),
    });
    of_body.or(mention).map(|label| label.clone().into_owned()).unwrap_or_default()
}

/// Whether two copies give different values for one fact.
fn contradict(a: &Body, b: &Body) -> bool {
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
        (Body::Other(a), Body::Other(b)) => differ(a.name.as_ref(), b.name.as_ref()),
        _ => false,
    }
}

/// Whether two copies both list tables, and not the same ones. Lists that name tables by different
/// ids, as answers to different queries may, cannot be compared.
fn cover_differently(a: &Links, b: &Links) -> bool {
    type Name = for<'r> fn(&'r Ref<'_>) -> Option<&'r str>;
    const NAMES: [Name; 3] = [
        |table| table.id.as_deref().filter(|id| !is_of_our_own(id)),
        |table| table.luid.as_deref(),
        |table| table.id.as_deref().filter(|id| is_of_our_own(id)),
    ];
    fn named<'l>(links: &'l Links, name: Name) -> Option<BTreeSet<&'l str>> {
        links.tables().map(name).collect()
    }
    if !(a.lists.contains(&Kind::Table) && b.lists.contains(&Kind::Table)) {
        return false;
    }
    if !(a.has_tables() && b.has_tables()) {
        return a.has_tables() != b.has_tables();
    }
    NAMES.iter().find_map(|name| Some(named(a, *name)? != named(b, *name)?)).unwrap_or_default()
}

/// Whether two values of one fact are known and not the same.
pub(super) fn differ<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b)
}

pub(super) fn fill<T>(gap: &mut Option<T>, value: Option<T>) {
    if gap.is_none() {
        *gap = value;
    }
}

pub(super) fn fill_field<'a>(gap: &mut Field<'a>, value: Field<'a>) {
    if gap.text().is_none() && value != Field::Absent {
        *gap = value;
    }
}

/// Fills the gaps of one copy from another.
fn complete<'a>(body: &mut Body<'a>, other: Body<'a>) {
    match (body, other) {
        (Body::Table(table), Body::Table(other)) => {
            fill_field(&mut table.name, other.name);
            fill_field(&mut table.full_name, other.full_name);
            fill_field(&mut table.schema, other.schema);
            fill(&mut table.connection_type, other.connection_type);
            complete_database(&mut table.database, other.database);
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
        (Body::Other(holder), Body::Other(other)) => {
            fill(&mut holder.name, other.name);
            fill(&mut holder.unsupported_sql, other.unsupported_sql);
            fill_field(&mut holder.query, other.query);
            holder.has_tables |= other.has_tables;
            fill(&mut holder.connection_type, other.connection_type);
            complete_database(&mut holder.database, other.database);
        }
        _ => {}
    }
}

fn complete_database<'a>(gap: &mut Option<wire::Database<'a>>, value: Option<wire::Database<'a>>) {
    match (gap, value) {
        (Some(database), Some(other)) => database.complete(other),
        (gap, value) => fill(gap, value),
    }
}
