//! Lists with patterns, of which those that fit a text are found without asking each.
//!
//! A configuration may have thousands of rules, and an export a hundred thousand workbooks. Nearly
//! every pattern has a few letters that are not wildcards, and fits only texts that contain them. So
//! all these pieces are looked for in a text at once, and only the patterns of those that it
//! contains are asked.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Deref;

use aho_corasick::AhoCorasick;

use super::Pattern;

/// Lists that are no longer than this are simply gone through.
const FEW: usize = 8;

/// What has patterns, each for one of so many kinds of texts. It fits where all of them do.
pub trait HasPatterns<const KINDS: usize> {
    /// Its patterns.
    fn patterns(&self) -> [Option<&Pattern>; KINDS];
}

/// A list with patterns, in the order in which they are tried.
#[derive(Debug, Clone)]
pub struct PatternList<T, const KINDS: usize> {
    items: Vec<T>,
    /// The pieces of one pattern of each item, by the kind of its texts.
    pieces: [Pieces; KINDS],
    /// Items none of whose patterns has a piece.
    without: Vec<usize>,
}

impl<T, const KINDS: usize> Default for PatternList<T, KINDS> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            pieces: std::array::from_fn(|_| Pieces::default()),
            without: Vec::new(),
        }
    }
}

impl<T, const KINDS: usize> Deref for PatternList<T, KINDS> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<'l, T, const KINDS: usize> IntoIterator for &'l PatternList<T, KINDS> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: HasPatterns<KINDS>, const KINDS: usize> FromIterator<T> for PatternList<T, KINDS> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let items = items.into_iter().collect::<Vec<_>>();
        if items.len() <= FEW {
            let without = (0..items.len()).collect();
            return Self {
                items,
                without,
                ..Self::default()
            };
        }
        let mut pieces: [Vec<(String, usize)>; KINDS] = std::array::from_fn(|_| Vec::new());
        let mut without = Vec::new();
        for (at, rarest) in rarest(&items).into_iter().enumerate() {
            match rarest {
                Some((kind, piece)) => pieces[kind].push((piece, at)),
                None => without.push(at),
            }
        }
        Self {
            items,
            pieces: pieces.map(|pieces| Pieces::new(pieces, &mut without)),
            without,
        }
    }
}

impl<T, const KINDS: usize> PatternList<T, KINDS> {
    /// The items that may fit these texts, in their order: all that do, and maybe others. An item
    /// fits if each of its patterns fits one of the texts of its kind.
    pub fn candidates<'l>(
        &'l self,
        texts: &[Vec<Cow<'_, str>>; KINDS],
    ) -> impl Iterator<Item = &'l T> + use<'l, T, KINDS> {
        self.numbered_candidates(texts).map(|(_, item)| item)
    }

