//! Proposed lines of configuration as YAML: those of one cause on one line, and those of all causes as
//! one block.

use std::collections::BTreeSet;

use super::amounts::counts;
use super::columns::width;
use super::{printable, yaml};
use crate::settings::Pattern;
use crate::verdict::rewrite_line::OldPart;
use crate::verdict::{CHOICE, Cause, Choice, Cure, Line, RewriteLine};

/// The widest entry that is written on one line.
const WIDEST: usize = 100;

/// What an entry is in YAML.
enum Entry {
    /// A value, or `key: value` in a map.
    Plain(String),
    /// A map.
    Map(Vec<(&'static str, String)>),
}

/// What stands below a key of `match`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    List,
    Map,
    Value,
}

/// The key of `match` for a line, and what stands below it.
fn key(line: &Line) -> (&'static str, Shape) {
    match line {
        Line::ConnectionType { .. } => ("connection_types", Shape::Map),
        Line::Database(_) => ("databases", Shape::List),
        Line::DefaultSchema { .. } => ("default_schema", Shape::List),
        Line::IgnoreCase => ("ignore_case", Shape::Value),
        Line::NameOnly(_) => ("name_only", Shape::List),
        Line::PreferPackage(_) => ("prefer_packages", Shape::List),
        Line::Rewrite(_) => ("rewrite", Shape::List),
    }
}

/// Lines of one key on one line.
pub fn flow(lines: &[Line]) -> String {
    let Some(first) = lines.first() else {
        return String::new();
    };
    let items = lines.iter().map(|line| entry(line).flow());
    let items = items.collect::<Vec<_>>().join(", ");
    let (key, shape) = key(first);
    match shape {
        Shape::List => format!("match: {{{key}: [{items}]}}"),
        Shape::Map => format!("match: {{{key}: {{{items}}}}}"),
        Shape::Value => format!("match: {{{key}: {items}}}"),
    }
}

/// The causes that have lines, and their numbers.
pub fn numbered(causes: &[Cause]) -> impl Iterator<Item = (usize, &Cause, &[Line], &[Choice])> {
    let with_lines = causes.iter().filter_map(|cause| {
        cause.cures.iter().find_map(|cure| match cure {
            Cure::Config { lines, choices } => Some((cause, lines.as_slice(), choices.as_slice())),
            _ => None,
        })
    });
    let numbered = with_lines.enumerate();
    numbered.map(|(number, (cause, lines, choices))| (number + 1, cause, lines, choices))
}

/// The lines of all these causes as one block, each below a comment that says what it links; `None` if
/// there are none.
pub fn block(causes: &[Cause]) -> Option<Vec<String>> {
    let lines = numbered(causes).flat_map(|(number, cause, lines, choices)| {
        lines.iter().map(move |line| Commented {
            line,
            cause: Some((number, cause, choices)),
        })
    });
    let lines = Line::in_order(lines, |one| one.line);
    (!lines.is_empty()).then(|| below_match(&lines))
}

/// Lines of one key: on one line if it is not wider than this, else as a block.
pub fn alone(lines: &[Line], widest: usize) -> Vec<String> {
    let flow = printable(&flow(lines));
    if width(&flow) <= widest {
        return vec![flow];
    }
    let lines = lines.iter().map(|line| Commented { line, cause: None });
    below_match(&lines.collect::<Vec<_>>())
}

/// A line, and what a comment above it says.
struct Commented<'c> {
    line: &'c Line,
    /// The cause with its number and the choices.
    cause: Option<(usize, &'c Cause, &'c [Choice])>,
}

/// Lines of YAML below `match`, by key.
fn below_match(lines: &[Commented]) -> Vec<String> {
    let keys = lines.iter().map(|one| key(one.line).0);
    let keys = keys.collect::<BTreeSet<_>>();
    let of_keys = keys.iter().flat_map(|key| below_key(key, lines));
    let block = ["match:".to_owned()].into_iter().chain(of_keys);
    block.map(|line| printable(&line)).collect()
}

