//! A query in pieces: words, quoted names, strings and signs, with brackets paired.

use std::ops::Range;

use super::keywords::Keyword;

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word without quotes.
    Word(Keyword),
    /// A name in quotes.
    Quoted,
    /// A string.
    Text,
    Number,
    /// A parameter of Tableau.
    Parameter,
    /// A value that is handed over from outside, as `$1` or `$name`.
    Bind,
    /// A stage of files, with its path.
    Stage,
    /// Any other letter; a doubled `<` or `>` of Tableau's is one.
    Sign(u8),
    /// What comes after the last piece.
    End,
}

/// A piece of the text: the bytes from `start` to `end`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Where this opening bracket ends; [`UNPAIRED`] if it is not one.
    pair: u32,
}

const UNPAIRED: u32 = u32::MAX;

impl Token {
    pub(super) fn new(kind: Kind, start: usize, end: usize) -> Self {
        Self {
            kind,
            start: position(start),
            end: position(end),
            pair: UNPAIRED,
        }
    }
}

/// Texts that are longer than this cannot be read ([`super::read`] does not try).
pub(super) const LONGEST: usize = u32::MAX as usize - 1;

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(UNPAIRED)
}

/// The pieces of a text, by their number.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    list: Vec<Token>,
}

impl<'a> Tokens<'a> {
    /// Pairs the brackets of pieces; returns the first one, too, that has no partner.
    pub(super) fn new(text: &'a str, mut list: Vec<Token>) -> (Self, Option<usize>) {
        let unpaired = pair_brackets(&mut list);
        let unpaired = unpaired.map(|at| list[at].start as usize);
        (Self { text, list }, unpaired)
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn kind(&self, at: usize) -> Kind {
        self.list.get(at).map_or(Kind::End, |token| token.kind)
    }

    /// The keyword there; [`Keyword::Other`] if there is none.
    pub(super) fn keyword(&self, at: usize) -> Keyword {
        match self.kind(at) {
            Kind::Word(keyword) => keyword,
            _ => Keyword::Other,
        }
    }

    /// The keyword before this piece.
    pub(super) fn keyword_before(&self, at: usize) -> Keyword {
        at.checked_sub(1)
            .map_or(Keyword::Other, |before| self.keyword(before))
    }

    /// The sign there; 0 if there is none.
    pub(super) fn sign(&self, at: usize) -> u8 {
        match self.kind(at) {
            Kind::Sign(sign) => sign,
            _ => 0,
        }
    }

    /// Whether a name or a part of one may be there.
    pub(super) fn is_name(&self, at: usize) -> bool {
        matches!(self.kind(at), Kind::Word(_) | Kind::Quoted)
    }

    /// Whether this piece begins where the one before ends.
    pub(super) fn touches(&self, at: usize) -> bool {
        match (at.checked_sub(1), self.list.get(at)) {
            (Some(before), Some(token)) => self.list[before].end == token.start,
            _ => false,
        }
    }

    /// What is in the bracket that opens there: the pieces inside, and the one behind it.
    pub(super) fn bracket(&self, at: usize) -> Option<(Range<usize>, usize)> {
        let token = self.list.get(at)?;
        if token.pair == UNPAIRED {
            return None;
        }
        let to = token.pair as usize;
        let closing = match token.kind {
            Kind::Sign(b'[') => b']',
            Kind::Sign(b'{') => b'}',
            _ => b')',
        };
        Some((at + 1..to, to + usize::from(self.sign(to) == closing)))
    }

    /// The piece behind the bracket there, or behind the piece.
    pub(super) fn behind(&self, at: usize) -> usize {
        self.bracket(at).map_or(at + 1, |(_, behind)| behind)
    }

    /// The piece behind the round bracket there, if there is one; else this piece.
    pub(super) fn behind_bracket(&self, at: usize) -> usize {
        match self.bracket(at) {
            Some((_, behind)) if self.sign(at) == b'(' => behind,
            _ => at,
        }
    }

    /// Where the piece begins, in bytes; behind the last one, the end of the text.
    pub(super) fn position(&self, at: usize) -> usize {
        self.list
            .get(at)
            .map_or(self.text.len(), |token| token.start as usize)
    }

    pub(super) fn text(&self, at: usize) -> &'a str {
        self.list.get(at).map_or("", |token| {
            &self.text[token.start as usize..token.end as usize]
        })
    }

