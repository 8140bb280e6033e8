//! When `refresh` refreshes extracts: flags over variables over the configuration.

use super::args::DueArgs;
use super::env::{self, Given};
use super::settings_table::SettingsTable;
use crate::model::Failure;
use crate::settings::RefreshSettings;

/// Takes flags and variables in place of the configuration.
///
/// # Errors
/// A variable that is not a number of minutes.
pub(super) fn set(
    refresh: &mut RefreshSettings,
    table: &mut SettingsTable,
    args: &DueArgs,
) -> Result<(), Failure> {
    match minutes(args)? {
        Some((minutes, origin)) => {
            table.add("refresh.build_after", minutes, origin);
            refresh.build_after = minutes;
        }
        None => table.add_from_file("refresh.build_after"),
    }
    match args.only_if {
        Some(only_if) => {
            refresh.only_if = only_if.into();
            table.add("refresh.only_if", refresh.only_if.name(), "--only-if");
        }
        None => table.add_from_file("refresh.only_if"),
    }
    refresh.ignore_tests |= args.ignore_tests;
    if args.ignore_tests {
        table.add("refresh.ignore_tests", true, "--ignore-tests");
    } else {
        table.add_from_file("refresh.ignore_tests");
    }
    match args.max {
        Some(most) => {
            table.add("refresh.max", most, "--max");
            refresh.max = Some(most);
        }
        None => table.add_from_file("refresh.max"),
    }
    Ok(())
}

/// The minutes between two refreshes, and where they come from.
fn minutes(args: &DueArgs) -> Result<Option<(u32, String)>, Failure> {
    if let Some(minutes) = args.build_after {
        return Ok(Some((minutes, "--build-after".to_owned())));
    }
    let Some(Given { value, origin }) = env::find_filled(&env::BUILD_AFTER)? else {
        return Ok(None);
    };
    match value.trim().parse() {
        Ok(minutes) => Ok(Some((minutes, origin))),
        Err(_) => Err(Failure::new(origin, "this is not a number of minutes")
            .help("set it like 1440, or unset it")),
    }
}

/// Whether the variable of the dbt platform switches refreshes off, and what it is.
///
/// # Errors
/// It is not Unicode.
pub(super) fn switched_off() -> Result<Option<String>, Failure> {
    let given = env::find_filled(&env::ACTIVE_EXPOSURES)?;
    let is_off =
        |given: &Given| matches!(given.value.trim().to_lowercase().as_str(), "0" | "false");
    Ok(given.filter(is_off).map(|given| given.origin))
}
