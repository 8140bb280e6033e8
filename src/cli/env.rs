//! Environment variables for the server and the site, and values with their origin.

use std::env;

use crate::model::Failure;

/// Variables for the server's address, as other Tableau tools name them, in order of precedence.
pub(super) const SERVER: [&str; 4] = [
    "TABLEAU_SERVER_URL",
    "TABLEAU_SERVER",
    "TABLEAU_BASE_URL",
    "TABLEAU_URL",
];
/// Variables for the site's content URL, in order of precedence.
pub(super) const SITE: [&str; 3] = ["TABLEAU_SITE_ID", "TABLEAU_SITE", "TABLEAU_SITE_NAME"];

/// A value, and the flag or variable that it comes from.
pub(super) struct Given {
    pub(super) value: String,
    pub(super) origin: String,
}

impl Given {
    /// The value of a flag; `None` if the flag is not given.
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
///
/// # Errors
/// One of them is not Unicode.
pub(super) fn find(names: &[&str]) -> Result<Option<Given>, Failure> {
    Ok(variables(names)?.into_iter().next())
}

/// The first of these variables that is set and not blank.
///
/// # Errors
/// One of them is not Unicode.
pub(super) fn find_filled(names: &[&str]) -> Result<Option<Given>, Failure> {
    Ok(variables(names)?.into_iter().find(Given::is_filled))
}

fn variables(names: &[&str]) -> Result<Vec<Given>, Failure> {
    let set = names
        .iter()
        .filter_map(|name| Some((format!("variable {name}"), env::var_os(name)?)));
    set.map(|(origin, value)| match value.into_string() {
        Ok(value) => Ok(Given { value, origin }),
        Err(_) => Err(Failure::new(origin, "its value is not Unicode")),
    })
    .collect()
}
