//! Laws of what a reviewer sees: nothing that Tableau or dbt sends is active in it, and it has room where
//! it is shown, however many workbooks are reached.

use std::sync::Arc;

use autoexpose::impact::{
    Basis, Cause, Change, ChangeIx, ChangeKind, ChangedColumn, ColumnChange, ColumnEffect,
    ColumnEvidence, ColumnUse, Effect, Impact, LostBy, LostRelation, NotCompared,
    NotComparedReason, ReachedWorkbook, Target, TargetEvidence, What,
};
use autoexpose::model::{Owner, WorkbookIx};
use autoexpose::output::Options;
use autoexpose::output::annotations::{Places, github, gitlab};
use autoexpose::output::impact::annotations::annotations;
use autoexpose::output::impact::{ImpactAnswer, markdown, text};
use autoexpose::output::markdown::MOST_CHARACTERS;
use autoexpose::report::WorkbookFacts;
use proptest::prelude::*;
use serde_json::Value;

use crate::hostile::hostile;
use crate::markdown::assert_inert;

/// An answer on so many workbooks, all of whose texts are `text`: they lose a table or a column, or are
/// below a change, or could not be compared.
fn answer(text: &str, workbooks: usize) -> ImpactAnswer {
    let reached = (0..workbooks).map(|at| {
        let effects = effects(text, at);
        ReachedWorkbook {
            workbook: WorkbookIx(at),
            severity: effects[0].what.severity(),
            effects,
        }
    });
    let mut reached = reached.collect::<Vec<_>>();
    reached.sort_by_key(|reached| (reached.severity, reached.workbook));
    let facts = |reached: &ReachedWorkbook| WorkbookFacts {
        luid: format!("{:08}-1111-4111-8111-111111111111", reached.workbook.0),
        server: None,
        site: None,
        title: text.to_owned(),
        project: Some(text.to_owned()),
        owner: Owner {
            name: Some(format!("{text}{}", reached.workbook.0 % 50)),
            email: Some(text.to_owned()),
        },
        url: Some("https://tableau.example.com/#/workbooks/1".to_owned()),
    };
    ImpactAnswer {
        workbooks: reached.iter().map(facts).collect(),
        impact: Impact {
            workbooks: reached,
            unreached: 3,
            changes: vec![gone(text), narrower(text)],
            cosmetic: Vec::new(),
            not_compared: vec![NotCompared {
                unique_id: id(text),
                name: text.to_owned(),
                file: Some(format!("seeds/{text}.csv")),
                package: None,
                reason: NotComparedReason::LargeSeed,
            }],
            with_unseen_values: vec![id(text)],
            target: Target::Other(TargetEvidence::Runs(text.to_owned(), text.to_owned())),
            basis: Basis::default(),
        },
        exports: Vec::new(),
        fails_from: None,
        caveats: vec![text.to_owned()],
        diagnostics: Vec::new(),
    }
}

fn id(text: &str) -> Arc<str> {
    Arc::from(format!("model.b.{text}"))
}

fn effects(text: &str, at: usize) -> Vec<Effect> {
    let effect = |what, cause, chain| Effect {
        what,
        cause,
        table: text.to_owned(),
        node: id(text),
        chain,
        path: text.to_owned(),
        place: None,
        columns: vec![ColumnEffect {
            name: text.to_owned(),
            change: ColumnChange::Gone(Some(text.to_owned())),
            evidence: ColumnEvidence::Catalogs,
            usage: ColumnUse::OnSheet,
            sheets: vec![text.to_owned(); 5],
            fields: vec![text.to_owned(); 5],
            places: Vec::new(),
        }],
    };
    let [gone, narrower] = [0, 1].map(|at| Cause::Change(ChangeIx(at)));
    match at % 4 {
        0 => vec![
            effect(What::NotUpdated, gone, Vec::new()),
            effect(What::ColumnGone, narrower, Vec::new()),
        ],
        1 => vec![effect(What::ColumnGone, narrower, Vec::new())],
        2 => {
            let chain = vec![id("stg"), id(text), id(&format!("{text}{at}"))];
            vec![effect(What::Changed, narrower, chain)]
        }
        _ => vec![effect(What::NotCompared, Cause::NotCompared(0), Vec::new())],
    }
}

