//! Standard input and standard output in place of files.

use std::path::Path;

use super::stamp::is_same_file;

/// What stands for standard input or standard output in place of a path.
const DASH: &str = "-";
/// Where systems show standard output as a file.
const STANDARD_OUTPUT: &str = "/dev/stdout";
/// Where they show standard input.
const STANDARD_INPUT: &str = "/dev/stdin";

/// Whether a path is the dash that stands for standard input or standard output.
pub fn is_dash(path: &Path) -> bool {
    path == Path::new(DASH)
}

/// Whether a path leads to standard output: it is a dash, or the same pipe or file.
pub fn is_standard_output(path: &Path) -> bool {
    is_dash(path)
        || path.exists() && !is_nowhere(path) && is_same_file(path, Path::new(STANDARD_OUTPUT))
}

/// Whether two paths of inputs lead to one that can be read once only: standard input, or a pipe.
pub fn is_same_pipe(a: &Path, b: &Path) -> bool {
    if is_dash(a) && is_dash(b) {
        return true;
    }
    let [a, b] = [a, b].map(|path| {
        if is_dash(path) {
            Path::new(STANDARD_INPUT)
        } else {
            path
        }
    });
    (a == b || is_same_file(a, b)) && !a.is_file()
}

/// The name of an input for messages.
pub fn name_of_input(path: &Path) -> String {
    if is_dash(path) {
        "standard input".to_owned()
    } else {
        shown(path)
    }
}

/// Whether what is written to a path is thrown away, as by `/dev/null`.
fn is_nowhere(path: &Path) -> bool {
    is_same_file(path, Path::new("/dev/null"))
}

/// A path in messages. Bytes that are not UTF-8 are shown as numbers: files whose names differ in
/// nothing else are different files.
pub(super) fn shown(path: &Path) -> String {
    let chunks = path.as_os_str().as_encoded_bytes().utf8_chunks();
    chunks
        .flat_map(|chunk| {
            let invalid = chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}"));
            std::iter::once(chunk.valid().to_owned()).chain(invalid)
        })
        .collect()
}
