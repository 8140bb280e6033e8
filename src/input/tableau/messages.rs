//! The messages about exports: failures and diagnostics, with what to do about each.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::access::NotRead;
use super::envelope::FORMAT;
use super::errors::GraphqlError;
use super::store::{LeftOut, Merged};
use crate::input::json::{self, NotJson};
use crate::model::display::{self, display_enum};
use crate::model::listing::first_few;
use crate::model::server::InvalidServer;
use crate::model::{Code, Diagnostic, Evidence, Failure, SiteId, WorkbookListGap};

/// What to do about an export that is damaged.
pub(super) const EXPORT_AGAIN: &str = "repeat the export";

const TAKES: &str = "`--tableau` takes responses of Tableau's Metadata API: JSON with `data.workbooks`, pages of a `…Connection`, or a list of workbooks or data sources";

/// The most objects, files or keys that one message names.
const MOST_NAMED: usize = 5;

display_enum! {
    /// What a JSON value is instead of an export.
    pub enum NotAnExport {
        /// An envelope of this newer format.
        NewerFormat(format: u64) => "this export has format {format}, written by a newer autoexpose; this version reads format {}", FORMAT;
        /// A dbt artifact with this schema.
        DbtArtifact(schema: String) => "this is a dbt artifact ({schema}), not a Tableau export; are `--manifest` and `--tableau` swapped?";
        /// The response to a sign-in.
        SignInResponse => "this is the response to a sign-in, which contains a token: delete it";
        /// The request of a sign-in.
        SignInRequest => "this is a sign-in request, which contains a secret: keep it apart from exports";
        /// A page without its name, so that it is unknown what it lists.
        BarePage => "a bare page; save the whole response, starting at `data`";
        /// `{}`.
        EmptyObject => "this is an empty object";
        /// An object with these keys.
        OtherObject(keys: Vec<String>) => "not a Metadata API response: found {} but no `data`", shown_keys(keys);
    }
}

fn shown_keys(keys: &[String]) -> String {
    let shown = keys
        .iter()
        .take(MOST_NAMED)
        .map(|key| format!("`{}`", key.escape_debug()));
    shown.collect::<Vec<_>>().join(", ")
}

/// A text that is not JSON.
pub(super) fn not_json(file: &str, reason: NotJson) -> Failure {
    Failure::new(file, reason.to_string()).help(TAKES)
}

/// A text that is not JSON, or not what an export may be.
pub(super) fn not_parsed(file: &str, line: usize, error: &serde_json::Error) -> Failure {
    let help = if error.is_data() { TAKES } else { EXPORT_AGAIN };
    json::failure(file, line, error, help)
}

/// A value that is not an export.
pub(super) fn not_an_export(file: &str, reason: &NotAnExport) -> Failure {
    let help = match reason {
        NotAnExport::NewerFormat(_) => "update autoexpose",
        NotAnExport::DbtArtifact(_)
        | NotAnExport::SignInResponse
        | NotAnExport::SignInRequest
        | NotAnExport::BarePage
        | NotAnExport::EmptyObject
        | NotAnExport::OtherObject(_) => TAKES,
    };
    Failure::new(file, reason.to_string()).help(help)
}

/// A file of a folder that is not an export.
pub(super) fn left_out(file: &str, reason: &NotAnExport) -> Diagnostic {
    Diagnostic::new(Code::NotAnExport, file, format!("ignored: {reason}"))
}

/// A file without any response.
pub(super) fn without_responses(file: &str) -> Failure {
    Failure::new(file, "it contains no responses")
}

/// A run without any response in its files, with the reasons for the first files.
pub(super) fn no_responses(mut reasons: Vec<Failure>) -> Vec<Failure> {
    let more = match reasons.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    reasons.truncate(MOST_NAMED);
    let message = format!(
        "the files given with `--tableau` contain no response of Tableau's Metadata API{more}"
    );
    reasons.push(Failure::new("", message).help(TAKES));
    reasons
}

