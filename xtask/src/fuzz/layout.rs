//! How a JSON text is laid out: blanks, ends of lines, escapes.

use super::dice::Dice;
use super::json::Json;

/// How a text is laid out.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// What stands behind the comma between two members of a line.
    comma: &'static str,
    colon: &'static str,
    /// The end of a line and one step of indentation, if there are lines.
    lines: Option<(&'static str, &'static str)>,
    is_ascii: bool,
    has_mark: bool,
    end: &'static str,
}

impl Layout {
    /// As `serde_json` writes.
    pub(super) fn compact() -> Self {
        Self {
            comma: "",
            colon: "",
            lines: None,
            is_ascii: false,
            has_mark: false,
            end: "",
        }
    }

    /// Any layout, the usual ones more often.
    pub(super) fn any(dice: &mut Dice) -> Self {
        let spaced = Self {
            comma: " ",
            colon: " ",
            is_ascii: true,
            ..Self::compact()
        };
        match dice.below(8) {
            0..=2 => Self::compact(),
            3 | 4 => spaced,
            5 | 6 => Self {
                comma: "",
                lines: Some((
                    dice.pick(&["\n", "\n", "\r\n"]),
                    dice.pick(&["  ", "    ", "\t", ""]),
                )),
                is_ascii: dice.one_in(2),
                end: dice.pick(&["", "\n"]),
                ..spaced
            },
            _ => Self {
                comma: dice.pick(&["", " ", "  ", "\t", "\n"]),
                colon: dice.pick(&["", " ", "  ", "\n", "\r\n"]),
                lines: dice.one_in(4).then_some(("\n\n", " ")),
                is_ascii: dice.one_in(2),
                has_mark: dice.one_in(4),
                end: dice.pick(&["", "\n", " \r\n\t"]),
            },
        }
    }

    /// Whether what is added to such a text can be taken out again without a trace.
    pub(super) fn is_usual(&self) -> bool {
        let is_usual = match self.lines {
            Some((end, step)) => end != "\n\n" && !step.is_empty() && self.colon == " ",
            None => self.comma == self.colon && matches!(self.comma, "" | " "),
        };
        !self.has_mark && is_usual
    }

    /// The text of a value.
    pub(super) fn write(&self, value: &Json) -> String {
        let mut text = if self.has_mark { "\u{feff}" } else { "" }.to_owned();
        self.add(&mut text, value, 0);
        text.push_str(self.end);
        text
    }

    fn add(&self, text: &mut String, value: &Json, depth: usize) {
        match value {
            Json::Raw(raw) => text.push_str(raw),
            Json::Text(string) => self.add_string(text, string),
            Json::Escaped(escaped) => {
                text.push('"');
                text.push_str(escaped);
                text.push('"');
            }
            Json::List(items) => {
                text.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.begin(text, at == 0, depth + 1);
                    self.add(text, item, depth + 1);
                }
                self.end(text, items.is_empty(), depth, ']');
            }
            Json::Map(members) => {
                text.push('{');
                for (at, (key, member)) in members.iter().enumerate() {
                    self.begin(text, at == 0, depth + 1);
                    self.add_string(text, key);
                    text.push(':');
                    text.push_str(self.colon);
                    self.add(text, member, depth + 1);
                }
                self.end(text, members.is_empty(), depth, '}');
            }
        }
    }

    fn begin(&self, text: &mut String, is_first: bool, depth: usize) {
        if !is_first {
            text.push(',');
            text.push_str(self.comma);
        }
        self.add_line(text, depth);
    }

    fn end(&self, text: &mut String, is_empty: bool, depth: usize, closing: char) {
        if !is_empty {
            self.add_line(text, depth);
        }
        text.push(closing);
    }

    fn add_line(&self, text: &mut String, depth: usize) {
        if let Some((end, step)) = self.lines {
            text.push_str(end);
            text.push_str(&step.repeat(depth));
        }
    }

    fn add_string(&self, text: &mut String, string: &str) {
        let quoted = serde_json::Value::from(string).to_string();
        for letter in quoted.chars() {
            if self.is_ascii && !letter.is_ascii() {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                text.push(letter);
            }
        }
    }
}
