//! The sentences and lists of what no workbook uses, for all formats that people read. Names are as they
//! come: the formats make them harmless.

use std::collections::BTreeMap;

use super::{DirectAnswer, ProjectAnswer, StaleAnswer, UnreadAnswer, UsageAnswer};
use crate::model::Severity;
use crate::output::differences::owner;
use crate::output::{counted, visible};
use crate::report::WorkbookFacts;
use crate::usage::{Certainty, DirectKind, Doubts, UnreadKind};

/// How many workbooks are named behind what they read.
const MOST_NAMED: usize = 3;

/// A list with a heading.
#[derive(Debug, Default)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// The entries of the list.
    pub rows: Vec<Row>,
    /// Sentences below the list.
    pub below: Vec<String>,
}

/// An entry of a list. What it has nothing of is empty.
#[derive(Debug, Default)]
pub struct Row {
    /// What it is; of equal width in one list.
    pub kind: &'static str,
    /// The id of a node.
    pub id: String,
    /// What is to say of it.
    pub about: String,
}

impl Row {
    fn sentence(about: String) -> Self {
        Self {
            about,
            ..Self::default()
        }
    }
}

/// The first sentences: how much is read, and that nothing is left open if that is so.
pub fn first_sentences(answer: &UsageAnswer) -> Vec<String> {
    let projects = answer.projects.iter().map(|project| {
        let all = project.read + project.unread.len();
        format!(
            "Of {} of project {} (models, seeds, snapshots), workbooks read {}, directly or through others.",
            counted(all, "node"),
            project.name,
            project.read
        )
    });
    let certainty = &answer.certainty;
    let is_certain = open_points(answer).is_empty().then(|| {
        let workbooks = counted(certainty.workbooks, "workbook");
        format!(
            "The export shows everything that its {workbooks} read, and leaves nothing open. Readers outside Tableau and dbt are not known."
        )
    });
    projects.chain(is_certain).collect()
}

/// The lists that are not empty.
pub fn sections(answer: &UsageAnswer) -> Vec<Section> {
    let projects = answer.projects.iter();
    let is_of_several = answer.projects.len() > 1;
    let unread = projects.flat_map(|project| {
        let kinds = UnreadKind::ALL.iter();
        kinds.map(move |kind| unread(project, *kind, is_of_several))
    });
    let sections = [left_open(answer)].into_iter().chain(unread);
    let sections = sections.chain([direct(&answer.direct), stale(answer)]);
    let is_any = |section: &Section| !section.rows.is_empty() || !section.below.is_empty();
    sections.filter(is_any).collect()
}

/// The last sentences.
pub fn last_sentences(answer: &UsageAnswer) -> Vec<String> {
    let age_unknown = (answer.age_unknown > 0).then(|| {
        format!(
            "The export does not tell when {} last changed: ask for `updatedAt`, and give it `captured_at`.",
            counted(answer.age_unknown, "workbook")
        )
    });
    let warnings = answer.diagnostics.iter();
    let warnings = warnings.filter(|one| one.code.severity() == Severity::Warning);
    let warnings = warnings.count();
    let warnings = (warnings > 0).then(|| {
        format!(
            "{} about these inputs: `autoexpose diff` shows more",
            counted(warnings, "warning")
        )
    });
    age_unknown.into_iter().chain(warnings).collect()
}

fn left_open(answer: &UsageAnswer) -> Section {
    Section {
        heading: "What is not known, so that more may be read than is shown here".to_owned(),
        rows: open_points(answer).into_iter().map(Row::sentence).collect(),
        below: Vec::new(),
    }
}

fn open_points(answer: &UsageAnswer) -> Vec<String> {
    let Certainty {
        workbooks,
        incomplete,
        hidden,
        unidentified,
        unproven_sites,
        has_open_sql,
        unreadable,
    } = answer.certainty;
    let mut open = Vec::new();
    if unproven_sites > 0 {
        let sites = counted(unproven_sites, "site");
        open.push(format!(
            "{sites} may have workbooks that the export does not list"
        ));
    }
    if incomplete > 0 {
        let of_these = if hidden > 0 {
            format!(" ({hidden} are hidden from the token)")
        } else {
            String::new()
        };
        open.push(format!(
            "{incomplete} of {workbooks} workbooks may read more than the export shows{of_these}"
        ));
    }
    if unidentified > 0 {
        let workbooks = counted(unidentified, "workbook");
        open.push(format!(
            "{workbooks} without a luid: what they read was not looked at"
        ));
    }
    if has_open_sql {
        open.push(
            "custom SQL whose workbook the export does not name may read any table".to_owned(),
        );
    }
    if unreadable > 0 {
        let things = counted(unreadable, "entry").replace("entrys", "entries");
        open.push(format!(
            "{things} of the manifest could not be read: what they depend on is not known"
        ));
    }
    if answer.projects.iter().all(|project| project.read == 0) {
        open.push(
            "workbooks read not one of these nodes: the export may be of another site, or the manifest of another target"
                .to_owned(),
        );
    }
    open
}

