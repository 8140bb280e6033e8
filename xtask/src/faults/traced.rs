//! Runs of the program under `strace`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The manifest that all of them read, and the export.
pub(super) const MANIFEST: &str = "fixtures/dbt/postgres-1.11/manifest.json";
pub(super) const EXPORT: &str = "fixtures/tableau/bistro.json";

/// A run of a verb under `strace` on the manifest and the export of a folder.
pub(super) fn traced(folder: &Path, strace: &[&str], program: &Path, verb: &str) -> Command {
    let mut command = Command::new("strace");
    command
        .args(["-f", "-qq"])
        .args(strace)
        .arg(program)
        .args([verb, "--manifest", "manifest.json"])
        .args(["--tableau", "export.json", "--threads", "2", "--quiet"])
        .current_dir(folder);
    command
}

/// Which of so many calls fail with an error, if each so many-th one does. Another error begins with
/// another call, so that of each call something fails.
pub(super) fn numbers(count: usize, error: usize, each: usize) -> impl Iterator<Item = usize> {
    (1 + error % each..=count).step_by(each)
}

/// How often each call was made by the thread that made it most, from a log of `strace -f`, whose
/// lines are `PID CALL(…`.
pub(super) fn most_calls(log: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::<(&str, &str), usize>::new();
    for line in log.lines() {
        let parts = line.split_once(' ');
        let call = parts.and_then(|(thread, rest)| Some((thread, rest.trim().split_once('(')?.0)));
        if let Some(call) = call {
            *counts.entry(call).or_default() += 1;
        }
    }
    let mut most = BTreeMap::new();
    for ((_, call), count) in counts {
        let known = most.entry(call.to_owned()).or_default();
        *known = count.max(*known);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_by_thread() {
        let log = "7  read(3, \"\", 1) = 0\n7  read(3) = 0\n8  read(3) = 0\n8  close(3) = 0\n8  +++ exited with 0 +++\n";
        let most = most_calls(log);
        assert_eq!(most.get("read"), Some(&2));
        assert_eq!(most.get("close"), Some(&1));
        assert_eq!(most.len(), 2);
    }
}
