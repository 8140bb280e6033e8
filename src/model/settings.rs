//! What the user wants otherwise than by default: which workbooks, how tables are matched, how
//! exposures look.

use std::collections::BTreeSet;
use std::fmt;

use globset::GlobMatcher;

use super::connection::ConnectionType;
use super::tableau::{SiteId, Workbook};

/// All settings of a run. The default is what happens without any.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Server and site of exports that do not name theirs.
    pub site: SiteId,
    /// Which workbooks are exposed.
    pub selection: Selection,
    /// How tables are matched, beyond the rules that are always on.
    pub matching: Matching,
    /// How exposures look.
    pub look: Look,
    /// When a removal is too much.
    pub thresholds: Thresholds,
}

/// A pattern with its text.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// As the user wrote it.
    pub text: String,
    /// The compiled glob; case does not count.
    pub glob: GlobMatcher,
}

impl Pattern {
    /// Whether it fits this text.
    pub fn fits(&self, text: &str) -> bool {
        self.glob.is_match(text)
    }
}

/// Workbooks that have certain facts: all given ones must fit.
#[derive(Debug, Clone, Default)]
pub struct Pick {
    /// Where the user wrote it, as in `select.include[0]`.
    pub place: String,
    /// The project: its path from the top where the pattern has a `/`, else its own name.
    pub project: Option<Pattern>,
    /// The workbook's title.
    pub name: Option<Pattern>,
    /// One of its tags.
    pub tag: Option<Pattern>,
    /// The owner's name or e-mail.
    pub owner: Option<Pattern>,
    /// The workbook's luid.
    pub luid: Option<Pattern>,
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = [
            ("project", &self.project),
            ("name", &self.name),
            ("tag", &self.tag),
            ("owner", &self.owner),
            ("luid", &self.luid),
        ];
        let given = facts
            .iter()
            .filter_map(|(field, pattern)| Some(format!("{field}:{}", pattern.as_ref()?.text)));
        f.write_str(&given.collect::<Vec<_>>().join(" & "))
    }
}

impl Pick {
    /// Whether a workbook has these facts.
    pub fn fits(&self, workbook: &Workbook) -> bool {
        let fits = |pattern: &Option<Pattern>, test: &dyn Fn(&Pattern) -> bool| {
            pattern.as_ref().is_none_or(test)
        };
        fits(&self.project, &|pattern| {
            if pattern.text.contains('/') {
                pattern.fits(&workbook.project.join("/"))
            } else {
                workbook
                    .project
                    .last()
                    .is_some_and(|project| pattern.fits(project))
            }
        }) && fits(&self.name, &|pattern| pattern.fits(&workbook.name))
            && fits(&self.tag, &|pattern| {
                workbook.tags.iter().any(|tag| pattern.fits(tag))
            })
            && fits(&self.owner, &|pattern| {
                [&workbook.owner_name, &workbook.owner_email]
                    .into_iter()
                    .flatten()
                    .any(|owner| pattern.fits(owner))
            })
            && fits(&self.luid, &|pattern| pattern.fits(&workbook.luid))
    }

    /// Whether it needs to know the folders above a project.
    pub fn needs_project_paths(&self) -> bool {
        self.project
            .as_ref()
            .is_some_and(|pattern| pattern.text.contains('/'))
    }
}

/// Includes and excludes; nothing included means all.
#[derive(Debug, Clone, Default)]
pub struct Picks {
    /// Workbooks that are wanted.
    pub include: Vec<Pick>,
    /// Workbooks that are not wanted although they are included.
    pub exclude: Vec<Pick>,
}

impl Picks {
    /// Whether a workbook is wanted; if not, why.
    pub fn refuse(&self, workbook: &Workbook) -> Option<String> {
        if let Some(pick) = self.exclude.iter().find(|pick| pick.fits(workbook)) {
            return Some(format!("{} leaves it out", pick.place));
        }
        let is_included =
            self.include.is_empty() || self.include.iter().any(|pick| pick.fits(workbook));
        (!is_included).then(|| "it is not among what is included".to_owned())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Pick> {
        self.include.iter().chain(&self.exclude)
    }
}

/// Which workbooks are exposed.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The wanted state, from the configuration: what it leaves out is removed.
    pub wanted: Picks,
    /// What this run looks at, from flags: what it leaves out is kept, unless pruned.
    pub looked_at: Picks,
    /// Whether flags leave out for good.
    pub prunes: bool,
    /// Whether workbooks in personal spaces are exposed.
    pub personal_spaces: bool,
}

/// Whether a workbook is exposed by this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Selected,
    /// It is not wanted; an exposure of it goes. Holds the reason.
    NotWanted(String),
    /// This run does not look at it; an exposure of it stays. Holds the reason.
    NotLookedAt(String),
}

impl Selection {
    /// The include that cannot be decided, and on which it hangs whether the workbook is selected.
    fn undecided(&self, workbook: &Workbook) -> Option<&Pick> {
        let is_refused = |picks: &&Picks| !picks.include.iter().any(|pick| pick.fits(workbook));
        let mut includes = [&self.wanted, &self.looked_at]
            .into_iter()
            .filter(is_refused)
            .flat_map(|picks| &picks.include);
        includes.find(|pick| pick.needs_project_paths() && !workbook.has_project_path)
    }

