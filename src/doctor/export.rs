//! Judges an export: what it lists, who made it when, and what it hides.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::check::Check;
use super::finding::Finding;
use crate::model::listing::first_few;
use crate::model::{Code, Diagnostic, Evidence, Severity, Site, Upstream, User, shown_site};

/// How to make one that is whole.
const AGAIN: &str = "make it anew with `autoexpose fetch`, with the token of a site administrator; docs/tableau-export.md says what an export needs";
const ADMINISTRATOR: &str = "make the export with the token of a site administrator";
const WHAT_SHOWS_THEM: &str = "`autoexpose explain --hidden` says what would show them to this token; that of a site administrator shows all";

/// What an export shows.
pub struct Export<'r> {
    /// What is read of it.
    pub site: &'r Site<'r>,
    /// What reading it tells.
    pub diagnostics: &'r [Diagnostic],
}

/// Judges an export that can be read.
pub fn export(export: &Export) -> Vec<Finding> {
    let site = export.site;
    let mut findings = Vec::new();
    for evidence in &site.evidence {
        let several = (site.evidence.len() > 1).then(|| evidence.site.to_string());
        let named = |finding: Finding| match &several {
            Some(site) => finding.about(site.clone()),
            None => finding,
        };
        findings.push(named(lists(site, evidence)));
        findings.push(named(capture(evidence)));
    }
    findings.push(sections(site));
    findings.push(names(site));
    findings.push(warnings(export.diagnostics));
    findings
}

/// Whether every workbook is listed.
fn lists(site: &Site, evidence: &Evidence) -> Finding {
    let workbooks = site.workbooks.iter();
    let count = workbooks.filter(|workbook| workbook.site.is_same(&evidence.site));
    let workbooks = counted(count.count(), "workbook");
    let of = match &evidence.site.content_url {
        Some(url) => format!("{workbooks} of {}", of_site(url)),
        None => format!("{workbooks} of a site that the export does not name"),
    };
    if evidence.is_complete() {
        return Finding::ok(
            Check::Export,
            format!("it lists {of}, and nothing is missing"),
        );
    }
    let seen = format!(
        "it lists {of}, and more may be missing: {}",
        evidence.reasons()
    );
    Finding::warning(Check::Export, seen, AGAIN)
}

fn of_site(content_url: &str) -> String {
    match content_url {
        "" => shown_site("").to_owned(),
        site => format!("site {site}"),
    }
}

/// When it was made, and by whom.
fn capture(evidence: &Evidence) -> Finding {
    let when = evidence.captured_at;
    let when = when.and_then(|seconds| Timestamp::from_second(seconds).ok());
    let users = evidence.users.iter().map(|user| {
        let role = match user.is_administrator {
            Some(true) => ", an administrator",
            Some(false) => ", not an administrator",
            None => ", whose role is not told",
        };
        format!("{user}{role}")
    });
    let by = first_few(evidence.users.len(), users);
    let sees_all = |user: &User| user.is_administrator == Some(true);
    match when {
        None if by.is_empty() => Finding::not_known(
            Check::Capture,
            "it does not say when it was made, nor by whom",
            "an export that `autoexpose fetch` writes says both",
        ),
        None => Finding::not_known(
            Check::Capture,
            format!("it was made by {by}, and does not say when"),
            "an export that `autoexpose fetch` writes says both",
        ),
        Some(when) if by.is_empty() => Finding::not_known(
            Check::Capture,
            format!("it was made at {when}, and does not say by whom"),
            "an export that `autoexpose fetch` writes says both",
        ),
        Some(when) if evidence.users.iter().all(sees_all) => {
            Finding::ok(Check::Capture, format!("it was made at {when} by {by}"))
        }
        Some(when) => Finding::note(
            Check::Capture,
            format!(
                "it was made at {when} by {by}: what the user may not see is missing or has no name"
            ),
        )
        .with_cure(ADMINISTRATOR),
    }
}

