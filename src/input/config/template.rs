//! Texts with `{placeholders}`.

use super::invalid_value::{InvalidReason, InvalidValue};
use super::located::Located;
use crate::settings::{Placeholder, Template, TemplatePart};

/// Reads a text with `{placeholders}` of one kind; a doubled brace stands for itself.
pub(super) fn template<P: Placeholder>(
    text: &Located<String>,
) -> Result<Template<P>, InvalidValue> {
    let known = P::ALL
        .iter()
        .map(|known| (known.as_str().to_owned(), *known));
    template_of(text, &known.collect::<Vec<_>>())
}

/// Reads a text with these `{placeholders}`; a doubled brace stands for itself.
pub(super) fn template_of<P: Copy>(
    text: &Located<String>,
    known: &[(String, P)],
) -> Result<Template<P>, InvalidValue> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text.value.as_str();
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        if matches!(letter, '{' | '}') && after.starts_with(letter) {
            plain.push(letter);
            rest = &after[1..];
        } else if letter == '{' {
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| InvalidValue::new(text, InvalidReason::OpenBrace))?;
            parts.push(TemplatePart::Text(std::mem::take(&mut plain)));
            parts.push(TemplatePart::Placeholder(placeholder(text, name, known)?));
            rest = after;
        } else {
            plain.push(letter);
            rest = after;
        }
    }
    parts.push(TemplatePart::Text(plain));
    Ok(Template(parts))
}

/// The placeholder of this name.
fn placeholder<P: Copy>(
    text: &Located<String>,
    name: &str,
    known: &[(String, P)],
) -> Result<P, InvalidValue> {
    let found = known.iter().find(|(known, _)| known == name);
    found.map(|(_, placeholder)| *placeholder).ok_or_else(|| {
        let names = known.iter().map(|(known, _)| known.clone()).collect();
        InvalidValue::new(
            text,
            InvalidReason::UnknownPlaceholder(name.to_owned(), names),
        )
    })
}

/// Reads each of some texts.
pub(super) fn templates<P: Placeholder>(
    texts: Option<&Vec<Located<String>>>,
) -> Result<Vec<Template<P>>, InvalidValue> {
    texts.into_iter().flatten().map(template).collect()
}
