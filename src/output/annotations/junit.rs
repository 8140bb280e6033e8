//! JUnit XML, which every viewer of test results reads: a suite for each check, a test case for each
//! thing that it fails on, or one that passes.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::{Annotations, Check, Level, Outcome, Shown, TOOL, inert};
use crate::output::printable;

/// Renders the report, with a line feed at its end.
///
/// # Errors
/// None in practice: what XML cannot hold is left out of the texts.
pub fn render(all: &Annotations) -> Result<String, SerializeError> {
    let mut report = Report::new(format!("{TOOL} {}", all.verb));
    report.add_test_suites(all.checks.iter().map(|check| suite(all, check)));
    report.to_string()
}

fn suite(all: &Annotations, check: &Check) -> TestSuite {
    let name = xml(printable(&check.name));
    let mut suite = TestSuite::new(format!("{TOOL} {}: {name}", all.verb));
    let shown = check.shown();
    suite.add_test_cases(shown.iter().map(|one| failed(one)));
    if matches!(check.outcome, Outcome::Held) {
        let mut case = TestCase::new(xml(inert(&check.figures)), TestCaseStatus::success());
        case.set_classname(name.as_str());
        suite.add_test_case(case);
    }
    // Each suite, since a viewer may show one of them alone.
    let notes = all.notes.iter().map(|note| format!("{}.\n", inert(note)));
    let notes = notes.collect::<String>();
    if !notes.is_empty() {
        suite.set_system_out(xml(notes));
    }
    suite
}

fn failed(shown: &Shown) -> TestCase {
    let mut status = TestCaseStatus::non_success(match shown.check.outcome {
        Outcome::Undecided => NonSuccessKind::Error,
        _ => NonSuccessKind::Failure,
    });
    status.set_message(xml(shown.title()));
    status.set_type(match shown.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    });
    status.set_description(xml(shown.text()));
    let mut case = TestCase::new(xml(inert(&shown.message)), status);
    case.set_classname(xml(printable(&shown.check.name)));
    if let Some(file) = shown.file {
        let file = xml(printable(file));
        case.extra.insert("file".into(), file.into());
    }
    case
}

/// The text without the two letters that XML cannot hold and that are no control characters (XML 1.0,
/// `Char`).
fn xml(text: String) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{annotation, annotations, check};
    use super::*;

    #[test]
    fn each_check_is_a_suite_and_hostile_texts_are_text() {
        let hostile = annotation(
            "<a href=\"x\">&\u{0}\u{ffff}]]>",
            Some("models/a\".sql"),
            "x",
        );
        let text = render(&annotations(vec![
            check("lost", Level::Error, Outcome::Failed(vec![hostile])),
            check("drift", Level::Warning, Outcome::Held),
            check("stale", Level::Error, Outcome::Undecided),
        ]))
        .expect("a report");
        let read = Report::deserialize_from_str(&text).expect("quick-junit reads it");
        assert_eq!((read.tests, read.failures, read.errors), (3, 1, 1));
        let suites = read.test_suites.iter().map(|suite| suite.name.as_str());
        assert_eq!(
            suites.collect::<Vec<_>>(),
            [
                "autoexpose check: lost",
                "autoexpose check: drift",
                "autoexpose check: stale"
            ]
        );
        let case = &read.test_suites[0].test_cases[0];
        assert_eq!(case.name.as_str(), "<a href=\"x\">&\\u{0}\u{fffd}]]>");
        assert_eq!(case.extra["file"].as_str(), "models/a\".sql");
    }
}
