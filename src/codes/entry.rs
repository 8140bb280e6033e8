//! One code with its page, and how a file of pages is cut into them.
//!
//! A section of a file is a page. It begins with a heading of level 2, the code between backticks. The
//! first paragraph says in short what the code means, and what follows says more. A paragraph that
//! begins with `**Example**` begins the example; behind that word stands the case that it is taken from,
//! in brackets. A paragraph that begins with `**What to do.**` begins what to do.

use super::kind::Kind;
use crate::model::Code;
use crate::model::diagnostic::Severity;

const HEADING: &str = "\n## `";
const EXAMPLE: &str = "\n**Example**";
const WHAT_TO_DO: &str = "\n**What to do.**";

/// A code with its page. All texts are Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What it is the code of.
    pub kind: Kind,
    /// The code.
    pub code: &'static str,
    /// Its page below the heading.
    body: &'static str,
}

/// The example of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// The folder below `fixtures/cases` that it is taken from; `None` if it is too large for one.
    pub case: Option<&'static str>,
    /// The input, and what the report shows of it.
    pub text: &'static str,
}

/// The codes of a file, in its order.
pub(super) fn of_page(kind: Kind) -> Vec<Entry> {
    let sections = kind.page().split(HEADING).skip(1);
    let entries = sections.filter_map(|section| {
        let (code, body) = section.split_once("`\n")?;
        Some(Entry { kind, code, body })
    });
    entries.collect()
}

impl Entry {
    /// The code with its kind, which no other code has.
    pub fn name(&self) -> String {
        format!("{}:{}", self.kind.key(), self.code)
    }

    /// How grave it is, if it is a diagnostic.
    pub fn severity(&self) -> Option<Severity> {
        let mut codes = Code::ALL.iter().filter(|_| self.kind == Kind::Diagnostic);
        let code = codes.find(|code| code.as_str() == self.code)?;
        Some(code.severity())
    }

    /// What it means, in one paragraph.
    pub fn summary(&self) -> &'static str {
        let meaning = self.before_example().trim();
        meaning.split("\n\n").next().unwrap_or(meaning)
    }

    /// What more there is to say; may be empty.
    pub fn more(&self) -> &'static str {
        let meaning = self.before_example().trim();
        meaning[self.summary().len()..].trim()
    }

    /// An input, and how the code looks in its report.
    pub fn example(&self) -> Example {
        let behind = self.body.split_once(EXAMPLE).map_or("", |(_, rest)| rest);
        let text = behind.split(WHAT_TO_DO).next().unwrap_or(behind);
        // ` ([`CASE`](LINK)). TEXT`
        let with_case = text.strip_prefix(" ([`").and_then(|rest| {
            let (case, rest) = rest.split_once('`')?;
            let (_, text) = rest
                .split_once(")). ")
                .or_else(|| rest.split_once(")).\n"))?;
            Some((case, text))
        });
        let (case, text) = match with_case {
            Some((case, text)) => (Some(case), text),
            None => (None, text.trim_start_matches('.')),
        };
        let text = text.trim();
        Example { case, text }
    }

    /// What to do about it.
    pub fn what_to_do(&self) -> &'static str {
        let behind = self.body.split_once(WHAT_TO_DO);
        behind.map_or("", |(_, rest)| rest.trim())
    }

    fn before_example(&self) -> &'static str {
        self.body.split(EXAMPLE).next().unwrap_or(self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "\nShort.\n\nLong.\n\nLonger.\n\n**Example** ([`a/b`](../../fixtures/cases/a/b)). It is so:\n\n```text\nx\n```\n\n**What to do.** This.\n\nThat.\n";

    fn entry(body: &'static str) -> Entry {
        Entry {
            kind: Kind::Diagnostic,
            code: "export-incomplete",
            body,
        }
    }

    #[test]
    fn a_page_is_cut_into_its_parts() {
        let page = entry(BODY);
        assert_eq!(page.name(), "diagnostic:export-incomplete");
        assert_eq!(page.severity(), Some(Severity::Warning));
        assert_eq!(page.summary(), "Short.");
        assert_eq!(page.more(), "Long.\n\nLonger.");
        let example = Example {
            case: Some("a/b"),
            text: "It is so:\n\n```text\nx\n```",
        };
        assert_eq!(page.example(), example);
        assert_eq!(page.what_to_do(), "This.\n\nThat.");
    }

    #[test]
    fn an_example_may_be_of_no_case() {
        let page = entry("\nShort.\n\n**Example**. Thousands.\n\n**What to do.** This.\n");
        let example = Example {
            case: None,
            text: "Thousands.",
        };
        assert_eq!(page.example(), example);
        assert_eq!(page.more(), "");
    }
}
