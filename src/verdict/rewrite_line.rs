//! Entries of `match.rewrite`, as they are proposed and as they are tried.

use crate::model::Relation;
pub use crate::settings::CHOICE;
use crate::settings::{
    Group, NewParts, Pattern, Rewrite, RewritePlaceholder, Template, TemplatePart,
};

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
    /// This one alone, or any text behind it and this separator.
    Stem(String, char),
}

/// A new part of an entry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum NewPart {
    /// This text.
    Is(String),
    /// This text before the old part.
    Prefixed(String),
    /// This text behind the old part.
    Suffixed(String),
    /// These texts before and behind what the pattern leaves of the old part.
    Around(String, String),
}

impl OldPart {
    /// Exactly this text.
    pub fn is(text: &str) -> Self {
        Self::OneOf(vec![text.to_owned()])
    }

    /// The text of the pattern; what the user must choose stands for the whole.
    pub fn text(&self) -> String {
        match self {
            part if part.has_choice() => CHOICE.to_owned(),
            Self::OneOf(texts) => match texts.as_slice() {
                [text] => glob(text),
                texts => {
                    let texts = texts.iter().map(|text| Pattern::escape(text));
                    format!("{{{}}}", texts.collect::<Vec<_>>().join(","))
                }
            },
            Self::Behind(text) => format!("/{}(.+)/", Pattern::escape_in_regex(text)),
            Self::Before(text) => format!("/(.+){}/", Pattern::escape_in_regex(text)),
            Self::Stem(text, separator) => {
                let separator = Pattern::escape_in_regex(&separator.to_string());
                format!("/{}({separator}.+)?/", Pattern::escape_in_regex(text))
            }
        }
    }

    fn with(&self, choice: &str) -> Self {
        let value = |text: &String| match text.as_str() {
            CHOICE => choice.to_owned(),
            text => text.to_owned(),
        };
        match self {
            Self::OneOf(texts) => Self::OneOf(texts.iter().map(value).collect()),
            Self::Behind(text) => Self::Behind(value(text)),
            Self::Before(text) => Self::Before(value(text)),
            Self::Stem(text, separator) => Self::Stem(value(text), *separator),
        }
    }

    fn has_choice(&self) -> bool {
        match self {
            Self::OneOf(texts) => *texts == [CHOICE],
            Self::Behind(text) | Self::Before(text) | Self::Stem(text, _) => text == CHOICE,
        }
    }

    /// The text that stands for a choice, if there is one in it.
    fn choice_text(&self, choice: &str) -> Option<String> {
        self.has_choice().then(|| self.with(choice).text())
    }
}

/// A glob that fits only this text. One between slashes would be a regular expression.
fn glob(text: &str) -> String {
    let escaped = Pattern::escape(text);
    match escaped.strip_prefix('/') {
        Some(rest) if rest.ends_with('/') => format!("[/]{rest}"),
        Some(_) | None => escaped,
    }
}

/// A text for a template that stands for itself.
fn in_template(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// A part of a name, by its position among those of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The database.
    Database = 0,
    /// The schema.
    Schema = 1,
    /// The table's own name.
    Name = 2,
}

impl Part {
    const ALL: [Self; 3] = [Self::Database, Self::Schema, Self::Name];

    /// Its key in the configuration.
    pub fn key(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Schema => "schema",
            Self::Name => "name",
        }
    }

    fn placeholder(self) -> RewritePlaceholder {
        match self {
            Self::Database => RewritePlaceholder::Database,
            Self::Schema => RewritePlaceholder::Schema,
            Self::Name => RewritePlaceholder::Name,
        }
    }
}

impl NewPart {
    /// The text of the template for this part.
    pub fn text(&self, part: Part) -> String {
        let old = part.key();
        match self {
            Self::Is(text) => in_template(text),
            Self::Prefixed(text) => format!("{}{{{old}}}", in_template(text)),
            Self::Suffixed(text) => format!("{{{old}}}{}", in_template(text)),
            Self::Around(before, behind) => {
                format!("{}{{1}}{}", in_template(before), in_template(behind))
            }
        }
    }

    fn with(&self, choice: &str) -> Self {
        match self {
            Self::Is(text) if text == CHOICE => Self::Is(choice.to_owned()),
            part => part.clone(),
        }
    }

    fn choice_text(&self, choice: &str) -> Option<String> {
        match self {
            Self::Is(text) => (text == CHOICE).then(|| in_template(choice)),
            Self::Prefixed(_) | Self::Suffixed(_) | Self::Around(..) => None,
        }
    }

    /// The template for this part.
    fn template(&self, part: Part) -> Template<RewritePlaceholder> {
        let text = |text: &String| TemplatePart::Text(text.clone());
        let old = TemplatePart::Placeholder(part.placeholder());
        let (part, number) = (FIRST_PART + part as usize, 1);
        let group = TemplatePart::Placeholder(RewritePlaceholder::Group(Group { part, number }));
        Template(match self {
            Self::Is(new) => vec![text(new)],
            Self::Prefixed(prefix) => vec![text(prefix), old],
            Self::Suffixed(suffix) => vec![old, text(suffix)],
            Self::Around(before, behind) => vec![text(before), group, text(behind)],
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

    /// The line with a value in the place of the choice.
    pub(super) fn with(&self, choice: &str) -> Self {
        Self {
            server: self.server.as_ref().map(|server| server.with(choice)),
            from: self
                .from
                .each_ref()
                .map(|part| Some(part.as_ref()?.with(choice))),
            to: self
                .to
                .each_ref()
                .map(|part| Some(part.as_ref()?.with(choice))),
        }
    }

    /// The text that stands in the configuration for a choice; `None` if there is nothing to choose.
    pub(super) fn choice_text(&self, choice: &str) -> Option<String> {
        let mut old = [&self.server].into_iter().chain(&self.from).flatten();
        let mut new = self.to.iter().flatten();
        old.find_map(|old| old.choice_text(choice))
            .or_else(|| new.find_map(|new| new.choice_text(choice)))
    }

    /// How many parts of a name it does not ask for.
    pub(super) fn breadth(&self) -> usize {
        let parts = [&self.server].into_iter().chain(&self.from);
        parts.filter(|part| part.is_none()).count()
    }

    /// Its new parts, as they stand in the configuration.
    pub fn to_texts(&self) -> [Option<String>; 3] {
        Part::ALL.map(|part| Some(self.to[part as usize].as_ref()?.text(part)))
    }

    /// The setting; `None` if a name is no pattern, as one that is too long.
    pub(super) fn setting(&self) -> Option<Rewrite> {
        let mut from = [const { None }; 5];
        let old = [&self.server].into_iter().chain(&self.from);
        for (part, old) in old.enumerate() {
            if let Some(old) = old {
                from[SERVER + part] = Some(Pattern::glob_or_regex(&old.text()).ok()?);
            }
        }
        let [database, schema, name] = Part::ALL.map(|part| {
            let new = self.to[part as usize].as_ref()?;
            Some(new.template(part))
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
