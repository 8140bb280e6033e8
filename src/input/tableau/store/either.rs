//! Objects that may be workbooks or published data sources, since they come without a response around
//! them and have nothing that only one of both has. They are what any other mention calls them, else
//! workbooks: scripts save these more often.

use foldhash::HashSet;

use super::fields::{Intermediate, Workbook};
use super::incoming::Store;
use super::mentions::{Mention, Mentions, Ref};
use super::record::{Fields, Record};
use crate::input::tableau::arena::Interner;
use crate::model::ObjectKind;

/// The luids and ids under which an export names workbooks and data sources.
pub(crate) struct KindsNamed<'a> {
    workbooks: HashSet<&'a str>,
    datasources: HashSet<&'a str>,
}

impl<'a> KindsNamed<'a> {
    /// Those of all mentions but these, whose kind is only assumed; `None` if there are no such.
    pub(crate) fn new<'s>(
        stores: impl Iterator<Item = &'s Store<'a>>,
        mentions: &Mentions<'a>,
    ) -> Option<Self>
    where
        'a: 's,
    {
        let assumed = stores.flat_map(|store| &store.workbooks_or_published);
        let assumed = assumed.copied().map(Ref::index).collect::<HashSet<_>>();
        if assumed.is_empty() {
            return None;
        }
        let known = mentions.all().enumerate();
        let known = known.filter(|(at, _)| !assumed.contains(at));
        let of_kind = |kind: ObjectKind| {
            let keys = known.clone().flat_map(|(_, mention)| mention.keys());
            let keys = keys.filter(move |(family, _)| *family == kind);
            keys.map(|(_, key)| key).collect()
        };
        Some(Self {
            workbooks: of_kind(ObjectKind::Workbook),
            datasources: of_kind(ObjectKind::Datasource),
        })
    }
}

impl<'a> Store<'a> {
    /// Makes data sources of those objects that are named as such. Returns what messages call those
    /// of which nothing says what they are.
    pub(crate) fn settle_kinds(
        &mut self,
        named: &KindsNamed<'a>,
        mentions: &mut Mentions<'a>,
        interner: &mut Interner<'a>,
    ) -> Vec<String> {
        let mut unknown = Vec::new();
        let mut seen = HashSet::default();
        for either in std::mem::take(&mut self.workbooks_or_published) {
            let mention = mentions.get(either);
            let is_in = |named: &HashSet<&str>| mention.keys().any(|(_, key)| named.contains(key));
            if !seen.insert(either) || is_in(&named.workbooks) {
                continue;
            }
            if is_in(&named.datasources) {
                let kind = ObjectKind::Published;
                let datasource = mentions.number(Mention { kind, ..mention }, interner);
                let records = self.records.swap_remove(&either).into_iter().flatten();
                let records = records.map(|record| of_datasource(record, interner));
                self.records.entry(datasource).or_default().extend(records);
            } else {
                unknown.extend(mention.label().map(str::to_owned));
            }
        }
        unknown.sort();
        unknown
    }
}

/// The record of a data source that was taken for a workbook.
fn of_datasource<'a>(record: Record<'a>, interner: &Interner<'a>) -> Record<'a> {
    let Fields::Workbook(Workbook {
        name,
        unsupported_sql,
        ..
    }) = record.fields
    else {
        return record;
    };
    let fields = interner.arena.alloc(Intermediate {
        name: *name,
        unsupported_sql: *unsupported_sql,
        is_described: !record.links.lists.is_empty(),
        ..Intermediate::default()
    });
    Record {
        fields: Fields::Intermediate(fields),
        ..record
    }
}
