//! The file that a completed `patch` leaves beside the manifest for the next run.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::leak::leak;
use crate::input::remembered::{self, Source};
use crate::io::content::Content;
use crate::io::max_size::MaxSize;
use crate::io::write::{CompleteFile, PendingFile};
use crate::io::{age, is_dash, name_of_input, read};
use crate::model::{Code, Diagnostic, Failure};

/// The name of the file beside `manifest.json`; beside `NAME.json` it is `NAME.` and this.
const NAME: &str = "autoexpose.json";
/// How many bytes tell whether a file is one that a patch left.
const LOOKED_AT: u64 = 64;
/// The stem of the manifest that dbt writes.
const USUAL_STEM: &str = "manifest";

/// The path of the file beside a manifest; `None` beside standard input.
pub(super) fn beside(manifest: &Path) -> Option<PathBuf> {
    if is_dash(manifest) {
        return None;
    }
    let name = manifest.file_name()?.to_string_lossy();
    let stem = name.strip_suffix(".gz").unwrap_or(&name);
    let stem = stem.strip_suffix(".json").unwrap_or(stem);
    Some(manifest.with_file_name(if stem == USUAL_STEM {
        NAME.to_owned()
    } else {
        format!("{stem}.{NAME}")
    }))
}

/// What an earlier patch left beside a manifest.
pub(super) fn open(manifest: &Path, limit: MaxSize) -> Option<Source<'static>> {
    source(&beside(manifest)?, limit)
}

/// The file at a path, if there is one. Name and content are leaked, see [`leak`].
fn source(path: &Path, limit: MaxSize) -> Option<Source<'static>> {
    if !path.exists() {
        return None;
    }
    // Others, such as pipes, may never end.
    let bytes = if path.is_file() {
        read(path, limit).map_err(|failure| failure.message)
    } else {
        Err("this is not a file".to_owned())
    };
    Some(Source {
        file: leak(name_of_input(path)),
        bytes: bytes.map(|content| &**leak(content)),
        age: age(path),
    })
}

/// The new file of a run that patches a manifest in place, begun before anything else is written.
pub(super) struct Pending(PendingFile);

impl Pending {
    /// Begins the file beside a manifest. What is not such a file stays as it is.
    ///
    /// # Errors
    /// Why it cannot be written. The manifest can be patched all the same.
    pub(super) fn begin(manifest: &Path) -> Result<Option<Self>, Diagnostic> {
        let Some(path) = beside(manifest) else {
            return Ok(None);
        };
        if !may_be_replaced(&path) {
            let message = "nothing is left here for the next run, since what is here may be of another program";
            return Err(not_written(&path, message.to_owned())
                .help("remove it, give it another name, or keep it in another folder"));
        }
        let pending = PendingFile::begin(&path, &Content::from(Vec::new()));
        let pending = pending.map_err(|failure| not_written(&path, failure.message))?;
        Ok(Some(Self(pending)))
    }

    /// Writes the whole text, not yet under its name.
    pub(super) fn complete(self, text: &str) -> Result<CompleteFile, Failure> {
        self.0.complete(&[text])
    }
}

/// Whether there is nothing at a path, or what an earlier patch left.
fn may_be_replaced(path: &Path) -> bool {
    if !path.is_file() {
        return !path.exists();
    }
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LOOKED_AT).read_to_end(&mut start));
    read.is_ok() && (start.is_empty() || remembered::is_ours(&start))
}

fn not_written(path: &Path, message: String) -> Diagnostic {
    Diagnostic::new(Code::StateNotWritten, name_of_input(path), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_named_after_the_manifest() {
        for (manifest, expected) in [
            ("target/manifest.json", "target/autoexpose.json"),
            ("manifest.json.gz", "autoexpose.json"),
            ("m2.json", "m2.autoexpose.json"),
            ("a/b.c.json.gz", "a/b.c.autoexpose.json"),
            ("a/manifest", "a/autoexpose.json"),
            ("/x", "/x.autoexpose.json"),
        ] {
            let path = beside(Path::new(manifest)).expect(manifest);
            assert_eq!(path, Path::new(expected));
        }
        assert_eq!(beside(Path::new("-")), None);
    }
}