fn below_key(wanted: &str, lines: &[Commented]) -> Vec<String> {
    let mut block = Vec::new();
    let mut last = None;
    let of_key = lines.iter().filter(|one| key(one.line).0 == wanted);
    for (at, Commented { line, cause }) in of_key.enumerate() {
        let (key, shape) = key(line);
        let is_list = shape != Shape::Value;
        if at == 0 && is_list {
            block.push(format!("  {key}:"));
        }
        let number = cause.map(|(number, ..)| number);
        if let Some((number, cause, choices)) = cause
            && last != Some(*number)
        {
            let indent = if is_list { "    " } else { "  " };
            let comment = comment(*number, cause, line, choices).into_iter();
            block.extend(comment.map(|text| format!("{indent}# {text}")));
        }
        last = number;
        block.extend(entry(line).block(key, shape));
    }
    block
}

/// What stands above the lines of a cause.
fn comment(number: usize, cause: &Cause, line: &Line, choices: &[Choice]) -> Vec<String> {
    if choices.is_empty() {
        return vec![format!("[{number}] {}", counts(&cause.counted))];
    }
    let mut comment = vec![format!("[{number}] {CHOICE} stands for one of these:")];
    comment.extend(choices.iter().map(|choice| {
        let text = line.choice_text(&choice.value);
        let text = text.unwrap_or_else(|| choice.value.clone());
        format!("  {}: {}", yaml::word(&text), counts(&choice.counted))
    }));
    comment
}

impl Entry {
    fn flow(&self) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Map(members) => {
                let members = members.iter();
                let members = members.map(|(key, value)| format!("{key}: {value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// Its lines in a block: on one if there is room, else a line for each member.
    fn block(&self, key: &str, shape: Shape) -> Vec<String> {
        let one_line = match shape {
            Shape::List => format!("    - {}", self.flow()),
            Shape::Map => format!("    {}", self.flow()),
            Shape::Value => format!("  {key}: {}", self.flow()),
        };
        match self {
            Self::Map(members) if width(&one_line) > WIDEST => {
                let members = members.iter().enumerate();
                let members = members.map(|(at, (key, value))| {
                    let dash = if at == 0 { "-" } else { " " };
                    format!("    {dash} {key}: {value}")
                });
                members.collect()
            }
            Self::Map(_) | Self::Plain(_) => vec![one_line],
        }
    }
}

fn entry(line: &Line) -> Entry {
    match line {
        Line::Rewrite(line) => rewrite(line),
        Line::DefaultSchema {
            connection_type,
            database,
            schema,
        } => {
            let pattern = |text: &Option<String>| Some(Pattern::escape(text.as_ref()?));
            let keys = ["connection_type", "database", "schema"];
            let values = [
                pattern(connection_type),
                pattern(database),
                Some(schema.clone()),
            ];
            Entry::Map(members(keys, values))
        }
        Line::Database(database) => Entry::Plain(value(&escaped(database))),
        Line::PreferPackage(package) => Entry::Plain(value(package)),
        Line::NameOnly(connection) => Entry::Plain(value(connection)),
        Line::ConnectionType { from, to } => {
            Entry::Plain(format!("{}: {}", value(&escaped(from)), value(to)))
        }
        Line::IgnoreCase => Entry::Plain("true".to_owned()),
    }
}

fn rewrite(line: &RewriteLine) -> Entry {
    let text = |part: &Option<OldPart>| Some(part.as_ref()?.text());
    let [database, schema, name] = line.from.each_ref().map(text);
    let from = [text(&line.server), database, schema, name];
    let mut all = members(["server", "database", "schema", "name"], from);
    let to = members(["database", "schema", "name"], line.to_texts());
    all.push(("to", Entry::Map(to).flow()));
    Entry::Map(all)
}

/// The members of a map that have a value.
fn members<const N: usize>(
    keys: [&'static str; N],
    values: [Option<String>; N],
) -> Vec<(&'static str, String)> {
    let members = keys.into_iter().zip(values);
    members
        .filter_map(|(key, text)| Some((key, value(&text?))))
        .collect()
}

/// A pattern for one text; what the user must choose stays as it is.
fn escaped(text: &str) -> String {
    match text {
        CHOICE => text.to_owned(),
        text => Pattern::escape(text),
    }
}

/// A text as a value; what the user must choose stands as it is.
fn value(text: &str) -> String {
    match text {
        CHOICE => text.to_owned(),
        text => yaml::word(text),
    }
}
