//! Finding and reading the files of a Tableau export.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use globset::GlobBuilder;

use super::{cannot_be_read, reason};
use crate::model::Failure;

/// A file that `--tableau` names.
pub struct ExportFile {
    /// Its path, or `standard input`.
    pub name: String,
    /// Whether it was found in a folder or by a pattern, and not named itself.
    pub is_found: bool,
    /// Where it is, unless it is standard input.
    path: Option<PathBuf>,
}

/// Endings of the files that are read from a folder.
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
/// How much is read at a time, in bytes.
const STEP: u64 = 2 << 20;

/// Finds everything that the arguments name: files, folders, patterns, and `-`.
///
/// # Errors
/// Each argument that names nothing, and each file that cannot be opened.
pub fn find_all(arguments: &[String]) -> Result<Vec<ExportFile>, Vec<Failure>> {
    let mut files = Vec::new();
    let mut failures = Vec::new();
    for argument in arguments {
        match find(argument) {
            Ok(more) => files.extend(more),
            Err(failure) => failures.push(failure),
        }
    }
    // One file may be named twice, by itself and by a pattern.
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
        let name = "standard input".to_owned();
        return Ok(vec![ExportFile {
            name,
            is_found: false,
            path: None,
        }]);
    }
    let path = Path::new(argument);
    let (paths, is_found) = if path.is_dir() {
        (in_folder(path)?, true)
    } else if is_pattern(argument) && !path.exists() {
        (matching(argument)?, true)
    } else {
        (vec![path.to_owned()], false)
    };
    let file = |path: PathBuf| {
        let name = path.display().to_string();
        // What cannot be opened is told before anything is read.
        open(&path).map(|_| ExportFile {
            name,
            is_found,
            path: Some(path),
        })
    };
    paths.into_iter().map(file).collect()
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| cannot_be_read(path, &error).help(TAKES))
}

impl ExportFile {
    /// Reads the file step by step, gunzipped: each call appends some more to the bytes that it is
    /// given, and says whether there was any.
    ///
    /// # Errors
    /// A file that cannot be read or unzipped.
    pub fn steps(&self) -> impl FnMut(&mut Vec<u8>) -> Result<bool, Failure> + Send {
        let mut plain = None;
        move |bytes| {
            let plain = match &mut plain {
                Some(plain) => plain,
                closed => closed.insert(self.plain()?),
            };
            let before = bytes.len();
            bytes.reserve(plain.length.min(STEP) as usize + 1);
            let read = plain.reader.by_ref().take(STEP).read_to_end(bytes);
            read.map_err(|error| self.failure(&error, plain.is_unzipped))?;
            Ok(bytes.len() > before)
        }
    }

    /// What the file holds, or what it is the gzip of.
    fn plain(&self) -> Result<Plain, Failure> {
        let file = self.path.as_deref().map(open).transpose()?;
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
        let length = length.filter(|_| !is_unzipped).unwrap_or(STEP);
        Ok(Plain {
            reader,
            is_unzipped,
            length,
        })
    }

    fn failure(&self, error: &io::Error, is_unzipped: bool) -> Failure {
        if is_unzipped {
            return Failure::new(&self.name, format!("cannot be unzipped: {}", reason(error)))
                .help("the file is cut off or damaged; export it again");
        }
        match &self.path {
            Some(path) => cannot_be_read(path, error).help(TAKES),
            None => Failure::new(&self.name, format!("cannot be read: {}", reason(error))),
        }
    }
}

/// An open file.
struct Plain {
    reader: Box<dyn Read + Send>,
    is_unzipped: bool,
    /// About how much it holds, in bytes.
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
                "this folder has no file that ends in {}",
                ENDINGS[..3].join(", ")
            ),
        )
        .help(TAKES));
    }
    Ok(paths)
}

/// The entries of a folder in the order of their names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failure = |error: &io::Error| {
        Failure::new(
            folder.display().to_string(),
            format!("cannot be read: {}", reason(error)),
        )
    };
    let entries = fs::read_dir(folder).map_err(|error| failure(&error))?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| failure(&error))?;
    paths.sort();
    Ok(paths)
}

fn is_pattern(argument: &str) -> bool {
    argument.contains(['*', '?', '[', '{'])
}

/// The files that a pattern fits. Only folders behind its first wildcard are searched.
fn matching(pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    // The paths that are found have no `./` in front.
    let pattern = pattern.trim_start_matches("./");
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let glob = glob
        .map_err(|error| Failure::new(pattern, format!("is no pattern: {}", error.kind())))?
        .compile_matcher();
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
        return Err(Failure::new(pattern, "no file fits this pattern").help(TAKES));
    }
    Ok(found)
}

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
