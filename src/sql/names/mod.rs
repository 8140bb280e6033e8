//! Names of tables: the parts of a path, without their quotes, and what the path stands for.

mod quotes;

use std::borrow::Cow;

use self::quotes::{Escape, unquoted};

use super::facts::{Facts, Folding, Quotes};
use super::reading::{Part, UnknownKind};
use super::scan::{contains_parameter, scan};
use super::tokens::{Kind, Tokens};
use crate::model::letters::{folded, lower, upper};

/// A path of names, as it stands in a query.
#[derive(Debug)]
pub(super) struct Path<'a> {
    pub(super) parts: Vec<Part<'a>>,
    /// Where it begins, in bytes.
    pub(super) position: usize,
    /// The piece behind it.
    pub(super) next: usize,
    pub(super) sense: Sense,
    /// The database link behind it: `hq.example.com` of `t@hq.example.com`.
    pub(super) link: Option<&'a str>,
    /// Whether it is a name only if strings in double quotes are names.
    pub(super) is_guessed: bool,
}

/// What a path stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// A table, a CTE, or whatever else has a name.
    Relation,
    /// A table of another server.
    Remote,
    /// A temporary table, or a variable that holds one.
    Temporary,
    /// A file, or nothing.
    NoTable,
    /// It has a part that is not known.
    Unknown(UnknownKind),
}

pub(super) use quotes::inside_of_string;

/// The path that begins with this piece, if one does.
pub(super) fn path<'a>(tokens: &Tokens<'a>, facts: &Facts, at: usize) -> Option<Path<'a>> {
    let mut reader = PathReader {
        tokens,
        facts,
        position: tokens.position(at),
        at,
        parts: Vec::new(),
        unknown: None,
        link: None,
        is_guessed: false,
    };
    reader.read().then(|| reader.finish())
}

/// The path that a string is, such as `'a."b"'`, which stands at a position.
pub(super) fn path_in_string(
    string: &str,
    position: usize,
    facts: &'static Facts,
) -> Path<'static> {
    let kind = if contains_parameter(string) {
        UnknownKind::Parameter
    } else {
        UnknownKind::Dynamic
    };
    let unknown = Path {
        parts: Vec::new(),
        position,
        next: 0,
        sense: Sense::Unknown(kind),
        link: None,
        is_guessed: false,
    };
    let Some(inside) = inside_of_string(string) else {
        return unknown;
    };
    let (list, _) = scan(inside, facts);
    let (tokens, _) = Tokens::new(inside, list);
    match path(&tokens, facts, 0) {
        Some(found) if found.next == tokens.len() => Path {
            parts: found.parts.into_iter().map(Part::into_owned).collect(),
            position: position + string.find(inside).unwrap_or(0) + found.position,
            sense: found.sense,
            ..unknown
        },
        _ => unknown,
    }
}

/// Whether the string there would be a name where double quotes are those of names.
pub(super) fn is_double_quoted(tokens: &Tokens<'_>, facts: &Facts, at: usize) -> bool {
    facts.double == Quotes::TextOrName && tokens.text(at).starts_with('"')
}

struct PathReader<'r, 'a> {
    tokens: &'r Tokens<'a>,
    facts: &'r Facts,
    position: usize,
    at: usize,
    parts: Vec<Part<'a>>,
    unknown: Option<UnknownKind>,
    link: Option<&'a str>,
    is_guessed: bool,
}

