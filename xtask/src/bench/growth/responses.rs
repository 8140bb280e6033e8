//! Kinds of input whose responses are odd: errors, pages, blank lines, objects inside objects.

use serde_json::json;

use super::inputs::Inputs;
use super::parts::{Project, alike, answer, each, table, workbook_with};

/// n errors of the Metadata API beside n workbooks.
pub(super) fn errors(n: usize) -> Inputs {
    let error = |i: usize| {
        json!({
            "message": format!("Something went wrong with object {i}"),
            "path": ["workbooks", i],
            "extensions": {"severity": "WARNING", "code": format!("ODD_{i}")},
        })
    };
    let data = json!({"workbooks": alike(n)});
    Inputs::new(
        Project::of(50),
        &json!({"data": data, "errors": each(n, error)}),
    )
}

/// n blank lines before an answer.
pub(super) fn blank_lines_before(n: usize) -> Inputs {
    Inputs::of_text(
        Project::of(50),
        "\n".repeat(n) + &answer(&alike(1)).to_string(),
    )
}

/// n blank lines between two answers.
pub(super) fn blank_lines_between(n: usize) -> Inputs {
    let answer = answer(&alike(1)).to_string();
    Inputs::of_text(
        Project::of(50),
        format!("{answer}{}{answer}", "\n".repeat(n)),
    )
}

/// n blank lines inside an answer, behind a long line of blanks.
pub(super) fn blank_lines_inside(n: usize) -> Inputs {
    let blanks = " ".repeat(2 << 20) + &"\n".repeat(n);
    let text = answer(&alike(1))
        .to_string()
        .replace("[{\"id\"", &format!("[{blanks}{{\"id\""));
    Inputs::of_text(Project::of(50), text)
}

/// n lines of blanks between two answers.
pub(super) fn lines_of_blanks(n: usize) -> Inputs {
    let answer = answer(&alike(1)).to_string();
    Inputs::of_text(
        Project::of(50),
        format!("{answer}{}{answer}", "\n \t\r".repeat(n)),
    )
}

/// n answers without anything in them.
pub(super) fn empty_answers(n: usize) -> Inputs {
    let answers = each(n, |_| json!({"data": {"workbooks": []}}));
    Inputs::new(Project::of(50), &answers.into())
}

/// n pages of one workbook each.
pub(super) fn pages(n: usize) -> Inputs {
    let pages = each(n, |i| {
        json!({"data": {"workbooksConnection": {
            "nodes": [workbook_with(i, json!({"upstreamTables": [table(0)]}))],
            "pageInfo": {"hasNextPage": i + 1 < n, "endCursor": format!("c{i}")},
            "totalCount": n,
        }}})
    });
    Inputs::new(Project::of(50), &pages.into())
}

/// A list of n nulls.
pub(super) fn nulls(n: usize) -> Inputs {
    let workbook = workbook_with(0, json!({"upstreamTables": vec![json!(null); n]}));
    Inputs::new(Project::of(50), &answer(&[workbook]))
}

/// n sections that nothing here knows.
pub(super) fn unknown_sections(n: usize) -> Inputs {
    let mut data = json!({"workbooks": alike(1)});
    for i in 0..n {
        data[format!("odd{i}")] = json!([{"id": "x"}]);
    }
    Inputs::new(Project::of(50), &json!({"data": data}))
}
