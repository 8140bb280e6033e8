//! Reads a large file on all cores.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use memmap2::MmapMut;
use rayon::prelude::*;

/// How much one thread reads at a time, in bytes.
const PIECE: usize = 4 << 20;

/// The first `length` bytes of a file.
///
/// # Errors
/// The error of the system; also if the file is shorter.
pub(super) fn read_large(file: &File, length: usize) -> io::Result<MmapMut> {
    let mut bytes = MmapMut::map_anon(length)?;
    bytes
        .par_chunks_mut(PIECE)
        .enumerate()
        .try_for_each(|(number, piece)| file.read_exact_at(piece, (number * PIECE) as u64))?;
    Ok(bytes)
}
