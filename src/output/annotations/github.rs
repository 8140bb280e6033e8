//! Workflow commands of GitHub Actions, which become annotations on files and on the run.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step, and drops the rest without a word,
//! so that what has no room is counted in the last notice.

use super::{Annotations, Level, Shown, TOOL, inert};
use crate::output::{counted, printable};

/// How many annotations of one level GitHub shows for a step.
const MOST_PER_LEVEL: usize = 10;

/// Renders one command for each annotation, the gravest first, then notices: what makes the answer
/// weaker, and the answer itself with what has no room.
pub fn render(all: &Annotations) -> String {
    let shown = all.shown();
    let mut text = String::new();
    let mut left_out = Vec::new();
    for (level, command, noun) in [
        (Level::Error, "error", "error"),
        (Level::Warning, "warning", "warning"),
    ] {
        let of_level = shown.iter().filter(|one| one.level == level);
        let of_level = of_level.collect::<Vec<_>>();
        for one in of_level.iter().take(MOST_PER_LEVEL) {
            text.push_str(&annotation(command, all.verb, one));
        }
        left_out.extend(more(of_level.len(), MOST_PER_LEVEL, noun));
    }
    // The last notice is the answer.
    let room = MOST_PER_LEVEL - 1;
    let title = format!("{TOOL} {}", all.verb);
    for note in all.notes.iter().take(room) {
        let sentence = format!("{}.", inert(note));
        text.push_str(&command("notice", &[("title", &title)], &sentence));
    }
    left_out.extend(more(all.notes.len(), room, "note"));
    let answer = answer(all, &left_out);
    text.push_str(&command("notice", &[("title", &title)], &answer));
    text
}

fn annotation(level: &str, verb: &str, shown: &Shown) -> String {
    let title = format!("{TOOL} {verb}: {}", shown.title());
    let file = shown.file.map(printable);
    let line = shown.line.map(|line| line.to_string());
    let properties = [
        file.as_deref().map(|file| ("file", file)),
        line.as_deref().map(|line| ("line", line)),
        Some(("title", title.as_str())),
    ];
    let properties = properties.into_iter().flatten().collect::<Vec<_>>();
    command(level, &properties, &shown.text())
}

/// How many more there are than have room, in words.
fn more(count: usize, room: usize, noun: &str) -> Option<String> {
    let more = count.checked_sub(room).filter(|more| *more > 0)?;
    Some(counted(more, &format!("more {noun}")))
}

/// The answer in one line, with what has no room.
fn answer(all: &Annotations, left_out: &[String]) -> String {
    let headline = inert(&all.headline);
    if left_out.is_empty() {
        return format!("{headline}.");
    }
    format!(
        "{headline}. Not shown here: {}, since GitHub shows {MOST_PER_LEVEL} annotations of each level. `--report markdown=FILE` lists all.",
        left_out.join(", ")
    )
}

/// One command, with its line feed. A value cannot end the command or begin another one.
fn command(name: &str, properties: &[(&str, &str)], message: &str) -> String {
    let properties = properties
        .iter()
        .map(|(key, value)| format!("{key}={}", escaped_property(value)))
        .collect::<Vec<_>>();
    format!("::{name} {}::{}\n", properties.join(","), escaped(message))
}

/// As `escapeData` of GitHub's `@actions/core`.
fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// As `escapeProperty` of GitHub's `@actions/core`.
fn escaped_property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::Outcome;
    use super::super::tests::{annotation, annotations, check};
    use super::*;

    #[test]
    fn hostile_texts_start_no_command() {
        let mut hostile = annotation(
            "100 %\r\n::error::x",
            Some("models/a,b:c\n::stop-commands::x.sql"),
            "x",
        );
        hostile.workbooks = vec!["::add-mask::Sales ##[error]\n::error::".to_owned()];
        let failed = Outcome::Failed(vec![hostile]);
        let text = render(&annotations(vec![check("lost", Level::Error, failed)]));
        let first = text.lines().next().unwrap_or_default();
        assert_eq!(
            first,
            "::error file=models/a%2Cb%3Ac\\u{a}%3A%3Astop-commands%3A%3Ax.sql,title=autoexpose check%3A lost (1 workbook)::100 %25\\u{d}\\u{a}::error::x. Workbook: \\u{3a}:add-mask::Sales ##\\u{5b}error]\\u{a}::error::. To do: make it happy."
        );
        let mut starts = text.lines().map(|line| line.split(' ').next());
        assert!(starts.all(|start| matches!(start, Some("::error" | "::notice"))));
        assert_eq!(text.lines().count(), 3);
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let many = |count| {
            let one = |at: usize| annotation(&format!("a{at}"), None, &format!("{at}"));
            Outcome::Failed((0..count).map(one).collect())
        };
        let mut all = annotations(vec![
            check("lost", Level::Error, many(12)),
            check("unknown", Level::Warning, many(11)),
            check("hidden", Level::Warning, many(1)),
        ]);
        all.notes = vec!["n".to_owned(); 11];
        let text = render(&all);
        for (command, count) in [("::error ", 10), ("::warning ", 10), ("::notice ", 10)] {
            assert_eq!(
                text.lines()
                    .filter(|line| line.starts_with(command))
                    .count(),
                count
            );
        }
        let last = text.lines().last().unwrap_or_default();
        assert!(
            last.contains("2 more errors, 2 more warnings, 2 more notes"),
            "{last}"
        );
    }
}
