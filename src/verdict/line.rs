//! Lines of configuration that would link tables, as they are proposed and as they are tried.

use crate::model::Relation;
use crate::settings::{
    DefaultSchema, Group, Matching, NewParts, Pattern, ReadAs, Rewrite, RewritePlaceholder,
    Template, TemplatePart,
};

/// What stands in a line for a value that the user must choose.
pub const CHOICE: &str = "…";

/// An entry below `match` in `autoexpose.yml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// An entry of `rewrite`.
    Rewrite(RewriteLine),
    /// An entry of `default_schema`.
    DefaultSchema {
        /// The connection type that it is for, without its driver; `None` for all.
        connection_type: Option<String>,
        /// The database that it is for; `None` for all.
        database: Option<String>,
        /// The schema.
        schema: String,
    },
    /// An entry of `databases`.
    Database(String),
    /// An entry of `connection_types`.
    ConnectionType {
        /// The type that Tableau gives.
        from: String,
        /// The type to treat it as.
        to: String,
    },
    /// An entry of `prefer_packages`.
    PreferPackage(String),
    /// `ignore_case: true`.
    IgnoreCase,
}

/// An entry of `rewrite`: database, schema and name.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RewriteLine {
    /// The server that it is for; `None` for all.
    pub server: Option<OldPart>,
    /// What it is for; `None` for all.
    pub from: [Option<OldPart>; 3],
    /// What it becomes; `None` if it stays.
    pub to: [Option<NewPart>; 3],
}

/// A pattern of an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum OldPart {
    /// One of these texts.
    OneOf(Vec<String>),
    /// Any text behind this one.
    Behind(String),
    /// Any text before this one.
    Before(String),
}

/// A new part of an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum NewPart {
    /// This text.
    Is(String),
    /// This text before the old schema.
    Prefixed(String),
    /// This text behind the old schema.
    Suffixed(String),
    /// What the pattern leaves of the old one.
    Rest,
}

impl OldPart {
    /// Exactly this text.
    pub fn is(text: &str) -> Self {
        Self::OneOf(vec![text.to_owned()])
    }

    /// The text of the pattern.
    pub fn text(&self) -> String {
        match self {
            Self::OneOf(texts) => match texts.as_slice() {
                [text] if text == CHOICE => CHOICE.to_owned(),
                [text] => Pattern::escape(text),
                texts => {
                    let texts = texts.iter().map(|text| Pattern::escape(text));
                    format!("{{{}}}", texts.collect::<Vec<_>>().join(","))
                }
            },
            Self::Behind(text) => format!("/{}(.+)/", Pattern::escape_in_regex(text)),
            Self::Before(text) => format!("/(.+){}/", Pattern::escape_in_regex(text)),
        }
    }

    fn with(&self, choice: &str) -> Self {
        match self {
            Self::OneOf(texts) if *texts == [CHOICE] => Self::is(choice),
            part => part.clone(),
        }
    }
}

impl NewPart {
    /// The text of the template.
    pub fn text(&self) -> String {
        let plain = |text: &str| text.replace('{', "{{").replace('}', "}}");
        match self {
            Self::Is(text) => plain(text),
            Self::Prefixed(text) => format!("{}{{schema}}", plain(text)),
            Self::Suffixed(text) => format!("{{schema}}{}", plain(text)),
            Self::Rest => "{1}".to_owned(),
        }
    }

    fn with(&self, choice: &str) -> Self {
        match self {
            Self::Is(text) if text == CHOICE => Self::Is(choice.to_owned()),
            part => part.clone(),
        }
    }

    /// The template for a pattern at this position of [`Rewrite::from`].
    fn template(&self, part: usize) -> Template<RewritePlaceholder> {
        let text = |text: &String| TemplatePart::Text(text.clone());
        let schema = TemplatePart::Placeholder(RewritePlaceholder::Schema);
        let group = RewritePlaceholder::Group(Group { part, number: 1 });
        Template(match self {
            Self::Is(new) => vec![text(new)],
            Self::Prefixed(prefix) => vec![text(prefix), schema],
            Self::Suffixed(suffix) => vec![schema, text(suffix)],
            Self::Rest => vec![TemplatePart::Placeholder(group)],
        })
    }
}

