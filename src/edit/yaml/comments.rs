//! The comments inside an exposure of ours, which people wrote there. They go along when it is written
//! anew or in another file: each stays with the key or the list item that it stands before or behind.

use std::collections::BTreeMap;

/// How far the keys of an entry stand behind its dash.
const KEYS: usize = 2;

/// A line of an exposure, split.
struct Line<'t> {
    /// What it says, without its end.
    content: &'t str,
    /// The comment in it, from its `#` on.
    comment: Option<&'t str>,
    /// Whether something that began on a line before goes on here.
    is_within: bool,
}

/// The comments in the text of an exposure, each with the number of its line from 0 on. `None` if that
/// is not certain.
pub(super) fn comments(text: &str) -> Option<Vec<(usize, &str)>> {
    let lines = split(text)?;
    let comments = lines.iter().enumerate();
    Some(
        comments
            .filter_map(|(at, line)| Some((at, line.comment?)))
            .collect(),
    )
}

/// The new text of an exposure with the comments of the old one, whose dash is in this column. `new`
/// has its dash in the first column. `None` if it is not certain what in the old text is a comment.
pub(super) fn carried(old: &str, column: usize, new: &str) -> Option<String> {
    let old = split(old)?;
    if old.iter().all(|line| line.comment.is_none()) {
        return Some(new.to_owned());
    }
    let new = split(new)?;
    let mut known = BTreeMap::new();
    for (at, path) in paths(&new).into_iter().enumerate() {
        known.extend(path.map(|path| (path, at)));
    }
    let mut carried = Carried::default();
    for (line, path) in old.iter().zip(paths(&old)) {
        carried.add(
            line,
            column,
            path.and_then(|path| known.get(&path).copied()),
        );
    }
    Some(carried.text(&new))
}

/// Comments on their way into a new text.
#[derive(Default)]
struct Carried<'t> {
    /// Those that stand on lines of their own before a line, by its number.
    before: BTreeMap<usize, Vec<String>>,
    /// Those behind a line.
    behind: BTreeMap<usize, &'t str>,
    /// Those whose line is not known yet, each with how far it is indented.
    waiting: Vec<(usize, &'t str)>,
}

impl<'t> Carried<'t> {
    /// Adds the comment of a line of the old text, which is the line `new` of the new one, if that has
    /// it.
    fn add(&mut self, line: &Line<'t>, column: usize, new: Option<usize>) {
        let Some(new) = new else {
            let indent = line.content.len() - line.content.trim_start_matches(' ').len();
            let indent = indent.saturating_sub(column);
            self.waiting
                .extend(line.comment.map(|comment| (indent, comment)));
            return;
        };
        let waiting = std::mem::take(&mut self.waiting).into_iter();
        let waiting = waiting.map(|(indent, comment)| alone(indent, comment));
        self.before.entry(new).or_default().extend(waiting);
        let behind = line.comment.map(str::trim_end);
        if let Some(other) = behind.and_then(|comment| self.behind.insert(new, comment)) {
            self.waiting.push((KEYS, other));
        }
    }

    /// The new text with the comments.
    fn text(self, new: &[Line]) -> String {
        let mut text = String::new();
        for (at, line) in new.iter().enumerate() {
            let before = self.before.get(&at).into_iter().flatten();
            text.extend(before.map(String::as_str));
            text.push_str(line.content);
            if let Some(comment) = self.behind.get(&at) {
                text.push_str(&format!("  {comment}"));
            }
            text.push('\n');
        }
        // Any farther to the left they would not be inside the exposure any more.
        let last = self.waiting.into_iter();
        text.extend(last.map(|(indent, comment)| alone(indent.max(KEYS), comment)));
        text
    }
}

/// A comment on a line of its own.
fn alone(indent: usize, comment: &str) -> String {
    format!("{:indent$}{}\n", "", comment.trim_end())
}

