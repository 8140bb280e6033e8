//! Finds and reads the files of Tableau exports.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use flate2::bufread::MultiGzDecoder;
use globset::GlobBuilder;

use super::failure::{cannot_be_read, reason};
use crate::model::Failure;
use crate::model::display::shortened;
use crate::settings::compile_glob;

/// A file that `--tableau` names.
pub struct ExportFile {
    /// Its path, or `standard input`.
    pub name: String,
    /// Whether it was found in a folder or by a pattern, rather than named.
    pub is_found: bool,
    /// Its path; `None` for standard input.
    path: Option<PathBuf>,
    /// The file itself if it can be opened only once, as a pipe, until it is read.
    opened: Mutex<Option<File>>,
}

/// The endings of files that are read from a folder.
const ENDINGS: [&str; 6] = [
    ".json",
    ".jsonl",
    ".ndjson",
    ".json.gz",
    ".jsonl.gz",
    ".ndjson.gz",
];
const TAKES: &str = "`--tableau` takes files, folders, quoted patterns, and `-` for standard input";
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// The length of a chunk, in bytes.
const CHUNK: u64 = 2 << 20;

/// Finds all files that the arguments name: files, folders, patterns, and `-`. Sorted by name.
///
/// # Errors
/// All arguments that match nothing, and all files that cannot be opened.
pub fn find_all(arguments: &[String]) -> Result<Vec<ExportFile>, Vec<Failure>> {
    let mut files = Vec::new();
    let mut failures = Vec::new();
    // A pipe cannot be opened again, so an argument that is repeated counts once.
    let mut known = BTreeSet::new();
    for argument in arguments.iter().filter(|argument| known.insert(*argument)) {
        match find(argument) {
            Ok(more) => files.extend(more),
            Err(failure) => failures.push(failure),
        }
    }
    // A file may be given twice, by name and by a pattern; the name takes precedence.
    files.sort_by(|a: &ExportFile, b| (&a.name, a.is_found).cmp(&(&b.name, b.is_found)));
    files.dedup_by(|a, b| a.name == b.name);
    if failures.is_empty() {
        Ok(files)
    } else {
        Err(failures)
    }
}

fn find(argument: &str) -> Result<Vec<ExportFile>, Failure> {
    if argument == "-" {
        return Ok(vec![ExportFile::standard_input()]);
    }
    let path = Path::new(argument);
    let (paths, is_found) = if path.is_dir() {
        (in_folder(path)?, true)
    } else if is_pattern(argument) && !path.exists() {
        (matching(argument)?, true)
    } else {
        (vec![path.to_owned()], false)
    };
    paths
        .into_iter()
        .map(|path| ExportFile::at(path, is_found))
        .collect()
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| cannot_be_read(path, &error).help(TAKES))
}

impl ExportFile {
    /// Its path; `None` for standard input.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    fn standard_input() -> Self {
        Self {
            name: "standard input".to_owned(),
            is_found: false,
            path: None,
            opened: Mutex::default(),
        }
    }

    /// Opens the file once, so that all files that are missing are reported before any is read.
    fn at(path: PathBuf, is_found: bool) -> Result<Self, Failure> {
        let file = open(&path)?;
        // Files that can be opened again are closed, since there may be more than can be open at once.
        let can_open_again = file.metadata().is_ok_and(|metadata| metadata.is_file());
        Ok(Self {
            name: path.display().to_string(),
            is_found,
            path: Some(path),
            opened: Mutex::new(Some(file).filter(|_| !can_open_again)),
        })
    }

    /// Reads the file chunk by chunk, decompressed: each call appends the next chunk to the given
    /// bytes, and returns whether there was one.
    ///
    /// # Errors
    /// The file cannot be read or decompressed.
    pub fn chunks(&self) -> impl FnMut(&mut Vec<u8>) -> Result<bool, Failure> + Send {
        let mut plain = None;
        move |bytes| {
            let plain = match &mut plain {
                Some(plain) => plain,
                closed => closed.insert(self.plain()?),
            };
            let before = bytes.len();
            // One byte more than expected, so that the end is found without growing the buffer.
            bytes.reserve(plain.length.min(CHUNK) as usize + 1);
            plain
                .reader
                .by_ref()
                .take(CHUNK)
                .read_to_end(bytes)
                .map_err(|error| self.failure(&error, plain.is_unzipped))?;
            Ok(bytes.len() > before)
        }
    }

    /// Opens the file for reading, decompressed if it is gzipped.
    fn plain(&self) -> Result<Plain, Failure> {
        let opened = self
            .opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let file = match (opened, &self.path) {
            (None, Some(path)) => Some(open(path)?),
            (opened, _) => opened,
        };
        let length = file
            .as_ref()
            .and_then(|file| Some(file.metadata().ok()?.len()));
        let mut reader: Box<dyn BufRead + Send> = match file {
            Some(file) => Box::new(BufReader::new(file)),
            None => Box::new(BufReader::new(io::stdin())),
        };
        let start = reader
            .fill_buf()
            .map_err(|error| self.failure(&error, false))?;
        let is_unzipped = start.starts_with(&GZIP);
        let reader: Box<dyn Read + Send> = if is_unzipped {
            Box::new(MultiGzDecoder::new(reader))
        } else {
            Box::new(reader)
        };
        let length = length
            .filter(|length| !is_unzipped && *length > 0)
            .unwrap_or(CHUNK);
        Ok(Plain {
            reader,
            is_unzipped,
            length,
        })
    }

    fn failure(&self, error: &io::Error, is_unzipped: bool) -> Failure {
        if is_unzipped {
            return Failure::new(&self.name, format!("cannot be unzipped: {}", reason(error)))
                .help("the file is truncated or damaged; repeat the export");
        }
        match &self.path {
            Some(path) => cannot_be_read(path, error).help(TAKES),
            None => Failure::new(&self.name, format!("cannot be read: {}", reason(error))),
        }
    }
}