    /// The same with their positions.
    pub fn numbered_candidates<'l>(
        &'l self,
        texts: &[Vec<Cow<'_, str>>; KINDS],
    ) -> impl Iterator<Item = (usize, &'l T)> + use<'l, T, KINDS> {
        let found = self.found(texts);
        Merged::new(found, &self.without).map(|at| (at, &self.items[at]))
    }

    /// The items that fit none of the subjects, whose texts are given. `fits` tells whether an item
    /// fits one.
    pub fn unused<'l, 's, S: ?Sized + 's>(
        &'l self,
        subjects: impl IntoIterator<Item = &'s S> + Clone,
        texts: impl Fn(&'s S) -> [Vec<Cow<'s, str>>; KINDS],
        fits: impl Fn(&T, &S) -> bool,
    ) -> Vec<&'l T> {
        if self.items.is_empty() {
            return Vec::new();
        }
        let mut is_used = vec![false; self.items.len()];
        for at in &self.without {
            let mut subjects = subjects.clone().into_iter();
            is_used[*at] = subjects.any(|one| fits(&self.items[*at], one));
        }
        for subject in subjects {
            for at in self.found(&texts(subject)) {
                is_used[at] = is_used[at] || fits(&self.items[at], subject);
            }
        }
        let numbered = self.items.iter().zip(is_used);
        numbered
            .filter_map(|(item, is_used)| (!is_used).then_some(item))
            .collect()
    }

    /// The positions of items with a piece that one of the texts contains, in order.
    fn found(&self, texts: &[Vec<Cow<'_, str>>; KINDS]) -> Vec<usize> {
        let mut found = Vec::new();
        for (pieces, texts) in self.pieces.iter().zip(texts) {
            for text in texts {
                pieces.find(text, &mut found);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The piece to look for of each item, with the kind of its text. Of several patterns, the one that
/// the fewest items share.
fn rarest<T: HasPatterns<KINDS>, const KINDS: usize>(items: &[T]) -> Vec<Option<(usize, String)>> {
    let pieces_of = |item: &T| {
        let pieces = item.patterns().map(|pattern| piece(pattern?));
        let numbered = pieces.into_iter().enumerate();
        numbered.filter_map(|(kind, piece)| Some((kind, piece?)))
    };
    let mut counts: HashMap<(usize, String), usize> = HashMap::new();
    for key in items.iter().flat_map(pieces_of) {
        *counts.entry(key).or_default() += 1;
    }
    let rarest = |item: &T| {
        let pieces = pieces_of(item);
        pieces.min_by_key(|key| (counts[key], std::cmp::Reverse(key.1.len())))
    };
    items.iter().map(rarest).collect()
}

/// Pieces of patterns, which are looked for at once.
#[derive(Debug, Clone, Default)]
struct Pieces {
    finder: Option<AhoCorasick>,
    /// The positions of the items of each piece.
    items: Vec<Vec<usize>>,
}

impl Pieces {
    /// Prepares to look for the pieces of these items. Where that is not possible, they are added to
    /// those without.
    fn new(all: Vec<(String, usize)>, without: &mut Vec<usize>) -> Self {
        let mut numbers = HashMap::new();
        let mut pieces = Vec::new();
        let mut items: Vec<Vec<usize>> = Vec::new();
        for (piece, at) in all {
            let number = *numbers.entry(piece).or_insert_with_key(|piece| {
                pieces.push(piece.clone());
                items.push(Vec::new());
                pieces.len() - 1
            });
            items[number].push(at);
        }
        if pieces.is_empty() {
            return Self::default();
        }
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&pieces);
        match finder {
            Ok(finder) => Self {
                finder: Some(finder),
                items,
            },
            Err(_) => {
                without.extend(items.into_iter().flatten());
                without.sort_unstable();
                Self::default()
            }
        }
    }

    fn find(&self, text: &str, found: &mut Vec<usize>) {
        let Some(finder) = &self.finder else {
            return;
        };
        for piece in finder.find_overlapping_iter(text) {
            found.extend(&self.items[piece.pattern().as_usize()]);
        }
    }
}

/// Both lists of positions, which are in order, as one in order.
struct Merged<'l> {
    found: std::iter::Peekable<std::vec::IntoIter<usize>>,
    others: std::iter::Peekable<std::slice::Iter<'l, usize>>,
}

impl<'l> Merged<'l> {
    fn new(found: Vec<usize>, others: &'l [usize]) -> Self {
        Self {
            found: found.into_iter().peekable(),
            others: others.iter().peekable(),
        }
    }
}

impl Iterator for Merged<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match (self.found.peek(), self.others.peek()) {
            (Some(found), Some(other)) if found < other => self.found.next(),
            (_, Some(_)) => self.others.next().copied(),
            (_, None) => self.found.next(),
        }
    }
}

/// The longest piece of a pattern that every text contains which it fits, but for case; `None` if
/// there is none.
fn piece(pattern: &Pattern) -> Option<String> {
    if let Some(regex) = pattern.regex() {
        return regex.piece().map(str::to_owned);
    }
    let mut longest = "";
    let mut rest = pattern.as_str();
    // Slashes may be missing where a `**` stands beside them, and backslashes are slashes on Windows.
    while let Some(end) = rest.find(['*', '?', '[', '{', '/', '\\']) {
        longest = longer(longest, &rest[..end]);
        rest = match &rest[end..=end] {
            "[" => after_class(&rest[end..]),
            "{" => after_braces(&rest[end..]),
            _ => &rest[end + 1..],
        };
    }
    let longest = longer(longest, rest);
    (!longest.is_empty()).then(|| longest.to_ascii_lowercase())
}

