//! Finds and reads the files of Tableau exports.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use globset::GlobBuilder;

use super::failure::{cannot_be_read, reason, too_large};
use super::max_size::MaxSize;
use super::plain::Plain;
use super::standard::shown;
use crate::model::display::shortened;
use crate::model::{Code, Diagnostic, Failure};
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
/// The most names that one message shows.
const MOST_NAMED: usize = 5;

/// The files of an export.
#[derive(Default)]
pub struct ExportFiles {
    /// Each file once, sorted by name.
    pub files: Vec<ExportFile>,
    /// What folders contain beside them.
    pub passed_over: Vec<Diagnostic>,
}

/// Finds all files that the arguments name: files, folders, patterns, and `-`. Relative ones start
/// at `base`.
///
/// # Errors
/// All arguments that match nothing, and all files that cannot be opened.
pub fn find_all(base: &Path, arguments: &[OsString]) -> Result<ExportFiles, Vec<Failure>> {
    let mut found = ExportFiles::default();
    let mut failures = Vec::new();
    // A pipe cannot be opened again, so an argument that is repeated counts once.
    let mut known = BTreeSet::new();
    for argument in arguments.iter().filter(|argument| known.insert(*argument)) {
        match find(base, argument) {
            Ok(more) => {
                found.files.extend(more.files);
                found.passed_over.extend(more.passed_over);
            }
            Err(failure) => failures.push(failure),
        }
    }
    found.files = each_once(found.files);
    if failures.is_empty() {
        Ok(found)
    } else {
        Err(failures)
    }
}

/// Each file once, sorted by name, though it may be given several times: by name, by a pattern, or
/// through a link. The name takes precedence.
fn each_once(mut files: Vec<ExportFile>) -> Vec<ExportFile> {
    files.sort_by(|a, b| (a.is_found, &a.name, &a.path).cmp(&(b.is_found, &b.name, &b.path)));
    let mut known = BTreeSet::new();
    files.retain(|file| known.insert(file.identity()));
    files.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
    files
}

