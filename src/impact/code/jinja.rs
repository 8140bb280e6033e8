//! Cuts a text into Jinja and the rest, as Jinja does: wherever its signs stand
//! (<https://jinja.palletsprojects.com/en/stable/templates/>).

use std::collections::BTreeMap;

/// Stands for a tag of Jinja in the rest: a letter that texts do not have. It counts as a letter of a
/// word, so that a tag that touches a word stays a part of it.
const TAG: char = '\u{f8ff}';
/// The key of a call of `config` whose arguments cannot be told apart.
const UNCLEAR: &str = "*";
/// What in a text of Jinja depends on what is around the run: target, environment, time.
pub(super) const SURROUNDINGS: [&str; 7] = [
    "target",
    "env_var",
    "var",
    "modules",
    "run_started_at",
    "invocation_id",
    "flags",
];

/// A text that is cut.
pub(super) struct Cut {
    /// The text without comments of Jinja, and with a letter in place of each tag.
    pub(super) rest: String,
    /// The tags in order, without blanks that mean nothing, and without calls of `config`.
    pub(super) tags: Vec<String>,
    /// The arguments of calls of `config`, by key.
    pub(super) configs: BTreeMap<String, String>,
}

/// Cuts a text; `None` if a tag does not end, or the text cannot be told from what stands for tags.
pub(super) fn cut(text: &str) -> Option<Cut> {
    if text.contains(TAG) {
        return None;
    }
    let mut cut = Cut {
        rest: String::with_capacity(text.len()),
        tags: Vec::new(),
        configs: BTreeMap::new(),
    };
    let mut rest = text;
    while let Some(at) = next_tag(rest) {
        cut.rest.push_str(&rest[..at]);
        let tag = Tag::read(&rest[at..])?;
        if tag.trims_before {
            cut.rest.truncate(cut.rest.trim_end().len());
        }
        rest = &rest[at + tag.length..];
        if tag.trims_behind {
            rest = rest.trim_start();
        }
        match tag.kind {
            '#' => {}
            '%' if tag.inner == "raw" => {
                let end = end_of_raw(rest)?;
                cut.push(format!("raw {}", &rest[..end.start]));
                rest = &rest[end.end..];
            }
            kind => cut.tag(kind, tag.inner),
        }
    }
    cut.rest.push_str(rest);
    Some(cut)
}

impl Cut {
    fn push(&mut self, tag: String) {
        self.rest.push(TAG);
        self.tags.push(tag);
    }

    fn tag(&mut self, kind: char, inner: &str) {
        let inner = without_blanks(inner);
        match arguments_of_config(&inner) {
            Some(arguments) if kind == '{' => {
                // It renders to nothing.
                self.rest.push(' ');
                for argument in split_arguments(arguments) {
                    let (key, value) = key_and_value(argument);
                    self.configs.insert(key.to_owned(), value.to_owned());
                }
            }
            _ => self.push(format!("{kind}{inner}")),
        }
    }
}

/// The position of the next tag or comment.
fn next_tag(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        let at = from + text[from..].find('{')?;
        if matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#')) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// A tag or comment at the start of a text.
struct Tag<'a> {
    /// `{` for an expression, `%` for a statement, `#` for a comment.
    kind: char,
    inner: &'a str,
    length: usize,
    trims_before: bool,
    trims_behind: bool,
}

impl<'a> Tag<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let kind = text[1..].chars().next()?;
        let close = match kind {
            '{' => "}}",
            '%' => "%}",
            _ => "#}",
        };
        let end = match kind {
            '#' => 2 + text[2..].find(close)?,
            _ => end_of_tag(text, close)?,
        };
        let mut inner = &text[2..end];
        let trims_before = inner.starts_with('-');
        inner = inner.strip_prefix(['-', '+']).unwrap_or(inner);
        let trims_behind = inner.ends_with('-');
        inner = inner.strip_suffix(['-', '+']).unwrap_or(inner);
        Some(Self {
            kind,
            inner: inner.trim(),
            length: end + close.len(),
            trims_before,
            trims_behind,
        })
    }
}

/// Where the inside of a tag ends: at its closing signs outside of strings and brackets.
fn end_of_tag(text: &str, close: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (2, 0_usize);
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'\'' | b'"') => at = end_of_string(bytes, at, quote)?,
            b'(' | b'[' | b'{' => depth += 1,
            _ if depth == 0 && bytes[at..].starts_with(close.as_bytes()) => return Some(at),
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The position of the quote that ends the string that begins there.
fn end_of_string(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            byte if byte == quote => return Some(at),
            _ => at += 1,
        }
    }
}

