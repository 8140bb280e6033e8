//! Values that adapters and other tools write with other types than dbt's schemas say.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

/// A text that is not blank; other scalars as dbt shows them. Some adapters give numbers as messages.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A count. Fractions are cut off: ages have them.
pub(super) fn count(value: &Value) -> Option<u64> {
    let fraction = || value.as_f64().filter(|number| *number >= 0.0);
    value.as_u64().or_else(|| Some(fraction()? as u64))
}

/// A time. One without an offset is in UTC, in which dbt measures.
pub(super) fn time(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?.trim();
    let in_utc = || {
        let time = text.parse::<DateTime>().ok()?;
        Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
    };
    text.parse().ok().or_else(in_utc)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_read_as_each_dbt_writes_them() {
        for (text, nanosecond) in [
            ("2026-11-26T17:50:07.334636Z", 334_636_000),
            ("2026-11-26T17:50:07.334636", 334_636_000),
            ("2026-11-26T17:50:07.334636+00:00", 334_636_000),
            // dbt 2.0.
            ("2026-11-26T17:50:07.336138571Z", 336_138_571),
        ] {
            let time = time(&json!(text)).expect(text);
            assert_eq!(
                (time.as_second(), time.subsec_nanosecond()),
                (1_795_715_407, nanosecond)
            );
        }
        for wrong in [json!("yesterday"), json!(""), json!(null), json!(5)] {
            assert_eq!(time(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn counts_and_texts_may_be_of_other_types() {
        assert_eq!(count(&json!(28281011.26)), Some(28_281_011));
        assert_eq!(count(&json!(-1)), None);
        assert_eq!(count(&json!("3")), None);
        assert_eq!(text(&json!(" ")), None);
        assert_eq!(text(&json!(12)), Some("12".to_owned()));
    }
}
