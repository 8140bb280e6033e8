//! Names that look alike and are not equal: in another Unicode form, or with blanks and other
//! letters that nobody sees.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::model::display::display_enum;
use crate::model::letters::{folded, is_unseen, is_zero_width};

/// The letters of a name that can be seen: composed, in folded case, without letters that take no
/// room, with plain blanks, and without those at the ends. Names that look alike have the same.
pub fn seen(name: &str) -> Cow<'_, str> {
    if name.is_ascii() && name.trim().len() == name.len() {
        return Cow::Owned(folded(name));
    }
    let visible = name.nfc().filter(|letter| !is_zero_width(*letter));
    let visible = visible
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
        .collect::<String>();
    Cow::Owned(folded(visible.trim()))
}

/// Whether two names look alike and are not equal.
pub fn are_alike(one: &str, other: &str) -> bool {
    folded(one) != folded(other) && seen(one) == seen(other)
}

display_enum! {
    /// Which part of a relation a name is.
    pub enum Part {
        /// The database.
        Database => "database";
        /// The schema.
        Schema => "schema";
        /// The table's own name.
        Name => "name";
    }
}

/// How names that look alike differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alike {
    /// Only in the form of their letters: `ü` is one letter or `u` and two dots.
    UnicodeForm,
    /// In a letter that cannot be seen.
    Unseen {
        /// The side whose name has the letter.
        side: Side,
        /// The letter.
        letter: char,
        /// Where in the name it stands.
        place: Place,
    },
}

/// Whose name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The name that Tableau shows.
    Tableau,
    /// The name that dbt has.
    Dbt,
}

/// Where in a name a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Nothing that can be seen comes before it.
    Start,
    /// Between letters that can be seen.
    Middle,
    /// Nothing that can be seen comes after it.
    End,
}

impl Alike {
    /// How these names differ, both of which look alike.
    pub fn new(tableau: &str, dbt: &str) -> Self {
        let (tableau, dbt) = (composed(tableau), composed(dbt));
        let same = tableau
            .char_indices()
            .zip(dbt.chars())
            .find(|((_, one), other)| one != other)
            .map_or(tableau.len().min(dbt.len()), |((at, _), _)| at);
        let unseen = [(Side::Tableau, &tableau), (Side::Dbt, &dbt)].map(|(side, name)| {
            let letter = name[same..].chars().next()?;
            Some((
                side,
                letter,
                place(&name[..same], &name[same + letter.len_utf8()..]),
            ))
        });
        // A plain blank stands out less than any other one.
        let of_kind = |is_it: fn(char) -> bool| {
            let mut known = unseen.iter().flatten();
            known.find(|(_, letter, _)| is_it(*letter)).copied()
        };
        match of_kind(is_unseen).or_else(|| of_kind(char::is_whitespace)) {
            Some((side, letter, place)) => Self::Unseen {
                side,
                letter,
                place,
            },
            None => Self::UnicodeForm,
        }
    }
}

impl Alike {
    /// How such a part of a relation differs, as a sentence.
    pub fn sentence(self, part: Part) -> String {
        let Self::Unseen {
            side,
            letter,
            place,
        } = self
        else {
            return format!("the {part} has the same letters in another Unicode form");
        };
        let whose = match side {
            Side::Tableau => "Tableau's",
            Side::Dbt => "dbt's",
        };
        let what = if is_zero_width(letter) {
            "an invisible character"
        } else {
            "a blank"
        };
        let place = match place {
            Place::Start => "at the start",
            Place::Middle => "in the middle",
            Place::End => "at the end",
        };
        format!(
            "{whose} {part} has {what} (U+{:04X}) {place}",
            u32::from(letter)
        )
    }
}

/// A name in folded case and in the form in which letters are composed.
fn composed(name: &str) -> String {
    if is_nfc(name) {
        folded(name)
    } else {
        folded(&name.nfc().collect::<String>())
    }
}

fn place(before: &str, after: &str) -> Place {
    let is_seen = |letter: char| !letter.is_whitespace() && !is_zero_width(letter);
    if !before.contains(is_seen) {
        Place::Start
    } else if after.contains(is_seen) {
        Place::Middle
    } else {
        Place::End
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tableau: &str, dbt: &str, expected: &str) {
        assert_eq!(seen(tableau), seen(dbt));
        assert_eq!(Alike::new(tableau, dbt).sentence(Part::Name), expected);
    }

    #[test]
    fn names_that_look_alike_differ_in_what_nobody_sees() {
        let form = "the name has the same letters in another Unicode form";
        check("U\u{308}bersicht", "\u{dc}BERSICHT", form);
        check(
            "ORDERS\u{a0}",
            "ORDERS",
            "Tableau's name has a blank (U+00A0) at the end",
        );
        check(
            "orders",
            "ORDERS ",
            "dbt's name has a blank (U+0020) at the end",
        );
        check(
            "\u{feff}orders",
            "orders",
            "Tableau's name has an invisible character (U+FEFF) at the start",
        );
        check(
            " \u{200b}orders",
            " orders",
            "Tableau's name has an invisible character (U+200B) at the start",
        );
        check(
            "or\u{200b}ders",
            "orders",
            "Tableau's name has an invisible character (U+200B) in the middle",
        );
        check(
            "my orders",
            "my\u{a0}orders",
            "dbt's name has a blank (U+00A0) in the middle",
        );
        check(
            "U\u{308}ber ",
            "\u{dc}ber",
            "Tableau's name has a blank (U+0020) at the end",
        );
        assert_ne!(seen("orders"), seen("order s"));
    }
}
