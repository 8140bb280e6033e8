//! Names of tables: how they are spelled, split, quoted, stored and compared.
//!
//! This is the only place that splits a dotted name; [`super::letters`] folds case.

use std::borrow::Cow;
use std::fmt;

use super::display::display_enum;
pub use super::letters::folded;
use super::letters::{lower, upper};

/// A table's name in up to three parts, each as it was spelled.
///
/// On dbt's side the spelling is the one that its database stores (see [`Casing::stored`]); on
/// Tableau's side it is what Tableau shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Relation<'a> {
    /// Database, project or catalog; `None` if there is none or it is not known.
    pub database: Option<Cow<'a, str>>,
    /// Schema or dataset; `None` if it is not known.
    pub schema: Option<Cow<'a, str>>,
    /// The table's own name.
    pub name: Cow<'a, str>,
}

impl Relation<'_> {
    /// The same relation, which borrows its parts from this one.
    pub fn borrowed(&self) -> Relation<'_> {
        Relation {
            database: self.database.as_deref().map(Cow::Borrowed),
            schema: self.schema.as_deref().map(Cow::Borrowed),
            name: Cow::Borrowed(&self.name),
        }
    }
}

impl fmt::Display for Relation<'_> {
    /// Parts joined by dots; a part that contains a dot is put in brackets, as Tableau does, and
    /// `?` stands for a schema that is not known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(database) = &self.database {
            write!(f, "{}.", bracketed(database))?;
        }
        match &self.schema {
            Some(schema) => write!(f, "{}.", bracketed(schema))?,
            None if self.database.is_some() => f.write_str("?.")?,
            None => {}
        }
        f.write_str(&bracketed(&self.name))
    }
}

fn bracketed(part: &str) -> Cow<'_, str> {
    if part.contains(['.', '[', ']']) {
        Cow::Owned(format!("[{}]", part.replace(']', "]]")))
    } else {
        Cow::Borrowed(part)
    }
}

/// Whether two spellings differ only in case, if at all.
pub fn same_but_case(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        a.eq_ignore_ascii_case(b)
    } else {
        folded(a) == folded(b)
    }
}

/// How a database stores an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Casing {
    /// Unquoted identifiers are stored in upper case (Snowflake, Oracle).
    UpperUnquoted,
    /// Unquoted identifiers are stored in lower case (Postgres).
    LowerUnquoted,
    /// All identifiers are stored in lower case, quoted ones as well (Databricks, Athena, Trino,
    /// and Redshift as long as nobody sets `enable_case_sensitive_identifier`).
    Lower,
    /// Identifiers are stored as written (BigQuery, DuckDB, SQL Server, …).
    AsWritten,
}

impl Casing {
    /// An identifier from dbt in the form in which the database stores it.
    pub fn stored<'a>(self, identifier: &Cow<'a, str>, quoted: bool) -> Cow<'a, str> {
        match (self, quoted) {
            (Self::UpperUnquoted, false) => Cow::Owned(upper(identifier)),
            (Self::LowerUnquoted, false) | (Self::Lower, true | false) => {
                Cow::Owned(lower(identifier))
            }
            (Self::UpperUnquoted | Self::LowerUnquoted, true) | (Self::AsWritten, true | false) => {
                identifier.clone()
            }
        }
    }

    /// Whether a name that Tableau shows is exactly this stored one.
    ///
    /// Tableau shows names as the catalog has them, so another case is the same name only if the
    /// database folds every name, quoted or not.
    pub fn same(self, stored: &str, shown: &str) -> bool {
        stored == shown || (self == Self::Lower && stored == lower(shown))
    }
}

display_enum! {
    /// Why a dotted name could not be split.
    #[derive(Copy)]
    pub enum NameError {
        /// A quote was opened and not closed.
        Unclosed(quote: char) => "{quote} is not closed";
        /// Something other than a dot follows a closing quote.
        AfterQuote => "a dot is missing after a closing quote";
        /// Two dots in a row, or a dot at an end.
        EmptyPart => "a part of the name is empty";
    }
}

/// Splits a dotted name into its identifiers, without their quotes.
///
/// Quotes are `"a"`, `` `a` `` and `[a]`; a doubled closing quote stands for itself; dots inside
/// quotes belong to the name. So do the dots of the domain in front of a BigQuery project, as in
/// `example.com:sales.core.orders`.
pub fn split(text: &str) -> Result<Vec<Cow<'_, str>>, NameError> {
    let mut parts = Vec::with_capacity(3);
    let mut rest = text.trim();
    loop {
        let (part, after) = match closing_quote(rest) {
            Some(close) => quoted_part(rest, close)?,
            None => plain_part(rest, if parts.is_empty() { domain(rest) } else { 0 }),
        };
        if part.trim().is_empty() {
            return Err(NameError::EmptyPart);
        }
        parts.push(part);
        let after = after.trim_start();
        if after.is_empty() {
            return Ok(parts);
        }
        rest = after
            .strip_prefix('.')
            .ok_or(NameError::AfterQuote)?
            .trim_start();
    }
}