    /// The verdict on a workbook.
    pub fn judge(&self, workbook: &Workbook) -> Verdict {
        if workbook.is_personal && !self.personal_spaces {
            return Verdict::NotWanted("its workbook is in a personal space".to_owned());
        }
        if let Some(pick) = self.undecided(workbook) {
            let reason = format!(
                "{} asks for the folders above its project, which the export does not list",
                pick.place
            );
            return Verdict::NotLookedAt(reason);
        }
        if let Some(reason) = self.wanted.refuse(workbook) {
            return Verdict::NotWanted(format!("its workbook is not selected: {reason}"));
        }
        match self.looked_at.refuse(workbook) {
            None => Verdict::Selected,
            Some(reason) if self.prunes => Verdict::NotWanted(format!("not selected: {reason}")),
            Some(reason) => Verdict::NotLookedAt(format!("not selected: {reason}")),
        }
    }
}

/// How tables are matched.
#[derive(Debug, Clone, Default)]
pub struct Matching {
    /// Connection types for which a name alone may link.
    pub name_only: BTreeSet<String>,
    /// Connection types that read as others.
    pub connection_types: Vec<ReadAs>,
    /// Schemas of tables that come without one.
    pub default_schemas: Vec<DefaultSchema>,
    /// Packages whose sources go before those of others, the first first.
    pub prefer_packages: Vec<String>,
}

/// A connection type that reads as another one.
#[derive(Debug, Clone)]
pub struct ReadAs {
    /// The types that it is about.
    pub pattern: Pattern,
    /// What they read as.
    pub connection_type: String,
}

/// The schema of tables that come without one, as custom SQL names them.
#[derive(Debug, Clone)]
pub struct DefaultSchema {
    /// Where the user wrote it.
    pub place: String,
    /// The connection types that it is about; all if none is given.
    pub connection_type: Option<Pattern>,
    /// The databases that it is about; all if none is given.
    pub database: Option<Pattern>,
    /// The schema.
    pub schema: String,
}

impl DefaultSchema {
    /// Whether it is about tables of this connection and database. The type fits with and without
    /// the driver that carries it; what is not known is fitted by what fits everything.
    fn fits(&self, connection: &ConnectionType, database: Option<&str>) -> bool {
        let fits = |pattern: &Option<Pattern>, text: Option<&str>| {
            pattern
                .as_ref()
                .is_none_or(|pattern| pattern.fits(text.unwrap_or_default()))
        };
        [connection.base(), connection.as_str()]
            .into_iter()
            .any(|text| fits(&self.connection_type, text))
            && fits(&self.database, database)
    }
}

impl Matching {
    /// The first setting that is about connections of this type.
    pub fn reading_of(&self, connection: &ConnectionType) -> Option<&ReadAs> {
        let text = connection.as_str().unwrap_or_default();
        self.connection_types
            .iter()
            .find(|read_as| read_as.pattern.fits(text))
    }

    /// The connection type that another one reads as.
    pub fn read_as<'c>(&self, connection: &ConnectionType<'c>) -> ConnectionType<'c> {
        self.reading_of(connection).map_or_else(
            || connection.clone(),
            |read_as| ConnectionType::new(Some(read_as.connection_type.clone().into())),
        )
    }

    /// The first setting that gives a schema to tables without one, of this connection and database.
    pub fn schema_of(
        &self,
        connection: &ConnectionType,
        database: Option<&str>,
    ) -> Option<&DefaultSchema> {
        self.default_schemas
            .iter()
            .find(|schema| self.is_about(schema, connection, database))
    }

    /// Whether a default schema is about tables of this connection, as Tableau calls it or as it
    /// reads, and database.
    pub fn is_about(
        &self,
        schema: &DefaultSchema,
        connection: &ConnectionType,
        database: Option<&str>,
    ) -> bool {
        schema.fits(connection, database) || schema.fits(&self.read_as(connection), database)
    }
}

/// How exposures look.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Their names; the usual one without.
    pub name: Option<Template>,
    /// Their descriptions; Tableau's without.
    pub description: Option<Template>,
    /// Tags beside Tableau's own.
    pub tags: Vec<Template>,
    /// The owner where Tableau gives none.
    pub owner: Option<OwnerTemplate>,
    /// The maturity: `low`, `medium` or `high`.
    pub maturity: Option<String>,
    /// Exceptions, of which later ones go before earlier ones.
    pub rules: Vec<LookRule>,
}

/// How exposures of certain workbooks look.
#[derive(Debug, Clone)]
pub struct LookRule {
    /// The workbooks.
    pub when: Pick,
    /// Tags beside all others.
    pub tags: Vec<Template>,
    /// The owner, whatever Tableau says.
    pub owner: Option<OwnerTemplate>,
    /// The maturity.
    pub maturity: Option<String>,
}

/// An owner of which at least one part is given.
#[derive(Debug, Clone)]
pub struct OwnerTemplate {
    /// A name to show.
    pub name: Option<Template>,
    /// An e-mail address.
    pub email: Option<Template>,
}

/// A text with `{placeholders}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(pub Vec<Piece>);

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text as it is.
    Text(String),
    /// The name of what is to be filled in.
    Placeholder(String),
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(text),
            Piece::Placeholder(name) => write!(f, "{{{name}}}"),
        })
    }
}

impl Template {
    /// Fills the placeholders in. Placeholders were checked when the template was read.
    pub fn fill(&self, value: impl Fn(&str) -> String) -> String {
        let fill = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Placeholder(name) => value(name),
        };
        self.0.iter().map(fill).collect()
    }
}

/// When a removal is too much to be made unasked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// The share of a site's exposures, from 0 to 1, beyond which a removal is a mass removal …
    pub mass_removal_share: f64,
    /// … if it is also more than this many.
    pub mass_removal_count: usize,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            mass_removal_share: 0.5,
            mass_removal_count: 3,
        }
    }
}
