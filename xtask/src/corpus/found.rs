//! What is found in a query, in the words of the corpus.

use std::collections::BTreeSet;

use autoexpose::model::{Dialect, DoubtKind};
use autoexpose::sql::{self, Part, TableReference, UnknownKind, Usage};

/// One line for each distinct finding.
pub(crate) fn lines(query: &str, dialect: Dialect) -> BTreeSet<String> {
    let reading = sql::read(query, dialect);
    let tables = reading.tables.iter().map(|table| {
        format!(
            "{} {}{}",
            usage(table.usage),
            name(&table.parts),
            link(table)
        )
    });
    let unknown = reading
        .unknown
        .iter()
        .map(|unknown| format!("unknown {}", unknown_kind(unknown.kind)));
    let doubts = reading
        .doubts
        .iter()
        .map(|doubt| format!("doubt {}", doubt_kind(doubt.kind)));
    let all: BTreeSet<String> = tables.chain(unknown).chain(doubts).collect();
    let is_read = |line: &String| match line.strip_prefix("written ") {
        Some(name) => all.contains(&format!("read {name}")),
        None => false,
    };
    // A table that is read as well is one that is read.
    all.iter().filter(|line| !is_read(line)).cloned().collect()
}

/// Whether a line is about a table.
pub(crate) fn is_table(line: &str) -> bool {
    ["read ", "written ", "remote "]
        .iter()
        .any(|usage| line.starts_with(usage))
}

fn name(parts: &[Part<'_>]) -> String {
    let parts = parts.iter().map(|part| {
        if part.quoted {
            format!("\"{}\"", part.text.replace('"', "\"\""))
        } else {
            part.text.to_string()
        }
    });
    parts.collect::<Vec<_>>().join(".")
}

fn link(table: &TableReference<'_>) -> String {
    table
        .link
        .map(|link| format!("@{link}"))
        .unwrap_or_default()
}

fn usage(usage: Usage) -> &'static str {
    match usage {
        Usage::Read => "read",
        Usage::Written => "written",
        Usage::Remote => "remote",
    }
}

fn unknown_kind(kind: UnknownKind) -> &'static str {
    match kind {
        UnknownKind::Parameter => "parameter",
        UnknownKind::Dynamic => "dynamic",
    }
}

fn doubt_kind(kind: DoubtKind) -> &'static str {
    match kind {
        DoubtKind::Unclosed => "unclosed",
        DoubtKind::NotAQuery => "not-a-query",
        DoubtKind::GuessedQuoting => "guessed-quoting",
        DoubtKind::TooLong => "too-long",
    }
}
