//! Renders the answer as text for people: the decision, the rule behind it, and each step.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};

use super::AccessAnswer;
use crate::audience::{Decision, Outcome, Step};
use crate::output::columns::{hanging, padded, widest};
use crate::output::{Options, printable, text, visible};

/// The width of a terminal that sentences are broken for.
const COLUMNS: usize = 100;
/// How many notes and warnings of each kind are shown, unless all are asked for.
const MOST_OF_EACH: usize = 5;
const HEADING: Style = Style::new().bold();

/// Renders the answer.
pub fn render(answer: &AccessAnswer, options: Options) -> String {
    let mut page = Page {
        text: String::new(),
        options,
    };
    // Writing to a String does not fail.
    let _ = page.answer(answer);
    page.text
}

struct Page {
    text: String,
    options: Options,
}

impl Page {
    fn paint(&self, style: Style, text: &str) -> String {
        text::painted(text, style, self.options)
    }

    fn answer(&mut self, answer: &AccessAnswer) -> fmt::Result {
        let decision = answer.answer.decision;
        let shown = self.paint(of_decision(decision), decision.text());
        let about = about(answer);
        writeln!(self.text, "{shown}: {about}")?;
        let rule = answer.answer.rule;
        self.fact("rule", &format!("{}: {}", rule.key(), rule.text()))?;
        self.fact("why", &answer.answer.why)?;
        if !rule.source().is_empty() {
            self.fact("source", rule.source())?;
        }
        if self.options.quiet {
            return Ok(());
        }
        let heading = self.paint(HEADING, "Steps");
        writeln!(self.text, "\n{heading}")?;
        self.steps(&answer.answer.steps)?;
        let told = answer.diagnostics.iter().collect::<Vec<_>>();
        let told = text::notes_and_warnings(&told, MOST_OF_EACH, self.options);
        self.text.push_str(&told);
        Ok(())
    }

    fn fact(&mut self, name: &str, fact: &str) -> fmt::Result {
        self.filled(&format!("  {}  ", padded(name, 6)), fact)
    }

    fn steps(&mut self, steps: &[Step]) -> fmt::Result {
        let rules = widest(steps.iter().map(|step| step.rule.key()));
        let outcomes = widest(Outcome::ALL.iter().map(|outcome| outcome.text()));
        for step in steps {
            let rule = padded(step.rule.key(), rules);
            let outcome = padded(step.outcome.text(), outcomes);
            self.filled(&format!("  {rule}  {outcome}  "), &step.saw)?;
        }
        Ok(())
    }

    /// A text behind its head, in lines below each other.
    fn filled(&mut self, head: &str, text: &str) -> fmt::Result {
        let text = printable(&visible(text));
        self.text.push_str(&hanging(head, &text, COLUMNS));
        Ok(())
    }
}

fn about(answer: &AccessAnswer) -> String {
    let subject = answer.subject.to_string();
    let asset = answer.asset.to_string();
    let about = format!("{subject}, {}, {asset}", answer.capability);
    printable(&visible(&about))
}

fn of_decision(decision: Decision) -> Style {
    let color = match decision {
        Decision::Allowed => AnsiColor::Green,
        Decision::Denied => AnsiColor::Red,
        Decision::Unknown => AnsiColor::Yellow,
    };
    color.on_default().bold()
}
