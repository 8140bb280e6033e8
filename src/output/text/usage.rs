//! Renders what no workbook uses as text for people.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use super::Page;
use crate::model::Severity;
use crate::output::columns::{padded, widest};
use crate::output::differences::owner;
use crate::output::usage::{DirectAnswer, ProjectAnswer, StaleAnswer, UnreadAnswer, UsageAnswer};
use crate::output::{Options, counted, printable, visible};
use crate::report::WorkbookFacts;
use crate::usage::{Certainty, DirectKind, Doubts, UnreadKind};

/// How many workbooks are named behind what they read.
const MOST_NAMED: usize = 3;

/// Renders the answer.
pub fn render(answer: &UsageAnswer, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    // Writing to a String does not fail.
    let _ = page.usage(answer);
    page.text
}

impl Page {
    fn usage(&mut self, answer: &UsageAnswer) -> fmt::Result {
        for project in &answer.projects {
            let all = project.read + project.unread.len();
            let name = printable(&project.name);
            let read = project.read;
            writeln!(
                self.text,
                "Of {} of project {name} (models, seeds, snapshots), workbooks read {read}, directly or through others.",
                counted(all, "node")
            )?;
        }
        self.left_open(answer)?;
        for project in &answer.projects {
            for kind in UnreadKind::ALL {
                self.unread(project, *kind, answer.projects.len() > 1)?;
            }
        }
        self.direct(&answer.direct)?;
        self.stale(answer)?;
        let warnings = answer.diagnostics.iter();
        let warnings = warnings.filter(|one| one.code.severity() == Severity::Warning);
        match warnings.count() {
            0 => Ok(()),
            count => writeln!(
                self.text,
                "\n{} about these inputs: `autoexpose diff` shows more",
                counted(count, "warning")
            ),
        }
    }

    fn left_open(&mut self, answer: &UsageAnswer) -> fmt::Result {
        let certainty = &answer.certainty;
        let mut open = open_points(certainty);
        if answer.projects.iter().all(|project| project.read == 0) {
            open.push(
                "workbooks read not one of these nodes: the export may be of another site, or the manifest of another target"
                    .to_owned(),
            );
        }
        if open.is_empty() {
            let workbooks = counted(certainty.workbooks, "workbook");
            return writeln!(
                self.text,
                "The export shows everything that its {workbooks} read, and leaves nothing open. Readers outside Tableau and dbt are not known."
            );
        }
        self.heading("What is not known, so that more may be read than is shown here")?;
        for point in open {
            writeln!(self.text, "  {point}")?;
        }
        Ok(())
    }

    /// The nodes of one kind that no workbook reads.
    fn unread(
        &mut self,
        project: &ProjectAnswer,
        kind: UnreadKind,
        is_of_several: bool,
    ) -> fmt::Result {
        let of_kind = project.unread.iter().filter(|one| one.kind == kind);
        let (own, of_packages): (Vec<_>, Vec<_>) = of_kind.partition(|one| one.package.is_none());
        if own.is_empty() && of_packages.is_empty() {
            return Ok(());
        }
        let what = match kind {
            UnreadKind::Nothing => {
                "Nothing that is known reads these; to delete them, begin at the top"
            }
            UnreadKind::Perhaps => {
                "Not linked to a workbook, but a table that is not linked may be one of these"
            }
            UnreadKind::Others => "Workbooks do not read these, but others do",
        };
        let project_name = printable(&project.name);
        let of = if is_of_several {
            format!(" ({project_name})")
        } else {
            String::new()
        };
        self.heading(&format!("{what}{of}"))?;
        let (shown, more) = self.capped(&own);
        let width = widest(shown.iter().map(|one| printable(&one.unique_id)));
        for one in shown {
            let about = printable(&about(one));
            let line = format!("  {}  {about}", padded(&printable(&one.unique_id), width));
            writeln!(self.text, "{}", line.trim_end())?;
        }
        self.left_out("  ", more, "")?;
        let mut packages = BTreeMap::<_, usize>::new();
        for one in of_packages {
            *packages
                .entry(one.package.as_deref().unwrap_or_default())
                .or_default() += 1;
        }
        for (package, count) in packages {
            let nodes = counted(count, "node");
            writeln!(
                self.text,
                "  {nodes} of the installed package {}",
                printable(package)
            )?;
        }
        Ok(())
    }

    fn direct(&mut self, direct: &[DirectAnswer]) -> fmt::Result {
        if direct.is_empty() {
            return Ok(());
        }
        self.heading("Sources and staging models that workbooks read directly")?;
        let (shown, more) = self.capped(direct);
        let width = widest(shown.iter().map(|one| printable(&one.unique_id)));
        for one in shown {
            let id = padded(&printable(&one.unique_id), width);
            let kind = match one.kind {
                DirectKind::Source => "source ",
                DirectKind::Staging => "staging",
            };
            let (named, rest) = one.workbooks.split_at(one.workbooks.len().min(MOST_NAMED));
            let named = named.iter().map(|workbook| title_and_owner(workbook));
            let named = named.collect::<Vec<_>>().join(", ");
            let rest = match rest.len() {
                0 => String::new(),
                count => format!(" and {count} more"),
            };
            writeln!(self.text, "  {kind}  {id}  {named}{rest}")?;
        }
        self.left_out("  ", more, "")
    }

    fn stale(&mut self, answer: &UsageAnswer) -> fmt::Result {
        let days = counted(answer.stale_after as usize, "day");
        if !answer.stale.is_empty() {
            self.heading(&format!(
                "Workbooks in which nothing has changed for {days} or more before the export was made"
            ))?;
            let (shown, more) = self.capped(&answer.stale);
            for one in shown {
                writeln!(self.text, "  {}", stale_line(one))?;
            }
            self.left_out("  ", more, "")?;
        }
        match answer.age_unknown {
            0 => Ok(()),
            count => writeln!(
                self.text,
                "\nThe export does not tell when {} last changed: ask for `updatedAt`, and give it `captured_at`.",
                counted(count, "workbook")
            ),
        }
    }
}

/// What is behind the id of a node that no workbook reads.
fn about(one: &UnreadAnswer) -> String {
    match one.kind {
        UnreadKind::Nothing => one.file.clone().unwrap_or_default(),
        UnreadKind::Perhaps => one.doubts.as_ref().map(doubts).unwrap_or_default(),
        UnreadKind::Others => {
            let (named, rest) = one.readers.split_at(one.readers.len().min(MOST_NAMED));
            let rest = match rest.len() {
                0 => String::new(),
                count => format!(" and {count} more"),
            };
            let through = if one.is_read_through_others {
                "through others: "
            } else {
                ""
            };
            format!("{through}{}{rest}", named.join(", "))
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

fn open_points(certainty: &Certainty) -> Vec<String> {
    let Certainty {
        workbooks,
        incomplete,
        hidden,
        unidentified,
        unproven_sites,
        has_open_sql,
        unreadable,
    } = *certainty;
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
    open
}

fn stale_line(one: &StaleAnswer) -> String {
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

/// `"Sales" (Ada)`.
fn title_and_owner(workbook: &WorkbookFacts) -> String {
    let (title, _) = workbook.title_and_luid();
    let title = printable(&visible(title));
    match owner(&workbook.owner) {
        Some(owner) => format!("\"{title}\" ({})", printable(&owner)),
        None => format!("\"{title}\""),
    }
}