fn closing_quote(text: &str) -> Option<char> {
    match text.chars().next()? {
        '[' => Some(']'),
        quote @ ('"' | '`') => Some(quote),
        _ => None,
    }
}

/// The identifier up to its closing quote, and the text after it.
fn quoted_part(text: &str, close: char) -> Result<(Cow<'_, str>, &str), NameError> {
    let inner = &text[1..];
    let end = end_of_quoted(inner, close).ok_or(NameError::Unclosed(close))?;
    Ok((undoubled(&inner[..end], close), &inner[end + 1..]))
}

/// The position of the first closing quote that is not doubled.
fn end_of_quoted(inner: &str, close: char) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + inner[from..].find(close)?;
        if !inner[at + 1..].starts_with(close) {
            return Some(at);
        }
        from = at + 2;
    }
}

/// An identifier without the doubling of the closing quotes in it.
fn undoubled(part: &str, close: char) -> Cow<'_, str> {
    if part.contains(close) {
        Cow::Owned(part.replace(&format!("{close}{close}"), &close.to_string()))
    } else {
        Cow::Borrowed(part)
    }
}

/// An identifier with every closing quote in it doubled.
fn doubled(part: &str, close: char) -> Cow<'_, str> {
    if part.contains(close) {
        Cow::Owned(part.replace(close, &format!("{close}{close}")))
    } else {
        Cow::Borrowed(part)
    }
}

/// The identifier up to the next dot after the domain, and the text from that dot on.
fn plain_part(text: &str, domain: usize) -> (Cow<'_, str>, &str) {
    let end = text[domain..].find('.').map_or(text.len(), |i| domain + i);
    (Cow::Borrowed(text[..end].trim_end()), &text[end..])
}

/// The length of the domain that scopes a BigQuery project at the start of a dotted name.
///
/// Tables may have a colon in their names too, but no schema and table follow theirs.
fn domain(text: &str) -> usize {
    let is_in_domain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    text.split_once(':')
        .filter(|(domain, rest)| domain.bytes().all(is_in_domain) && rest.contains('.'))
        .map_or(0, |(domain, _)| domain.len())
}

/// Whether a name can be the id of a Google Cloud project, with or without the domain that scopes
/// it; else it is the project's display name.
///
/// Google's rule: 6 to 30 lower-case letters, digits and hyphens, a letter first and no hyphen last.
pub fn is_project_id(text: &str) -> bool {
    let id = text.split_once(':').map_or(text, |(_domain, id)| id);
    (6..=30).contains(&id.len())
        && id.starts_with(|first: char| first.is_ascii_lowercase())
        && !id.ends_with('-')
        && id
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// How dbt rendered a relation: which parts are quoted, and whether the database is included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rendering {
    /// Whether `relation_name` starts with the database.
    pub has_database: bool,
    /// Which of database, schema and name are quoted.
    pub quoted: [bool; 3],
}

/// Finds out how `relation_name` was built from a node's own parts.
///
/// dbt escapes neither dots nor quotes in `relation_name` (SQL Server's adapter doubles quotes), so
/// it cannot be split; but its parts are known, so the ways to write them can be tried one after
/// another. Case is ignored because dbt-databricks lower-cases what it renders. `None` if no way
/// gives this text.
pub fn rendering(
    relation_name: &str,
    database: Option<&str>,
    schema: Option<&str>,
    name: &str,
) -> Option<Rendering> {
    let text = folded(relation_name);
    let with_database = [database, schema, Some(name)];
    let without_database = [None, schema, Some(name)];
    [with_database, without_database]
        .into_iter()
        .find_map(|parts| {
            let parts = parts.map(|part| part.filter(|part| !part.is_empty()).map(folded));
            Some(Rendering {
                has_database: parts[0].is_some(),
                quoted: quoting(&text, &parts, 0)?,
            })
        })
}

/// Which parts are quoted, if `text` is `parts[from..]` joined by dots in some quoting.
fn quoting(text: &str, parts: &[Option<String>; 3], from: usize) -> Option<[bool; 3]> {
    let Some(part) = parts.get(from) else {
        return text.is_empty().then_some([false; 3]);
    };
    let Some(part) = part else {
        return quoting(text, parts, from + 1);
    };
    let is_last = from + 1 == parts.len();
    spellings(text, part).find_map(|(is_quoted, after)| {
        let after = if is_last {
            after
        } else {
            after.strip_prefix('.')?
        };
        let mut quoted = quoting(after, parts, from + 1)?;
        quoted[from] = is_quoted;
        Some(quoted)
    })
}

/// The ways in which `text` can begin with `part`: whether it is quoted, and the text after it.
fn spellings<'t>(text: &'t str, part: &str) -> impl Iterator<Item = (bool, &'t str)> {
    let quoted = [('"', '"'), ('`', '`'), ('[', ']')]
        .into_iter()
        .flat_map(move |(open, close)| after_quoted(text, part, open, close))
        .flatten()
        .map(|after| (true, after));
    let plain = text.strip_prefix(part).map(|after| (false, after));
    quoted.chain(plain)
}

