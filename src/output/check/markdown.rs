//! Renders the answer as a comment on a pull request: the verdict, what failed with the workbooks, and
//! the rest folded. All texts from outside are inert, as in the report.

use super::{Group, WHAT_IS_READ, groups, headline, known, name};
use crate::check::{Answer, Decision};
use crate::output::cap::{MOST_SHOWN, capped, shared_among};
use crate::output::markdown::{code, linked, prose, usage};
use crate::output::usage::UsageAnswer;
use crate::output::{Options, as_sentence, lost, visible};
use crate::report::WorkbookFacts;

/// What a bot looks for to update its comment.
pub const MARKER: &str = "<!-- autoexpose check -->";
/// The length of the page, in characters, after which it is cut: GitHub accepts 65 536.
const ROOM: usize = 60_000;

/// Renders the answer; below it what no workbook reads, if the run asks for that. If it asks for nothing
/// else, that is the answer.
pub fn render(answer: &Answer, usage: Option<&UsageAnswer>, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    page.line(MARKER);
    if !answer.decisions.is_empty() || usage.is_none() {
        page.answer(answer);
    }
    if let Some(usage) = usage {
        page.usage(usage);
    }
    page.text
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

    fn answer(&mut self, answer: &Answer) {
        self.line(&format!("### Tableau check: {}", prose(&headline(answer))));
        for decision in answer.failed() {
            self.failed(decision);
        }
        for decision in answer.undecided() {
            self.undecided(decision);
        }
        if !self.options.quiet {
            self.held(answer);
            self.caveats(answer);
        }
    }

    fn usage(&mut self, usage: &UsageAnswer) {
        self.line(&format!("\n### {WHAT_IS_READ}"));
        let room = ROOM.saturating_sub(self.text.chars().count());
        let part = usage::render(usage, self.options, room);
        self.text.push_str(&part);
    }

    fn failed(&mut self, decision: &Decision) {
        let name = prose(&name(decision));
        self.line(&format!(
            "\n**{name} failed**: {}",
            prose(&decision.figures)
        ));
        self.line("");
        let groups = groups(&decision.findings);
        let (shown, more) = capped(&groups, MOST_SHOWN, self.options.verbose);
        let most = shared_among(shown.len());
        let mut left_out = more;
        for (number, group) in shown.iter().enumerate() {
            let block = block(group, most, self.options);
            if self.text.chars().count() + block.chars().count() > ROOM {
                left_out += shown.len() - number;
                break;
            }
            self.line(&block);
        }
        if left_out > 0 {
            self.line(&format!("- … and {left_out} more{}", self.options.hint()));
        }
        if let Some(known) = known(decision) {
            self.line(&format!("\n{}", prose(&as_sentence(&known))));
        }
        self.help(decision);
    }

    fn undecided(&mut self, decision: &Decision) {
        let name = prose(&name(decision));
        let why = prose(&decision.figures);
        self.line(&format!("\n**{name} could not be decided**: {why}"));
        self.help(decision);
    }

    fn help(&mut self, decision: &Decision) {
        if let Some(help) = &decision.help {
            self.line(&format!("\n{}", prose(&as_sentence(help))));
        }
    }

    fn held(&mut self, answer: &Answer) {
        let held = answer
            .held()
            .map(|decision| format!("- {}: {}", prose(&name(decision)), prose(&decision.figures)));
        self.folded("Held", &held.collect::<Vec<_>>());
    }

    fn caveats(&mut self, answer: &Answer) {
        let caveats = answer
            .caveats
            .iter()
            .map(|caveat| format!("- {}", prose(caveat)));
        self.folded("Not looked at", &caveats.collect::<Vec<_>>());
    }

    fn folded(&mut self, title: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let count = lines.len();
        self.line(&format!("\n<details><summary>{title}: {count}</summary>\n"));
        for line in lines {
            self.line(line);
        }
        self.line("\n</details>");
    }
}

fn block(group: &Group, most: usize, options: Options) -> String {
    let file = group.file.map(|file| format!(" in {}", code(file)));
    let mut block = format!(
        "- {}{}",
        prose(&visible(group.message)),
        file.unwrap_or_default()
    );
    let (shown, more) = capped(&group.workbooks, most, options.verbose);
    for shown in shown {
        block.push_str("\n  - ");
        block.push_str(&workbook(shown));
    }
    if more > 0 {
        block.push_str(&format!("\n  - … and {more} more{}", options.hint()));
    }
    block
}

/// A workbook, with whom to ask and where it is.
fn workbook(workbook: &WorkbookFacts) -> String {
    let title = linked(workbook.title_and_luid().0, workbook.url.as_deref());
    let mut facts = lost::facts(workbook);
    // The title leads there.
    facts.retain(|fact| Some(fact) != workbook.url.as_ref() || !title.starts_with('['));
    let facts = facts.iter().map(|fact| code(fact)).collect::<Vec<_>>();
    match facts.len() {
        0 => title,
        _ => format!("{title}: {}", facts.join(", ")),
    }
}