/// An error in a response that has errors and no data.
pub(super) fn refused(file: &str, error: &GraphqlError) -> Failure {
    let message = format!(
        "Tableau refused the query: {}: {}",
        error.code(),
        error.message()
    );
    Failure::new(file, message).help(error.advice())
}

/// An error in a response.
pub(super) fn tableau_error(file: &str, error: &GraphqlError) -> Diagnostic {
    let message = format!("Tableau reported {}: {}", error.code(), error.message());
    Diagnostic::new(Code::TableauError, file, message).help(error.advice())
}

/// A `captured_at` that is not a timestamp.
pub(super) fn capture_time_unknown(file: &str, time: &str) -> Diagnostic {
    let message = format!(
        "captured_at is not a timestamp ({time:?}); the export is treated as being as recent as the others"
    );
    Diagnostic::new(Code::CaptureTimeUnknown, file, message)
        .help("write it as 2026-05-04T06:00:00Z")
}

/// A server in an envelope that is not an address.
pub(super) fn server_left_out(file: &str, reason: &InvalidServer) -> Diagnostic {
    let message = format!("its server is ignored: {reason}");
    Diagnostic::new(Code::ServerNotAnAddress, file, message).help("pass the server with `--server`")
}

/// The sections that are not used, by name, with how often each occurs.
pub(super) fn ignored_sections(sections: &BTreeMap<String, usize>) -> Diagnostic {
    let list = sections
        .iter()
        .map(|(section, count)| format!("{section} ({count})"))
        .collect::<Vec<_>>()
        .join(", ");
    Diagnostic::new(Code::IgnoredSections, "", format!("not used: {list}"))
}

/// Answers about permissions that are not used.
pub(super) fn rest_not_read(not_read: impl Iterator<Item = NotRead>) -> Option<Diagnostic> {
    let mut counts = BTreeMap::<NotRead, usize>::new();
    for one in not_read {
        *counts.entry(one).or_default() += 1;
    }
    if counts.is_empty() {
        return None;
    }
    let names = counts
        .keys()
        .map(|one| display::shortened(&one.to_string()).into_owned());
    let names = names.collect::<Vec<_>>();
    let listed = first_few(names.len(), names.iter().map(String::as_str));
    let message = format!("answers of `rest` that tell nothing about permissions here: {listed}");
    Some(Diagnostic::new(Code::RestUnread, "", message).help(
        "`docs/tableau-export.md` has a table of the answers that are used, each with its `get`",
    ))
}

/// What merging the objects of a site tells.
pub(super) fn of_merged(site: &SiteId, merged: &Merged, times: &[Timestamp]) -> Vec<Diagnostic> {
    let differing = merged.differing.iter();
    let differing = differing.map(|(kind, labels)| copies_differ(site, kind, labels));
    let left_out = merged.left_out.as_ref();
    let left_out = left_out.map(|left_out| several_captures(site, times, left_out));
    let views = views_of_nobody(site, &merged.views_of_nobody);
    differing.chain(left_out).chain(views).collect()
}

/// Objects of one kind that the exports contain several times, with different content.
pub(super) fn copies_differ(site: &SiteId, kind: &str, labels: &[String]) -> Diagnostic {
    let named = counted_labels(labels).unwrap_or_default();
    let message = format!(
        "the same {kind} appears several times with different content: {named}; the most recent copy is used, or all of them if their age is unknown"
    );
    Diagnostic::new(Code::CopiesDiffer, site.place(), message)
}

