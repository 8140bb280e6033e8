//! What a query selects, as far as its text alone tells.
//!
//! Only the shape that most models have is understood: a final SELECT whose list names each column, or
//! takes all columns of a CTE of the query that does. Anything else is not told.

use std::collections::BTreeMap;

/// How deep a final `select *` is followed through CTEs.
const DEEPEST: usize = 16;
/// Words that end the list of a SELECT.
const ENDS: [&str; 12] = [
    "from",
    "where",
    "group",
    "having",
    "order",
    "limit",
    "union",
    "intersect",
    "except",
    "qualify",
    "window",
    "minus",
];

/// The names of the columns that a query selects, in the form in which it spells them, without quotes.
pub(super) fn columns(pieces: &[String]) -> Option<Vec<String>> {
    let ctes = ctes(pieces);
    of_query(pieces, &ctes, 0)
}

/// The bodies of CTEs by their names.
type Ctes<'p> = BTreeMap<String, &'p [String]>;

/// Finds `name as (…)` on the outer level.
fn ctes(pieces: &[String]) -> Ctes<'_> {
    let mut ctes = Ctes::new();
    let (mut at, mut depth) = (0, 0_usize);
    while at < pieces.len() {
        match pieces[at].as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "as" if depth == 0 && at > 0 => {
                let mut open = at + 1;
                while pieces
                    .get(open)
                    .is_some_and(|word| word == "not" || word == "materialized")
                {
                    open += 1;
                }
                if pieces.get(open).is_some_and(|piece| piece == "(") {
                    let close = closing(pieces, open);
                    ctes.insert(name(&pieces[at - 1]), &pieces[open + 1..close]);
                    at = close + 1;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    ctes
}

/// The position of the bracket that closes the one there, or the end.
fn closing(pieces: &[String], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, piece) in pieces.iter().enumerate().skip(open) {
        match piece.as_str() {
            "(" => depth += 1,
            ")" => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    pieces.len()
}

fn of_query(pieces: &[String], ctes: &Ctes, depth: usize) -> Option<Vec<String>> {
    if depth == DEEPEST {
        return None;
    }
    let outer = outer(pieces);
    // Of several SELECTs on the outer level, the first one names the columns.
    let select = outer.iter().position(|at| pieces[*at] == "select")?;
    let mut list = &outer[select + 1..];
    if list.first().is_some_and(|at| pieces[*at] == "distinct") {
        list = &list[1..];
        if list.first().is_some_and(|at| pieces[*at] == "on") {
            return None;
        }
    }
    let end = list
        .iter()
        .position(|at| ENDS.contains(&pieces[*at].as_str()));
    let (list, behind) = list.split_at(end.unwrap_or(list.len()));
    let items = list.split(|at| pieces[*at] == ",").collect::<Vec<_>>();
    if let [only] = items[..]
        && let [star] = only[..]
        && pieces[star] == "*"
    {
        return of_source(pieces, behind, ctes, depth);
    }
    let items = items.into_iter().filter(|item| !item.is_empty());
    items.map(|item| of_item(pieces, item)).collect()
}

/// The columns of the only table behind FROM, if that is a CTE.
fn of_source(
    pieces: &[String],
    behind: &[usize],
    ctes: &Ctes,
    depth: usize,
) -> Option<Vec<String>> {
    let [from, table, rest @ ..] = behind else {
        return None;
    };
    let is_alone = rest.first().is_none_or(|next| {
        let next = pieces[*next].as_str();
        next == ";" || next == ")" || ENDS[1..].contains(&next)
    });
    let body = ctes.get(&name(&pieces[*table]))?;
    (pieces[*from] == "from" && is_alone).then_some(())?;
    of_query(body, ctes, depth + 1)
}

/// The name of one item of the list; `None` if it may be several columns, or one without a name.
fn of_item(pieces: &[String], item: &[usize]) -> Option<String> {
    let last = pieces[*item.last()?].as_str();
    let before = item
        .len()
        .checked_sub(2)
        .map(|at| pieces[item[at]].as_str());
    let is_path = before == Some(".");
    let has_name = item.len() == 1 || is_path || before == Some("as") || follows_a_value(before);
    (has_name && is_name(last)).then(|| name(last))
}

/// Whether a word behind this is a name that the query gives, without `as`.
fn follows_a_value(before: Option<&str>) -> bool {
    before.is_some_and(|before| {
        before == ")" || before == "end" || is_name(before) && !is_operator(before)
    })
}

fn is_operator(word: &str) -> bool {
    [
        "and", "or", "not", "is", "in", "like", "ilike", "between", "case", "when", "then", "else",
        "over",
    ]
    .contains(&word)
}

/// Whether a piece can be the name of a column.
fn is_name(piece: &str) -> bool {
    let begins =
        |letter: char| letter.is_alphabetic() || letter == '_' || letter == '"' || letter == '`';
    piece.starts_with(begins) && !piece.contains('\u{f8ff}') && piece != "end" && piece != "null"
}

/// The name of a piece, without quotes.
fn name(piece: &str) -> String {
    piece.trim_matches(['"', '`', '[', ']']).to_lowercase()
}

/// The positions of the pieces outside of brackets; a bracket counts by its closing sign.
fn outer(pieces: &[String]) -> Vec<usize> {
    let (mut outer, mut at) = (Vec::new(), 0);
    while at < pieces.len() {
        if pieces[at] == "(" {
            at = closing(pieces, at);
        }
        if at < pieces.len() {
            outer.push(at);
        }
        at += 1;
    }
    outer
}
