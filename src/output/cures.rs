//! Causes and cures in words, and lines of configuration as YAML on one line.

use super::{counted, yaml};
use crate::settings::Pattern;
use crate::verdict::line::OldPart;
use crate::verdict::{CHOICE, Cause, Cure, Line, RewriteLine, Why};

/// How many causes are shown, unless all are asked for.
pub const MOST_CAUSES: usize = 6;

/// How many causes are not shown, and what they explain; `None` if all are.
pub fn left_out(causes: &[Cause]) -> Option<String> {
    let tables = causes.iter().map(|cause| cause.tables).sum::<usize>();
    (!causes.is_empty()).then(|| {
        let causes = counted(causes.len(), "more cause");
        format!("… and {causes}, of {}", counted(tables, "table"))
    })
}

/// What a cause explains, in one sentence.
pub fn cause(cause: &Cause) -> String {
    let workbooks = counted(cause.workbooks, "workbook");
    match cause.tables {
        0 => format!("{workbooks}: {}", cause.why),
        tables => format!(
            "{} of {workbooks}: {}",
            counted(tables, thing(&cause.why)),
            cause.why
        ),
    }
}

/// What is counted: not every thing that a workbook reads is a table.
fn thing(why: &Why) -> &'static str {
    match why {
        Why::Unresolved(_) | Why::CustomSql => "object",
        _ => "table",
    }
}

/// What to do, in one sentence.
pub fn cure(cure: &Cure) -> String {
    match cure {
        Cure::Config { lines, choices } if choices.is_empty() => {
            format!("set in autoexpose.yml: {}", config(lines))
        }
        Cure::Config { lines, choices } => format!(
            "set in autoexpose.yml: {}, with one of: {}",
            config(lines),
            choices.join(", ")
        ),
        Cure::Command(command) => format!(
            "if the manifest is of another target than Tableau reads, make it for that one, as with `{command}`"
        ),
        Cure::Query(fields) => format!("ask in the query for `{}`", fields.join("`, `")),
        Cure::Advice(advice) => (*advice).to_owned(),
    }
}

/// Lines of configuration, which are all of one key of `match`.
pub fn config(lines: &[Line]) -> String {
    let items = lines.iter().map(item).collect::<Vec<_>>().join(", ");
    let (key, is_list) = match lines.first() {
        Some(Line::Rewrite(_)) | None => ("rewrite", true),
        Some(Line::DefaultSchema { .. }) => ("default_schema", true),
        Some(Line::Database(_)) => ("databases", true),
        Some(Line::PreferPackage(_)) => ("prefer_packages", true),
        Some(Line::ConnectionType { .. }) => ("connection_types", false),
        Some(Line::IgnoreCase) => return format!("match: {{ignore_case: {items}}}"),
    };
    if is_list {
        format!("match: {{{key}: [{items}]}}")
    } else {
        format!("match: {{{key}: {{{items}}}}}")
    }
}

fn item(line: &Line) -> String {
    match line {
        Line::Rewrite(RewriteLine { server, from, to }) => {
            let text = |part: &Option<OldPart>| Some(part.as_ref()?.text());
            let [database, schema, name] = from.each_ref().map(text);
            let from = [text(server), database, schema, name];
            let to = to.each_ref().map(|part| Some(part.as_ref()?.text()));
            let to = format!("to: {{{}}}", members(&PARTS, to));
            match members(&PARTS_AND_SERVER, from) {
                from if from.is_empty() => format!("{{{to}}}"),
                from => format!("{{{from}, {to}}}"),
            }
        }
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
            format!("{{{}}}", members(&keys, values))
        }
        Line::Database(database) => value(&escaped(database)),
        Line::PreferPackage(package) => value(package),
        Line::ConnectionType { from, to } => format!("{}: {}", value(&escaped(from)), value(to)),
        Line::IgnoreCase => "true".to_owned(),
    }
}

const PARTS: [&str; 3] = ["database", "schema", "name"];
const PARTS_AND_SERVER: [&str; 4] = ["server", "database", "schema", "name"];

/// The members of a map that have a value.
fn members<const N: usize>(keys: &[&str; N], values: [Option<String>; N]) -> String {
    let members = keys.iter().zip(values);
    let members = members.filter_map(|(key, text)| Some(format!("{key}: {}", value(&text?))));
    members.collect::<Vec<_>>().join(", ")
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
