//! The little Markdown that pages are written in, as text for a terminal.

/// A paragraph, a list or code.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// Sentences.
    Paragraph(String),
    /// The entries of a list.
    List(Vec<String>),
    /// Lines that stay as they are.
    Code {
        /// Whether they are quoted from a report.
        is_report: bool,
        /// The lines.
        lines: Vec<String>,
    },
}

/// The blocks of a text, without the marks of Markdown. What stands between backticks keeps them: it is
/// what a user may type.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let code = lines.by_ref().take_while(|line| !line.starts_with("```"));
            blocks.push(Block::Code {
                is_report: language == "text",
                lines: code.map(str::to_owned).collect(),
            });
        } else if let Some(entry) = line.strip_prefix("- ") {
            match blocks.last_mut() {
                Some(Block::List(entries)) => entries.push(plain(entry)),
                _ => blocks.push(Block::List(vec![plain(entry)])),
            }
        } else if !line.is_empty() {
            blocks.push(Block::Paragraph(plain(line)));
        }
    }
    blocks
}

/// A line without the marks of links and emphasis.
fn plain(line: &str) -> String {
    let line = without_links(line);
    let parts = line.split('`').enumerate();
    let parts = parts.map(|(number, part)| match number % 2 {
        0 => part.replace('*', ""),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

/// A line with the texts of its links alone.
fn without_links(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, link, after)) = next_link(rest) {
        text.push_str(before);
        text.push_str(link);
        rest = after;
    }
    text + rest
}

/// What stands before a link, its text, and what stands behind it.
fn next_link(line: &str) -> Option<(&str, &str, &str)> {
    let (middle, behind) = line.split_once("](")?;
    let (before, text) = middle.rsplit_once('[')?;
    let (_, after) = behind.split_once(')')?;
    Some((before, text, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_left_out_but_for_those_of_code() {
        let text = "A *note*, see [why](a.md#b) and [`x`](y.md).\n\n```sh\nls *  # [a](b)\n```\n\n- `a*`\n- **b**\n";
        let paragraph = "A note, see why and `x`.".to_owned();
        assert_eq!(
            blocks(text),
            [
                Block::Paragraph(paragraph),
                Block::Code {
                    is_report: false,
                    lines: vec!["ls *  # [a](b)".to_owned()],
                },
                Block::List(vec!["`a*`".to_owned(), "b".to_owned()]),
            ]
        );
    }
}
