//! The index of the pages, `docs/codes/README.md`.

use std::fmt::Write;

use super::entry::of_page;
use super::kind::Kind;

const HEAD: &str = "\
# Codes

Reports give codes, so that scripts need not read sentences, and so that there is a page for each of them.
`autoexpose explain --code CODE` prints the same page in the terminal, and `autoexpose explain --codes` lists all.
A code may be that of several things: `outcome:unknown` is the outcome, `without-links:unknown` why a workbook has no link; `--code unknown` prints both.
";

/// The index, a table of the codes of each kind.
pub fn index() -> String {
    let mut text = HEAD.to_owned();
    for kind in Kind::ALL {
        // Writing to a String does not fail.
        let _ = write!(
            text,
            "\n## [{kind}]({})\n\n{}",
            kind.file(),
            table(*kind, "")
        );
    }
    text
}

/// A table of the codes of one kind, for a page that finds the pages of codes in a folder (which ends
/// in `/`, unless it is the page's own).
pub fn table(kind: Kind, folder: &str) -> String {
    let file = kind.file();
    let mut table = "| code | meaning |\n|---|---|\n".to_owned();
    for entry in of_page(kind) {
        let (code, summary) = (entry.code, entry.summary().replace('|', "\\|"));
        // The links of a summary start at the pages of codes.
        let summary = summary.replace("](", &format!("]({folder}"));
        // Writing to a String does not fail.
        let _ = writeln!(table, "| [`{code}`]({folder}{file}#{code}) | {summary} |");
    }
    table
}