fn find(base: &Path, argument: &OsStr) -> Result<ExportFiles, Failure> {
    if argument == "-" {
        return Ok(ExportFiles {
            files: vec![ExportFile::standard_input()],
            passed_over: Vec::new(),
        });
    }
    let path = base.join(argument);
    let mut passed_over = Vec::new();
    let (paths, is_found) = if path.is_dir() {
        let (paths, others) = in_folder(&path)?;
        passed_over.extend(others);
        (paths, true)
    } else if let Some(pattern) = argument.to_str().filter(|text| is_pattern(text))
        && !path.exists()
    {
        (matching(base, pattern)?, true)
    } else {
        (vec![path], false)
    };
    let files = paths
        .into_iter()
        .map(|path| ExportFile::at(path, is_found))
        .collect::<Result<_, _>>()?;
    Ok(ExportFiles { files, passed_over })
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
            name: shown(&path),
            is_found,
            path: Some(path),
            opened: Mutex::new(Some(file).filter(|_| !can_open_again)),
        })
    }

    /// What is the same for all names of the file.
    fn identity(&self) -> Option<PathBuf> {
        let path = self.path.as_ref()?;
        Some(fs::canonicalize(path).unwrap_or_else(|_| path.clone()))
    }

    /// Reads the file chunk by chunk, unpacked and as UTF-8: each call appends the next chunk to the
    /// given bytes, and returns whether there was one. `limit` is that of what is unpacked.
    ///
    /// # Errors
    /// The file cannot be read or unpacked.
    pub fn chunks(
        &self,
        limit: MaxSize,
    ) -> impl FnMut(&mut Vec<u8>) -> Result<bool, Failure> + Send {
        let mut plain = None;
        move |bytes| {
            let plain = match &mut plain {
                Some(plain) => plain,
                closed => closed.insert(self.plain(limit)?),
            };
            let read = plain.read_chunk(bytes);
            read.map_err(|error| self.failure(&error, plain.is_unzipped))
        }
    }

    /// Opens the file for reading.
    fn plain(&self, limit: MaxSize) -> Result<Plain, Failure> {
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
        let reader: Box<dyn Read + Send> = match file {
            Some(file) => Box::new(file),
            None => Box::new(io::stdin()),
        };
        Plain::new(reader, length, limit)
            .map_err(|(error, is_unzipped)| self.failure(&error, is_unzipped))
    }

    fn failure(&self, error: &io::Error, is_unzipped: bool) -> Failure {
        if let Some(failure) = too_large(&self.name, error) {
            return failure;
        }
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

/// The files of a folder that are read, and what else it contains.
fn in_folder(folder: &Path) -> Result<(Vec<PathBuf>, Option<Diagnostic>), Failure> {
    let (paths, others) = entries(folder)?
        .into_iter()
        .partition::<Vec<_>, _>(|path| path.is_file() && has_ending(path));
    if paths.is_empty() {
        return Err(nothing_in(folder, &others));
    }
    Ok((paths, passed_over(folder, &others)))
}

/// The failure for a folder without files that are read. Exports saved in a folder for each day have
/// a folder around them, which holds none.
fn nothing_in(folder: &Path, others: &[PathBuf]) -> Failure {
    let message = format!(
        "this folder contains no file that ends in {}",
        ENDINGS[..3].join(", ")
    );
    let failure = Failure::new(shown(folder), message);
    match others.iter().rev().find(|other| other.is_dir()) {
        Some(inner) => failure.help(format!(
            "folders inside it are not read; give the folder of one export, such as `--tableau {}`",
            shown(inner)
        )),
        None => failure.help(TAKES),
    }
}

fn has_ending(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// What a folder contains that is not read, if anything.
fn passed_over(folder: &Path, others: &[PathBuf]) -> Option<Diagnostic> {
    let name = |path: &PathBuf| {
        let name = shown(Path::new(path.file_name().unwrap_or_default()));
        let slash = if path.is_dir() { "/" } else { "" };
        format!("{:?}", name + slash)
    };
    let named = others.iter().take(MOST_NAMED).map(name);
    let mut named = named.collect::<Vec<_>>().join(", ");
    match others.len().saturating_sub(MOST_NAMED) {
        0 => {}
        more => named.push_str(&format!(" and {more} more")),
    }
    let diagnostic = Diagnostic::new(
        Code::PassedOver,
        shown(folder),
        format!("not read in this folder: {named}"),
    );
    let help = "only files that end in .json, .jsonl or .ndjson (also with .gz) are read, and no folders inside; give others with `--tableau`";
    (!others.is_empty()).then(|| diagnostic.help(help))
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
            Failure::new(shown(folder), message)
        })?;
    paths.sort();
    Ok(paths)
}

fn is_pattern(argument: &str) -> bool {
    argument.contains(['*', '?', '[', '{'])
}

/// The files that match a pattern from a folder. The search starts at the folder above its first
/// wildcard.
fn matching(base: &Path, pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let plain = without_leading_dots(pattern);
    let mut glob = GlobBuilder::new(plain);
    glob.literal_separator(true);
    let glob = compile_glob(plain, &glob)
        .map_err(|reason| Failure::new(shortened(plain), format!("invalid pattern: {reason}")))?;
    let root = Path::new(plain)
        .ancestors()
        .find(|path| !is_pattern(&path.to_string_lossy()))
        .unwrap_or(Path::new(""));
    let start = match base.join(root) {
        start if start.as_os_str().is_empty() => PathBuf::from("."),
        start => start,
    };
    let mut found = Vec::new();
    search(&start, &mut |path| {
        let inner = path.strip_prefix(base).unwrap_or(path);
        if glob.is_match(inner.strip_prefix(".").unwrap_or(inner)) {
            found.push(path.strip_prefix(".").unwrap_or(path).to_owned());
        }
    })?;
    if found.is_empty() {
        let place = shown(&base.join(plain));
        return Err(Failure::new(place, "no file matches this pattern").help(TAKES));
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