impl<'a> PathReader<'_, 'a> {
    /// Reads parts and dots as far as they go; whether there is a part at all.
    fn read(&mut self) -> bool {
        let leading = self.tokens.sign(self.at) == b'.';
        if !leading && !self.part() {
            return false;
        }
        if leading {
            self.parts.push(Part::default());
        }
        while self.tokens.sign(self.at) == b'.' {
            self.at += 1;
            if self.tokens.sign(self.at) == b'.' {
                self.parts.push(Part::default());
            } else if !self.part() {
                // `t.*` in the list of a DELETE; anything else is no name.
                let is_star = self.tokens.sign(self.at) == b'*';
                self.at += usize::from(is_star);
                return is_star;
            }
        }
        self.parts.iter().any(|part| !part.text.is_empty()) || self.unknown.is_some()
    }

    /// Reads one part, or several between one pair of quotes; whether there is one.
    fn part(&mut self) -> bool {
        match self.tokens.kind(self.at) {
            Kind::Word(_) => self.word(),
            Kind::Quoted => self.quoted(),
            Kind::Text if is_double_quoted(self.tokens, self.facts, self.at) => {
                self.is_guessed = true;
                self.quoted();
            }
            Kind::Number if self.parts.is_empty() => return false,
            Kind::Number => self.word(),
            Kind::Sign(b'[') if self.facts.legacy_names && self.parts.is_empty() => self.legacy(),
            Kind::Parameter => self.unknown(UnknownKind::Parameter, self.at + 1),
            Kind::Bind => self.unknown(UnknownKind::Dynamic, self.at + 1),
            Kind::Sign(b'?' | b'&' | b'%' | b'$' | b':' | b'{' | b'@') => {
                let Some(next) = self.placeholder_end() else {
                    return false;
                };
                self.unknown(UnknownKind::Dynamic, next);
            }
            _ => return false,
        }
        self.glued();
        true
    }

    fn unknown(&mut self, kind: UnknownKind, next: usize) {
        // A parameter is the better reason.
        if self.unknown != Some(UnknownKind::Parameter) {
            self.unknown = Some(kind);
        }
        self.at = next;
    }

    /// The piece behind a placeholder of any program: `?`, `:name`, `%s`, `${name}`, `{{name}}`.
    fn placeholder_end(&self) -> Option<usize> {
        let tokens = self.tokens;
        let mut at = self.at;
        while matches!(tokens.sign(at), b'&' | b'%' | b'$' | b':' | b'@') {
            at += 1;
            if !tokens.touches(at) {
                return None;
            }
        }
        match tokens.kind(at) {
            Kind::Sign(b'{' | b'(') => Some(tokens.behind(at)),
            Kind::Sign(b'?') | Kind::Word(_) | Kind::Number => Some(at + 1),
            _ => None,
        }
    }

    fn word(&mut self) {
        let start = self.at;
        self.at += 1;
        let may_have_dashes = self.facts.dashes && self.parts.is_empty();
        while may_have_dashes && self.tokens.sign(self.at) == b'-' && self.goes_on(self.at + 1) {
            self.at += 2;
            // A number and a word that touch are one piece of a project's name.
            while self.goes_on(self.at) {
                self.at += 1;
            }
        }
        self.parts.push(Part {
            text: Cow::Borrowed(self.tokens.between(start, self.at)),
            quoted: false,
        });
    }

    fn goes_on(&self, at: usize) -> bool {
        let is_word = matches!(self.tokens.kind(at), Kind::Word(_) | Kind::Number);
        is_word && self.tokens.touches(at) && self.tokens.touches(at - 1)
    }

    fn quoted(&mut self) {
        let token = self.tokens.text(self.at);
        self.at += 1;
        if contains_parameter(token) {
            self.unknown = Some(UnknownKind::Parameter);
        }
        let text = unquoted(token, self.escape(token));
        let is_path = self.facts.back == Quotes::Path && token.starts_with('`');
        let pieces = match text {
            text if !is_path => vec![text],
            text => split_path(&text).into_iter().map(Cow::Owned).collect(),
        };
        self.parts
            .extend(pieces.into_iter().map(|text| Part { text, quoted: true }));
    }

    /// `[project:dataset.table]` of BigQuery's legacy SQL.
    fn legacy(&mut self) {
        let Some((inside, behind)) = self.tokens.bracket(self.at) else {
            return;
        };
        let text = self.tokens.between(inside.start, inside.end);
        if contains_parameter(text) {
            self.unknown = Some(UnknownKind::Parameter);
        }
        let parts = text.split([':', '.']).map(|text| Part {
            text: Cow::Borrowed(text),
            quoted: true,
        });
        self.parts.extend(parts);
        self.is_guessed = true;
        self.at = behind;
    }

    /// The letter that begins an escape in a quoted name, if there is one.
    fn escape(&mut self, token: &str) -> Option<Escape> {
        if !token.starts_with(['U', 'u']) {
            return self.facts.escapes_in_names.then_some(Escape::Letter);
        }
        // `U&"d!0061ta" UESCAPE '!'`
        let chosen = self
            .tokens
            .is_word(self.at, "UESCAPE")
            .then(|| inside_of_string(self.tokens.text(self.at + 1)))
            .flatten();
        self.at += if chosen.is_some() { 2 } else { 0 };
        let letter = chosen.and_then(|chosen| chosen.chars().next());
        Some(Escape::Number(letter.unwrap_or('\\')))
    }

    /// What touches a part without a dot belongs to it: `sales_<[Parameters].[Year]>`.
    fn glued(&mut self) {
        while self.tokens.touches(self.at) {
            match self.tokens.kind(self.at) {
                Kind::Parameter => self.unknown(UnknownKind::Parameter, self.at + 1),
                Kind::Bind => self.unknown(UnknownKind::Dynamic, self.at + 1),
                Kind::Sign(b'{' | b'$' | b'&') => match self.placeholder_end() {
                    Some(next) => self.unknown(UnknownKind::Dynamic, next),
                    None => return,
                },
                Kind::Word(_) | Kind::Number if self.unknown.is_some() => self.at += 1,
                _ => return,
            }
        }
    }

    fn finish(mut self) -> Path<'a> {
        let sense = match self.unknown {
            Some(kind) => Sense::Unknown(kind),
            None => self.sense(),
        };
        Path {
            parts: self.parts,
            position: self.position,
            next: self.at,
            sense,
            link: self.link,
            is_guessed: self.is_guessed,
        }
    }

    fn sense(&mut self) -> Sense {
        if self.tokens.sign(self.at) == b'@' && self.is_link_or_version() {
            return if self.facts.links {
                Sense::Remote
            } else {
                Sense::Relation
            };
        }
        let (facts, parts) = (self.facts, &self.parts);
        let last = parts.last().map_or("", |part| part.text.as_ref());
        let first = parts.first().map_or("", |part| part.text.as_ref());
        let is_in = |schema: &&str| parts.len() == 2 && first.eq_ignore_ascii_case(schema);
        let is_temporary =
            last.starts_with(facts.temporary_signs) || facts.temporary_schemas.iter().any(is_in);
        if is_temporary {
            Sense::Temporary
        } else if is_file(facts, parts) || (facts.dual && is_dual(parts)) {
            Sense::NoTable
        } else if facts.four_parts_are_remote && parts.len() == 4 {
            Sense::Remote
        } else {
            Sense::Relation
        }
    }

    /// Passes `@link.domain` or `@v5`.
    fn is_link_or_version(&mut self) -> bool {
        let is_suffix = self.facts.links || (self.facts.versions && self.tokens.touches(self.at));
        let has_name = matches!(
            self.tokens.kind(self.at + 1),
            Kind::Word(_) | Kind::Quoted | Kind::Number
        );
        if !is_suffix || !has_name {
            return false;
        }
        let start = self.at + 1;
        self.at += 2;
        if self.facts.links {
            while matches!(self.tokens.sign(self.at), b'.' | b'@')
                && self.tokens.is_name(self.at + 1)
            {
                self.at += 2;
            }
            self.link = Some(self.tokens.between(start, self.at));
        }
        true
    }
}

