//! Entries of `match.rewrite`.

use super::invalid_value::{InvalidReason, InvalidValue};
use super::located::Located;
use super::raw::{RawNewParts, RawRewrite};
use super::template::template_of;
use super::values::{chosen, glob_or_regex};
use crate::settings::{Group, NewParts, Pattern, Rewrite, RewritePlaceholder, Template, place};

/// What may stand in the new parts of an entry, by name.
type Placeholders = Vec<(String, RewritePlaceholder)>;

/// The entry with this number.
pub(super) fn rewrite(
    (number, raw): (usize, &Located<RawRewrite>),
) -> Result<Rewrite, InvalidValue> {
    let RawRewrite {
        connection_type,
        server,
        database,
        schema,
        name,
        to,
    } = &raw.value;
    let texts = [connection_type, server, database, schema, name].map(Option::as_ref);
    let mut from = [const { None }; 5];
    for (pattern, text) in from.iter_mut().zip(texts) {
        *pattern = text.map(glob_or_regex).transpose()?;
    }
    let placeholders = placeholders(&from, &texts)?;
    let fields = ["connection_type", "server", "database", "schema", "name"];
    let patterns = from.each_ref().map(Option::as_ref);
    Ok(Rewrite {
        place: place(&format!("match.rewrite[{number}]"), &fields, patterns),
        to: new_parts(to, &placeholders)?,
        from,
    })
}

/// The parts of a name, and the groups of all regular expressions: by number in the order of the
/// patterns, and by name.
fn placeholders(
    from: &[Option<Pattern>; 5],
    texts: &[Option<&Located<String>>; 5],
) -> Result<Placeholders, InvalidValue> {
    let mut known = vec![
        ("database".to_owned(), RewritePlaceholder::Database),
        ("schema".to_owned(), RewritePlaceholder::Schema),
        ("name".to_owned(), RewritePlaceholder::Name),
    ];
    let mut count = 0;
    for (part, (pattern, text)) in from.iter().zip(texts).enumerate() {
        let regex = pattern.as_ref().and_then(Pattern::regex);
        let groups = regex.into_iter().flat_map(|regex| regex.groups());
        for (number, name) in groups.enumerate().skip(1) {
            let group = RewritePlaceholder::Group(Group { part, number });
            count += 1;
            known.push((count.to_string(), group));
            let Some(name) = name else {
                continue;
            };
            if let Some(text) = text.filter(|_| known.iter().any(|(taken, _)| taken == name)) {
                let reason = InvalidReason::GroupNameTaken(name.to_owned());
                return Err(InvalidValue::new(text, reason));
            }
            known.push((name.to_owned(), group));
        }
    }
    Ok(known)
}

fn new_parts(
    raw: &Located<RawNewParts>,
    placeholders: &Placeholders,
) -> Result<NewParts, InvalidValue> {
    let RawNewParts {
        database,
        schema,
        name,
    } = &raw.value;
    if [database, schema, name].into_iter().all(Option::is_none) {
        return Err(InvalidValue::new(raw, InvalidReason::NoNewPart));
    }
    let part = |text: &Option<Located<String>>| {
        let text = text.as_ref();
        text.map(|text| new_part(text, placeholders)).transpose()
    };
    Ok(NewParts {
        database: part(database)?,
        schema: part(schema)?,
        name: part(name)?,
    })
}

fn new_part(
    text: &Located<String>,
    placeholders: &Placeholders,
) -> Result<Template<RewritePlaceholder>, InvalidValue> {
    if text.value.trim().is_empty() {
        return Err(InvalidValue::new(text, InvalidReason::EmptyPart));
    }
    chosen(text)?;
    template_of(text, placeholders)
}
