//! Whose view is asked for.

use std::fmt;
use std::str::FromStr;

use crate::model::display::display_enum;

/// Whose view is asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A user, by name or luid.
    User(String),
    /// A group, by name or luid.
    Group(String),
    /// Every user of the site.
    Everyone,
    /// Somebody who sees nothing of Tableau.
    Nobody,
}

display_enum! {
    /// Why a text is not a subject.
    pub enum NotASubject {
        /// It begins with none of the words.
        UnknownWord(text: String) => "{text:?} is not `user:NAME`, `group:NAME`, `everyone` or `nobody`";
        /// Nobody is named behind the word.
        WithoutName(word: &'static str) => "the name behind `{word}:` is missing";
    }
}

impl std::error::Error for NotASubject {}

impl FromStr for Subject {
    type Err = NotASubject;

    fn from_str(text: &str) -> Result<Self, NotASubject> {
        let named = |word: &'static str, name: &str| match name.trim() {
            "" => Err(NotASubject::WithoutName(word)),
            name => Ok(name.to_owned()),
        };
        match text.trim().split_once(':') {
            None if text.trim() == "everyone" => Ok(Self::Everyone),
            None if text.trim() == "nobody" => Ok(Self::Nobody),
            Some(("user", name)) => named("user", name).map(Self::User),
            Some(("group", name)) => named("group", name).map(Self::Group),
            _ => Err(NotASubject::UnknownWord(text.to_owned())),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(name) => write!(f, "user:{name}"),
            Self::Group(name) => write!(f, "group:{name}"),
            Self::Everyone => f.write_str("everyone"),
            Self::Nobody => f.write_str("nobody"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_read_and_shown() {
        for text in ["user:ada", "group:All Users", "everyone", "nobody"] {
            let subject = text.parse::<Subject>().expect("a subject");
            assert_eq!(subject.to_string(), text);
        }
        assert_eq!("user: a:b ".parse(), Ok(Subject::User("a:b".to_owned())));
        for text in ["", "ada", "Everyone", "people:ada"] {
            let unknown = NotASubject::UnknownWord(text.to_owned());
            assert_eq!(text.parse::<Subject>(), Err(unknown));
        }
        assert_eq!(
            "user: ".parse::<Subject>(),
            Err(NotASubject::WithoutName("user"))
        );
    }
}