/// The lines of an exposure. `None` if something in it is still open at its end.
fn split(text: &str) -> Option<Vec<Line<'_>>> {
    let mut scanner = Scanner::default();
    let lines = text.lines().map(|line| scanner.split(line));
    let lines = lines.collect();
    (scanner.quote.is_none() && scanner.depth == 0).then_some(lines)
}

/// What is open at a place in YAML.
#[derive(Default)]
struct Scanner {
    /// The quotes of a text.
    quote: Option<char>,
    /// How many lists and maps in flow style.
    depth: usize,
    /// A block scalar, below a key or dash that is indented so far.
    block: Option<usize>,
}

impl Scanner {
    fn split<'t>(&mut self, line: &'t str) -> Line<'t> {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let is_in_block = |key: usize| line.trim().is_empty() || indent > key;
        self.block = self.block.filter(|key| is_in_block(*key));
        if self.block.is_some() {
            return Line {
                content: line,
                comment: None,
                is_within: true,
            };
        }
        let is_within = self.quote.is_some() || self.depth > 0;
        let at = self.comment(line);
        let content = &line[..at.unwrap_or(line.len())];
        if !is_within && self.quote.is_none() && self.depth == 0 {
            self.block = block_scalar(content);
        }
        Line {
            content,
            comment: at.map(|at| &line[at..]),
            is_within,
        }
    }

    /// Where the comment of a line begins, which is not in a block scalar.
    fn comment(&mut self, line: &str) -> Option<usize> {
        let mut letters = line.char_indices().peekable();
        // Whether a text may begin here, so that quotes are quotes.
        let mut is_start = true;
        let mut before = ' ';
        while let Some((at, letter)) = letters.next() {
            let next = letters.peek().map_or(' ', |(_, next)| *next);
            match (self.quote, letter) {
                (Some('"'), '\\') => drop(letters.next()),
                (Some('\''), '\'') if next == '\'' => drop(letters.next()),
                (Some(quote), _) if letter == quote => {
                    self.quote = None;
                    is_start = false;
                }
                (Some(_), _) => {}
                (None, '#') if before.is_whitespace() => return Some(at),
                (None, '"' | '\'') if is_start => self.quote = Some(letter),
                (None, '[' | '{') if is_start => self.depth += 1,
                (None, ']' | '}') if self.depth > 0 => {
                    self.depth -= 1;
                    is_start = false;
                }
                (None, ',' | ':') if self.depth > 0 => is_start = true,
                (None, ':') if next.is_whitespace() => is_start = true,
                (None, '-' | '?') if is_start && next.is_whitespace() => {}
                (None, letter) if letter.is_whitespace() => {}
                (None, _) => is_start = false,
            }
            before = letter;
        }
        None
    }
}

/// How far the key or the dash is indented of which a block scalar is the value, if the line begins
/// one.
fn block_scalar(content: &str) -> Option<usize> {
    let (before, value) = content.trim_end().rsplit_once(' ')?;
    let indicators = value.strip_prefix(['|', '>'])?;
    let is_header = |letter: char| letter.is_ascii_digit() || matches!(letter, '+' | '-');
    if !indicators.chars().all(is_header) || !before.trim_end().ends_with([':', '-']) {
        return None;
    }
    let (column, rest) = behind_dashes(content);
    let is_item = rest.starts_with(['|', '>']);
    let dash = content[..column].rfind('-');
    Some(dash.filter(|_| is_item).unwrap_or(column))
}

/// What stands behind the indentation and the dashes of a line, and its column.
fn behind_dashes(content: &str) -> (usize, &str) {
    let mut rest = content.trim_start_matches(' ');
    while let Some(item) = rest.strip_prefix("- ") {
        rest = item.trim_start_matches(' ');
    }
    (content.len() - rest.len(), rest.trim_end())
}

