//! The code blocks of the documentation, with the marks that stand above them.
//!
//! A mark is a comment in a line of its own, directly above the block:
//! - `<!-- needs: dbt -->`: what a block needs that is not here, so that it is not run;
//! - `<!-- in: clone -->`: it is run in a clone of this repository, not in the folder of a dbt project;
//! - `<!-- ends with: 1 -->`: its last command ends with this code, not with 0;
//! - `<!-- printed -->`: a text that the block before it prints, `…` in place of what is left out;
//! - `<!-- from: check/lost -->`: a text that is quoted from the snapshot of this case.

use std::path::Path;
use std::{fs, io};

/// A code block.
#[derive(Debug)]
pub(crate) struct Block {
    /// The path of its page from the root of the repository.
    pub(crate) page: String,
    /// The line of its page on which it begins.
    pub(crate) line: usize,
    /// What stands behind the three backticks.
    pub(crate) language: String,
    /// The marks, name and value.
    pub(crate) marks: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Block {
    /// The value of a mark, if the block has it.
    pub(crate) fn mark(&self, name: &str) -> Option<&str> {
        let mark = self.marks.iter().find(|(own, _)| own == name)?;
        Some(&mark.1)
    }

    /// What it needs that is not here.
    pub(crate) fn needs(&self) -> Vec<&str> {
        let needs = self.mark("needs").into_iter();
        needs.flat_map(|needs| needs.split(", ")).collect()
    }

    /// The first of its lines that does not stand in an output where it should: they stand there in this
    /// order, and `…` is for lines that are left out.
    pub(crate) fn not_printed(&self, output: &str) -> Option<&str> {
        let mut rest: Vec<&str> = output.lines().map(str::trim_end).collect();
        let mut may_skip = true;
        for line in self.text.lines().map(str::trim_end) {
            if line.trim() == "…" {
                may_skip = true;
                continue;
            }
            let at = rest.iter().position(|printed| *printed == line);
            let Some(at) = at.filter(|at| may_skip || *at == 0) else {
                return Some(line);
            };
            rest.drain(..=at);
            may_skip = false;
        }
        None
    }

    /// Where it stands, for messages.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.page, self.line)
    }
}

/// The pages by their paths from the root of the repository, sorted: the README, and `docs` without the
/// pages of codes, which have a form of their own.
///
/// # Errors
/// The system's.
pub(crate) fn pages(root: &Path) -> io::Result<Vec<(String, String)>> {
    let mut names = vec!["README.md".to_owned()];
    for entry in fs::read_dir(root.join("docs"))? {
        let name = entry?.file_name().display().to_string();
        if name.ends_with(".md") {
            names.push(format!("docs/{name}"));
        }
    }
    names.sort();
    let read = |name: String| {
        let text = fs::read_to_string(root.join(&name))?;
        Ok((name, text))
    };
    names.into_iter().map(read).collect()
}

/// The code blocks of all pages.
///
/// # Errors
/// The system's.
pub(crate) fn all(root: &Path) -> io::Result<Vec<Block>> {
    let pages = pages(root)?.into_iter();
    let blocks = pages.flat_map(|(name, text)| of_page(&name, &text));
    Ok(blocks.collect())
}

/// The code blocks of a page.
fn of_page(page: &str, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut marks = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(mark) = mark(line) {
            marks.push(mark);
            continue;
        }
        if let Some(language) = line.trim_start().strip_prefix("```") {
            let inside = lines.by_ref().map(|(_, line)| line);
            let inside = inside.take_while(|line| !line.trim_start().starts_with("```"));
            blocks.push(Block {
                page: page.to_owned(),
                line: number + 1,
                language: language.to_owned(),
                marks: std::mem::take(&mut marks),
                text: inside.flat_map(|line| [line, "\n"]).collect(),
            });
        }
        marks.clear();
    }
    blocks
}

/// The name and the value of the mark that a line is.
fn mark(line: &str) -> Option<(String, String)> {
    let mark = line.trim().strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    let (name, value) = mark.split_once(": ").unwrap_or((mark, ""));
    Some((name.to_owned(), value.to_owned()))
}

#[test]
fn blocks_have_the_marks_above_them() {
    let text = "<!-- needs: dbt, tableau -->\n```sh\na \\\n  b\n```\n\n<!-- printed -->\n\n```text\nc\n```\n";
    let blocks = of_page("a.md", text);
    let [first, second] = &blocks[..] else {
        panic!("{blocks:?}");
    };
    assert_eq!((first.place().as_str(), &*first.language), ("a.md:2", "sh"));
    assert_eq!(first.needs(), ["dbt", "tableau"]);
    assert_eq!(first.text, "a \\\n  b\n");
    // A blank line in between: the mark belongs to nothing.
    assert_eq!((second.marks.len(), &*second.text), (0, "c\n"));
}
