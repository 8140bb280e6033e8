//! Names that are read as other ones: `match.rewrite`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::pattern_list::{HasPatterns, PatternList};
use super::{Pattern, Template};
use crate::model::{ConnectionType, Relation};

/// How many entries may change one name. An entry may make what a later one is for, so without an
/// end a long list could be gone through for every table.
pub const MOST_REWRITES: usize = 16;

/// The entries of `match.rewrite`, in the order in which they apply.
#[derive(Debug, Clone, Default)]
pub struct Rewrites(PatternList<Rewrite, 5>);

impl FromIterator<Rewrite> for Rewrites {
    fn from_iter<I: IntoIterator<Item = Rewrite>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

/// One entry: what it is for, and what becomes of it.
#[derive(Debug, Clone)]
pub struct Rewrite {
    /// Where the user wrote it.
    pub place: String,
    /// What it is for: connection type, server, database, schema and name, each `None` for all.
    pub from: [Option<Pattern>; 5],
    /// The new parts.
    pub to: NewParts,
}

/// New parts of a name. Those that are `None` stay.
#[derive(Debug, Clone, Default)]
pub struct NewParts {
    /// The database.
    pub database: Option<Template<RewritePlaceholder>>,
    /// The schema.
    pub schema: Option<Template<RewritePlaceholder>>,
    /// The table's own name.
    pub name: Option<Template<RewritePlaceholder>>,
}

/// What may stand in a new part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RewritePlaceholder {
    /// The database as it was.
    Database,
    /// The schema as it was.
    Schema,
    /// The table's own name as it was.
    Name,
    /// What a group of a regular expression has of it.
    Group(Group),
}

/// A group of one of the regular expressions of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// The position of the expression in [`Rewrite::from`].
    pub part: usize,
    /// Its number in that expression, from 1.
    pub number: usize,
}

/// A table as entries ask for it.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'t> {
    /// The connection type that Tableau gives, and the one that it is treated as.
    pub connections: &'t [ConnectionType<'t>; 2],
    /// The host of the database server, if the export names it.
    pub server: Option<&'t str>,
}

/// A name after all entries that are for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten<'t> {
    /// The name; the same as before if no entry changed it.
    pub relation: Relation<'t>,
    /// The positions of the entries that are for it.
    pub entries: Vec<usize>,
    /// Whether more than [`MOST_REWRITES`] entries change it, so that it is not the last one.
    pub is_cut: bool,
}

impl Rewrites {
    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These entries, and behind them one more.
    #[must_use]
    pub fn with(&self, entry: Rewrite) -> Self {
        self.0.iter().cloned().chain([entry]).collect()
    }

    /// Applies the entries to a name, in their order, each to what those before it made.
    pub fn apply<'t>(&self, asked: &Asked, relation: &Relation<'t>) -> Rewritten<'t> {
        let mut rewritten = Rewritten {
            relation: relation.clone(),
            entries: Vec::new(),
            is_cut: false,
        };
        let mut changes = 0;
        while !rewritten.is_cut && self.apply_next(asked, &mut rewritten) {
            changes += 1;
            rewritten.is_cut = changes > MOST_REWRITES;
        }
        rewritten
    }

    /// Applies entries until one changes the name, so that others are for it. Returns whether one
    /// did.
    fn apply_next(&self, asked: &Asked, rewritten: &mut Rewritten) -> bool {
        let first = rewritten.entries.last().map_or(0, |last| last + 1);
        let candidates = self
            .0
            .numbered_candidates(&texts(asked, &rewritten.relation));
        for (at, entry) in candidates.filter(|(at, _)| *at >= first) {
            let Some(relation) = entry.apply(asked, &rewritten.relation) else {
                continue;
            };
            rewritten.entries.push(at);
            if relation != rewritten.relation {
                rewritten.relation = relation;
                return true;
            }
        }
        false
    }

    /// The entries whose positions are not among these.
    pub fn others<'r>(&'r self, used: &BTreeSet<usize>) -> impl Iterator<Item = &'r Rewrite> {
        let entries = self.0.iter().enumerate();
        entries
            .filter(|(at, _)| !used.contains(at))
            .map(|(_, entry)| entry)
    }
}

impl HasPatterns<5> for Rewrite {
    fn patterns(&self) -> [Option<&Pattern>; 5] {
        self.from.each_ref().map(Option::as_ref)
    }
}

/// The texts that the patterns of an entry are for. Connection types come with and without their
/// driver (`_jdbc`, `_odbc`), and what is not known is empty.
fn texts<'t>(asked: &'t Asked, relation: &'t Relation) -> [Vec<Cow<'t, str>>; 5] {
    let connections = asked.connections.iter();
    let types = connections.flat_map(|connection| [connection.base(), connection.as_str()]);
    let one = |text: Option<&'t str>| vec![Cow::Borrowed(text.unwrap_or_default())];
    [
        types.map(|text| text.unwrap_or_default().into()).collect(),
        one(asked.server),
        one(relation.database.as_deref()),
        one(relation.schema.as_deref()),
        one(Some(&relation.name)),
    ]
}

impl Rewrite {
    /// Whether it is for tables of some servers only.
    pub fn asks_for_server(&self) -> bool {
        let [_, server, ..] = &self.from;
        server.is_some()
    }

    /// The new name; `None` if the entry is for other names, or if it would leave a part empty or
    /// take it from one that is not known.
    fn apply<'t>(&self, asked: &Asked, relation: &Relation<'t>) -> Option<Relation<'t>> {
        let texts = texts(asked, relation);
        let mut fitting: Vec<&str> = Vec::with_capacity(self.from.len());
        for (pattern, texts) in self.from.iter().zip(&texts) {
            let text = match pattern {
                None => "",
                Some(pattern) => texts
                    .iter()
                    .map(AsRef::as_ref)
                    .find(|text| pattern.fits(text))?,
            };
            fitting.push(text);
        }
        let fill = |template: &Template<RewritePlaceholder>| {
            let filled = self.fill(template, relation, &fitting)?;
            (!filled.trim().is_empty()).then_some(Cow::Owned(filled))
        };
        let mut new = relation.clone();
        if let Some(database) = &self.to.database {
            new.database = Some(fill(database)?);
        }
        if let Some(schema) = &self.to.schema {
            new.schema = Some(fill(schema)?);
        }
        if let Some(name) = &self.to.name {
            new.name = fill(name)?;
        }
        Some(new)
    }

    /// A new part, of the name as it was and the texts that the patterns fit.
    fn fill(
        &self,
        template: &Template<RewritePlaceholder>,
        relation: &Relation,
        fitting: &[&str],
    ) -> Option<String> {
        template.fill_if_known(|placeholder| match placeholder {
            RewritePlaceholder::Database => relation.database.as_deref(),
            RewritePlaceholder::Schema => relation.schema.as_deref(),
            RewritePlaceholder::Name => Some(&relation.name),
            RewritePlaceholder::Group(Group { part, number }) => {
                let regex = self.from[part].as_ref()?.regex()?;
                let captures = regex.captures(fitting[part])?;
                // A group that takes no part in the match stands for nothing.
                Some(captures.get(number).map_or("", |group| group.as_str()))
            }
        })
    }
}
