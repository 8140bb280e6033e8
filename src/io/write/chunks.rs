//! Writes a content that is given in chunks, gzipped if it shall be.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Whether a path has the ending of gzipped files.
pub(super) fn ends_like_gzip(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("gz"))
}

/// Writes all chunks, small ones in one call of the system.
///
/// # Errors
/// The error of the system.
pub(super) fn write_chunks(
    writer: impl Write,
    chunks: &[impl AsRef<[u8]>],
    is_gzipped: bool,
) -> io::Result<()> {
    write_by(writer, is_gzipped, |writer| {
        chunks
            .iter()
            .try_for_each(|chunk| writer.write_all(chunk.as_ref()))
    })
}

/// Writes what a function writes, small pieces in one call of the system.
///
/// # Errors
/// Those of the function and of the system.
pub(super) fn write_by<T, E: From<io::Error>>(
    writer: impl Write,
    is_gzipped: bool,
    write: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, E> {
    let mut writer = BufWriter::with_capacity(1 << 20, writer);
    let written = if is_gzipped {
        let mut zipped = GzEncoder::new(&mut writer, Compression::default());
        let written = write(&mut zipped)?;
        zipped.finish()?;
        written
    } else {
        write(&mut writer)?
    };
    writer.flush()?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    /// Accepts this many bytes and is then full.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let error = write_chunks(Full(5), &["abc", "def"], false).expect_err("too long");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        write_chunks(Full(6), &["abc", "def"], false).expect("fits");
    }

    #[test]
    fn a_gzipped_text_has_all_chunks() {
        let mut zipped = Vec::new();
        write_chunks(&mut zipped, &["abc", "def"], true).expect("written");
        let mut text = String::new();
        GzDecoder::new(&*zipped)
            .read_to_string(&mut text)
            .expect("unzipped");
        assert_eq!(text, "abcdef");
        write_chunks(Full(5), &["abc", "def"], true).expect_err("too long");
    }
}