/// An open file.
struct Plain {
    /// Reads the content, decompressed.
    reader: Box<dyn Read + Send>,
    is_unzipped: bool,
    /// The expected length of the content, in bytes.
    length: u64,
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = entries(folder)?;
    paths.retain(|path| {
        path.is_file()
            && path.file_name().is_some_and(|name| {
                ENDINGS
                    .iter()
                    .any(|ending| name.to_string_lossy().ends_with(ending))
            })
    });
    if paths.is_empty() {
        return Err(Failure::new(
            folder.display().to_string(),
            format!(
                "this folder contains no file that ends in {}",
                ENDINGS[..3].join(", ")
            ),
        )
        .help(TAKES));
    }
    Ok(paths)
}

/// The entries of a folder, sorted by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<io::Result<Vec<_>>>()
        })
        .map_err(|error| {
            let message = format!("cannot be read: {}", reason(&error));
            Failure::new(folder.display().to_string(), message)
        })?;
    paths.sort();
    Ok(paths)
}

fn is_pattern(argument: &str) -> bool {
    argument.contains(['*', '?', '[', '{'])
}

/// The files that match a pattern. The search starts at the folder above its first wildcard.
fn matching(pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let pattern = without_leading_dots(pattern);
    let mut glob = GlobBuilder::new(pattern);
    glob.literal_separator(true);
    let glob = compile_glob(pattern, &glob)
        .map_err(|reason| Failure::new(shortened(pattern), format!("invalid pattern: {reason}")))?;
    let root = Path::new(pattern)
        .ancestors()
        .find(|path| !is_pattern(&path.to_string_lossy()))
        .unwrap_or(Path::new(""));
    let start = if root == Path::new("") {
        Path::new(".")
    } else {
        root
    };
    let mut found = Vec::new();
    search(start, &mut |path| {
        let path = path.strip_prefix(".").unwrap_or(path);
        if glob.is_match(path) {
            found.push(path.to_owned());
        }
    })?;
    if found.is_empty() {
        return Err(Failure::new(pattern, "no file matches this pattern").help(TAKES));
    }
    Ok(found)
}

/// The pattern without leading `./`, which the paths that are found do not have.
fn without_leading_dots(mut pattern: &str) -> &str {
    const HERE: &[&str] = if cfg!(windows) {
        &["./", ".\\"]
    } else {
        &["./"]
    };
    while let Some(rest) = HERE.iter().find_map(|dot| pattern.strip_prefix(dot)) {
        pattern = rest;
    }
    pattern
}

/// Visits all files below a folder, without following symlinks to folders.
fn search(folder: &Path, visit: &mut impl FnMut(&Path)) -> Result<(), Failure> {
    for path in entries(folder)? {
        if path.is_file() {
            visit(&path);
        } else if path.is_dir() && !path.is_symlink() {
            search(&path, visit)?;
        }
    }
    Ok(())
}