/// What each line is about: the keys and list items that lead to it. `None` for comments, blank lines
/// and those that only go on.
fn paths(lines: &[Line]) -> Vec<Option<String>> {
    let mut above: Vec<(usize, bool, String)> = Vec::new();
    let paths = lines.iter().map(|line| {
        let (column, rest) = behind_dashes(line.content);
        if line.is_within || rest.is_empty() {
            return None;
        }
        let indent = line.content.len() - line.content.trim_start_matches(' ').len();
        let (is_item, key) = (column > indent, key(rest));
        if !is_item && key.is_none() {
            return None;
        }
        if is_item {
            // A list may stand as far to the left as the key that it belongs to.
            above.retain(|(at, is_item, _)| *at < indent || (*at == indent && !is_item));
            let name = match key {
                Some(_) => "-".to_owned(),
                None => format!("- {}", unquoted(rest)),
            };
            above.push((indent, true, name));
        }
        if let Some(key) = key {
            above.retain(|(at, ..)| *at < column);
            above.push((column, false, unquoted(key).to_owned()));
        }
        let names = above.iter().map(|(_, _, name)| name.as_str());
        Some(names.collect::<Vec<_>>().join("\n"))
    });
    paths.collect()
}

/// The key that a line begins with.
fn key(rest: &str) -> Option<&str> {
    let quote = rest
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''));
    let from = match quote {
        Some(quote) => 2 + rest.get(1..)?.find(quote)?,
        None => 0,
    };
    let behind = rest.get(from..)?;
    let end = behind
        .find(": ")
        .or_else(|| Some(behind.len() - behind.strip_suffix(':').map(|_| 1)?))?;
    (quote.is_none() || end == 0).then(|| &rest[..from + end])
}

/// A text without the quotes around it.
fn unquoted(text: &str) -> &str {
    let pairs = ['"', '\''].into_iter();
    let mut inner = pairs.filter_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    inner.next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{carried, comments};

    #[test]
    fn comments_are_told_from_texts() {
        for (text, expected) in [
            ("- name: a", Some(vec![])),
            ("- name: a # b", Some(vec![(0, "# b")])),
            ("- name: a#b", Some(vec![])),
            ("- name: \"a # b\" # c", Some(vec![(0, "# c")])),
            ("- name: 'it''s # b' # c", Some(vec![(0, "# c")])),
            ("- name: it's # b", Some(vec![(0, "# b")])),
            ("- name: \"a \\\" # b\"\n  # c", Some(vec![(1, "# c")])),
            ("- name: \"a\n    # b\n    c\" # d", Some(vec![(2, "# d")])),
            (
                "- a: |-2 # b\n    # c\n\n    # d\n  e: f # g",
                Some(vec![(0, "# b"), (4, "# g")]),
            ),
            (
                "- a: {b: \"# c\", # d\n   e: [f, 'g # h']} # i",
                Some(vec![(0, "# d"), (1, "# i")]),
            ),
            ("- a: b > c\n  # d", Some(vec![(1, "# d")])),
            ("- a: \"b", None),
            ("- a: [b", None),
        ] {
            assert_eq!(comments(text), expected, "{text}");
        }
    }

    #[test]
    fn comments_stay_with_their_keys_and_items() {
        let old = "    - a: 1 # a\n      # b\n      b:\n      # x\n      - x  # x\n      - 'y' # y\n    # c\n      c: 3\n      # end\n";
        let new = "- a: 2\n  b:\n    - \"w\"\n    - \"y\"\n  d: 4\n";
        let expected = "- a: 2  # a\n  # b\n  b:\n    - \"w\"\n  # x\n  # x\n    - \"y\"  # y\n  d: 4\n  # c\n  # end\n";
        assert_eq!(carried(old, 4, new).as_deref(), Some(expected));
        assert_eq!(carried("- a: 1\n", 0, new).as_deref(), Some(new));
        assert_eq!(carried("- a: \"1\n", 0, new), None);
    }
}