/// Where `{% endraw %}` stands.
fn end_of_raw(text: &str) -> Option<std::ops::Range<usize>> {
    let mut from = 0;
    loop {
        let start = from + text[from..].find("{%")?;
        let end = start + text[start..].find("%}")? + 2;
        let inner = text[start + 2..end - 2].trim_matches(['-', '+', ' ', '\t', '\n', '\r']);
        if inner == "endraw" {
            return Some(start..end);
        }
        from = start + 2;
    }
}

/// The same without blanks, but for one between words, and with strings in one kind of quotes.
fn without_blanks(inner: &str) -> String {
    let bytes = inner.as_bytes();
    let mut text = String::with_capacity(inner.len());
    let (mut at, mut was_blank) = (0, false);
    let is_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    while let Some(letter) = inner.get(at..).and_then(|rest| rest.chars().next()) {
        if letter.is_whitespace() {
            (at, was_blank) = (at + letter.len_utf8(), true);
            continue;
        }
        if was_blank && is_of_word(letter) && text.ends_with(is_of_word) {
            text.push(' ');
        }
        was_blank = false;
        let end = match letter {
            '\'' | '"' => end_of_string(bytes, at, letter as u8).map(|end| end + 1),
            _ => None,
        };
        match end {
            Some(end) => {
                let string = &inner[at + 1..end - 1];
                if string.contains(['\\', '\'', '"']) {
                    text.push_str(&inner[at..end]);
                } else {
                    text.push('\'');
                    text.push_str(string);
                    text.push('\'');
                }
                at = end;
            }
            None => {
                text.push(letter);
                at += letter.len_utf8();
            }
        }
    }
    text
}

/// The arguments if a tag is one call of `config` and nothing else.
fn arguments_of_config(inner: &str) -> Option<&str> {
    let arguments = inner.strip_prefix("config(")?.strip_suffix(')')?;
    // The bracket at the end must be the one at the start.
    let mut depth = 0_isize;
    for part in outside_strings(arguments) {
        for letter in part.chars() {
            depth += isize::from(matches!(letter, '(' | '[' | '{'));
            depth -= isize::from(matches!(letter, ')' | ']' | '}'));
            if depth < 0 {
                return None;
            }
        }
    }
    Some(arguments)
}

/// The parts of a text of Jinja that are not inside strings.
fn outside_strings(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        if matches!(bytes[at], b'\'' | b'"') {
            parts.push(&text[start..at]);
            at = end_of_string(bytes, at, bytes[at]).map_or(bytes.len(), |end| end + 1);
            start = at.min(bytes.len());
        } else {
            at += 1;
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The arguments of a call, cut at commas outside of brackets and strings.
fn split_arguments(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut parts, mut start, mut at, mut depth) = (Vec::new(), 0, 0, 0_usize);
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'\'' | b'"') => {
                at = end_of_string(bytes, at, quote).unwrap_or(bytes.len() - 1);
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts.retain(|part| !part.is_empty());
    parts
}

/// The key and the value of an argument `key=value`, or of a dictionary that has one key.
fn key_and_value(argument: &str) -> (&str, &str) {
    match argument.split_once('=') {
        Some((key, value)) if is_name(key) && !value.starts_with('=') => (key, value),
        _ => (UNCLEAR, argument),
    }
}

fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    !text.is_empty() && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// A tag in which names of nodes are replaced, where it refers to nodes.
pub(super) fn renamed(tag: &str, names: &[(String, String)]) -> String {
    if !calls(tag, "ref") && !calls(tag, "source") {
        return tag.to_owned();
    }
    names.iter().fold(tag.to_owned(), |tag, (from, to)| {
        tag.replace(&format!("'{from}'"), &format!("'{to}'"))
    })
}

/// Whether a tag calls this function.
pub(super) fn calls(tag: &str, function: &str) -> bool {
    let mut parts = outside_strings(tag).into_iter();
    parts.any(|part| {
        part.match_indices(function).any(|(at, _)| {
            let before = part[..at].chars().next_back();
            let is_whole = !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
            is_whole && part[at + function.len()..].starts_with('(')
        })
    })
}

/// Whether a word stands in a text of Jinja outside of strings.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let parts = outside_strings(text);
    let is_end = |letter: char| !letter.is_alphanumeric() && letter != '_';
    parts
        .iter()
        .any(|part| part.split(is_end).any(|other| other == word))
}
