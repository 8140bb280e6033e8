//! What messages are made of: enums that are shown to people, each variant one row with its text, and
//! texts of users that may be long.

use std::borrow::Cow;

/// Makes an enum whose variants hold facts and whose `Display` shows them in a text.
///
/// A row is `Variant(fact: Type) => "text with {fact}";`. If a fact must be rephrased, `{}` takes
/// the expressions after the text, as in `write!`. An enum without facts also gets a list of its
/// variants.
///
/// Rows of an enum whose variants have names for scripts begin `Variant(fact: Type) = "name" => …`.
macro_rules! display_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $(
        $(#[$doc:meta])*
        $variant:ident $(($($fact:ident: $type:ty),+))? = $key:literal => $text:literal $(, $word:expr)*;
    )+ }) => {
        display_enum! { $(#[$meta])* pub enum $name { $(
            $(#[$doc])* $variant $(($($fact: $type),+))? => $text $(, $word)*;
        )+ } }

        impl $name {
            /// The name of each variant, for scripts.
            pub const KEYS: &'static [&'static str] = &[$($key),+];

            /// Its stable name, for scripts and as a code that can be explained.
            pub fn key(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $key,)+ }
            }
        }
    };
    ($(#[$meta:meta])* pub enum $name:ident { $(
        $(#[$doc:meta])*
        $variant:ident => $text:literal;
    )+ }) => {
        display_enum! { @enum
            $(#[$meta])* #[derive(Copy)] $name { $($(#[$doc])* $variant => $text;)+ }
        }

        impl $name {
            /// Every variant, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
    };
    ($(#[$meta:meta])* pub enum $name:ident { $($rows:tt)+ }) => {
        display_enum! { @enum $(#[$meta])* $name { $($rows)+ } }
    };
    (@enum $(#[$meta:meta])* $name:ident { $(
        $(#[$doc:meta])*
        $variant:ident $(($($fact:ident: $type:ty),+))? => $text:literal $(, $word:expr)*;
    )+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant $(($($type),+))?,)+ }

        impl $name {
            /// The text of each variant, with `{…}` in place of its facts.
            pub const TEXTS: &'static [&'static str] = &[$($text),+];

            /// The text of this variant, with `{…}` in place of its facts.
            pub fn text(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            #[allow(unused_variables, reason = "a fact may be there for more than the text")]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self { $(
                    Self::$variant $(($($fact),+))? => write!(f, $text $(, $word)*),
                )+ }
            }
        }
    };
}

pub(crate) use display_enum;

/// The longest text that messages repeat, in letters.
const LONGEST: usize = 80;

/// The start of a text that a message repeats: the whole of it unless it is long.
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The longest text of several lines that is shown on one, in letters.
const LONGEST_LINE: usize = 200;

/// A text of several lines on one: the whole of it unless it is long.
pub(crate) fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::{one_line, shortened};

    #[test]
    fn several_lines_become_one() {
        assert_eq!(one_line(" Error in a\n  b  "), "Error in a b");
        assert_eq!(one_line(&"é".repeat(201)), format!("{}…", "é".repeat(200)));
    }

    #[test]
    fn long_texts_are_cut_between_letters() {
        assert_eq!(shortened("größe"), "größe");
        assert_eq!(shortened(&"é".repeat(80)), "é".repeat(80));
        assert_eq!(shortened(&"é".repeat(81)), format!("{}…", "é".repeat(80)));
    }
}
