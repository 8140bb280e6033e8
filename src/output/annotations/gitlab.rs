//! GitLab's code quality report, a JSON array (`docs.gitlab.com`, "Code Quality": report format). GitLab
//! shows what the report of the target branch does not have, by fingerprint.

use serde::Serialize;

use super::{Annotations, Level, Shown, TOOL, inert};
use crate::output::json;

/// The keys of an entry.
#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// Renders the report, with a line feed at its end.
///
/// # Errors
/// None in practice: strings and numbers always serialise.
pub fn render(all: &Annotations) -> serde_json::Result<String> {
    let shown = all.shown();
    let entries = shown.iter().map(|one| entry(all, one));
    let notes = all.notes.iter().map(|note| Entry {
        description: format!("{}.", inert(note)),
        check_name: format!("{TOOL}/{}", all.verb),
        fingerprint: format!("note: {}", inert(note)),
        severity: severity(Level::Note),
        location: location(all, None, None),
    });
    json::document(&entries.chain(notes).collect::<Vec<_>>())
}

fn entry<'a>(all: &'a Annotations, shown: &'a Shown) -> Entry<'a> {
    Entry {
        description: shown.text(),
        check_name: format!("{TOOL}/{}", shown.check.rule),
        fingerprint: shown.fingerprint.clone(),
        severity: severity(shown.level),
        location: location(all, shown.file, shown.line),
    }
}

/// Where something is shown. GitLab needs a file and a line.
fn location<'a>(all: &'a Annotations, file: Option<&'a str>, line: Option<usize>) -> Location<'a> {
    Location {
        path: file.unwrap_or(&all.default_file),
        lines: Lines {
            begin: line.unwrap_or(1),
        },
    }
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Note => "info",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::super::Outcome;
    use super::super::tests::{annotation, annotations, check};
    use super::*;

    #[test]
    fn each_entry_has_a_place_and_a_fingerprint_of_its_own() {
        let same = |file| annotation("a", file, "x");
        let failed = Outcome::Failed(vec![same(Some("models/a.sql")), same(None)]);
        let text = render(&annotations(vec![
            check("lost", Level::Error, failed),
            check("unknown", Level::Warning, Outcome::Failed(Vec::new())),
        ]));
        let entries = serde_json::from_str::<Vec<Value>>(&text.expect("a report")).expect("JSON");
        assert_eq!(
            entries[0],
            json!({
                "description": "a. Workbook: \"Sales\" (Finance · Ada). To do: make it happy.",
                "check_name": "autoexpose/lost",
                "fingerprint": "x",
                "severity": "major",
                "location": {"path": "models/a.sql", "lines": {"begin": 1}},
            })
        );
        let prints = entries.iter().map(|entry| entry["fingerprint"].to_string());
        assert_eq!(prints.collect::<BTreeSet<_>>().len(), entries.len());
        let severities = entries.iter().map(|entry| entry["severity"].as_str());
        let severities = severities
            .map(Option::unwrap_or_default)
            .collect::<Vec<_>>();
        assert_eq!(severities, ["major", "major", "minor", "info"]);
    }
}