impl RewriteLine {
    /// An entry for the whole name of a table.
    pub fn of_table(shown: &Relation, name: &str) -> Self {
        let part = |part: Option<&str>| part.map(OldPart::is);
        Self {
            server: None,
            from: [
                part(shown.database.as_deref()),
                part(shown.schema.as_deref()),
                part(Some(&shown.name)),
            ],
            to: [None, None, Some(NewPart::Is(name.to_owned()))],
        }
    }

    /// The setting; `None` if a name is no pattern, as one that is too long.
    fn setting(&self) -> Option<Rewrite> {
        let mut from = [const { None }; 5];
        let old = [&self.server].into_iter().chain(&self.from);
        for (part, old) in old.enumerate() {
            if let Some(old) = old {
                from[SERVER + part] = Some(Pattern::glob_or_regex(&old.text()).ok()?);
            }
        }
        let [database, schema, name] = [0, 1, 2].map(|part| {
            let new = self.to[part].as_ref()?;
            Some(new.template(FIRST_PART + part))
        });
        Some(Rewrite {
            place: String::new(),
            from,
            to: NewParts {
                database,
                schema,
                name,
            },
        })
    }
}

/// The position of the server among the patterns of an entry, and that of the database behind it.
const SERVER: usize = 1;
const FIRST_PART: usize = SERVER + 1;

impl Line {
    /// The line with a value in the place of the choice.
    pub fn with(&self, choice: &str) -> Self {
        let value = |text: &String| match text.as_str() {
            CHOICE => choice.to_owned(),
            text => text.to_owned(),
        };
        match self {
            Self::Rewrite(RewriteLine { server, from, to }) => Self::Rewrite(RewriteLine {
                server: server.as_ref().map(|server| server.with(choice)),
                from: from
                    .each_ref()
                    .map(|part| Some(part.as_ref()?.with(choice))),
                to: to.each_ref().map(|part| Some(part.as_ref()?.with(choice))),
            }),
            Self::DefaultSchema {
                connection_type,
                database,
                schema,
            } => Self::DefaultSchema {
                connection_type: connection_type.clone(),
                database: database.clone(),
                schema: value(schema),
            },
            Self::Database(database) => Self::Database(value(database)),
            Self::PreferPackage(package) => Self::PreferPackage(value(package)),
            Self::ConnectionType { from, to } => Self::ConnectionType {
                from: value(from),
                to: to.clone(),
            },
            Self::IgnoreCase => Self::IgnoreCase,
        }
    }

    /// The configuration with this line added; `None` if a name in it is no pattern.
    pub fn added_to(&self, matching: &Matching) -> Option<Matching> {
        let mut matching = matching.clone();
        let pattern = |text: &String| Pattern::new(&Pattern::escape(text)).ok();
        match self {
            Self::Rewrite(line) => matching.rewrites = matching.rewrites.with(line.setting()?),
            Self::DefaultSchema {
                connection_type,
                database,
                schema,
            } => {
                let entry = DefaultSchema {
                    place: String::new(),
                    connection_type: connection_type.as_ref().and_then(pattern),
                    database: database.as_ref().and_then(pattern),
                    schema: schema.clone(),
                };
                let entries = matching.default_schemas.iter().cloned();
                matching.default_schemas = entries.chain([entry]).collect();
            }
            Self::Database(database) => {
                let databases = matching.databases.iter().cloned();
                matching.databases = databases.chain([pattern(database)?]).collect();
            }
            Self::ConnectionType { from, to } => {
                let entry = ReadAs {
                    pattern: pattern(from)?,
                    target: to.clone(),
                };
                let entries = matching.connection_types.iter().cloned();
                matching.connection_types = entries.chain([entry]).collect();
            }
            Self::PreferPackage(package) => matching.prefer_packages.push(package.clone()),
            Self::IgnoreCase => matching.ignore_case = true,
        }
        Some(matching)
    }
}
