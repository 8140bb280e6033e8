//! What stands where in a query: its SELECTs, one in another, and the tables, queries and CTEs that
//! each of them reads.

use std::collections::{BTreeMap, BTreeSet};

use super::outputs::Outputs;
use super::words;
use crate::sql::facts::Facts;
use crate::sql::keywords::Keyword;
use crate::sql::names;
use crate::sql::reader::{Layout, Select, Source};
use crate::sql::reading::Reading;
use crate::sql::tokens::{Kind, Tokens};

/// A query, by its parts.
pub(super) struct Structure<'s, 'a> {
    pub(super) tokens: &'s Tokens<'a>,
    pub(super) facts: &'static Facts,
    /// The SELECTs in the order of the text.
    pub(super) blocks: Vec<Block>,
    /// The SELECTs of each text or bracket, by where that begins.
    pub(super) by_region: BTreeMap<usize, Vec<usize>>,
    /// For each piece: the SELECT that it is in, if it is in one, and whether it is in no further bracket.
    pub(super) places: Vec<(Option<usize>, bool)>,
    /// Pieces that are passed over, each with the one to go on at: names in a table's place, and aliases.
    pub(super) passed_over: BTreeMap<usize, usize>,
    /// Whether everything is of a kind that is understood.
    pub(super) is_plain: bool,
}

/// A SELECT.
pub(super) struct Block {
    pub(super) select: Select,
    /// The SELECT around it whose tables it sees as well.
    pub(super) outer: Option<usize>,
    /// Whether it is a part of no other.
    pub(super) is_top: bool,
    pub(super) sources: Vec<From>,
    pub(super) outputs: Outputs,
}

/// What a SELECT reads.
#[derive(Debug, Clone)]
pub(super) struct From {
    /// The name by which columns are qualified, as databases compare it.
    pub(super) name: Option<String>,
    pub(super) what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A table, by its position in the reading.
    Table(usize),
    /// A query, by where its text begins, and whether its columns get other names.
    Query { region: usize, is_renamed: bool },
    /// A function, rows, or what is not known.
    Other,
}

impl<'s, 'a> Structure<'s, 'a> {
    pub(super) fn new(
        tokens: &'s Tokens<'a>,
        facts: &'static Facts,
        reading: &Reading,
        layout: &Layout,
    ) -> Self {
        let mut selects = layout.selects.clone();
        selects.sort_by_key(|select| (select.start, std::cmp::Reverse(select.end)));
        selects.dedup_by_key(|select| select.start);
        let mut by_region = BTreeMap::<usize, Vec<usize>>::new();
        for (at, select) in selects.iter().enumerate() {
            by_region.entry(select.region).or_default().push(at);
        }
        let mut structure = Self {
            tokens,
            facts,
            places: places(tokens, &selects),
            blocks: selects
                .iter()
                .map(|select| Block {
                    select: *select,
                    outer: None,
                    is_top: false,
                    sources: Vec::new(),
                    outputs: Outputs::default(),
                })
                .collect(),
            by_region,
            passed_over: BTreeMap::new(),
            is_plain: !(0..tokens.len()).any(|at| {
                matches!(tokens.kind(at), Kind::Word(_)) && words::makes_others(tokens.text(at))
                    || tokens.keyword(at) == Keyword::View
            }),
        };
        structure.add_sources(reading, layout);
        structure.add_outer(layout);
        for at in 0..structure.blocks.len() {
            let outputs = Outputs::new(&structure, &structure.blocks[at].select);
            structure.blocks[at].outputs = outputs;
        }
        let tops = structure.blocks.iter().filter(|block| block.is_top);
        let tops = tops
            .map(|block| block.select.region)
            .collect::<BTreeSet<_>>();
        structure.is_plain &= tops.len() == 1;
        structure
    }

    fn add_sources(&mut self, reading: &Reading, layout: &Layout) {
        let ctes = self.ctes(layout);
        let mut sources = layout.sources.clone();
        sources.sort_by_key(|source| source.at);
        sources.dedup_by_key(|source| source.at);
        for source in &sources {
            let Some((Some(block), _)) = self.places.get(source.at).copied() else {
                self.is_plain = false;
                continue;
            };
            let is_bracket = self.tokens.sign(source.at) == b'(';
            if !is_bracket {
                self.passed_over.insert(source.at, self.end_of_name(source));
            }
            let alias = self.alias(source);
            let what = self.what(
                source,
                reading,
                &ctes,
                alias.is_some_and(|alias| self.tokens.sign(alias + 1) == b'('),
            );
            if let Some(alias) = alias {
                self.passed_over
                    .insert(alias, self.tokens.behind_bracket(alias + 1));
            }
            // `t a WITH (NOLOCK)`
            let hints = alias.map_or(source.behind, |alias| alias + 1);
            if self.tokens.keyword(hints) == Keyword::With && self.tokens.sign(hints + 1) == b'(' {
                self.passed_over
                    .insert(hints, self.tokens.behind_bracket(hints + 1));
            }
            let Some(what) = what else {
                // A list of tables in brackets: each stands for itself.
                continue;
            };
            let name = match alias {
                Some(alias) => self.key(alias),
                None if is_bracket => None,
                None => self.own_name(source),
            };
            self.blocks[block].sources.push(From { name, what });
        }
    }

