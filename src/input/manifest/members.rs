//! Where the members of a JSON object stand in the document.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::input::json;
use crate::model::Failure;

/// One `"key": value` of an object, by byte spans in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'a> {
    /// The key, unescaped.
    pub key: Cow<'a, str>,
    /// Where the key starts (its quote).
    pub start: usize,
    /// Where the value stands.
    pub value: Range<usize>,
}

/// The members of one object, in the order of the document.
#[derive(Debug, Clone, Default)]
pub struct Members<'a> {
    /// Where the object stands, braces included.
    pub span: Range<usize>,
    members: Vec<Member<'a>>,
    by_key: HashMap<Cow<'a, str>, usize>,
}

/// Why an object cannot be edited.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    /// It is no object. Holds its position.
    NotAnObject(usize),
    /// It has a key twice. Holds the second position.
    Twice(usize, String),
}

impl Problem {
    /// The failure to report for the object under `key`.
    pub fn failure(&self, file: &str, text: &str, key: &str) -> Failure {
        let (at, message) = match self {
            Self::NotAnObject(at) => (*at, format!("`{key}` must be an object")),
            Self::Twice(at, twice) => (
                *at,
                format!("`{key}` has the key `{}` for the second time here", twice.escape_debug()),
            ),
        };
        let (line, column) = json::position(&text.as_bytes()[..at]);
        Failure::new(format!("{file}:{line}:{column}"), message)
            .help("let dbt write it again, with `dbt parse`")
    }
}

impl<'a> Members<'a> {
    /// Finds the members of `raw`, a part of a document whose first byte has the address `base`
    /// and which has the same bytes as `text` but for masked numbers.
    ///
    /// # Errors
    /// See [`Problem`].
    pub fn read(text: &'a str, base: usize, raw: &str) -> Result<Self, Problem> {
        let start = raw.as_ptr() as usize - base;
        let span = start..start + raw.len();
        if !raw.starts_with('{') {
            return Err(Problem::NotAnObject(start));
        }
        let mut all = Self { span, ..Self::default() };
        let mut scanner = Scanner { bytes: text.as_bytes(), at: start + 1 };
        while scanner.next_is_key() {
            let start = scanner.at;
            scanner.skip_string();
            let key = unescaped(&text[start..scanner.at]);
            scanner.skip_colon();
            let value_start = scanner.at;
            scanner.skip_value();
            all.push(Member { key, start, value: value_start..scanner.at })?;
        }
        Ok(all)
    }

    fn push(&mut self, member: Member<'a>) -> Result<(), Problem> {
        if self.by_key.insert(member.key.clone(), self.members.len()).is_some() {
            return Err(Problem::Twice(member.start, member.key.into_owned()));
        }
        self.members.push(member);
        Ok(())
    }

    /// The members in the order of the document.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Member<'a>> {
        self.members.iter()
    }

    /// The member with this key.
    pub fn get(&self, key: &str) -> Option<&Member<'a>> {
        self.by_key.get(key).map(|position| &self.members[*position])
    }
}

/// The text of a JSON string with its quotes.
fn unescaped(quoted: &str) -> Cow<'_, str> {
    let inner = &quoted[1..quoted.len() - 1];
    if inner.contains('\\') {
        // The document was parsed before, so the string is valid.
        Cow::Owned(serde_json::from_str(quoted).unwrap_or_else(|_| inner.to_owned()))
    } else {
        Cow::Borrowed(inner)
    }
}

/// Walks over JSON that is known to be valid, so it needs to look at structure only.
struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Scanner<'_> {
    fn skip_while(&mut self, test: impl Fn(u8) -> bool) {
        while self.bytes.get(self.at).is_some_and(|byte| test(*byte)) {
            self.at += 1;
        }
    }

    /// Moves to the next key, over a comma; false at the end of the object.
    fn next_is_key(&mut self) -> bool {
        self.skip_while(|byte| byte.is_ascii_whitespace() || byte == b',');
        self.bytes.get(self.at) == Some(&b'"')
    }

    fn skip_colon(&mut self) {
        self.skip_while(|byte| byte.is_ascii_whitespace() || byte == b':');
    }

    fn skip_string(&mut self) {
        self.at += 1;
        loop {
            self.skip_while(|byte| byte != b'"' && byte != b'\\');
            match self.bytes.get(self.at) {
                Some(b'\\') => self.at += 2,
                _ => break,
            }
        }
        self.at += 1;
    }

    fn skip_value(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => self.skip_string(),
                Some(b'{' | b'[') => {
                    depth += 1;
                    self.at += 1;
                    continue;
                }
                Some(b'}' | b']') => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                Some(_) => self.skip_while(|byte| {
                    let is_mark = matches!(byte, b',' | b'{' | b'}' | b'[' | b']' | b'"');
                    !is_mark && !byte.is_ascii_whitespace()
                }),
                None => return,
            }
            if depth == 0 {
                return;
            }
            self.skip_while(|byte| matches!(byte, b',' | b':') || byte.is_ascii_whitespace());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(text: &str) -> Result<Vec<(String, String)>, Problem> {
        let members = Members::read(text, text.as_ptr() as usize, text)?;
        Ok(members
            .iter()
            .map(|member| (member.key.to_string(), text[member.value.clone()].to_owned()))
            .collect())
    }

    #[test]
    fn values_of_every_kind_are_found() {
        let text = r#"{ "a" : 1.5e3 , "b":"x,}\"]", "c": {"d": [1, {"e": "]"}], "f": {}}, "g": [], "\u0068": null , "i":true}"#;
        let found = members(text).expect("valid");
        let found =
            found.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect::<Vec<_>>();
        let nested = r#"{"d": [1, {"e": "]"}], "f": {}}"#;
        assert_eq!(
            found,
            [
                ("a", "1.5e3"),
                ("b", r#""x,}\"]""#),
                ("c", nested),
                ("g", "[]"),
                ("h", "null"),
                ("i", "true")
            ]
        );
    }

    #[test]
    fn empty_and_twice() {
        assert_eq!(members("{}"), Ok(vec![]));
        assert_eq!(members("{ \n }"), Ok(vec![]));
        assert_eq!(members("[]"), Err(Problem::NotAnObject(0)));
        assert_eq!(members(r#"{"a":1,"\u0061":2}"#), Err(Problem::Twice(7, "a".to_owned())));
    }
}
