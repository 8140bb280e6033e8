//! Which words of a query mean the same in another case.

use crate::sql::{Piece, PieceKind};

/// Words that no dialect takes for a name without quotes where they have their meaning.
const RESERVED: &[&str] = &[
    "all",
    "and",
    "any",
    "anti",
    "array",
    "as",
    "asc",
    "asof",
    "between",
    "by",
    "case",
    "cast",
    "collate",
    "create",
    "cross",
    "cube",
    "current",
    "current_date",
    "current_timestamp",
    "desc",
    "distinct",
    "else",
    "end",
    "escape",
    "except",
    "exclude",
    "exists",
    "false",
    "fetch",
    "filter",
    "following",
    "for",
    "from",
    "full",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "inner",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "left",
    "like",
    "limit",
    "natural",
    "not",
    "notnull",
    "null",
    "nulls",
    "offset",
    "on",
    "or",
    "order",
    "outer",
    "over",
    "partition",
    "pivot",
    "preceding",
    "qualify",
    "range",
    "recursive",
    "replace",
    "right",
    "rlike",
    "rollup",
    "rows",
    "select",
    "semi",
    "sets",
    "similar",
    "some",
    "table",
    "tablesample",
    "then",
    "true",
    "try_cast",
    "unbounded",
    "union",
    "unnest",
    "unpivot",
    "using",
    "values",
    "when",
    "where",
    "window",
    "with",
    "within",
];
/// Functions behind whose bracket `as` is followed by a type.
const CASTS: [&str; 4] = ["cast", "try_cast", "safe_cast", "convert"];

/// The pieces with those words in lower case that mean the same in any case. `is_one_case` says that
/// names without quotes do too.
pub(super) fn folded(pieces: &[Piece], is_one_case: bool) -> Vec<String> {
    let has_paths = pieces.windows(3).any(|three| {
        is_sign(&three[1], ":") && !is_sign(&three[0], ":") && !is_sign(&three[2], ":")
    });
    let mut brackets = Vec::new();
    let mut folded = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        if is_sign(piece, "(") {
            let before = at.checked_sub(1).map(|before| pieces[before].text);
            let is_cast =
                before.is_some_and(|word| CASTS.iter().any(|cast| cast.eq_ignore_ascii_case(word)));
            brackets.push(is_cast);
        } else if is_sign(piece, ")") {
            brackets.pop();
        }
        let is_in_cast = brackets.last() == Some(&true);
        let means_the_same =
            is_word(piece) && (is_one_case && !has_paths || is_keyword(pieces, at, is_in_cast));
        folded.push(if means_the_same {
            piece.text.to_ascii_lowercase()
        } else {
            piece.text.to_owned()
        });
    }
    folded
}

/// Whether the word there is one of the language and not a name.
fn is_keyword(pieces: &[Piece], at: usize, is_in_cast: bool) -> bool {
    let before = at.checked_sub(1).map(|before| &pieces[before]);
    let is_before = |sign: &str| before.is_some_and(|piece| is_sign(piece, sign));
    if is_before(".") {
        return false;
    }
    let word = pieces[at].text;
    if is_before(":") {
        // `::type`, and not the path in a value.
        return at >= 2 && is_sign(&pieces[at - 2], ":");
    }
    let follows_as = before.is_some_and(|piece| piece.text.eq_ignore_ascii_case("as"));
    if follows_as {
        // A type in a cast, else a name that the query gives.
        return is_in_cast || opens_query(word);
    }
    let next = pieces.get(at + 1);
    let is_called = next.is_some_and(|next| is_sign(next, "("));
    let is_typed_text = next.is_some_and(|next| next.kind == PieceKind::Text);
    is_called
        || is_typed_text
        || RESERVED
            .iter()
            .any(|known| known.eq_ignore_ascii_case(word))
}

/// Words that stand behind `as` of a CTE.
fn opens_query(word: &str) -> bool {
    ["not", "materialized", "select"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

fn is_sign(piece: &Piece, sign: &str) -> bool {
    piece.kind == PieceKind::Sign && piece.text == sign
}

fn is_word(piece: &Piece) -> bool {
    piece.kind == PieceKind::Word
}
