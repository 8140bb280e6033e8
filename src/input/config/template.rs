//! Texts with `{placeholders}`.

use super::at::At;
use super::wrong::{Wrong, did_you_mean};
use crate::settings::{Piece, Template};

/// What a name may be made of.
pub(super) const OF_NAMES: [&str; 3] = ["hash", "project", "slug"];
/// What a description may be made of.
pub(super) const OF_DESCRIPTIONS: [&str; 5] = ["description", "name", "owner", "project", "url"];
/// What a tag, or an owner's name or e-mail, may be made of.
pub(super) const OF_FACTS: [&str; 3] = ["name", "owner", "project"];

/// Reads `{placeholders}`; a doubled brace stands for itself.
pub(super) fn template(text: &At<String>, known: &[&str]) -> Result<Template, Wrong> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text.value.as_str();
    while let Some(letter) = rest.chars().next() {
        let after = &rest[letter.len_utf8()..];
        if (letter == '{' && after.starts_with('{')) || (letter == '}' && after.starts_with('}')) {
            plain.push(letter);
            rest = &after[1..];
        } else if letter == '{' {
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| Wrong::new(text, "a `{` is not closed"))?;
            if !known.contains(&name) {
                let message = format!(
                    "{{{name}}} is not known; there are {{{}}}",
                    known.join("}, {")
                );
                let help = did_you_mean(name, known.iter().copied());
                return Err(Wrong::new(text, message).help(help));
            }
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
            pieces.push(Piece::Placeholder(name.to_owned()));
            rest = after;
        } else {
            plain.push(letter);
            rest = after;
        }
    }
    pieces.push(Piece::Text(plain));
    Ok(Template(pieces))
}

/// Reads each of some texts.
pub(super) fn templates<'t>(
    texts: impl IntoIterator<Item = &'t At<String>>,
    known: &[&str],
) -> Result<Vec<Template>, Wrong> {
    texts
        .into_iter()
        .map(|text| template(text, known))
        .collect()
}
