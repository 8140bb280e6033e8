//! The line of `.gitignore` for the hidden folder.

use super::project::{FileChange, GITIGNORE, Git};
use super::text::{line, with_line_below};

/// The line (<https://git-scm.com/docs/gitignore>).
const LINE: &str = ".autoexpose/";
/// Other lines that ignore the folder, as far as that is known without git.
const SAME: [&str; 4] = [LINE, ".autoexpose", "/.autoexpose/", "/.autoexpose"];

/// The change that makes git ignore the hidden folder. `None` if it does, or if there is neither a
/// repository nor the file.
pub(super) fn change<'t>(text: Option<&'t str>, git: &Git) -> Option<FileChange<'t>> {
    let is_ignored = match git {
        Git::Says { ignored_by, .. } => ignored_by.is_some(),
        Git::NotARepository if text.is_none() => true,
        Git::NotARepository | Git::Silent(_) => text.is_some_and(ignores),
    };
    if is_ignored {
        return None;
    }
    let now = text.unwrap_or_default();
    Some(FileChange {
        path: GITIGNORE,
        before: text,
        after: with_line_below(now, &line(now, now.len()), LINE),
    })
}

/// Whether one of the lines ignores the folder, and not another one behind it takes it back.
fn ignores(text: &str) -> bool {
    let lines = text.lines().map(str::trim_end).rev();
    let mut about = lines.filter(|line| SAME.contains(&line.trim_start_matches('!')));
    about.next().is_some_and(|line| !line.starts_with('!'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_added_once_at_the_end() {
        for (before, after) in [
            (None, None),
            (Some(""), Some(".autoexpose/\n")),
            (Some("target/\n"), Some("target/\n.autoexpose/\n")),
            (Some("target/"), Some("target/\n.autoexpose/")),
            (Some("a\r\nb\r\n"), Some("a\r\nb\r\n.autoexpose/\r\n")),
            (
                Some(".autoexpose/\n!.autoexpose/\n"),
                Some(".autoexpose/\n!.autoexpose/\n.autoexpose/\n"),
            ),
            (Some("/.autoexpose \r\nb\r\n"), None),
        ] {
            let change = change(before, &Git::NotARepository);
            assert_eq!(change.map(|change| change.after).as_deref(), after);
        }
    }
}
