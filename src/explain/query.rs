//! Where the query of custom SQL names a table, or leaves a doubt.

use crate::model::relation::{same_but_case, split};
use crate::model::{
    CustomSql, Path, Place, Read, ReadSql, Relation, Site, Table, UnreadableSql, Upstream, Workbook,
};

/// A place in a query.
#[derive(Clone, Copy)]
pub struct Mark<'r, 'a> {
    /// The custom SQL.
    pub sql: &'r CustomSql<'a>,
    /// Where the name begins, or what is doubtful.
    pub place: Place,
    /// How many letters it has.
    pub letters: usize,
}

/// The place in a query to which a path leads, if the export shows the query.
pub fn mark<'r, 'a>(
    site: &'r Site<'a>,
    workbook: &Workbook<'a>,
    read: &Read,
    path: &Path,
) -> Option<Mark<'r, 'a>> {
    let place = path.place()?;
    let is_on_path = |sql: &&ReadSql| sql.paths.iter().any(|other| other.is_same_way(path));
    let on_path = workbook.custom_sql.iter().filter(is_on_path);
    let on_path = on_path.map(|sql| &site.custom_sql[sql.sql.0]);
    let on_path = on_path.collect::<Vec<_>>();
    let name = match read.upstream {
        Upstream::Table(at) => relation(&site.tables[at.0]),
        Upstream::Hidden(_) | Upstream::Unresolved(_) | Upstream::Unreadable { .. } => None,
    };
    // Most custom SQL has one name, so several queries may be on one path.
    let is_meant = |sql: &&&CustomSql| match (read.object, name) {
        (Some(object), _) => sql.object == object,
        (None, Some(name)) => names(sql.query, place, name),
        (None, None) => true,
    };
    let meant = on_path.iter().find(is_meant).or(on_path.first())?;
    let text = text_at(meant.query, place)?;
    let length = match read.upstream {
        Upstream::Table(_) => name_length(text),
        Upstream::Unreadable {
            reason: UnreadableSql::Parameter | UnreadableSql::Dynamic,
            ..
        } => template_length(text),
        Upstream::Hidden(_) | Upstream::Unresolved(_) | Upstream::Unreadable { .. } => 0,
    };
    Some(Mark {
        sql: meant,
        place,
        letters: text[..length].chars().count().max(1),
    })
}

fn relation<'t>(table: &'t Table) -> Option<&'t Relation<'t>> {
    table.name.as_ref().ok()
}

/// Whether a query names this relation at a place.
fn names(query: &str, place: Place, relation: &Relation) -> bool {
    text_at(query, place).is_some_and(|text| {
        let parts = split(&text[..name_length(text)]);
        let last = parts.ok().and_then(|mut parts| parts.pop());
        last.is_some_and(|last| same_but_case(&last, &relation.name))
    })
}

/// The text from a place on.
fn text_at(query: &str, place: Place) -> Option<&str> {
    let line = query
        .split_inclusive('\n')
        .nth(place.line.checked_sub(1)?)?;
    let start = line.as_ptr().addr() - query.as_ptr().addr();
    let column = line.char_indices().nth(place.column.checked_sub(1)?);
    Some(&query[start + column?.0..])
}

/// The length of the dotted name with which a text begins, in bytes.
fn name_length(text: &str) -> usize {
    let mut end = part_length(text);
    loop {
        let blanks = |text: &str| text.len() - text.trim_start_matches([' ', '\t']).len();
        let dot = end + blanks(&text[end..]);
        if !text[dot..].starts_with('.') {
            return end;
        }
        let next = dot + 1 + blanks(&text[dot + 1..]);
        let length = part_length(&text[next..]);
        // A part may be left out, as in `a..b`.
        if length == 0 && !text[next..].starts_with('.') {
            return end;
        }
        end = next + length;
    }
}

/// The length of the identifier with which a text begins, with its quotes.
fn part_length(text: &str) -> usize {
    let close = match text.chars().next() {
        Some('[') => ']',
        Some(quote @ ('"' | '`')) => quote,
        _ => return plain_length(text),
    };
    let mut from = 1;
    while let Some(at) = text[from..].find(close) {
        let end = from + at + close.len_utf8();
        if !text[end..].starts_with(close) {
            return end;
        }
        from = end + close.len_utf8();
    }
    1
}

fn plain_length(text: &str) -> usize {
    let is_in_name = |letter: char| letter.is_alphanumeric() || "_$#@-".contains(letter);
    let end = text
        .find(|letter| !is_in_name(letter))
        .unwrap_or(text.len());
    // Two hyphens begin a comment.
    text[..end].find("--").unwrap_or(end)
}

/// The length of the name with parameters in it with which a text begins, in bytes.
fn template_length(text: &str) -> usize {
    let mut end = 0;
    loop {
        let rest = &text[end..];
        let parameter = rest.strip_prefix("<[").and_then(|rest| rest.find('>'));
        let dot = usize::from(rest.starts_with('.'));
        match parameter.map_or(part_length(rest).max(dot), |at| at + "<[>".len()) {
            0 => return end,
            length => end += length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_where_its_last_part_does() {
        let check = |text: &str, name: &str| assert_eq!(&text[..name_length(text)], name);
        check("core.orders o where", "core.orders");
        check("\"My Schema\" . \"a\"\"b\" x", "\"My Schema\" . \"a\"\"b\"");
        check("[db]..[t]]x],", "[db]..[t]]x]");
        check("`p-1.d.t`;", "`p-1.d.t`");
        check("p-1.d.t--x", "p-1.d.t");
        check("orders)", "orders");
        check("orders. ", "orders");
        check("売上.日次 x", "売上.日次");
        check("(select", "");
    }

    #[test]
    fn a_place_leads_to_its_text() {
        let place = |line, column| Place { line, column };
        let query = "select *\r\nfrom ä.b";
        assert_eq!(text_at(query, place(2, 6)), Some("ä.b"));
        assert_eq!(text_at(query, place(1, 1)), Some(query));
        assert_eq!(text_at(query, place(3, 1)), None);
        assert_eq!(text_at(query, place(2, 60)), None);
    }

    #[test]
    fn parameters_are_marked_whole() {
        let check = |text: &str, name: &str| assert_eq!(&text[..template_length(text)], name);
        check("<[Parameters].[P]> x", "<[Parameters].[P]>");
        check(
            "core.t_<[Parameters].[P]>_x, y",
            "core.t_<[Parameters].[P]>_x",
        );
        check("@name)", "@name");
        check("'x", "");
    }
}
