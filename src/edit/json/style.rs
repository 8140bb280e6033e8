//! Writes JSON in the style of a file: compact, spaced or indented, ASCII or UTF-8.
//!
//! dbt Core writes one line with `", "` and `": "` and escapes all but ASCII; dbt 2 writes compact
//! UTF-8; other tools indent.

use std::io;

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, Serializer};

/// How a file lays out and escapes its JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// A space or nothing, after a comma on the same line.
    after_comma: &'static str,
    /// A space or nothing, after a colon.
    after_colon: &'static str,
    /// One level of indentation and the end of a line; `None` if the file is one line.
    indent: Option<(String, &'static str)>,
    /// Whether letters beyond ASCII are escaped.
    is_ascii: bool,
}

impl Style {
    /// Detects the style of a document that is a JSON object. `is_ascii` says whether to escape
    /// letters beyond ASCII; the caller decides that, since a document without any does not show
    /// it.
    pub fn detect(text: &str, is_ascii: bool) -> Self {
        let head = text.trim_start().strip_prefix('{').unwrap_or_default();
        let lead = &head[..head.len() - head.trim_start().len()];
        let end_of_line = if lead.contains("\r\n") { "\r\n" } else { "\n" };
        let indent = lead.contains('\n').then(|| {
            (
                lead.rsplit('\n').next().unwrap_or_default().to_owned(),
                end_of_line,
            )
        });
        let space_after = |mark: u8| {
            if follows_space(head.as_bytes(), mark) {
                " "
            } else {
                ""
            }
        };
        Self {
            after_comma: space_after(b','),
            after_colon: space_after(b':'),
            indent,
            is_ascii,
        }
    }

    /// The text between the opening brace and the first member, for members at this depth.
    pub fn opening(&self, depth: usize) -> String {
        self.indent
            .as_ref()
            .map(|(indent, end_of_line)| format!("{end_of_line}{}", indent.repeat(depth)))
            .unwrap_or_default()
    }

    /// The text between two members at this depth, comma included.
    pub fn separator(&self, depth: usize) -> String {
        if self.indent.is_some() {
            format!(",{}", self.opening(depth))
        } else {
            format!(",{}", self.after_comma)
        }
    }

    /// The text of a member up to its value.
    pub fn key(&self, key: &str) -> String {
        // A string has no members to indent, so its depth does not matter.
        format!("{}:{}", self.value(key, 0), self.after_colon)
    }

    /// The text of a value whose own members are one level below this depth.
    pub fn value(&self, value: &(impl Serialize + ?Sized), depth: usize) -> String {
        let mut bytes = Vec::new();
        let writer = Writer {
            style: self,
            depth,
            is_empty: true,
        };
        let written = value.serialize(&mut Serializer::with_formatter(&mut bytes, writer));
        debug_assert!(written.is_ok(), "writing to memory does not fail");
        // Thousands of these are kept until the file is written.
        bytes.shrink_to_fit();
        String::from_utf8(bytes).unwrap_or_default()
    }
}

/// Whether white space follows the first of these marks outside strings.
fn follows_space(bytes: &[u8], mark: u8) -> bool {
    let mut in_string = false;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            byte if byte == mark && !in_string => {
                return bytes.get(at + 1).is_some_and(u8::is_ascii_whitespace);
            }
            _ => {}
        }
        at += 1;
    }
    false
}

/// The formatter of a style for `serde_json`.
struct Writer<'s> {
    style: &'s Style,
    /// The depth of the members of the innermost open container.
    depth: usize,
    /// Whether the innermost open container has no member yet.
    is_empty: bool,
}

impl Writer<'_> {
    fn open<W: ?Sized + io::Write>(&mut self, writer: &mut W, brace: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.is_empty = true;
        writer.write_all(brace)
    }

    fn close<W: ?Sized + io::Write>(&mut self, writer: &mut W, brace: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if !self.is_empty {
            writer.write_all(self.style.opening(self.depth).as_bytes())?;
        }
        self.is_empty = false;
        writer.write_all(brace)
    }

    fn next<W: ?Sized + io::Write>(&mut self, writer: &mut W, is_first: bool) -> io::Result<()> {
        if self.style.indent.is_some() {
            let opening = self.style.opening(self.depth);
            writer.write_all(if is_first { b"" } else { b"," })?;
            return writer.write_all(opening.as_bytes());
        }
        if is_first {
            return Ok(());
        }
        writer.write_all(b",")?;
        writer.write_all(self.style.after_comma.as_bytes())
    }
}

impl Formatter for Writer<'_> {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        is_first: bool,
    ) -> io::Result<()> {
        self.next(writer, is_first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.is_empty = false;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        is_first: bool,
    ) -> io::Result<()> {
        self.next(writer, is_first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b":")?;
        writer.write_all(self.style.after_colon.as_bytes())
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.is_empty = false;
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if !self.style.is_ascii || fragment.is_ascii() {
            return writer.write_all(fragment.as_bytes());
        }
        for letter in fragment.chars() {
            // As in Python's json.dump: DEL stays, everything above it becomes UTF-16 escapes.
            if letter.is_ascii() {
                writer.write_all(&[letter as u8])?;
            } else {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        let text: &[u8] = match escape {
            CharEscape::Quote => b"\\\"",
            CharEscape::ReverseSolidus => b"\\\\",
            CharEscape::Solidus => b"\\/",
            CharEscape::Backspace => b"\\b",
            CharEscape::FormFeed => b"\\f",
            CharEscape::LineFeed => b"\\n",
            CharEscape::CarriageReturn => b"\\r",
            CharEscape::Tab => b"\\t",
            CharEscape::AsciiControl(byte) => return write!(writer, "\\u{byte:04x}"),
        };
        writer.write_all(text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(document: &str, is_utf8: bool, expected: &str) {
        let style = Style::detect(document, document.is_ascii() && !is_utf8);
        let value = style.value(&json!({"a": [1, {}], "b": []}), 2);
        assert_eq!(style.key("é") + &value, expected, "{document}");
    }

    #[test]
    fn values_are_written_as_the_file_is() {
        check(
            r#"{"m": {"x": 1, "y": ","}}"#,
            false,
            r#""\u00e9": {"a": [1, {}], "b": []}"#,
        );
        check(
            r#"{"m":{"x":1,"y":", "}}"#,
            true,
            r#""é":{"a":[1,{}],"b":[]}"#,
        );
        check(
            "{\"m\": \"ü\", \"n\": 1}",
            false,
            r#""é": {"a": [1, {}], "b": []}"#,
        );
        let indented =
            "\"é\": {\n      \"a\": [\n        1,\n        {}\n      ],\n      \"b\": []\n    }";
        check("{\n  \"m\": \"ü\",\n  \"n\": 1\n}", false, indented);
        check(
            "{\r\n\t\"m\": \"ü\"\r\n}",
            false,
            &indented.replace("  ", "\t").replace('\n', "\r\n"),
        );
    }

    #[test]
    fn letters_beyond_16_bits_are_two_escapes() {
        let style = Style::detect("{}", true);
        assert_eq!(style.value(&json!("🚀\u{1}"), 0), r#""\ud83d\ude80\u0001""#);
    }
}