/// A site that was captured at several times, and what is left out of the older captures.
pub(super) fn several_captures(
    site: &SiteId,
    times: &[Timestamp],
    left_out: &LeftOut,
) -> Diagnostic {
    let named = times
        .iter()
        .rev()
        .take(MOST_NAMED)
        .map(Timestamp::to_string);
    let mut named = named.collect::<Vec<_>>().join(", ");
    if times.len() > MOST_NAMED {
        named.push_str(", \u{2026}");
    }
    let mut parts = Vec::new();
    for (kind, labels) in &left_out.objects {
        let kind_text = match labels.len() {
            1 => kind.text().into(),
            _ => kind.plural(),
        };
        parts.push(format!(
            "{} {kind_text} ({})",
            labels.len(),
            first_labels(labels)
        ));
    }
    match left_out.readers {
        0 => {}
        1 => parts.push("1 reference to a reader".to_owned()),
        count => parts.push(format!("{count} references to readers")),
    }
    let left_out = if parts.is_empty() {
        "what only older ones contain counts as well".to_owned()
    } else {
        format!(
            "left out, since only older ones contain it: {}",
            parts.join(", ")
        )
    };
    let message = format!(
        "{} captures of this site ({named}); {left_out}",
        times.len()
    );
    Diagnostic::new(Code::SeveralCaptures, site.place(), message)
}

/// Files of a folder that list workbooks which other files list as well, and do not say when they were
/// saved.
pub(super) fn undated_captures(site: &SiteId, files: &[&str]) -> Option<Diagnostic> {
    if files.is_empty() {
        return None;
    }
    let names = first_few(files.len(), files.iter().copied());
    let message = format!(
        "files that do not say when they were saved list workbooks that other files list as well, and all of them count: {names}"
    );
    let diagnostic = Diagnostic::new(Code::CapturesUndated, site.place(), message);
    Some(
        diagnostic.help(
            "keep one capture in a folder, or wrap each in an envelope with its `captured_at`",
        ),
    )
}

/// The first few of some labels, in quotes.
fn first_labels(labels: &[String]) -> String {
    let distinct = labels.iter().collect::<BTreeSet<_>>();
    let mut named = distinct
        .iter()
        .take(MOST_NAMED)
        .map(|label| format!("{label:?}"))
        .collect::<Vec<_>>()
        .join(", ");
    if distinct.len() > MOST_NAMED {
        named.push_str(" and more");
    }
    named
}

/// The first few of some labels, in quotes, and how many there are; `None` if there are none.
fn counted_labels(labels: &[String]) -> Option<String> {
    let named = first_labels(labels);
    match labels.len() {
        0 => None,
        1 => Some(named),
        count => Some(format!("{named} ({count} in all)")),
    }
}

/// Custom SQL whose reader the export does not name.
pub(super) fn sql_of_nobody(site: &SiteId, labels: &[String]) -> Option<Diagnostic> {
    let message = format!(
        "the export does not name who reads this custom SQL, so no workbook is linked to its tables: {}",
        counted_labels(labels)?
    );
    let diagnostic = Diagnostic::new(Code::ReaderUnknown, site.place(), message);
    Some(diagnostic.help(
        "add `downstreamWorkbooks { luid }` and `downstreamDatasources { id }` to the query of `customSQLTables`",
    ))
}

/// Objects that may be workbooks or published data sources, and are read as workbooks.
pub(super) fn kind_assumed(site: &SiteId, labels: &[String]) -> Option<Diagnostic> {
    let message = format!(
        "these objects without a response around them may be workbooks or published data sources, and are read as workbooks: {}",
        counted_labels(labels)?
    );
    let diagnostic = Diagnostic::new(Code::KindAssumed, site.place(), message);
    Some(diagnostic.help("save whole responses, or add `__typename` to the query"))
}

/// Views whose workbook the export does not name.
pub(super) fn views_of_nobody(site: &SiteId, labels: &[String]) -> Option<Diagnostic> {
    let message = format!(
        "the export does not name the workbook of these sheets and dashboards, so no workbook is linked to what they read: {}",
        counted_labels(labels)?
    );
    let diagnostic = Diagnostic::new(Code::ReaderUnknown, site.place(), message);
    Some(diagnostic.help("add `workbook { luid }` to the query of sheets and dashboards"))
}