/// Whether everything that workbooks read is shown.
fn sections(site: &Site) -> Finding {
    let mut gaps: BTreeMap<String, usize> = BTreeMap::new();
    let mut incomplete = 0;
    for workbook in &site.workbooks {
        incomplete += usize::from(!workbook.gaps.is_empty());
        let of_workbook = workbook.gaps.iter().map(ToString::to_string);
        for gap in of_workbook.collect::<BTreeSet<_>>() {
            *gaps.entry(gap).or_default() += 1;
        }
    }
    let all = counted(site.workbooks.len(), "workbook");
    if site.workbooks.is_empty() {
        return Finding::not_known(
            Check::Sections,
            "it lists not one workbook",
            "is it of the right site? `autoexpose fetch` writes one with everything that is needed",
        );
    }
    if gaps.is_empty() {
        return Finding::ok(
            Check::Sections,
            "what workbooks read is shown, as far as Tableau knows it",
        );
    }
    let mut gaps = gaps.into_iter().collect::<Vec<_>>();
    gaps.sort_by(|(one, many), (other, more)| more.cmp(many).then_with(|| one.cmp(other)));
    let count = gaps.len();
    let gaps = first_few(count, gaps.into_iter().map(|(gap, _)| gap));
    let seen = format!("{incomplete} of {all} may read more than it shows: {gaps}");
    Finding::warning(Check::Sections, seen, AGAIN)
}

/// Whether the names of tables are shown.
fn names(site: &Site) -> Finding {
    let reads = site.workbooks.iter().flat_map(|workbook| &workbook.reads);
    let hidden = reads.filter_map(|read| match &read.upstream {
        Upstream::Hidden(what) => Some(what),
        _ => None,
    });
    let hidden = hidden.collect::<BTreeSet<_>>().len();
    let titles = site.workbooks.iter();
    let titles = titles.filter(|workbook| workbook.is_hidden()).count();
    let all = hidden + site.tables.len();
    let untitled = match titles {
        0 => String::new(),
        titles => format!("; the titles of {} as well", counted(titles, "workbook")),
    };
    match (hidden, all) {
        (0, 0) => Finding::not_known(
            Check::ExportNames,
            "it shows not one table that workbooks read",
            AGAIN,
        ),
        (0, all) if titles == 0 => Finding::ok(
            Check::ExportNames,
            format!("it names all of {}", counted(all, "table")),
        ),
        (0, all) => Finding::warning(
            Check::ExportNames,
            format!(
                "it names all of {}, and hides the titles of {}",
                counted(all, "table"),
                counted(titles, "workbook")
            ),
            ADMINISTRATOR,
        ),
        (hidden, all) if hidden == all => Finding::fault(
            Check::ExportNames,
            format!(
                "Tableau hides the name of every table ({hidden}), so that nothing can be linked{untitled}"
            ),
            WHAT_SHOWS_THEM,
        ),
        (hidden, all) => Finding::warning(
            Check::ExportNames,
            format!(
                "Tableau hides the names of {hidden} of {}{untitled}",
                counted(all, "table")
            ),
            WHAT_SHOWS_THEM,
        ),
    }
}

/// What reading tells beside that.
fn warnings(diagnostics: &[Diagnostic]) -> Finding {
    let is_told = |code: Code| matches!(code, Code::ExportIncomplete | Code::WorkbookIncomplete);
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for told in diagnostics {
        if told.code.severity() == Severity::Warning && !is_told(told.code) {
            *codes.entry(told.code.as_str()).or_default() += 1;
        }
    }
    let Some((first, _)) = codes.iter().next() else {
        return Finding::ok(Check::Warnings, "reading it gives not one warning");
    };
    let cure = format!(
        "`autoexpose explain --code {first}` says what to do; `autoexpose diff` shows each"
    );
    let all = codes.values().sum();
    let codes = codes.iter().map(|(code, count)| match count {
        1 => (*code).to_owned(),
        count => format!("{code} ({count} times)"),
    });
    let codes = codes.collect::<Vec<_>>();
    let seen = format!(
        "reading it gives {}: {}",
        counted(all, "warning"),
        first_few(codes.len(), codes)
    );
    Finding::warning(Check::Warnings, seen, cure)
}

/// `1 workbook`, `2 workbooks`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
