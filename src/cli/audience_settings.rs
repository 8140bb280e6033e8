//! For whom a run shows lineage: the flag over the configuration, and the time of the run.

use jiff::Timestamp;

use super::args::AudienceArgs;
use super::settings_table::SettingsTable;
use crate::audience::Limits;
use crate::input::config;
use crate::model::Failure;
use crate::settings::AudienceSettings;

/// Takes the flag in place of the configuration.
///
/// # Errors
/// A flag that does not name an audience.
pub(super) fn set(
    audience: &mut AudienceSettings,
    table: &mut SettingsTable,
    args: &AudienceArgs,
) -> Result<(), Failure> {
    match &args.audience {
        None => table.add_from_file("audience.who"),
        Some(text) => {
            let flag = "--audience";
            let who = config::audience_from_flag(text);
            let who = who.map_err(|invalid| invalid.given_by(flag))?;
            table.add("audience.who", &who, flag);
            audience.who = Some(who);
        }
    }
    for key in ["withheld", "show", "label", "max_age_days"] {
        table.add_from_file(&format!("audience.{key}"));
    }
    audience.now = audience.max_age_days.map(|_| now());
    Ok(())
}

/// What counts as known of permissions: the flag over the configuration.
pub(super) fn limits(audience: &AudienceSettings, max_age_days: Option<u32>) -> Limits {
    let max_age_days = max_age_days.or(audience.max_age_days);
    Limits {
        max_age_days,
        now: max_age_days.map(|_| now()),
    }
}

/// The time in milliseconds since 1970.
fn now() -> i64 {
    Timestamp::now().as_millisecond()
}
