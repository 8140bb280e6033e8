//! Goes through a query, bracket by bracket, and finds the names in a table's place.
//!
//! Every bracket is a region that is read on its own, at any time, since what is found are facts
//! about places in the text: so nothing here is recursive. A region is read piece by piece; where it
//! stands decides how it begins ([`Place`]), and keywords decide what comes next ([`Clause`]).

mod brackets;
mod changes;
mod clauses;
mod ctes;
mod functions;
mod layout;
mod lists;
mod notes;
mod state;
mod statements;

use std::collections::BTreeSet;

pub(super) use self::layout::{Layout, Select, Source};
use self::state::{Block, Clause, Found, Level, Place, Region, Role};
use super::facts::Facts;
use super::keywords::Keyword;
use super::names::{Path, Sense};
use super::reading::{
    Doubt, Local, LocalKind, Part, Reading, TableReference, Unknown, UnknownKind, Usage,
};
use super::scopes::{Declared, Scopes};
use super::tokens::{Kind, Tokens};
use crate::model::DoubtKind;

/// Reads one query.
pub(super) struct Reader<'t, 'a> {
    tokens: &'t Tokens<'a>,
    facts: &'static Facts,
    /// Regions that are still to be read.
    regions: Vec<Region>,
    scopes: Scopes,
    found: Vec<Found<'a>>,
    reading: Reading<'a>,
    layout: Layout,
    /// Whether any statement was understood.
    has_query: bool,
    /// Whether it is a script, whose statements may be anything.
    is_script: bool,
    /// Names of statements that are prepared in the text, to be executed later.
    prepared: BTreeSet<String>,
}

impl<'t, 'a> Reader<'t, 'a> {
    pub(super) fn new(tokens: &'t Tokens<'a>, facts: &'static Facts) -> Self {
        Self {
            tokens,
            facts,
            regions: vec![Region::whole(tokens.len())],
            scopes: Scopes::default(),
            found: Vec::new(),
            reading: Reading::default(),
            layout: Layout::default(),
            has_query: false,
            is_script: false,
            prepared: BTreeSet::new(),
        }
    }

    /// Reads the whole query.
    pub(super) fn read(self, doubts: Vec<Doubt>) -> Reading<'a> {
        self.read_with_layout(doubts).0
    }

    /// Reads the whole query, and says where its parts stand.
    pub(super) fn read_with_layout(mut self, doubts: Vec<Doubt>) -> (Reading<'a>, Layout) {
        self.reading.doubts = doubts;
        while let Some(region) = self.regions.pop() {
            self.region(region);
        }
        let is_nothing = !self.has_query && !self.is_script && self.reading.unknown.is_empty();
        if is_nothing && self.reading.doubts.is_empty() {
            self.doubt(DoubtKind::NotAQuery, 0);
        }
        let layout = std::mem::take(&mut self.layout);
        (self.finish(), layout)
    }

    fn region(&mut self, region: Region) {
        let mut level = Level::new(region, self.scopes.len());
        if region.place == Place::Tables {
            level.at = self.table(&mut level, region.from);
        }
        while level.at < level.to {
            level.at = self.step(&mut level);
        }
        self.end_statement(&mut level);
    }

    /// Reads a piece, and what belongs to it; returns the next one.
    fn step(&mut self, level: &mut Level) -> usize {
        let at = level.at;
        match self.tokens.kind(at) {
            Kind::Sign(b'(' | b'[' | b'{') => self.bracket(level),
            Kind::Sign(b',') => self.comma(level),
            Kind::Sign(b';') => {
                self.end_statement(level);
                at + 1
            }
            Kind::Sign(b'|') if self.is_pipe(at) => self.pipe(level),
            Kind::Parameter if level.is_first() => {
                self.unknown(UnknownKind::Parameter, at);
                at + 1
            }
            Kind::Word(keyword) => self.word(level, keyword),
            _ => at + 1,
        }
    }

    /// Notes that a statement is understood.
    fn understand(&mut self, level: &mut Level) {
        self.has_query = true;
        level.stray = None;
    }

    /// Ends a SELECT: its aliases hold in it, but not in what comes before their table in the list.
    fn end_block(&mut self, level: &mut Level, end: usize) {
        let block = std::mem::replace(&mut level.block, Block::starting(end));
        self.note_select(&block, level.region, end);
        for (alias, stretch) in block.stretches(end) {
            self.scopes.declare(Declared::Alias, alias, stretch);
        }
    }

    /// Ends a statement: CTEs end with it, a temporary table begins.
    fn end_statement(&mut self, level: &mut Level) {
        let end = level.at;
        self.end_block(level, end);
        self.scopes.close(level.names_before, end);
        if let Some(name) = level.temporary.take() {
            self.scopes
                .declare(Declared::Temporary, name, end..usize::MAX);
        }
        if let Some(at) = level.stray.take().filter(|_| !self.is_script) {
            self.doubt(DoubtKind::NotAQuery, self.tokens.position(at));
        }
        level.names_before = self.scopes.len();
        level.start = end + 1;
        level.verb = Keyword::Other;
        if level.place.is_of_query() {
            level.clause = Clause::Start;
        }
    }

    /// Notes a path in a table's place.
    fn note(&mut self, at: usize, path: Path<'a>, role: Role) {
        let position = path.position;
        if path.is_guessed {
            self.doubt(DoubtKind::GuessedQuoting, position);
        }
        let usage = match (path.sense, role) {
            (Sense::Remote, _) => Usage::Remote,
            (_, Role::Made | Role::Changed) => Usage::Written,
            _ => Usage::Read,
        };
        match path.sense {
            Sense::Relation | Sense::Remote => {
                let table = TableReference {
                    parts: path.parts,
                    position,
                    usage,
                    link: path.link,
                };
                self.found.push(Found { at, role, table });
            }
            Sense::Temporary => self.note_local(at, path.parts, LocalKind::Temporary),
            Sense::NoTable => {}
            Sense::Unknown(kind) => self.unknown(kind, at),
        }
    }

    fn note_local(&mut self, at: usize, parts: Vec<Part<'a>>, kind: LocalKind) {
        let position = self.tokens.position(at);
        self.reading.locals.push(Local {
            parts,
            position,
            kind,
        });
    }

    /// Notes a table whose name is not said.
    fn unknown(&mut self, kind: UnknownKind, at: usize) {
        let position = self.tokens.position(at);
        self.reading.unknown.push(Unknown { kind, position });
    }

    fn doubt(&mut self, kind: DoubtKind, position: usize) {
        self.reading.doubts.push(Doubt { kind, position });
    }

    /// Decides what each name stands for, and puts everything in the order of the text.
    fn finish(self) -> Reading<'a> {
        let stretches = self.scopes.finish();
        let mut reading = self.reading;
        let found = self.found.into_iter();
        reading.tables = found
            .filter(|found| found.is_table(&stretches, self.facts))
            .map(|found| found.table)
            .collect();
        reading.tables.sort_by_key(|table| table.position);
        reading.locals.sort_by_key(|local| local.position);
        reading.unknown.sort_by_key(|unknown| unknown.position);
        reading.doubts.sort_by_key(|doubt| doubt.position);
        reading
    }
}