    /// The text from one piece up to another one.
    pub(super) fn between(&self, from: usize, to: usize) -> &'a str {
        let last = to.saturating_sub(1).max(from);
        &self.text[self.position(from)..self.position(last) + self.text(last).len()]
    }

    /// Whether the piece there is this word, in any case.
    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        matches!(self.kind(at), Kind::Word(_)) && self.text(at).eq_ignore_ascii_case(word)
    }

    /// Whether nothing else stands in the line of this piece.
    pub(super) fn is_alone_on_line(&self, at: usize) -> bool {
        let (start, end) = (self.position(at), self.position(at) + self.text(at).len());
        let before = at
            .checked_sub(1)
            .map(|before| self.list[before].end as usize);
        let begins = before.is_none_or(|before| self.text[before..start].contains('\n'));
        let next = self.position(at + 1);
        begins && (next == self.text.len() || self.text[end..next].contains('\n'))
    }
}

/// Gives each opening bracket the place where it ends: its partner, or where the bracket around it
/// ends. Returns the first bracket without a partner.
fn pair_brackets(list: &mut [Token]) -> Option<usize> {
    let mut open: Vec<usize> = Vec::new();
    let mut count = [0_usize; 3];
    let mut unpaired: Option<usize> = None;
    let mut report = |at: usize| unpaired = Some(unpaired.map_or(at, |first| first.min(at)));
    for at in 0..list.len() {
        let Kind::Sign(sign) = list[at].kind else {
            continue;
        };
        if let Some(form) = b"([{".iter().position(|opening| *opening == sign) {
            open.push(at);
            count[form] += 1;
        } else if let Some(form) = b")]}".iter().position(|closing| *closing == sign) {
            if count[form] == 0 {
                report(at);
                continue;
            }
            while let Some(opening) = open.pop() {
                let opened = form_of(list[opening].kind);
                count[opened] -= 1;
                list[opening].pair = position(at);
                if opened == form {
                    break;
                }
                report(opening);
            }
        }
    }
    open.first().copied().into_iter().for_each(&mut report);
    let end = position(list.len());
    for opening in open {
        list[opening].pair = end;
    }
    unpaired
}

fn form_of(kind: Kind) -> usize {
    match kind {
        Kind::Sign(b'[') => 1,
        Kind::Sign(b'{') => 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where each bracket of a text of brackets ends, and the first one without a partner.
    fn pairs(text: &str) -> (Vec<Option<(usize, usize)>>, Option<usize>) {
        let signs = text.bytes().enumerate();
        let list = signs
            .map(|(at, sign)| Token::new(Kind::Sign(sign), at, at + 1))
            .collect();
        let (tokens, unpaired) = Tokens::new(text, list);
        let ends = (0..text.len()).map(|at| {
            let (inside, behind) = tokens.bracket(at)?;
            Some((inside.end, behind))
        });
        (ends.collect(), unpaired)
    }

    #[test]
    fn brackets_find_their_partner() {
        let (ends, unpaired) = pairs("([])");
        assert_eq!(ends, [Some((3, 4)), Some((2, 3)), None, None]);
        assert_eq!(unpaired, None);
    }

    #[test]
    fn brackets_without_a_partner_end_with_the_one_around_them() {
        let (ends, unpaired) = pairs("([)");
        assert_eq!(ends, [Some((2, 3)), Some((2, 2)), None]);
        assert_eq!(unpaired, Some(1));
        let (ends, unpaired) = pairs("(()");
        assert_eq!(ends, [Some((3, 3)), Some((2, 3)), None]);
        assert_eq!(unpaired, Some(0));
        assert_eq!(pairs(")(").1, Some(0));
        assert_eq!(pairs("{]}").0, [Some((2, 3)), None, None]);
    }
}
