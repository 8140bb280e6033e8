//! Reads what a SELECT returns.

use super::outputs::Outputs;
use super::structure::Structure;
use super::words::{self, Sense};
use crate::sql::keywords::Keyword;
use crate::sql::reader::Select;
use crate::sql::tokens::Kind;

impl Outputs {
    pub(super) fn new(structure: &Structure, select: &Select) -> Self {
        let mut outputs = Self::default();
        let tokens = structure.tokens;
        let end = select.from.unwrap_or(select.end);
        let mut at = behind_quantifier(structure, select.start + 1);
        let mut item = Vec::new();
        while at <= end {
            if at == end || tokens.sign(at) == b',' {
                outputs.add(structure, &item);
                item.clear();
                at += 1;
            } else {
                item.push(at);
                at = tokens.behind(at);
            }
        }
        outputs
    }

    /// Adds an item, by its pieces; of a bracket the opening one.
    fn add(&mut self, structure: &Structure, item: &[usize]) {
        let tokens = structure.tokens;
        let sign = |at: usize| tokens.sign(at);
        let star = match item {
            [star, ..] if sign(*star) == b'*' => Some((None, *star)),
            [.., name, dot, star] if sign(*dot) == b'.' && sign(*star) == b'*' => {
                Some((structure.key(*name), *star))
            }
            _ => item.windows(3).find_map(|three| {
                let is_star = sign(three[1]) == b'.' && sign(three[2]) == b'*';
                is_star.then(|| (structure.key(three[0]), three[2]))
            }),
        };
        if let Some((qualifier, at)) = star {
            self.stars.push(qualifier);
            self.star_pieces.insert(at);
            return;
        }
        let Some(last) = item.last().copied() else {
            return;
        };
        let before = item.len().checked_sub(2).map(|before| item[before]);
        let is_alias = tokens.is_name(last)
            && before.is_some_and(|before| {
                tokens.keyword(before) == Keyword::As
                    || (ends_operand(structure, before) && is_plain_name(structure, last))
            });
        let is_path = item.iter().enumerate().all(|(number, at)| {
            if number % 2 == 0 {
                tokens.is_name(*at)
            } else {
                sign(*at) == b'.'
            }
        });
        if is_alias {
            self.alias_pieces.insert(last);
        }
        if (is_alias || is_path)
            && let Some(name) = structure.key(last)
        {
            if is_alias {
                self.aliases.insert(name.clone(), last);
            }
            self.names.insert(name);
        }
    }
}

/// Whether a value may end with the piece there.
fn ends_operand(structure: &Structure, at: usize) -> bool {
    match structure.tokens.kind(at) {
        Kind::Quoted | Kind::Text | Kind::Number | Kind::Parameter | Kind::Bind => true,
        // Of a bracket, the opening piece stands for it.
        Kind::Sign(sign) => b"([{".contains(&sign),
        Kind::Word(_) => {
            let text = structure.tokens.text(at);
            let ends = ["END", "NULL", "TRUE", "FALSE"];
            ends.iter().any(|word| word.eq_ignore_ascii_case(text)) || is_plain_name(structure, at)
        }
        _ => false,
    }
}

fn is_plain_name(structure: &Structure, at: usize) -> bool {
    match structure.tokens.kind(at) {
        Kind::Word(_) => words::sense(structure.tokens.text(at)) == Sense::Column,
        kind => kind == Kind::Quoted,
    }
}

/// Passes `DISTINCT`, `ALL` and `TOP 10 PERCENT`.
fn behind_quantifier(structure: &Structure, from: usize) -> usize {
    let tokens = structure.tokens;
    let mut at = from;
    loop {
        let is_open = tokens.sign(at + 1) == b'(';
        if tokens.keyword(at) == Keyword::Distinct && tokens.is_word(at + 1, "ON") {
            at = tokens.behind(at + 2);
        } else if tokens.keyword(at) == Keyword::Distinct || tokens.is_word(at, "ALL") {
            at += 1;
        } else if tokens.is_word(at, "TOP") && (is_open || tokens.kind(at + 1) == Kind::Number) {
            at = tokens.behind(at + 1);
            at += usize::from(tokens.is_word(at, "PERCENT"));
            if tokens.keyword(at) == Keyword::With && tokens.is_word(at + 1, "TIES") {
                at += 2;
            }
        } else {
            return at;
        }
    }
}