/// The nodes of one kind that no workbook reads.
fn unread(project: &ProjectAnswer, kind: UnreadKind, is_of_several: bool) -> Section {
    let of_kind = project.unread.iter().filter(|one| one.kind == kind);
    let (own, of_packages): (Vec<_>, Vec<_>) = of_kind.partition(|one| one.package.is_none());
    let what = match kind {
        UnreadKind::Nothing => {
            "Nothing that is known reads these; to delete them, begin at the top"
        }
        UnreadKind::Perhaps => {
            "Not linked to a workbook, but a table that is not linked may be one of these"
        }
        UnreadKind::Others => "Workbooks do not read these, but others do",
    };
    let of = if is_of_several {
        format!(" ({})", project.name)
    } else {
        String::new()
    };
    let mut packages = BTreeMap::<_, usize>::new();
    for package in of_packages.iter().filter_map(|one| one.package.as_deref()) {
        *packages.entry(package).or_default() += 1;
    }
    let packages = packages.into_iter().map(|(package, count)| {
        format!(
            "{} of the installed package {package}",
            counted(count, "node")
        )
    });
    let rows = own.into_iter().map(|one| Row {
        kind: "",
        id: one.unique_id.clone(),
        about: about(one),
    });
    Section {
        heading: format!("{what}{of}"),
        rows: rows.collect(),
        below: packages.collect(),
    }
}

/// What is behind the id of a node that no workbook reads.
fn about(one: &UnreadAnswer) -> String {
    match one.kind {
        UnreadKind::Nothing => one.file.clone().unwrap_or_default(),
        UnreadKind::Perhaps => one.doubts.as_ref().map(doubts).unwrap_or_default(),
        UnreadKind::Others => {
            let through = if one.is_read_through_others {
                "through others: "
            } else {
                ""
            };
            format!("{through}{}", first_few(&one.readers, String::clone))
        }
    }
}

fn doubts(doubts: &Doubts) -> String {
    let mut all = Vec::new();
    if doubts.ambiguous > 0 {
        let workbooks = counted(doubts.ambiguous, "workbook");
        all.push(format!("ambiguous in {workbooks}"));
    }
    if doubts.near > 0 {
        let workbooks = counted(doubts.near, "workbook");
        all.push(format!(
            "among the nearest of an unknown table in {workbooks}"
        ));
    }
    if doubts.is_unclaimed {
        all.push("read by custom SQL whose workbook the export does not name".to_owned());
    }
    all.join(", ")
}

fn direct(direct: &[DirectAnswer]) -> Section {
    let rows = direct.iter().map(|one| Row {
        kind: match one.kind {
            DirectKind::Source => "source ",
            DirectKind::Staging => "staging",
        },
        id: one.unique_id.clone(),
        about: first_few(&one.workbooks, |workbook| title_and_owner(workbook)),
    });
    Section {
        heading: "Sources and staging models that workbooks read directly".to_owned(),
        rows: rows.collect(),
        below: Vec::new(),
    }
}

fn stale(answer: &UsageAnswer) -> Section {
    let days = counted(answer.stale_after as usize, "day");
    Section {
        heading: format!(
            "Workbooks in which nothing has changed for {days} or more before the export was made"
        ),
        rows: answer
            .stale
            .iter()
            .map(|one| Row::sentence(stale_sentence(one)))
            .collect(),
        below: Vec::new(),
    }
}

fn stale_sentence(one: &StaleAnswer) -> String {
    let days = one.days;
    let how = if one.has_extract {
        "published or refreshed"
    } else {
        "published; it may read its tables live"
    };
    format!(
        "{}: {days} days since it was last {how}",
        title_and_owner(&one.workbook)
    )
}

/// The first things of a list in words, and how many more there are.
fn first_few<T>(list: &[T], in_words: impl Fn(&T) -> String) -> String {
    let (named, rest) = list.split_at(list.len().min(MOST_NAMED));
    let named = named.iter().map(in_words).collect::<Vec<_>>().join(", ");
    match rest.len() {
        0 => named,
        count => format!("{named} and {count} more"),
    }
}

/// `"Sales" (Ada)`.
fn title_and_owner(workbook: &WorkbookFacts) -> String {
    let (title, _) = workbook.title_and_luid();
    let title = visible(title);
    match owner(&workbook.owner) {
        Some(owner) => format!("\"{title}\" ({owner})"),
        None => format!("\"{title}\""),
    }
}
