//! The data sources of a site, for runs that ask which of them are extracts.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rayon::prelude::*;

use super::lineage::{self, Lineage, Shared, Survey};
use super::store::{Content, Intermediate, Merged, ObjectIx};
use crate::model::{Datasource, Holder, ObjectKind, SiteId, StepKind, luid};

/// All data sources of a site, each with what it reads itself. Parts of a workbook without a luid are
/// not among them, since nobody can name that workbook.
pub(super) fn of_site<'a>(
    merged: &Merged<'_, 'a>,
    survey: &Survey<'_, 'a>,
    shared: &Shared<'a>,
    site: &SiteId,
) -> Vec<Datasource<'a>> {
    let found = Found::new(merged);
    let embedded = found.embedded.iter();
    let embedded = embedded.map(|(at, workbook)| (*at, Some(*workbook)));
    let published = merged.positions();
    let published = published.filter(|at| merged.object(*at).entity.kind == ObjectKind::Published);
    let all = embedded.chain(published.map(|at| (at, None)));
    let all = all.collect::<Vec<_>>().into_par_iter();
    all.map(|(at, workbook)| {
        let lineage = lineage::trace_datasource(merged, survey, shared, at);
        let readers = match workbook {
            Some(workbook) => vec![Cow::Borrowed(workbook)],
            None => found.readers_of(at),
        };
        describe(merged, lineage, at, workbook, readers, site)
    })
    .collect()
}

/// Who holds and who reads data sources.
#[derive(Default)]
struct Found<'a> {
    /// The data sources inside workbooks, each with the luid of its workbook.
    embedded: BTreeSet<(ObjectIx, &'a str)>,
    /// The luids of the workbooks that read published data sources.
    readers: BTreeMap<ObjectIx, BTreeSet<&'a str>>,
}

impl<'a> Found<'a> {
    fn new(merged: &Merged<'_, 'a>) -> Self {
        let mut found = Self::default();
        for at in merged.workbooks() {
            if let Content::Workbook(fields) = merged.object(at).content
                && let Some(luid) = fields.luid.filter(|luid| !luid.trim().is_empty())
            {
                found.add(merged, at, luid);
            }
        }
        found
    }

    /// Adds the data sources upstream of a workbook, or of a data source in it.
    fn add(&mut self, merged: &Merged<'_, 'a>, reader: ObjectIx, workbook: &'a str) {
        let links = merged.object(reader).links.upstream.iter();
        for at in links.filter_map(|link| merged.find(*link)) {
            match merged.object(at).entity.kind {
                ObjectKind::Published => {
                    self.readers.entry(at).or_default().insert(workbook);
                }
                ObjectKind::Embedded if self.embedded.insert((at, workbook)) => {
                    self.add(merged, at, workbook);
                }
                _ => {}
            }
        }
    }

    fn readers_of(&self, published: ObjectIx) -> Vec<Cow<'a, str>> {
        let readers = self.readers.get(&published).into_iter().flatten();
        readers.map(|luid| Cow::Borrowed(*luid)).collect()
    }
}

fn describe<'a>(
    merged: &Merged<'_, 'a>,
    lineage: Lineage<'a>,
    at: ObjectIx,
    workbook: Option<&'a str>,
    readers: Vec<Cow<'a, str>>,
    site: &SiteId,
) -> Datasource<'a> {
    let object = merged.object(at);
    let unknown = Intermediate::default();
    let fields = match object.content {
        Content::Intermediate(fields) => fields,
        _ => &unknown,
    };
    let name = fields.name.or_else(|| object.entity.label());
    let is_on_published = match workbook {
        None => Some(false),
        Some(_) => {
            let mut upstream = object.links.upstream.iter();
            let is_listed = object.links.lists.contains(ObjectKind::Published);
            let is_on = upstream.any(|link| link.kind == ObjectKind::Published);
            (is_on || is_listed).then_some(is_on)
        }
    };
    Datasource {
        site: site.clone(),
        holder: match workbook {
            Some(workbook) => Holder::Workbook(Cow::Borrowed(workbook)),
            None => Holder::Published(fields.luid.map(Cow::Borrowed)),
        },
        name: Cow::Borrowed(name.unwrap_or_default()),
        has_extracts: fields.has_extracts,
        is_on_published,
        is_by_flow: is_by_flow(&lineage),
        refreshed_at: fields.refreshed_at.map(Timestamp::as_second),
        readers,
        reads: lineage.reads,
        custom_sql: lineage.custom_sql,
        gaps: lineage.gaps.into_iter().collect(),
    }
}

/// Whether every way out of a data source leads into a flow first.
fn is_by_flow(lineage: &Lineage) -> bool {
    let reads = lineage.reads.iter().flat_map(|read| &read.paths);
    let sql = lineage.custom_sql.iter().flat_map(|read| &read.paths);
    let mut paths = reads.chain(sql).peekable();
    paths.peek().is_some()
        && paths.all(|path| {
            let first = path.steps().first();
            first.is_some_and(|step| step.kind == StepKind::Flow)
        })
}

/// The data sources of all sites in order, each published one once.
pub(super) fn unite(mut all: Vec<Datasource>) -> Vec<Datasource> {
    let key = |one: &Datasource| match &one.holder {
        Holder::Workbook(workbook) => (0, luid::identity(workbook).into_owned()),
        Holder::Published(of) => (
            1,
            luid::identity(of.as_deref().unwrap_or_default()).into_owned(),
        ),
    };
    // A known site sorts after an unknown one, and is the one that stays.
    all.sort_by(|one, other| {
        (key(one), &one.name, &one.site).cmp(&(key(other), &other.name, &other.site))
    });
    let mut united: Vec<Datasource> = Vec::with_capacity(all.len());
    for one in all {
        let is_same = |last: &&mut Datasource| {
            matches!(&one.holder, Holder::Published(Some(_)))
                && key(last) == key(&one)
                && !last.site.contradicts(&one.site)
        };
        match united.last_mut().filter(is_same) {
            Some(last) => absorb(last, one),
            None => united.push(one),
        }
    }
    united
}

/// Adds what another export says of the same data source.
fn absorb<'a>(known: &mut Datasource<'a>, other: Datasource<'a>) {
    let other_site = other.site;
    known.site = other_site.or(&known.site);
    known.has_extracts = known.has_extracts.or(other.has_extracts);
    known.is_by_flow &= other.is_by_flow;
    known.refreshed_at = known.refreshed_at.max(other.refreshed_at);
    known.readers.extend(other.readers);
    known.readers.sort();
    known.readers.dedup();
    known.reads.extend(other.reads);
    known.reads.sort_by(|a, b| a.upstream.cmp(&b.upstream));
    known.reads.dedup_by(|a, b| a.upstream == b.upstream);
    known.custom_sql.extend(other.custom_sql);
    known.gaps.extend(other.gaps);
    known.gaps.sort();
    known.gaps.dedup();
}
