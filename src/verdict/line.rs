//! Lines of configuration that would link tables, as they are proposed and as they are tried.

use super::rewrite_line::{CHOICE, RewriteLine};
use crate::settings::{DefaultSchema, Matching, Pattern, ReadAs};

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
    /// An entry of `name_only`.
    NameOnly(String),
    /// `ignore_case: true`.
    IgnoreCase,
}

impl Line {
    /// The line with a value in the place of the choice.
    pub fn with(&self, choice: &str) -> Self {
        let value = |text: &String| match text.as_str() {
            CHOICE => choice.to_owned(),
            text => text.to_owned(),
        };
        match self {
            Self::Rewrite(line) => Self::Rewrite(line.with(choice)),
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
            Self::NameOnly(connection) => Self::NameOnly(connection.clone()),
            Self::ConnectionType { from, to } => Self::ConnectionType {
                from: value(from),
                to: to.clone(),
            },
            Self::IgnoreCase => Self::IgnoreCase,
        }
    }

    /// The text that stands in the configuration for a choice; `None` if there is nothing to choose.
    pub fn choice_text(&self, choice: &str) -> Option<String> {
        let pattern = |text: &String| (text == CHOICE).then(|| Pattern::escape(choice));
        let plain = |text: &String| (text == CHOICE).then(|| choice.to_owned());
        match self {
            Self::Rewrite(line) => line.choice_text(choice),
            Self::DefaultSchema { schema, .. } => plain(schema),
            Self::Database(database) => pattern(database),
            Self::ConnectionType { from, .. } => pattern(from),
            Self::PreferPackage(package) => plain(package),
            Self::NameOnly(_) | Self::IgnoreCase => None,
        }
    }

    /// How many facts of a table it does not ask for. Entries of a list apply in their order, so that
    /// those that ask for more stand first.
    fn breadth(&self) -> usize {
        match self {
            Self::Rewrite(line) => line.breadth(),
            Self::DefaultSchema {
                connection_type,
                database,
                ..
            } => [connection_type, database]
                .iter()
                .filter(|part| part.is_none())
                .count(),
            _ => 0,
        }
    }

    /// Lines in the order in which they have to stand.
    pub fn in_order<T>(lines: impl IntoIterator<Item = T>, line: impl Fn(&T) -> &Self) -> Vec<T> {
        let mut lines = lines.into_iter().collect::<Vec<_>>();
        lines.sort_by_key(|one| line(one).breadth());
        lines
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
            Self::NameOnly(connection) => {
                matching.name_only.insert(connection.clone());
            }
            Self::IgnoreCase => matching.ignore_case = true,
        }
        Some(matching)
    }
}
