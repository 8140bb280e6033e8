//! Fields, followed to the columns that they come from, through calculations of any depth.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};
use rayon::prelude::*;

use super::sheets::keep_latest;
use crate::input::tableau::store::{
    FieldFacts, FieldKind, FieldRef, IdHash, Merged, ObjectIx, Origin,
};
use crate::model::ObjectKind;

/// A column: the object that has it, and its name.
pub(super) type Column<'a> = (ObjectIx, &'a str);

/// All fields of a site that count.
pub(super) struct Graph<'s, 'm, 'a> {
    store: &'s Merged<'m, 'a>,
    fields: Vec<Field<'s, 'a>>,
    /// Positions of fields by the hash of their id.
    by_id: Index<IdHash>,
    /// Positions of fields by data source and name.
    by_name: Index<(ObjectIx, &'a str)>,
    datasources: HashMap<ObjectIx, OfDatasource<'a>>,
}

/// Positions of fields by a key: there may be millions, so they stand in one list in order.
struct Index<K>(Vec<(K, usize)>);

impl<K: Ord + Copy + Send> Index<K> {
    fn new(mut entries: Vec<(K, usize)>) -> Self {
        entries.par_sort_unstable();
        Self(entries)
    }

    fn get(&self, key: K) -> impl Iterator<Item = usize> {
        let from = self.0.partition_point(|(other, _)| *other < key);
        let found = self.0[from..].iter();
        let found = found.take_while(move |(other, _)| *other == key);
        found.map(|(_, at)| *at)
    }
}

/// One copy of a field.
#[derive(Clone, Copy)]
struct Field<'s, 'a> {
    facts: &'s FieldFacts<'a>,
    datasource: Option<ObjectIx>,
}

/// The fields of a data source.
#[derive(Default)]
struct OfDatasource<'a> {
    fields: Vec<usize>,
    /// Whether these are all.
    has_all: bool,
    /// Whether all of them show where they come from.
    is_told: bool,
    /// The columns that they come from directly, each with the name of the field.
    columns: Vec<(Column<'a>, Option<&'a str>)>,
}

/// The columns that a field comes from.
pub(super) struct Origins<'a> {
    /// The name of the field.
    pub(super) name: Option<&'a str>,
    pub(super) columns: BTreeSet<Column<'a>>,
    /// Whether it comes from no other ones.
    pub(super) is_whole: bool,
}

impl<'s, 'm, 'a> Graph<'s, 'm, 'a> {
    /// `has_all`: the export lists all fields of the site.
    pub(super) fn new(store: &'s Merged<'m, 'a>, has_all: bool) -> Self {
        let mut lists = BTreeMap::<ObjectIx, Vec<_>>::new();
        for list in &store.columns.lists {
            if let Some(datasource) = store.find(list.datasource) {
                lists.entry(datasource).or_default().push(list);
            }
        }
        let mut graph = Self {
            store,
            fields: Vec::new(),
            by_id: Index(Vec::new()),
            by_name: Index(Vec::new()),
            datasources: HashMap::default(),
        };
        for (datasource, mut lists) in lists {
            keep_latest(&mut lists, |list| list.captured_at);
            let from = graph.fields.len();
            let is_whole = has_all || lists.iter().any(|list| list.is_whole);
            for facts in lists.iter().flat_map(|list| &list.fields) {
                let datasource = Some(datasource);
                graph.fields.push(Field { facts, datasource });
            }
            let of_datasource = OfDatasource {
                fields: (from..graph.fields.len()).collect(),
                has_all: is_whole,
                ..OfDatasource::default()
            };
            graph.datasources.insert(datasource, of_datasource);
        }
        for facts in store.columns.sheets.iter().flat_map(|sheet| &sheet.fields) {
            let datasource = facts.datasource.and_then(|one| store.find(one));
            graph.fields.push(Field { facts, datasource });
        }
        let fields = || graph.fields.iter().enumerate();
        let by_id = fields().filter_map(|(at, field)| Some((field.facts.id?, at)));
        let by_name = fields().filter_map(|(at, field)| {
            let key = (field.datasource?, field.facts.name?);
            Some((key, at))
        });
        let (by_id, by_name) = (by_id.collect(), by_name.collect());
        (graph.by_id, graph.by_name) = (Index::new(by_id), Index::new(by_name));
        graph.fill_datasources();
        graph
    }

    fn fill_datasources(&mut self) {
        let mut datasources = std::mem::take(&mut self.datasources);
        datasources.par_iter_mut().for_each(|(_, datasource)| {
            let mut columns = BTreeSet::new();
            datasource.is_told = datasource.has_all && !datasource.fields.is_empty();
            for field in &datasource.fields {
                let facts = self.fields[*field].facts;
                let same = self.same(facts, self.fields[*field].datasource);
                datasource.is_told &=
                    facts.kind == FieldKind::Derived || self.next(&same).is_some();
                let direct = same.iter().flat_map(|at| self.columns(*at));
                columns.extend(direct.map(|column| (column, facts.name)));
            }
            datasource.columns = columns.into_iter().collect();
            datasource.fields = Vec::new();
        });
        self.datasources = datasources;
    }

    /// The columns of the fields of a data source, each with the name of the field.
    pub(super) fn columns_of(
        &self,
        datasource: ObjectIx,
    ) -> impl Iterator<Item = &(Column<'a>, Option<&'a str>)> {
        let found = self.datasources.get(&datasource);
        found.into_iter().flat_map(|datasource| &datasource.columns)
    }

