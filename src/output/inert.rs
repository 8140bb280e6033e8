//! Which letters of a text act on the terminal or on the pipeline that shows it.
//!
//! The commands are those of the runners' own sources: `##[command]` and `##vso[command]` anywhere
//! in a line (Azure Pipelines, and GitHub Actions for `##[`), `##teamcity[message]` (TeamCity), and
//! `::command::` at the start of a line (GitHub Actions). GitLab's section markers end in a carriage
//! return and an escape sequence, so they are inert without control characters.

/// A text that is safe to show in terminals and logs: active letters are escaped.
///
/// These are control characters, characters that reorder text or break lines, since they can make a
/// line look like another one, and what pipelines would execute as a command.
pub fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for (letter, is_active) in letters(text) {
        if is_active {
            printable.extend(letter.escape_unicode());
        } else {
            printable.push(letter);
        }
    }
    printable
}

/// The letters of a text, and whether each acts on a terminal or completes a command. The text may
/// be at the start of a line or anywhere else in it.
pub(super) fn letters(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut scan = Scan::default();
    let mut letters = text.chars();
    std::iter::from_fn(move || {
        let letter = letters.next()?;
        let is_command = scan.completes_command(letter, letters.as_str());
        Some((letter, is_command || acts_on_terminal(letter)))
    })
}

/// Whether a letter acts on a terminal or on the letters around it.
fn acts_on_terminal(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What the letters before a place in a text amount to.
#[derive(Default)]
struct Scan {
    is_after_text: bool,
    hashes: Hashes,
}

/// How much of `##name[` stands before a place in a text.
#[derive(Default, Clone, Copy)]
enum Hashes {
    #[default]
    None,
    One,
    /// Two or more, and maybe a name.
    Two {
        is_named: bool,
    },
}

impl Scan {
    /// Goes on by one letter, before `rest`; whether it completes the start of a command.
    fn completes_command(&mut self, letter: char, rest: &str) -> bool {
        if is_ignored(letter) {
            return false;
        }
        let is_start_of_line = !self.is_after_text;
        self.is_after_text |= !letter.is_whitespace();
        let before = self.hashes;
        self.hashes = match (before, letter) {
            (Hashes::One | Hashes::Two { is_named: false }, '#') => Hashes::Two { is_named: false },
            (Hashes::None | Hashes::Two { is_named: true }, '#') => Hashes::One,
            (Hashes::Two { .. }, letter) if letter.is_ascii_alphanumeric() => {
                Hashes::Two { is_named: true }
            }
            _ => Hashes::None,
        };
        match letter {
            '[' => matches!(before, Hashes::Two { .. }),
            ':' => is_start_of_line && rest.trim_start_matches(is_ignored).starts_with(':'),
            _ => false,
        }
    }
}

/// Whether a letter is invisible, so that .NET, in which Azure's and GitHub's runners are written,
/// ignores it when it compares texts by the rules of a language.
fn is_ignored(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn active_letters_are_escaped() {
        assert_eq!(
            printable("a\u{1b}[2K\nb\u{9b}"),
            "a\\u{1b}[2K\\u{a}b\\u{9b}"
        );
        assert_eq!(
            printable("\u{61c}\u{202e}\u{2028}\u{2029}"),
            "\\u{61c}\\u{202e}\\u{2028}\\u{2029}"
        );
        assert_eq!(printable("Größe 🚀 [a] #1 b::c"), "Größe 🚀 [a] #1 b::c");
        assert_eq!(
            printable("## Sales [old] #vso[a]"),
            "## Sales [old] #vso[a]"
        );
    }

    #[test]
    fn commands_are_escaped() {
        assert_eq!(printable("a ##[error]b"), "a ##\\u{5b}error]b");
        assert_eq!(printable("###[x] ##"), "###\\u{5b}x] ##");
        assert_eq!(printable("a##VSO[b.c]d"), "a##VSO\\u{5b}b.c]d");
        assert_eq!(printable("##a##b1[c]"), "##a##b1\\u{5b}c]");
        assert_eq!(
            printable("#\u{ad}#v\u{200b}so["),
            "#\u{ad}#v\u{200b}so\\u{5b}"
        );
        assert_eq!(printable("::error::b"), "\\u{3a}:error::b");
        assert_eq!(printable(" \u{a0}::error::b"), " \u{a0}\\u{3a}:error::b");
        assert_eq!(printable("\u{feff}:\u{ad}:a"), "\u{feff}\\u{3a}\u{ad}:a");
        assert_eq!(
            printable("section_start:1:a\r\u{1b}[0K"),
            "section_start:1:a\\u{d}\\u{1b}[0K"
        );
    }
}