/// Totals of Tableau that differ from the number of workbooks in the export.
pub(super) fn totals_disagree(site: &SiteId, listed: u64, totals: &BTreeSet<u64>) -> Diagnostic {
    let counts = totals.iter().rev().take(MOST_NAMED).rev();
    let mut counts = counts.map(u64::to_string).collect::<Vec<_>>().join(" and ");
    if totals.len() > MOST_NAMED {
        counts.push_str(" and others");
    }
    let message =
        format!("number of workbooks: {listed} in the export, {counts} according to Tableau");
    Diagnostic::new(Code::TotalsDisagree, site.place(), message)
}

/// An export whose list of workbooks may be incomplete. A plain list can never prove that it is
/// complete, and one of some projects is not meant to be, so these are only mentioned with the exposures
/// that are kept because of them.
pub(super) fn export_incomplete(evidence: &Evidence) -> Option<Diagnostic> {
    let is_told_elsewhere = matches!(
        evidence.gaps[..],
        [WorkbookListGap::PlainList | WorkbookListGap::Narrowed(_)]
    );
    if evidence.is_complete() || is_told_elsewhere {
        return None;
    }
    let message = format!(
        "no exposures are removed based on this export: {}",
        evidence.reasons()
    );
    Some(Diagnostic::new(
        Code::ExportIncomplete,
        evidence.site.place(),
        message,
    ))
}

display_enum! {
    /// Why a workbook gets no exposure.
    pub enum NotExposed {
        /// It has no luid, so it could not be recognized after it is renamed.
        WithoutLuid(label: String) => "workbook {label:?} has no luid, so it gets no exposure";
        /// It is only referenced, and may be at several sites of the run.
        AtUnknownSite(label: String) => "workbook {label:?} is only referenced, in a file that does not name its site";
        /// It is only referenced.
        NotListed(label: String) => "workbook {label:?} is referenced but not listed, so it gets no exposure";
        /// It is only referenced, by its name alone.
        WithoutId(label: String) => "workbook {label:?} is referenced without an id, so it is not known which one is meant";
    }
}

const NAME_THE_SITE: &str =
    "pass the files of one site at a time, or name the site with `--server` and `--site`";

/// Files that may be from several sites of the run, and what they name of theirs.
pub(super) fn files_of_several_sites(site: &SiteId, files: &BTreeSet<&str>) -> Diagnostic {
    let named = files.iter().take(MOST_NAMED).copied();
    let mut named = named.collect::<Vec<_>>().join(", ");
    if files.len() > MOST_NAMED {
        named.push_str(" and more");
    }
    let message = match files.len() {
        1 => format!(
            "{named} may be from several sites of this run, so it is read apart from the files of these sites"
        ),
        count => format!(
            "{count} files may be from several sites of this run, so they are read apart from the files of these sites: {named}"
        ),
    };
    Diagnostic::new(Code::SiteUnknown, site.place(), message).help(NAME_THE_SITE)
}

/// A workbook in a file that does not name its site, on several sites of the run.
pub(super) fn workbook_of_several_sites(site: &SiteId, label: &str) -> Diagnostic {
    let message = format!(
        "workbook {label:?} is on several sites, and a file that lists it does not name its site; what this file says of it is ignored"
    );
    Diagnostic::new(Code::SiteUnknown, site.place(), message).help(NAME_THE_SITE)
}

/// Workbooks without an exposure, `count` with the same label.
pub(super) fn not_exposed(site: &SiteId, reason: &NotExposed, count: usize) -> Diagnostic {
    let (code, help) = match reason {
        NotExposed::WithoutLuid(_) => (Code::WorkbookUnidentified, "add `luid` to the query"),
        NotExposed::AtUnknownSite(_) => (Code::WorkbookReferenceOnly, NAME_THE_SITE),
        NotExposed::NotListed(_) => (Code::WorkbookReferenceOnly, "add the page that contains it"),
        NotExposed::WithoutId(_) => (
            Code::WorkbookReferenceOnly,
            "add `luid` wherever the query names workbooks",
        ),
    };
    let mut message = reason.to_string();
    if count > 1 {
        message.push_str(&format!(" ({count} workbooks of this name)"));
    }
    Diagnostic::new(code, site.place(), message).help(help)
}
