//! Shares of a whole, as percentages or ratios.

use std::fmt;

/// A share of a whole, from nothing to all of it.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Share(f64);

impl Share {
    /// A ratio from 0 to 1.
    pub fn from_ratio(ratio: f64) -> Option<Self> {
        (0.0..=1.0).contains(&ratio).then_some(Self(ratio))
    }

    /// A percentage such as `95%` or `97.5 %`.
    pub fn from_percentage(text: &str) -> Option<Self> {
        let number = text
            .trim_matches(' ')
            .strip_suffix('%')?
            .trim_end_matches(' ');
        let (whole, fraction) = match number.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction),
            None => (number, ""),
        };
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let has_form = is_digits(whole) && is_digits(fraction) && (1..=3).contains(&whole.len());
        // Dividing by 100 would round once more.
        let ratio = has_form.then(|| format!("{number}e-2").parse().ok())??;
        Self::from_ratio(ratio)
    }

    /// A percentage, or a ratio such as `0.95`.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::from_percentage(text).or_else(|| Self::from_ratio(text.trim().parse().ok()?))
    }

    /// Whether so many of all are at least this share.
    pub fn is_reached_by(self, part: usize, all: usize) -> bool {
        part as f64 / all as f64 >= self.0
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = format!("{:.4}", self.0 * 100.0);
        let percent = percent.trim_end_matches('0').trim_end_matches('.');
        write!(f, "{percent} %")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_and_ratios_are_told_apart() {
        for (text, shown) in [
            ("95%", Some("95 %")),
            (" 97.5 % ", Some("97.5 %")),
            ("100%", Some("100 %")),
            ("100.0%", Some("100 %")),
            ("0%", Some("0 %")),
            ("0.95", Some("95 %")),
            ("1", Some("100 %")),
            ("0", Some("0 %")),
            ("95", None),
            ("1.01", None),
            ("101%", None),
            ("-1%", None),
            ("1e1%", None),
            ("95.%", None),
            (".5%", None),
            ("%", None),
            ("", None),
            ("NaN", None),
            ("half", None),
        ] {
            let share = Share::from_text(text).map(|share| share.to_string());
            assert_eq!(share.as_deref(), shown, "{text:?}");
        }
    }

    #[test]
    fn a_share_is_reached_exactly() {
        for (text, part, all, is_reached) in [
            ("95%", 19, 20, true),
            ("97.2%", 972, 1000, true),
            ("97.2%", 971, 1000, false),
            ("0.29", 29, 100, true),
            ("100%", 999_999, 1_000_000, false),
            ("0%", 0, 5, true),
        ] {
            let share = Share::from_text(text).expect(text);
            assert_eq!(
                share.is_reached_by(part, all),
                is_reached,
                "{text} {part}/{all}"
            );
        }
    }
}
