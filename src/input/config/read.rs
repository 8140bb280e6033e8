//! Reads the text of the configuration.

use super::convert;
use super::invalid_value::{InvalidValue, did_you_mean};
use super::listing::{self, Setting};
use super::raw::RawConfig;
use crate::input::yaml;
use crate::model::Failure;
use crate::settings::Settings;

/// The content of a configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The settings, with defaults for those that the file does not have.
    pub settings: Settings,
    /// The exports to read, from the folder of the file.
    pub exports: Vec<String>,
    /// Each setting with its value in the file.
    pub listing: Vec<Setting>,
}

/// Reads a configuration.
///
/// # Errors
/// YAML that cannot be read, unknown keys and invalid values, with line and column.
pub fn read(file: &str, text: &str) -> Result<Config, Failure> {
    // As in YAML 1.2, which editors check: `5` and `true` are no texts, `yes` is one.
    let options = serde_saphyr::options! {
        strict_booleans: true,
        no_schema: true,
    };
    let raw = serde_saphyr::from_str_with_options::<Option<RawConfig>>(text, options)
        .map_err(|error| failure(file, text, &error))?
        .unwrap_or_default();
    let listing = listing::settings(&raw)
        .map_err(|error| Failure::new(file, format!("its settings cannot be shown: {error}")))?;
    let invalid = |invalid: InvalidValue| invalid.in_file(file);
    let exports = convert::exports(raw.tableau.as_ref()).map_err(invalid)?;
    let settings = convert::settings(raw).map_err(invalid)?;
    Ok(Config {
        settings,
        exports,
        listing,
    })
}

/// The failure of a file that is not YAML, or not a valid configuration.
fn failure(file: &str, text: &str, error: &serde_saphyr::Error) -> Failure {
    let failure = yaml::failure(file, text, error);
    match suggestion(&yaml::message(error)) {
        Some(suggestion) => failure.help(suggestion),
        None => failure,
    }
}

/// The known word that is most similar to an unknown one, from serde's message about it.
fn suggestion(message: &str) -> Option<String> {
    let (unknown, known) = message.split_once("expected one of ")?;
    let unknown = unknown.split('`').nth(1)?;
    let known = known.split(", ").map(|known| known.trim_matches('`'));
    did_you_mean(unknown, known)
}
