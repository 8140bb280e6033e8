//! The pieces of a query without its comments, for those who compare queries.

use super::facts::{self, Folding};
use super::scan;
use super::tokens::Kind;
use crate::model::Dialect;

/// A piece of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub kind: PieceKind,
    /// It as it is spelled.
    pub text: &'a str,
}

/// What a piece of a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// A word without quotes.
    Word,
    /// A name in quotes.
    Quoted,
    /// A string.
    Text,
    /// A sign of one letter, or two that belong together.
    Sign,
    /// A number, a parameter, or anything else.
    Other,
}

/// The pieces of a query, without comments and blanks; `None` if it is doubtful where a string, a
/// quoted name or a comment ends.
pub fn pieces(text: &str, dialect: Dialect) -> Option<Vec<Piece<'_>>> {
    if text.len() > super::tokens::LONGEST {
        return None;
    }
    let (list, doubts) = scan::scan(text, facts::of(dialect));
    if !doubts.is_empty() {
        return None;
    }
    let pieces = list.iter().map(|token| Piece {
        kind: match token.kind {
            Kind::Word(_) => PieceKind::Word,
            Kind::Quoted => PieceKind::Quoted,
            Kind::Text => PieceKind::Text,
            Kind::Sign(_) => PieceKind::Sign,
            Kind::Number | Kind::Parameter | Kind::Bind | Kind::Stage | Kind::End => {
                PieceKind::Other
            }
        },
        text: &text[token.start as usize..token.end as usize],
    });
    Some(pieces.collect())
}

/// Whether names without quotes are one name in any case, and are stored in one: then a query makes
/// the same columns however they are spelled.
pub fn stores_one_case(dialect: Dialect) -> bool {
    matches!(facts::of(dialect).folding, Folding::Upper | Folding::Lower)
}
