//! The pages of `docs/codes` are true: their examples are quoted from cases and show their code, and
//! their links lead somewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use autoexpose::codes::{self, Entry, Kind};

use super::case;
use super::fixtures;
use super::registry::fixed;

/// What thousands of tables show and no case. Unit tests show it with a smaller limit.
const TOO_LARGE_FOR_A_CASE: &str = "diagnostic:nearest-cut";

/// Quoted lines, and the language that their block names.
type Quote = (&'static str, Vec<&'static str>);

fn quotes(entry: &Entry) -> Vec<Quote> {
    let blocks = entry.example().text.split("```").skip(1).step_by(2);
    let quotes = blocks.map(|block| {
        let (language, code) = block.split_once('\n').unwrap();
        (language, code.lines().collect())
    });
    quotes.collect()
}

/// The lines that the page quotes from a report.
fn reported(entry: &Entry) -> Vec<&'static str> {
    let quotes = quotes(entry).into_iter();
    let reports = quotes.filter(|(language, _)| *language == "text");
    reports.flat_map(|(_, lines)| lines).collect()
}

/// The inputs of a case, without blanks.
fn inputs(name: &str) -> Vec<String> {
    let work = tempfile::tempdir().unwrap();
    case::copy(&fixtures::root().join("cases").join(name), work.path());
    let files = fixtures::files(work.path()).into_values();
    let texts = files.map(|bytes| without_blanks(&String::from_utf8_lossy(&bytes)));
    texts.collect()
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Whether a text has these parts, in their order.
fn has_in_order<'p>(text: &str, parts: impl IntoIterator<Item = &'p str>) -> bool {
    let mut rest = text;
    parts.into_iter().all(|part| {
        let behind = rest.split_once(part);
        rest = behind.map_or("", |(_, behind)| behind);
        behind.is_some()
    })
}

/// What is wrong with the example of a page.
fn faults(entry: &Entry) -> Vec<&'static str> {
    let Some(case) = entry.example().case else {
        let is_too_large = entry.name() == TOO_LARGE_FOR_A_CASE;
        return Vec::from_iter((!is_too_large).then_some("it names no case"));
    };
    let mut faults = Vec::new();
    let link = format!("[`{case}`](../../fixtures/cases/{case})");
    if !entry.kind.page().contains(&link) {
        faults.push("its link is not that of the case");
    }
    let lines = reported(entry);
    let snapshot = fixtures::root().join("cases").join(case);
    let snapshot = fs::read_to_string(snapshot.join("expected.snap")).unwrap();
    if lines.is_empty() || !has_in_order(&snapshot, lines.iter().map(|line| line.trim())) {
        faults.push("the report of the case does not have these lines");
    }
    let inputs = inputs(case);
    for (_, lines) in quotes(entry)
        .iter()
        .filter(|(language, _)| *language != "text")
    {
        let input = without_blanks(&lines.concat());
        if !inputs
            .iter()
            .any(|text| has_in_order(text, input.split('…')))
        {
            faults.push("the inputs of the case do not have these lines");
        }
    }
    faults
}

#[test]
fn examples_are_quoted_from_their_cases() {
    let all = codes::all().into_iter();
    let faulty = all.flat_map(|entry| {
        let faults = faults(&entry).into_iter();
        faults.map(move |fault| format!("{}: {fault}", entry.name()))
    });
    assert_eq!(faulty.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn examples_show_their_codes() {
    let mut texts: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for kind in Kind::ALL {
        for (code, text) in kind.shown() {
            let name = format!("{}:{code}", kind.key());
            texts.entry(name).or_default().push(fixed(text).trim());
        }
    }
    let is_shown = |entry: &Entry| {
        let shown = reported(entry).join(" ");
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut texts = texts[&entry.name()].iter();
        texts.any(|text| shown.contains(text))
    };
    let mut names = codes::all();
    names.retain(|entry| !is_shown(entry));
    let names = names.iter().map(Entry::name).collect::<Vec<_>>();
    assert_eq!(names, [""; 0]);
}

#[test]
fn links_of_pages_lead_to_pages() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/codes");
    let mut pages = Kind::ALL.iter().map(|kind| (kind.file(), kind.page()));
    let pages: BTreeMap<String, &str> = pages.by_ref().collect();
    for (name, page) in &pages {
        for target in page.split("](").skip(1) {
            let target = target.split(')').next().unwrap();
            let (file, code) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { name } else { file };
            assert!(folder.join(file).exists(), "{name}: {target}");
            let heading = format!("\n## `{code}`\n");
            let is_there = code.is_empty() || pages[file].contains(&heading);
            assert!(is_there, "{name}: {target}");
        }
    }
}

#[test]
fn all_codes_are_listed() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_autoexpose"));
    let output = command.args(["explain", "--codes"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    // The first word of a line behind two blanks is a code.
    let lines = text.lines().filter_map(|line| line.strip_prefix("  "));
    let first = lines.filter_map(|line| line.split(' ').next());
    let listed = first.filter(|word| !word.is_empty()).collect::<Vec<_>>();
    let all = codes::all().into_iter().map(|entry| entry.code);
    assert_eq!(listed, all.collect::<Vec<_>>());
}