/// The text after `part` in these quotes, as it is and with closing quotes doubled.
fn after_quoted<'t>(text: &'t str, part: &str, open: char, close: char) -> [Option<&'t str>; 2] {
    let Some(inner) = text.strip_prefix(open) else {
        return [None, None];
    };
    [Cow::Borrowed(part), doubled(part, close)]
        .map(|spelled| inner.strip_prefix(&*spelled)?.strip_prefix(close))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_split(text: &str, expected: &[&str]) {
        assert_eq!(split(text).expect(text), expected);
    }

    #[test]
    fn splits_every_spelling_of_a_full_name() {
        check_split("[PUBLIC].[ORDERS]", &["PUBLIC", "ORDERS"]);
        check_split("[DB].[S].[T]", &["DB", "S", "T"]);
        check_split("db.s.t", &["db", "s", "t"]);
        check_split("`p-1`.`d`.`t`", &["p-1", "d", "t"]);
        check_split("\"a\".\"b\"", &["a", "b"]);
        check_split("[a].b.\"c\"", &["a", "b", "c"]);
        check_split("[Orders$]", &["Orders$"]);
        check_split(" [a] . [b] ", &["a", "b"]);
    }

    #[test]
    fn quotes_keep_dots_and_doubled_closers() {
        check_split("[a.b].[c]]d]", &["a.b", "c]d"]);
        check_split("\"x\"\"y\".z", &["x\"y", "z"]);
        check_split("`a``b`", &["a`b"]);
    }

    #[test]
    fn a_domain_scoped_project_is_one_part() {
        check_split(
            "example.co.uk:sales.d.t",
            &["example.co.uk:sales", "d", "t"],
        );
        check_split("db.s.fy:2024", &["db", "s", "fy:2024"]);
        check_split("db.s.[fy:2024.q1]", &["db", "s", "fy:2024.q1"]);
    }

    #[test]
    fn broken_names_are_errors() {
        assert_eq!(split("[a"), Err(NameError::Unclosed(']')));
        assert_eq!(split("[a]b"), Err(NameError::AfterQuote));
        assert_eq!(split("a..b"), Err(NameError::EmptyPart));
        assert_eq!(split("a."), Err(NameError::EmptyPart));
        assert_eq!(split(""), Err(NameError::EmptyPart));
    }

    #[track_caller]
    fn check_rendering(
        text: &str,
        parts: [Option<&str>; 3],
        has_database: bool,
        quoted: [bool; 3],
    ) {
        let found = rendering(text, parts[0], parts[1], parts[2].expect("a name"));
        assert_eq!(
            found,
            Some(Rendering {
                has_database,
                quoted
            }),
            "{text}"
        );
    }

    #[test]
    fn rendering_is_found_without_splitting() {
        let odd = Some("My Model.With \"Dots\"");
        check_rendering(
            "\"Shop\".\"main\".\"My Model.With \"Dots\"\"",
            [Some("Shop"), Some("main"), odd],
            true,
            [true; 3],
        );
        check_rendering(
            "ANALYTICS.s.My Model.With \"Dots\"",
            [Some("ANALYTICS"), Some("s"), odd],
            true,
            [false; 3],
        );
        check_rendering(
            "A.raw.\"Quoted One\"",
            [Some("A"), Some("raw"), Some("Quoted One")],
            true,
            [false, false, true],
        );
        check_rendering(
            "`Cat`.`s`.`factorders`",
            [Some("cat"), Some("s"), Some("FactOrders")],
            true,
            [true; 3],
        );
        check_rendering(
            "[a].[b].[c]]d]",
            [Some("a"), Some("b"), Some("c]d")],
            true,
            [true; 3],
        );
        check_rendering(
            "s.T",
            [Some("ORCL"), Some("s"), Some("T")],
            false,
            [false; 3],
        );
        check_rendering(
            "`s`.`T`",
            [Some(""), Some("s"), Some("T")],
            false,
            [false, true, true],
        );
        assert_eq!(rendering("delta.`/mnt/x`", None, Some("s"), "x"), None);
    }

    #[test]
    fn stored_forms_follow_the_database() {
        let name = Cow::Borrowed("FactOrders");
        let check = |casing: Casing, quoted: bool, expected: &str| {
            assert_eq!(casing.stored(&name, quoted), expected, "{casing:?}");
        };
        check(Casing::UpperUnquoted, false, "FACTORDERS");
        check(Casing::UpperUnquoted, true, "FactOrders");
        check(Casing::LowerUnquoted, false, "factorders");
        check(Casing::LowerUnquoted, true, "FactOrders");
        check(Casing::Lower, true, "factorders");
        check(Casing::AsWritten, false, "FactOrders");
        assert!(Casing::Lower.same("factorders", "FactOrders"));
        assert!(!Casing::UpperUnquoted.same("FACTORDERS", "FactOrders"));
    }

    #[test]
    fn display_names_are_no_project_ids() {
        assert!(!is_project_id("My Project 42084"));
        assert!(!is_project_id("Sales"));
        assert!(!is_project_id("demo-"));
        assert!(!is_project_id("demo-323403-"));
        assert!(!is_project_id("1demo-323403"));
        assert!(is_project_id("demo-323403"));
        assert!(is_project_id("example.com:demo-323403"));
    }
}