fn longer<'t>(one: &'t str, other: &'t str) -> &'t str {
    if other.len() > one.len() { other } else { one }
}

/// What follows a class such as `[!a-z]`, in which a `]` at the start is a letter.
fn after_class(text: &str) -> &str {
    let negated = text[1..].strip_prefix(['!', '^']);
    let letters = negated.unwrap_or(&text[1..]);
    let mut others = letters.char_indices().skip(1);
    let end = others.find(|(_, letter)| *letter == ']');
    end.map_or("", |(end, _)| &letters[end + 1..])
}

/// What follows alternatives such as `{a,b}`, which may have others and classes in them.
fn after_braces(text: &str) -> &str {
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}', '[']) {
        rest = match &rest[at..=at] {
            "[" => after_class(&rest[at..]),
            brace => {
                depth = if brace == "{" { depth + 1 } else { depth - 1 };
                &rest[at + 1..]
            }
        };
        if depth == 0 {
            return rest;
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_piece(text: &str, expected: Option<&str>) {
        let pattern = Pattern::for_projects(text).expect("it is a pattern");
        assert_eq!(piece(&pattern).as_deref(), expected, "{text}");
    }

    #[test]
    fn pieces_are_in_all_that_fits() {
        check_piece("Sales", Some("sales"));
        check_piece("*old*Sales?", Some("sales"));
        check_piece("*", None);
        check_piece("House/Finance/**", Some("finance"));
        check_piece("**/a", Some("a"));
        check_piece("a[!]long}]b{c,{long,d[}]}}ef", Some("ef"));
        check_piece("[*]", None);
        check_piece("*Größe*", Some("größe"));
        check_piece(r"corp\ada", Some("corp"));
    }

    #[test]
    fn patterns_ignore_the_case_of_ascii_letters_alone() {
        let is_cased = |letter: &char| {
            let text = letter.to_string();
            text.to_lowercase() != text || text.to_uppercase() != text
        };
        for letter in ('\u{80}'..=char::MAX).filter(is_cased) {
            let text = letter.to_string();
            let pattern = Pattern::new(&text).expect("it is a pattern");
            for other in [
                text.to_lowercase(),
                text.to_uppercase(),
                "k".into(),
                "s".into(),
            ] {
                assert!(other == text || !pattern.fits(&other), "{text} {other}");
            }
        }
    }

    #[test]
    fn all_that_fit_are_found_in_order() {
        let texts = [
            "Book 1", "book 12", "BOOK", "Größe", "GRÖSSE", "", "a/b", "ſK",
        ];
        let patterns = [
            "Book*",
            "*1",
            "?",
            "*",
            "book 12",
            "größe",
            "gr*",
            "b[o]ok",
            "{book,a}*",
            "a/b",
            "sk",
            "",
            "Book*",
        ];
        let list = patterns
            .iter()
            .map(|text| Pattern::new(text).expect("it is a pattern"))
            .collect::<PatternList<_, 1>>();
        for text in texts {
            let found = list.candidates(&[vec![text.into()]]);
            let found = found.filter(|pattern| pattern.fits(text));
            let found = found.map(Pattern::as_str).collect::<Vec<_>>();
            let all = list.iter().filter(|pattern| pattern.fits(text));
            assert_eq!(
                found,
                all.map(Pattern::as_str).collect::<Vec<_>>(),
                "{text}"
            );
        }
        let texts_of = |text| [vec![Cow::Borrowed(text)]];
        let unused = list.unused(texts, texts_of, Pattern::fits);
        let unused = unused.into_iter().map(Pattern::as_str);
        assert_eq!(unused.collect::<Vec<_>>(), ["?", "sk"]);
    }
}
