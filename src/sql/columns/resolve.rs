//! Finds the tables that a name may be a column of.

use std::collections::BTreeSet;

use super::structure::{From, Structure, What};

/// Queries in queries, each passing all columns on, are followed so far.
const DEEPEST: usize = 64;

/// Tables that a name may be a column of, each with whether that is certain.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) found: Vec<(usize, bool)>,
    /// Whether it may be something else.
    pub(super) is_open: bool,
}

impl Structure<'_, '_> {
    /// The tables that a name without qualifier may be a column of.
    pub(super) fn unqualified(&self, block: usize, name: &str) -> Tables {
        let mut tables = Tables::default();
        let mut next = Some(block);
        let mut all = Vec::new();
        while let Some(at) = next {
            all.extend(&self.blocks[at].sources);
            next = self.blocks[at].outer;
        }
        let is_only = all.len() == 1;
        for source in all {
            self.in_source(source, name, is_only, 0, &mut tables);
        }
        tables
    }

    /// The tables that a name behind a qualifier may be a column of; `None` if nothing is called so.
    pub(super) fn qualified(&self, block: usize, qualifier: &str, name: &str) -> Option<Tables> {
        let sources = self.called(block, qualifier);
        if sources.is_empty() {
            return None;
        }
        let mut tables = Tables::default();
        let is_only = sources.len() == 1;
        for source in sources {
            self.in_source(source, name, is_only, 0, &mut tables);
        }
        Some(tables)
    }

    /// What is called so in a SELECT, or else in the one around it.
    pub(super) fn called(&self, block: usize, qualifier: &str) -> Vec<&From> {
        let mut next = Some(block);
        while let Some(at) = next {
            let sources = self.blocks[at].sources.iter();
            let named = sources.filter(|source| source.name.as_deref() == Some(qualifier));
            let named = named.collect::<Vec<_>>();
            if !named.is_empty() {
                return named;
            }
            next = self.blocks[at].outer;
        }
        Vec::new()
    }

    fn in_source(&self, source: &From, name: &str, is_sure: bool, depth: usize, to: &mut Tables) {
        match source.what {
            What::Table(table) => to.found.push((table, is_sure)),
            What::Other => to.is_open = true,
            What::Query { region, is_renamed } => {
                let is_known = depth < DEEPEST && !is_renamed;
                to.is_open |= !is_known;
                if is_known {
                    self.in_query(region, name, is_sure, depth + 1, to);
                }
            }
        }
    }

    /// The tables whose column a query passes on under this name. A name that it returns itself is no
    /// column of a table here; what it is made of is named there.
    fn in_query(&self, region: usize, name: &str, is_sure: bool, depth: usize, to: &mut Tables) {
        let blocks = self.by_region.get(&region).map_or(&[][..], Vec::as_slice);
        let is_only_block = blocks.len() == 1;
        for block in blocks {
            if self.blocks[*block].outputs.names.contains(name) {
                to.is_open = true;
                continue;
            }
            let sources = self.starred(*block);
            let is_sure = is_sure && is_only_block && sources.len() == 1;
            for source in sources {
                self.in_source(source, name, is_sure, depth, to);
            }
        }
    }

    /// Everything of which a SELECT returns all columns.
    fn starred(&self, block: usize) -> Vec<&From> {
        let of = &self.blocks[block];
        let stars = of.outputs.stars.iter();
        let sources = stars.flat_map(|star| match star {
            None => of.sources.iter().collect(),
            Some(qualifier) => self.called(block, qualifier),
        });
        sources.collect()
    }

    /// The tables of which a query returns all columns. `unclear` gets those whose columns are counted, as
    /// those of two queries that are joined by UNION.
    pub(super) fn passed(
        &self,
        region: usize,
        depth: usize,
        passed: &mut BTreeSet<usize>,
        unclear: &mut BTreeSet<usize>,
    ) {
        let blocks = self.by_region.get(&region).map_or(&[][..], Vec::as_slice);
        let mut found = BTreeSet::new();
        for block in blocks {
            for source in self.starred(*block) {
                match source.what {
                    What::Table(table) => {
                        found.insert(table);
                    }
                    What::Query { region, is_renamed } if depth < DEEPEST => {
                        let mut inside = BTreeSet::new();
                        self.passed(region, depth + 1, &mut inside, unclear);
                        if is_renamed {
                            unclear.extend(&inside);
                        }
                        found.extend(inside);
                    }
                    What::Query { .. } | What::Other => {}
                }
            }
        }
        if blocks.len() > 1 {
            unclear.extend(&found);
        }
        passed.extend(found);
    }

    /// All tables that a SELECT reads, also through queries that pass all columns on.
    pub(super) fn tables_of(&self, source: &From, to: &mut BTreeSet<usize>) {
        match source.what {
            What::Table(table) => {
                to.insert(table);
            }
            What::Query { region, .. } => self.passed(region, 0, to, &mut BTreeSet::new()),
            What::Other => {}
        }
    }
}