/// Whether it is a path of a file behind its format: `` delta.`/mnt/x` ``.
fn is_file(facts: &Facts, parts: &[Part<'_>]) -> bool {
    match parts {
        [format, path] => {
            let mut formats = facts.file_formats.iter();
            let is_format = formats.any(|known| format.text.eq_ignore_ascii_case(known));
            is_format && path.quoted && path.text.contains('/')
        }
        _ => false,
    }
}

/// Whether it is the table of nothing.
fn is_dual(parts: &[Part<'_>]) -> bool {
    match parts {
        [part] => !part.quoted && part.text.eq_ignore_ascii_case("dual"),
        _ => false,
    }
}

/// The parts of `p.d.t` or `domain.com:p.d.t`, whose domain belongs to the project.
fn split_path(text: &str) -> Vec<String> {
    let domain = text.find(':').map_or(0, |colon| colon + 1);
    let mut parts: Vec<String> = text[domain..].split('.').map(str::to_owned).collect();
    if let Some(first) = parts.first_mut() {
        first.insert_str(0, &text[..domain]);
    }
    parts
}

/// The text that all spellings of one name have in common.
pub(super) fn key(facts: &Facts, parts: &[Part<'_>]) -> String {
    let folded = parts.iter().map(|part| match (facts.folding, part.quoted) {
        (Folding::AnyCase, _) => folded(&part.text),
        (Folding::Upper, false) => upper(&part.text),
        (Folding::Lower, false) => lower(&part.text),
        (Folding::Exact | Folding::Upper | Folding::Lower, _) => part.text.to_string(),
    });
    folded.collect::<Vec<_>>().join("\0")
}
