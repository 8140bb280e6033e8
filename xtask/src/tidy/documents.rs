//! Documents for contributors must not name files that are not there.

/// The documents that are checked.
pub(super) const ALL: [&str; 2] = [".github/CONTRIBUTING.md", "README.md"];
/// What a path in the repository begins with.
const ROOTS: [&str; 9] = [
    ".cargo/",
    ".ci/",
    ".github/",
    "docs/",
    "fixtures/",
    "python/",
    "src/",
    "tests/",
    "xtask/",
];

/// Checks a document: every path in backticks that `is_there` does not know.
pub(super) fn check(name: &str, text: &str, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    text.lines()
        .enumerate()
        .flat_map(|(number, line)| paths(line).map(move |path| (number + 1, path)))
        .filter(|(_, path)| !is_there(path))
        .map(|(line, path)| format!("{name}:{line}: `{path}` is not there"))
        .collect()
}

/// The paths of a line. Those with `<name>` or `*` in them stand for many and are left out, and so
/// are those behind the word `new`, which are still to be made.
fn paths(line: &str) -> impl Iterator<Item = &str> {
    let parts = line.split('`').collect::<Vec<_>>();
    let codes = parts
        .chunks_exact(2)
        .filter(|pair| !pair[0].ends_with("new "))
        .map(|pair| pair[1])
        .filter(|code| ROOTS.iter().any(|root| code.starts_with(root)))
        .filter(|code| !code.contains(['<', '*', '{', ' ', '…']))
        .collect::<Vec<_>>();
    codes.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_are_not_there_are_found() {
        let text = "`src/lib.rs` and new `src/sql/`\n`src/gone.rs`, `cargo test`, `src/<room>/`\n";
        assert_eq!(
            check("GUIDE.md", text, |path| path == "src/lib.rs"),
            ["GUIDE.md:2: `src/gone.rs` is not there"]
        );
    }
}
