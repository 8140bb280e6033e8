//! What every JSON input needs: failures with a place, and what a wrong file looks like.

use serde_json::error::Category;

use crate::model::Failure;

/// A failure of `serde_json` in the text of `file`, which `maker` makes again.
pub fn failure(file: &str, error: &serde_json::Error, maker: &str) -> Failure {
    let message = message(error);
    let failure =
        Failure::new(format!("{file}:{}:{}", error.line(), error.column()), message.clone());
    match error.classify() {
        Category::Eof => failure.help(format!("the file is cut off; {maker}")),
        Category::Syntax if message.starts_with("recursion limit") => {
            failure.help("no such file nests its values so deep; is it the right one?")
        }
        Category::Data => failure.help(maker.to_owned()),
        _ => failure,
    }
}

/// What `serde_json` says, without the position that it ends with.
pub fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message).to_owned()
}

/// What some editors put in front of UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The text of a file, which must be UTF-8.
pub fn utf8<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes).map_err(|error| {
        let (line, column) = position(&bytes[..error.valid_up_to()]);
        Failure::new(format!("{file}:{line}:{column}"), "this byte is not UTF-8")
            .help("save the file as UTF-8")
    })
}

/// The text without a byte-order mark.
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Line and column, both from 1, of the end of `before`. Columns count bytes, as `serde_json` does.
pub fn position(before: &[u8]) -> (usize, usize) {
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, column)
}

/// What is wrong with a text that is no JSON at all, if that can be told at a glance.
pub fn not_json(text: &str) -> Option<&'static str> {
    let start = text.trim_start();
    if start.is_empty() {
        return Some("the file is empty");
    }
    if !start.starts_with('<') {
        return None;
    }
    let head = start.get(..start.len().min(2000)).unwrap_or(start);
    if head.contains("tsResponse") {
        return Some("this is an XML answer of Tableau's REST API");
    }
    Some("this is an HTML or XML page, perhaps a log-in page, and not JSON")
}