    /// The CTEs by name: the place where the query of each begins, and whether it names its columns
    /// itself; `None` if there are several of the name.
    fn ctes(&mut self, layout: &Layout) -> BTreeMap<String, Option<What>> {
        let mut ctes = BTreeMap::new();
        for with in &layout.withs {
            let Some(key) = self.key(with.name) else {
                continue;
            };
            let cte = self.query_in(with.body).map(|region| What::Query {
                region,
                is_renamed: self.tokens.sign(with.name + 1) == b'(' && with.name + 1 != with.body,
            });
            ctes.entry(key)
                .and_modify(|known| *known = None)
                .or_insert(cte);
        }
        ctes
    }

    /// Where the query begins that is in a bracket, be it in further ones.
    fn query_in(&self, bracket: usize) -> Option<usize> {
        let mut at = bracket;
        loop {
            let (inside, _) = self.tokens.bracket(at)?;
            if self.by_region.contains_key(&inside.start) {
                return Some(inside.start);
            }
            at = inside.start;
            if self.tokens.sign(at) != b'(' {
                return None;
            }
        }
    }

    fn what(
        &self,
        source: &Source,
        reading: &Reading,
        ctes: &BTreeMap<String, Option<What>>,
        is_renamed: bool,
    ) -> Option<What> {
        if self.tokens.sign(source.at) == b'(' {
            if let Some(region) = self.query_in(source.at) {
                return Some(What::Query { region, is_renamed });
            }
            let is_rows = self.tokens.keyword(source.at + 1) == Keyword::Values;
            return is_rows.then_some(What::Other);
        }
        let stretch = self.tokens.position(source.at)..self.tokens.position(source.behind);
        let mut tables = reading.tables.iter();
        if let Some(table) = tables.position(|table| stretch.contains(&table.position)) {
            return Some(if is_renamed {
                What::Other
            } else {
                What::Table(table)
            });
        }
        let cte = self
            .own_name(source)
            .and_then(|name| ctes.get(&name).copied());
        Some(match cte.flatten() {
            Some(What::Query { region, .. }) if is_renamed => What::Query { region, is_renamed },
            Some(cte) => cte,
            None => What::Other,
        })
    }

    /// Where the alias of a source stands, if it has one.
    fn alias(&self, source: &Source) -> Option<usize> {
        let is_as = self.tokens.keyword(source.behind) == Keyword::As;
        let at = source.behind + usize::from(is_as);
        let is_alias =
            self.tokens.is_name(at) && (is_as || !self.tokens.keyword(at).follows_table());
        is_alias.then_some(at)
    }

    /// The last part of the name that stands there.
    fn own_name(&self, source: &Source) -> Option<String> {
        let path = names::path(self.tokens, self.facts, source.at)?;
        let last = path.parts.last()?;
        Some(names::key(self.facts, std::slice::from_ref(last)))
    }

    fn end_of_name(&self, source: &Source) -> usize {
        let path = names::path(self.tokens, self.facts, source.at);
        path.map_or(source.at + 1, |path| path.next.min(source.behind))
    }

    /// One name, as databases compare it.
    pub(super) fn key(&self, at: usize) -> Option<String> {
        let path = names::path(self.tokens, self.facts, at)?;
        let first = path.parts.first()?;
        Some(names::key(self.facts, std::slice::from_ref(first)))
    }

    /// Finds the SELECT around each, unless it is a query in a table's place, which sees no other tables.
    fn add_outer(&mut self, layout: &Layout) {
        let mut alone = BTreeSet::new();
        for with in &layout.withs {
            alone.extend(self.query_in(with.body));
        }
        let mut lateral = BTreeSet::new();
        for source in &layout.sources {
            if self.tokens.sign(source.at) == b'(' {
                let region = self.query_in(source.at);
                if source.is_lateral {
                    lateral.extend(region);
                } else {
                    alone.extend(region);
                }
            }
        }
        for at in 0..self.blocks.len() {
            let Select { start, region, .. } = self.blocks[at].select;
            // The bracket itself is a piece of the SELECT around.
            let around = region
                .checked_sub(1)
                .and_then(|bracket| self.places[bracket].0);
            let around = around.filter(|around| self.blocks[*around].select.start < start);
            let is_alone = alone.contains(&region);
            self.blocks[at].is_top = around.is_none() && !is_alone;
            self.blocks[at].outer = around.filter(|_| !is_alone || lateral.contains(&region));
        }
    }

    /// The SELECTs of the text that is read.
    pub(super) fn tops(&self) -> impl Iterator<Item = usize> {
        let blocks = self.blocks.iter().enumerate();
        blocks.filter(|(_, block)| block.is_top).map(|(at, _)| at)
    }
}

/// For each piece the innermost SELECT around it, and whether no bracket is between.
fn places(tokens: &Tokens, selects: &[Select]) -> Vec<(Option<usize>, bool)> {
    let mut places = Vec::with_capacity(tokens.len());
    // Where each ends, and which SELECT it is; `None` for a bracket.
    let mut open = Vec::<(usize, Option<usize>)>::new();
    let mut next = 0;
    for at in 0..tokens.len() {
        while open.last().is_some_and(|(end, _)| *end <= at) {
            open.pop();
        }
        if selects.get(next).is_some_and(|select| select.start == at) {
            open.push((selects[next].end, Some(next)));
            next += 1;
        }
        let is_direct = open.last().is_some_and(|(_, select)| select.is_some());
        let select = open.iter().rev().find_map(|(_, select)| *select);
        places.push((select, is_direct));
        if let Some((inside, _)) = tokens.bracket(at) {
            open.push((inside.end, None));
        }
    }
    places
}
