//! How long ago something was, in words.

use std::time::Duration;

/// The units, from the longest one, with their seconds.
const UNITS: [(u64, &str); 3] = [(86_400, "day"), (3_600, "hour"), (60, "minute")];

/// `3 days ago`, `1 hour ago`, `less than a minute ago`; the largest unit that fits.
pub(super) fn ago(age: Option<Duration>) -> String {
    let Some(age) = age else {
        return "at an unknown time".to_owned();
    };
    let fitting = UNITS.iter().find(|(seconds, _)| age.as_secs() >= *seconds);
    match fitting.map(|(seconds, unit)| (age.as_secs() / seconds, unit)) {
        None => "less than a minute ago".to_owned(),
        Some((1, unit)) => format!("1 {unit} ago"),
        Some((count, unit)) => format!("{count} {unit}s ago"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_unit_is_shown() {
        for (seconds, expected) in [
            (0, "less than a minute ago"),
            (59, "less than a minute ago"),
            (60, "1 minute ago"),
            (3_599, "59 minutes ago"),
            (3_600, "1 hour ago"),
            (86_399, "23 hours ago"),
            (86_400, "1 day ago"),
            (864_000, "10 days ago"),
        ] {
            assert_eq!(ago(Some(Duration::from_secs(seconds))), expected);
        }
        assert_eq!(ago(None), "at an unknown time");
    }
}
