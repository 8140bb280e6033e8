//! Texts with `{placeholders}`.

use std::borrow::Cow;

/// A text with placeholders of one kind.
#[derive(Debug, Clone)]
pub struct Template<P>(pub Vec<TemplatePart<P>>);

/// A part of a template.
#[derive(Debug, Clone)]
pub enum TemplatePart<P> {
    /// Text as it is.
    Text(String),
    /// A place to be filled in.
    Placeholder(P),
}

impl<P: Copy> Template<P> {
    /// The text with each placeholder replaced by its value.
    pub fn fill<'v>(&self, value: impl Fn(P) -> Cow<'v, str>) -> String {
        self.fill_behind(|_, placeholder| value(placeholder))
    }

    /// The text with each placeholder replaced by its value, which depends on the text before it.
    pub fn fill_behind<'v>(&self, value: impl Fn(&str, P) -> Cow<'v, str>) -> String {
        let mut filled = String::new();
        for part in &self.0 {
            match part {
                TemplatePart::Text(text) => filled.push_str(text),
                TemplatePart::Placeholder(placeholder) => {
                    let value = value(&filled, *placeholder);
                    filled.push_str(&value);
                }
            }
        }
        filled
    }

    /// Its placeholders, in order.
    pub fn placeholders(&self) -> impl Iterator<Item = P> {
        self.0.iter().filter_map(|part| match part {
            TemplatePart::Text(_) => None,
            TemplatePart::Placeholder(placeholder) => Some(*placeholder),
        })
    }

    /// The text with each placeholder replaced by its value; `None` if one of them has none.
    pub fn fill_if_known<'v>(&self, value: impl Fn(P) -> Option<&'v str>) -> Option<String> {
        let mut filled = String::new();
        for part in &self.0 {
            filled.push_str(match part {
                TemplatePart::Text(text) => text,
                TemplatePart::Placeholder(placeholder) => value(*placeholder)?,
            });
        }
        Some(filled)
    }
}

/// The placeholders that templates of one kind may have.
pub trait Placeholder: Copy + 'static {
    /// All of them, in the order of messages.
    const ALL: &'static [Self];

    /// Its name between the braces.
    fn as_str(self) -> &'static str;
}

/// Kinds of placeholders: one row for each placeholder, with its name between the braces.
macro_rules! placeholders {
    ($($(#[$about:meta])* $kind:ident { $($(#[$doc:meta])* $placeholder:ident = $name:literal,)* })*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $kind {
            $($(#[$doc])* $placeholder,)*
        }

        impl Placeholder for $kind {
            const ALL: &'static [Self] = &[$(Self::$placeholder),*];

            fn as_str(self) -> &'static str {
                match self {
                    $(Self::$placeholder => $name,)*
                }
            }
        }
    )*};
}

placeholders! {
    /// The placeholders in the name of an exposure.
    NamePlaceholder {
        /// Digits that stay the same if the workbook is renamed.
        Hash = "hash",
        /// The workbook's project and the projects above it.
        Project = "project",
        /// The workbook's title.
        Slug = "slug",
    }

    /// The placeholders in the description of an exposure.
    DescriptionPlaceholder {
        /// The workbook's description.
        Description = "description",
        /// The workbook's title.
        Name = "name",
        /// The owner's name, else the e-mail address.
        Owner = "owner",
        /// The workbook's project and the projects above it.
        Project = "project",
        /// The workbook's address.
        Url = "url",
    }

    /// The placeholders in a tag, and in an owner's name or e-mail address.
    FactPlaceholder {
        /// The workbook's title.
        Name = "name",
        /// The name of the workbook's owner in Tableau, else the e-mail address.
        Owner = "owner",
        /// The workbook's project and the projects above it.
        Project = "project",
    }
}
