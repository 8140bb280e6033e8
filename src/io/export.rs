//! Finding and reading the files of a Tableau export.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use globset::GlobBuilder;
use rayon::prelude::*;

use super::content::Content;
use super::reason;
use crate::model::Failure;

/// What `--tableau` was given with its bytes, gunzipped.
pub struct ExportFile {
    /// Its path, or `standard input`.
    pub name: String,
    /// Its bytes.
    pub bytes: Content,
    /// Whether it was found in a folder or by a pattern, and not named itself.
    pub is_found: bool,
}

/// Endings of the files that are read from a folder.
const ENDINGS: [&str; 6] = [".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"];
const TAKES: &str = "`--tableau` takes files, folders, quoted patterns, and `-` for standard input";
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads everything that the arguments name: files, folders, patterns, and `-`.
///
/// # Errors
/// Each argument that names nothing, and each file that cannot be read.
pub fn read_all(arguments: &[String]) -> Result<Vec<ExportFile>, Vec<Failure>> {
    let mut files = Vec::new();
    let mut failures = Vec::new();
    for argument in arguments {
        match read_one(argument) {
            Ok(more) => files.extend(more),
            Err(failure) => failures.push(failure),
        }
    }
    // One file may be named twice, by itself and by a pattern.
    files.sort_by(|a: &ExportFile, b| (&a.name, a.is_found).cmp(&(&b.name, b.is_found)));
    files.dedup_by(|a, b| a.name == b.name);
    if failures.is_empty() { Ok(files) } else { Err(failures) }
}

fn read_one(argument: &str) -> Result<Vec<ExportFile>, Failure> {
    if argument == "-" {
        return Ok(vec![standard_input()?]);
    }
    let path = Path::new(argument);
    let (paths, is_found) = if path.is_dir() {
        (in_folder(path)?, true)
    } else if is_pattern(argument) && !path.exists() {
        (matching(argument)?, true)
    } else {
        (vec![path.to_owned()], false)
    };
    paths.par_iter().map(|path| file(path, is_found)).collect()
}

fn standard_input() -> Result<ExportFile, Failure> {
    let name = "standard input".to_owned();
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(&name, format!("cannot be read: {}", reason(&error))))?;
    let bytes = gunzipped(&name, bytes.into())?;
    Ok(ExportFile { name, bytes, is_found: false })
}

fn file(path: &Path, is_found: bool) -> Result<ExportFile, Failure> {
    let name = path.display().to_string();
    let bytes = super::read(path).map_err(|failure| failure.help(TAKES))?;
    let bytes = gunzipped(&name, bytes)?;
    Ok(ExportFile { name, bytes, is_found })
}

/// The bytes themselves, or what they are the gzip of.
fn gunzipped(name: &str, bytes: Content) -> Result<Content, Failure> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut plain = Vec::new();
    MultiGzDecoder::new(&*bytes).read_to_end(&mut plain).map_err(|error| {
        Failure::new(name, format!("cannot be unzipped: {}", reason(&error)))
            .help("the file is cut off or damaged; export it again")
    })?;
    Ok(plain.into())
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = entries(folder)?;
    paths.retain(|path| {
        path.is_file()
            && path.file_name().is_some_and(|name| {
                ENDINGS.iter().any(|ending| name.to_string_lossy().ends_with(ending))
            })
    });
    if paths.is_empty() {
        return Err(Failure::new(
            folder.display().to_string(),
            format!("this folder has no file that ends in {}", ENDINGS[..3].join(", ")),
        )
        .help(TAKES));
    }
    Ok(paths)
}

/// The entries of a folder in the order of their names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failure = |error: &io::Error| {
        Failure::new(folder.display().to_string(), format!("cannot be read: {}", reason(error)))
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
    let start = if root == Path::new("") { Path::new(".") } else { root };
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
