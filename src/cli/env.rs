//! Flags and environment variables with the server and the site.

use std::env;

/// Variables that other Tableau tools use for the server's address, the most common first.
pub(super) const SERVER: [&str; 4] = [
    "TABLEAU_SERVER_URL",
    "TABLEAU_SERVER",
    "TABLEAU_BASE_URL",
    "TABLEAU_URL",
];
/// Variables for the site's content URL, the most common first.
pub(super) const SITE: [&str; 3] = ["TABLEAU_SITE_ID", "TABLEAU_SITE", "TABLEAU_SITE_NAME"];

/// A value, and the flag or variable that gives it.
pub(super) struct Given {
    pub(super) value: String,
    pub(super) origin: String,
}

impl Given {
    /// The value of a flag, if the flag is there.
    pub(super) fn by_flag(flag: &str, value: Option<&String>) -> Option<Self> {
        value.map(|value| Self {
            value: value.clone(),
            origin: flag.to_owned(),
        })
    }

    /// Whether the value is more than white space.
    pub(super) fn is_filled(&self) -> bool {
        !self.value.trim().is_empty()
    }
}

/// The first of these variables that is set.
pub(super) fn find(names: &[&str]) -> Option<Given> {
    variables(names).next()
}

/// The first of these variables that is set and not blank.
pub(super) fn find_filled(names: &[&str]) -> Option<Given> {
    variables(names).find(Given::is_filled)
}

fn variables(names: &[&str]) -> impl Iterator<Item = Given> {
    names.iter().filter_map(|name| {
        Some(Given {
            value: env::var(name).ok()?,
            origin: format!("variable {name}"),
        })
    })
}