fn gone(text: &str) -> Change {
    Change {
        unique_id: id(text),
        name: text.to_owned(),
        resource_type: "model".to_owned(),
        file: Some(format!("models/{text}.sql")),
        package: None,
        materialized: None,
        kinds: vec![ChangeKind::Relation],
        lost: Some(LostRelation {
            relation: text.to_owned(),
            name: text.to_owned(),
            by: LostBy::Schema,
            instead: Some(text.to_owned()),
            is_as_in_head: true,
        }),
        renamed: None,
        columns: Vec::new(),
        readers: Vec::new(),
    }
}

fn narrower(text: &str) -> Change {
    Change {
        kinds: vec![ChangeKind::Columns],
        lost: None,
        columns: vec![ChangedColumn {
            name: text.to_owned(),
            change: ColumnChange::Gone(Some(text.to_owned())),
            evidence: ColumnEvidence::Catalogs,
        }],
        ..gone(text)
    }
}

fn options() -> [Options; 3] {
    let plain = Options::default();
    let (verbose, quiet) = (true, true);
    [
        plain,
        Options { verbose, ..plain },
        Options { quiet, ..plain },
    ]
}

fn places() -> Places {
    Places {
        folders: [("b".to_owned(), String::new())].into(),
        default_file: "dbt_project.yml".to_owned(),
    }
}

/// Fails unless each row of the table has its four cells.
fn assert_rows(page: &str) {
    for row in page.lines().filter(|line| line.starts_with("| ")) {
        let bars = row.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 5, "{row}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_active(text in hostile(), workbooks in 1..6_usize) {
        let answer = answer(&text, workbooks);
        for options in options() {
            let page = markdown::render(&answer, options);
            assert_inert(&page);
            assert_rows(&page);
            let shown = text::render(&answer, options);
            prop_assert!(!shown.chars().any(|letter| letter.is_control() && letter != '\n'));
            prop_assert!(!shown.contains("##vso["));
        }
        let annotations = annotations(&answer, "b", &places());
        for line in github::render(&annotations).lines() {
            let is_ours = ["::error ", "::warning ", "::notice "];
            prop_assert!(is_ours.iter().any(|ours| line.starts_with(ours)), "{line}");
        }
        serde_json::from_str::<Value>(&gitlab::render(&annotations).unwrap()).unwrap();
    }
}

#[test]
fn thousands_of_workbooks_have_room() {
    for text in ["a name", &"`|\\<long> name ".repeat(100)] {
        let answer = answer(text, 5_000);
        for options in options() {
            let page = markdown::render(&answer, options);
            assert!(page.chars().count() <= MOST_CHARACTERS, "{}", page.len());
            let (opened, closed) = (page.matches("<details>"), page.matches("</details>"));
            assert_eq!(opened.count(), closed.count());
            assert_rows(&page);
            assert!(page.contains("more workbooks of 50 owners"), "{page}");
        }
        let lines = github::render(&annotations(&answer, "b", &places()));
        for level in ["::error ", "::warning ", "::notice "] {
            assert!(lines.lines().filter(|line| line.starts_with(level)).count() <= 10);
        }
    }
    let shown = text::render(&answer("a name", 5_000), Options::default());
    assert!(shown.lines().count() < 100, "{shown}");
}

#[test]
fn nothing_is_posted_where_nothing_is_reached() {
    let mut answer = answer("a", 0);
    assert_eq!(markdown::render(&answer, Options::default()), "");
    let verbose = Options {
        verbose: true,
        ..Options::default()
    };
    let page = markdown::render(&answer, verbose);
    let line = page.lines().nth(1).unwrap();
    assert_eq!(line, "**No workbook is reached by this change.**");
    // Not one linked workbook is another thing than not one that is reached.
    answer.impact.basis.without_links = 3;
    assert!(!markdown::render(&answer, Options::default()).is_empty());
}
