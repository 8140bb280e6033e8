//! The limit on what a compressed file may become: a few kB can become more than any memory holds.

use std::error::Error;
use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;

/// The most bytes that a compressed file may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxSize(u64);

impl MaxSize {
    /// More than a file of settings becomes that people write.
    pub const OF_SETTINGS: Self = Self(1 << 26);
    /// More than dbt's artifacts become: the default of `--max-size`.
    pub const OF_ARTIFACTS: Self = Self(2 << 30);
}

#[cfg(test)]
impl MaxSize {
    /// More than any test needs.
    pub(super) const ENOUGH: Self = Self(1 << 30);
}

/// The units of sizes; without one, a number is that of bytes.
const UNITS: [(&str, u64); 10] = [
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("b", 1),
    ("", 1),
];

impl FromStr for MaxSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim().to_lowercase();
        let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
        let unit = text[digits.len()..].trim();
        let number = digits.parse::<u64>().ok();
        let factor = UNITS.iter().find(|(name, _)| *name == unit);
        number
            .zip(factor)
            .and_then(|(number, (_, factor))| number.checked_mul(*factor))
            .filter(|bytes| *bytes > 0)
            .map(Self)
            .ok_or_else(|| "write it as 500MB or 8GiB".to_owned())
    }
}

/// A file that becomes larger than it may, or than memory can hold.
#[derive(Debug)]
pub(super) enum TooLarge {
    /// It is larger than this limit.
    Limit(MaxSize),
    /// There is no memory for more than these bytes of it.
    Memory(u64),
}

impl TooLarge {
    /// The reason in an error of reading.
    pub(super) fn find(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// What to do about it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Limit(_) => "if the file is not damaged, `--max-size` allows more",
            Self::Memory(_) => {
                "save one response per line or per file: they are read one after another"
            }
        }
    }
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit(MaxSize(bytes)) => {
                write!(f, "it is larger than {} once unpacked", shown(*bytes))
            }
            Self::Memory(bytes) => write!(
                f,
                "it is larger than {} MiB, and there is no memory for the rest",
                bytes >> 20
            ),
        }
    }
}

impl Error for TooLarge {}

impl From<TooLarge> for io::Error {
    fn from(too_large: TooLarge) -> Self {
        Self::other(too_large)
    }
}

/// A number of bytes in the largest unit of which it is a multiple.
fn shown(bytes: u64) -> String {
    const SHOWN: [(&str, u64); 6] = [
        ("GiB", 1 << 30),
        ("GB", 1_000_000_000),
        ("MiB", 1 << 20),
        ("MB", 1_000_000),
        ("KiB", 1 << 10),
        ("kB", 1_000),
    ];
    let is_multiple = |(_, factor): &&(&str, u64)| bytes > 0 && bytes.is_multiple_of(*factor);
    match SHOWN.iter().find(is_multiple) {
        Some((unit, factor)) => format!("{} {unit}", bytes / factor),
        None => format!("{bytes} bytes"),
    }
}

/// A reader that fails where more than the limit comes.
pub(super) struct Limited<R> {
    reader: R,
    left: u64,
    limit: MaxSize,
}

impl<R> Limited<R> {
    pub(super) fn new(reader: R, limit: MaxSize) -> Self {
        Self {
            reader,
            left: limit.0,
            limit,
        }
    }
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => return Err(TooLarge::Limit(self.limit).into()),
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        let bytes = |text: &str| text.parse::<MaxSize>().map(|size| size.0);
        assert_eq!(bytes("5"), Ok(5));
        assert_eq!(bytes(" 2 GiB "), Ok(2 << 30));
        assert_eq!(bytes("500MB"), Ok(500_000_000));
        assert_eq!(bytes("1kb"), Ok(1_000));
        for wrong in ["", "0", "-1", "1.5GB", "GiB", "9 miles", "99999999999TiB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
        assert_eq!(shown(999), "999 bytes");
        assert_eq!(shown(2 << 30), "2 GiB");
        assert_eq!(shown(1_500_000), "1500 kB");
    }

    #[test]
    fn the_limit_itself_is_allowed() {
        let read = |limit| {
            let mut bytes = Vec::new();
            Limited::new(&b"12345"[..], MaxSize(limit)).read_to_end(&mut bytes)
        };
        assert_eq!(read(5).ok(), Some(5));
        let error = read(4).expect_err("too large");
        assert_eq!(
            TooLarge::find(&error).expect("a limit").to_string(),
            "it is larger than 4 bytes once unpacked"
        );
    }
}
