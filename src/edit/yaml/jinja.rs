//! Text that means the same before and after dbt has rendered it as Jinja.
//!
//! dbt renders every text of an exposure in YAML but for the keys of maps. dbt Core also renders text
//! without any Jinja in it, which turns CR LF and CR into LF and drops one LF at the end; of
//! descriptions it renders only those that contain an opening or closing pair (`get_rendered` and
//! `DocsRenderer` in dbt-core). dbt 2 does neither. So a letter that would begin something, or would
//! be changed, is written as an expression that gives it; the rest stays readable.

use std::borrow::Cow;

/// The pairs that open or close something in Jinja.
const PAIRS: [&str; 6] = ["{{", "{%", "{#", "}}", "%}", "#}"];
/// The letters that are written as expressions, and these.
const EXPRESSIONS: [(char, &str); 3] = [
    ('{', "{{ '{' }}"),
    ('\r', r"{{ '\r' }}"),
    ('\n', r"{{ '\n' }}"),
];

/// The text that dbt renders to this one.
pub(super) fn inert(text: &str) -> Cow<'_, str> {
    let has_pair = PAIRS.iter().any(|pair| text.contains(pair));
    if !has_pair && !text.contains('\r') && !text.ends_with('\n') {
        return Cow::Borrowed(text);
    }
    let mut inert = String::with_capacity(text.len() + 16);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        match expression(letter, next, &letters) {
            Some(expression) => inert.push_str(expression),
            None => inert.push(letter),
        }
    }
    Cow::Owned(inert)
}

/// The expression for a letter, unless it can stay. `next` is the letter behind it.
fn expression(
    letter: char,
    next: Option<char>,
    rest: &(impl Iterator<Item = char> + Clone),
) -> Option<&'static str> {
    let needs = match (letter, next) {
        // Before an expression it would make `{{{`, which dbt 2 refuses.
        ('{', Some('{' | '%' | '#' | '\r')) | ('\r', _) | ('\n', None) => true,
        ('{', Some('\n')) => rest.clone().count() == 1,
        _ => false,
    };
    let mut known = EXPRESSIONS.iter();
    let (_, expression) = known.find(|(known, _)| *known == letter)?;
    needs.then_some(*expression)
}

/// The text that dbt renders an [`inert`] one to. Any other Jinja stays as it is.
pub(super) fn rendered(text: &str) -> Cow<'_, str> {
    if !text.contains("{{") {
        return Cow::Borrowed(text);
    }
    let mut rendered = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let mut known = EXPRESSIONS.iter();
        let found = known.find(|(_, expression)| rest.starts_with(expression));
        let (letter, length) = found.map_or((first, first.len_utf8()), |(letter, expression)| {
            (*letter, expression.len())
        });
        rendered.push(letter);
        rest = &rest[length..];
    }
    Cow::Owned(rendered)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{inert, rendered};

    #[test]
    fn only_what_would_be_rendered_is_changed() {
        for (text, expected) in [
            ("50 % of {x} }", "50 % of {x} }"),
            ("a\nb", "a\nb"),
            ("{{ x }}", "{{ '{' }}{ x }}"),
            ("{% y %}", "{{ '{' }}% y %}"),
            ("{# z", "{{ '{' }}# z"),
            ("}}", "}}"),
            ("a\r\nb", "a{{ '\\r' }}\nb"),
            ("a\n", r"a{{ '\n' }}"),
            ("{\n", r"{{ '{' }}{{ '\n' }}"),
            ("{\nb\r", "{\nb{{ '\\r' }}"),
        ] {
            assert_eq!(inert(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_inert_is_rendered_to_the_text(text in "([{}%#\r\n'rn ]|.)*") {
            let written = inert(&text);
            prop_assert_eq!(rendered(&written), text.as_str());
        }
    }
}
