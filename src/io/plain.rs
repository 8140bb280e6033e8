//! The text of an export's file: unpacked if it is gzipped, and as UTF-8 if it is in UTF-16, as
//! `>` writes it in Windows PowerShell.

use std::io::{self, BufReader, Cursor, Read};

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::bufread::MultiGzDecoder;

use super::max_size::{Limited, MaxSize, TooLarge};

const GZIP: [u8; 2] = [0x1f, 0x8b];
/// The length of a chunk, in bytes.
const CHUNK: u64 = 2 << 20;

/// An open file.
pub(super) struct Plain {
    reader: Box<dyn Read + Send>,
    pub(super) is_unzipped: bool,
    /// The expected length of the text, in bytes.
    length: u64,
}

impl Plain {
    /// A file that begins here. `length` is that of the file, if it is known.
    ///
    /// # Errors
    /// The file cannot be read, or (`true`) not be unpacked.
    pub(super) fn new(
        file: Box<dyn Read + Send>,
        length: Option<u64>,
        limit: MaxSize,
    ) -> Result<Self, (io::Error, bool)> {
        let (start, file) = with_start(file).map_err(|error| (error, false))?;
        let is_unzipped = start.starts_with(&GZIP);
        let (start, text) = if is_unzipped {
            let unzipped = MultiGzDecoder::new(BufReader::new(file));
            let unzipped = Limited::new(unzipped, limit);
            with_start(Box::new(unzipped)).map_err(|error| (error, true))?
        } else {
            (start, file)
        };
        let reader = match utf_16(&start) {
            Some(encoding) => Box::new(
                DecodeReaderBytesBuilder::new()
                    .encoding(Some(encoding))
                    .build(text),
            ),
            None => text,
        };
        Ok(Self {
            reader,
            is_unzipped,
            length: length
                .filter(|length| !is_unzipped && *length > 0)
                .unwrap_or(CHUNK),
        })
    }

    /// Appends the next chunk of the text, and returns whether there was one.
    ///
    /// # Errors
    /// The file cannot be read or unpacked, or is too large.
    pub(super) fn read_chunk(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
        let before = bytes.len();
        // One byte more than expected, so that the end is found without growing the buffer.
        bytes
            .try_reserve(self.length.min(CHUNK) as usize + 1)
            .map_err(|_| TooLarge::Memory(before as u64))?;
        self.reader.by_ref().take(CHUNK).read_to_end(bytes)?;
        Ok(bytes.len() > before)
    }
}

/// The first four bytes of a file, or all if it is shorter, and the whole file.
fn with_start(mut file: Box<dyn Read + Send>) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut start = Vec::with_capacity(4);
    file.by_ref().take(4).read_to_end(&mut start)?;
    let whole = Cursor::new(start.clone()).chain(file);
    Ok((start, Box::new(whole)))
}

/// The form of UTF-16 in which a JSON text begins like this: with a byte-order mark, or with two
/// letters that JSON can begin with, each beside a null byte.
fn utf_16(start: &[u8]) -> Option<&'static Encoding> {
    let can_begin = |byte: u8| matches!(byte, b'{' | b'[' | b' ' | b'\t' | b'\r' | b'\n');
    match *start {
        // Otherwise it is UTF-32.
        [0xff, 0xfe, 0, 0] => None,
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        [first, 0, second, 0] if can_begin(first) && second != 0 => Some(UTF_16LE),
        [0, first, 0, second] if can_begin(first) && second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: Vec<u8>) -> String {
        let limit = "1kB".parse().expect("a size");
        let file = Box::new(Cursor::new(bytes));
        let mut plain = Plain::new(file, None, limit).expect("a file");
        let mut text = Vec::new();
        while plain.read_chunk(&mut text).expect("a text") {}
        let text = String::from_utf8(text).expect("UTF-8");
        text.trim_start_matches('\u{feff}').to_owned()
    }

    #[test]
    fn utf_16_becomes_utf_8() {
        for text in ["{\"name\": \"größe 😀\"}", "[]", "\r\n{}"] {
            for mark in ["", "\u{feff}"] {
                let units = format!("{mark}{text}").encode_utf16().collect::<Vec<_>>();
                let little = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
                let big = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
                assert_eq!(text_of(little), text);
                assert_eq!(text_of(big), text);
                assert_eq!(text_of(format!("{mark}{text}").into_bytes()), text);
            }
        }
        assert_eq!(text_of(b"{}".to_vec()), "{}");
        assert_eq!(text_of(Vec::new()), "");
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for other in [b"\xff\xfe\0\0{\0\0\0".as_slice(), b"\0\0\0{", b"{\0\0\0"] {
            assert_eq!(utf_16(&other[..4]), None, "{other:?}");
        }
    }
}
