//! Renders the answer as a comment on a pull request or the summary of a job. All texts from outside
//! are inert, as in the report.

use super::{RefreshAnswer, ages, facts, headline, outcomes, parted};
use crate::output::cap::{MOST_SHOWN, capped};
use crate::output::markdown::prose;
use crate::output::{Options, visible};
use crate::schedule::Target;

/// What a bot looks for to update its comment.
pub const MARKER: &str = "<!-- autoexpose refresh -->";

/// Renders the answer.
pub fn render(answer: &RefreshAnswer, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    page.line(MARKER);
    page.line(&format!(
        "### Tableau extracts: {}",
        prose(&headline(answer))
    ));
    let due = outcomes(answer).map(|(due, posted)| {
        let what = posted.map_or_else(|| "due".to_owned(), |(posted, _)| posted.to_string());
        let facts = facts(&due.target, &due.built, due.refreshed_at);
        entry(&due.target, &what, &facts)
    });
    page.list("Due", &due.collect::<Vec<_>>());
    if options.quiet || answer.off.is_some() {
        return page.text;
    }
    let (of_run, lasting) = parted(&answer.schedule.held);
    let held = of_run.into_iter();
    let held = held.map(|held| entry(&held.target, &held.reason.to_string(), &[]));
    page.folded("Not due", &held.collect::<Vec<_>>());
    let lasting = lasting.iter();
    let lasting = lasting.map(|(reason, count)| format!("- {count} {reason}"));
    page.folded("Never due", &lasting.collect::<Vec<_>>());
    let notes = ages(answer)
        .into_iter()
        .chain(answer.remarks.iter().cloned());
    let notes = notes.map(|note| format!("- {}", prose(&note)));
    page.folded("Notes", &notes.collect::<Vec<_>>());
    page.text
}

fn entry(target: &Target, what: &str, facts: &[String]) -> String {
    let title = prose(&visible(target.title()));
    let kind = target.kind.words();
    let what = prose(&visible(what));
    let facts = match facts.len() {
        0 => String::new(),
        _ => format!(" ({})", prose(&visible(&facts.join("; ")))),
    };
    format!("- **{title}**, {kind}: {what}{facts}")
}

struct Page {
    text: String,
    options: Options,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn list(&mut self, title: &str, entries: &[String]) {
        if entries.is_empty() {
            return;
        }
        self.line(&format!("\n**{title}**\n"));
        self.entries(entries);
    }

    fn folded(&mut self, title: &str, entries: &[String]) {
        if entries.is_empty() {
            return;
        }
        let count = entries.len();
        self.line(&format!("\n<details><summary>{title}: {count}</summary>\n"));
        self.entries(entries);
        self.line("\n</details>");
    }

    fn entries(&mut self, entries: &[String]) {
        let (shown, more) = capped(entries, MOST_SHOWN, self.options.verbose);
        for entry in shown {
            self.line(entry);
        }
        if more > 0 {
            self.line(&format!("- … and {more} more{}", self.options.hint()));
        }
    }
}