    /// Whether the export shows all fields of a data source, and where all of them come from.
    pub(super) fn is_told(&self, datasource: ObjectIx) -> bool {
        let found = self.datasources.get(&datasource);
        found.is_some_and(|datasource| datasource.is_told)
    }

    /// Follows a field to the columns that it comes from.
    pub(super) fn origins(&self, field: &FieldFacts<'a>) -> Origins<'a> {
        let datasource = field.datasource.and_then(|one| self.store.find(one));
        let mut waiting = vec![self.same(field, datasource)];
        let name = field.name.or_else(|| {
            let mut names = waiting[0].iter().map(|at| self.fields[*at].facts.name);
            names.find_map(|name| name)
        });
        let mut origins = Origins {
            name,
            columns: BTreeSet::new(),
            is_whole: !waiting[0].is_empty(),
        };
        // Calculations may run in circles in a damaged export.
        let mut seen = HashSet::<usize>::default();
        while let Some(same) = waiting.pop() {
            let before = seen.len();
            seen.extend(&same);
            if seen.len() == before {
                continue;
            }
            let columns = same.iter().flat_map(|at| self.columns(*at));
            origins.columns.extend(columns);
            match self.next(&same) {
                Some(next) => waiting.extend(next),
                None => {
                    origins.is_whole = false;
                    let inputs = same.iter().flat_map(|at| self.inputs(*at));
                    waiting.extend(inputs.filter(|input| !input.is_empty()));
                }
            }
        }
        origins
    }

    /// All copies of a field: those with its id, and those with its name in its data source.
    fn same(&self, field: &FieldFacts<'a>, datasource: Option<ObjectIx>) -> Vec<usize> {
        self.find(
            &FieldRef {
                id: field.id,
                name: field.name,
                datasource: None,
            },
            datasource,
        )
    }

    /// All copies of the field that is meant. Of two copies one may have the id alone, and the other the
    /// name, while a third has both.
    fn find(&self, field: &FieldRef<'a>, datasource: Option<ObjectIx>) -> Vec<usize> {
        let found = self.known_as(field.id, datasource.zip(field.name));
        let mut all = found.clone();
        for at in found {
            let Field { facts, datasource } = self.fields[at];
            all.extend(self.known_as(facts.id, datasource.zip(facts.name)));
        }
        all.into_iter().collect()
    }

    fn known_as(&self, id: Option<IdHash>, name: Option<(ObjectIx, &'a str)>) -> BTreeSet<usize> {
        let by_id = id.into_iter().flat_map(|id| self.by_id.get(id));
        let by_name = name.into_iter().flat_map(|name| self.by_name.get(name));
        by_id.chain(by_name).collect()
    }

    fn columns(&self, at: usize) -> impl Iterator<Item = Column<'a>> {
        let columns = self.fields[at].facts.columns.iter();
        columns.filter_map(|(name, table)| Some((self.store.find(*table)?, *name)))
    }

    /// The fields that one copy of a field is made of, as far as they are known.
    fn inputs(&self, at: usize) -> impl Iterator<Item = Vec<usize>> {
        let Field { facts, datasource } = self.fields[at];
        facts.inputs.iter().map(move |input| {
            let named = input.datasource.and_then(|one| self.store.find(one));
            let datasource = named.or(datasource);
            let found = self.find(input, datasource);
            if found.is_empty() {
                self.in_published(input.name, datasource)
            } else {
                found
            }
        })
    }

    /// The field of this name in the published data sources behind a data source.
    fn in_published(&self, name: Option<&'a str>, datasource: Option<ObjectIx>) -> Vec<usize> {
        let Some((name, datasource)) = name.zip(datasource) else {
            return Vec::new();
        };
        let links = self.store.object(datasource).links.upstream.iter();
        let published = links
            .filter(|link| matches!(link.kind, ObjectKind::Published | ObjectKind::Datasource));
        let published = published.filter_map(|link| self.store.find(*link));
        let name = Some(name);
        let found = published.flat_map(|one| {
            let field = FieldRef {
                id: None,
                name,
                datasource: None,
            };
            self.find(&field, Some(one))
        });
        found.collect()
    }

    /// The fields that a field is made of beside its columns; `None` if not all are known.
    fn next(&self, same: &[usize]) -> Option<Vec<Vec<usize>>> {
        let mut next = Vec::new();
        let mut is_known = false;
        for at in same {
            let facts = self.fields[*at].facts;
            let inputs = self.inputs(*at).collect::<Vec<_>>();
            is_known |= match facts.origin {
                Origin::Nothing => true,
                Origin::Shown if !facts.columns.is_empty() => self.has_all_tables(facts),
                Origin::Shown => inputs.iter().all(|input| !input.is_empty()),
                Origin::NotTold => false,
            };
            next.extend(inputs.into_iter().filter(|input| !input.is_empty()));
        }
        let is_remote = |at: &&usize| self.fields[**at].facts.kind == FieldKind::Remote;
        if !is_known && let Some(remote) = same.iter().find(is_remote) {
            let Field { facts, datasource } = self.fields[*remote];
            let found = self.in_published(facts.name, datasource);
            is_known = !found.is_empty();
            next.push(found);
        }
        is_known.then_some(next)
    }

    fn has_all_tables(&self, facts: &FieldFacts) -> bool {
        let mut tables = facts.columns.iter();
        tables.all(|(_, table)| self.store.find(*table).is_some())
    }
}
