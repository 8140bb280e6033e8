//! What `autoexpose yaml` does when the system refuses one of its calls or ends it there, while it adds,
//! changes and removes files.
//!
//! Until the first file is in its place all must be as they were; from then on each is the old or the
//! new one, whole, and the next run finishes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use super::traced::{EXPORT, MANIFEST, most_calls, numbers, traced};
use crate::failure::{Result, Trying};

/// The folder of the files, from the project on.
const FOLDER: &str = "models/autoexpose";
/// What `strace` does to a call, and to which calls. Reading is tried with `patch` already, but not that
/// of folders and of what lies in them.
const FAULTS: &[(&str, &[&str])] = &[
    (
        "error=EIO",
        &[
            "close",
            "fchmod",
            "fsync",
            "getdents64",
            "newfstatat",
            "readlink",
            "rename",
            "renameat",
            "statx",
            "unlink",
            "unlinkat",
            "write",
        ],
    ),
    (
        "error=ENOSPC",
        &["fsync", "openat", "rename", "renameat", "write"],
    ),
    ("error=EACCES", &["openat", "rename", "renameat", "unlink"]),
    (
        "signal=KILL",
        &[
            "close", "fsync", "rename", "renameat", "unlink", "unlinkat", "write",
        ],
    ),
];

/// What ends a run without any code of the program: the loader fails before it begins; or the standard
/// library panics, since a folder that was read cannot be closed.
const OUTSIDE: [&str; 2] = ["shared librar", "unexpected error during closedir"];

/// Files by their names.
type Files = BTreeMap<String, String>;

/// How many faults were injected, and what is wrong with some.
pub(super) fn inject_all(root: &Path, program: &Path, each: usize) -> Result<(usize, Vec<String>)> {
    let lab = Lab::set_up(root, program)?;
    let (mut runs, mut bad) = (0, Vec::new());
    for (at, (fault, calls)) in FAULTS.iter().enumerate() {
        for call in *calls {
            let count = lab.calls.get(*call).copied().unwrap_or_default();
            for number in numbers(count, at, each) {
                runs += 1;
                let problem = lab.inject(call, fault, number)?;
                bad.extend(
                    problem.map(|problem| format!("yaml: {call} {number} {fault}: {problem}")),
                );
            }
        }
    }
    Ok((runs, bad))
}

/// A dbt project in which `yaml` runs again and again.
struct Lab<'a> {
    folder: PathBuf,
    program: &'a Path,
    old: Files,
    new: Files,
    /// The most calls of one thread.
    calls: BTreeMap<String, usize>,
}

impl<'a> Lab<'a> {
    fn set_up(root: &Path, program: &'a Path) -> Result<Self> {
        let folder = root.join("target/xtask/faults-yaml");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("models")).trying(folder.display())?;
        for (name, from) in [("manifest.json", MANIFEST), ("export.json", EXPORT)] {
            fs::copy(root.join(from), folder.join(name)).trying(from)?;
        }
        fs::write(folder.join("dbt_project.yml"), "name: bistro\n").trying("dbt_project.yml")?;
        let mut lab = Self {
            folder,
            program,
            old: Files::new(),
            new: Files::new(),
            calls: BTreeMap::new(),
        };
        lab.expect_success(&lab.run(&[])?)?;
        lab.new = lab.files()?;
        lab.old = older(&lab.new)?;
        lab.reset()?;
        let log = lab.folder.with_file_name("faults-yaml.log");
        let output = lab.run(&["-o", &log.display().to_string()])?;
        lab.expect_success(&output)?;
        if lab.files()? != lab.new {
            return Err("a run on older files comes to other ones than a first run".to_owned());
        }
        lab.calls = most_calls(&fs::read_to_string(&log).trying(log.display())?);
        Ok(lab)
    }

    fn run(&self, strace: &[&str]) -> Result<Output> {
        traced(&self.folder, strace, self.program, "yaml")
            .args(["--group-by", "workbook"])
            .output()
            .trying("strace")
    }

    fn expect_success(&self, output: &Output) -> Result<()> {
        match output.status.code() {
            Some(0) => Ok(()),
            _ => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }

    /// All files in the folder, temporary ones included.
    fn files(&self) -> Result<Files> {
        let folder = self.folder.join(FOLDER);
        let mut files = Files::new();
        for entry in fs::read_dir(&folder).trying(folder.display())? {
            let path = entry.trying(folder.display())?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let text = fs::read_to_string(&path).trying(path.display())?;
            files.insert(name.into_owned(), text);
        }
        Ok(files)
    }

    /// Puts the old files in their places.
    fn reset(&self) -> Result<()> {
        let folder = self.folder.join(FOLDER);
        fs::remove_dir_all(&folder).trying(folder.display())?;
        fs::create_dir(&folder).trying(folder.display())?;
        for (name, text) in &self.old {
            fs::write(folder.join(name), text).trying(name)?;
        }
        Ok(())
    }

    /// What is wrong after one call met a fault.
    fn inject(&self, call: &str, fault: &str, number: usize) -> Result<Option<String>> {
        self.reset()?;
        let trace = format!("trace={call}");
        let inject = format!("inject={call}:{fault}:when={number}");
        let output = self.run(&["-o", "/dev/null", "-e", &trace, "-e", &inject])?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        let files = self.files()?;
        if OUTSIDE.iter().any(|text| stderr.contains(text)) {
            let is_changed = files != self.old;
            return Ok(is_changed.then(|| format!("the files are changed: {stderr}")));
        }
        let is_old_or_new = |(name, text): (&String, &String)| {
            [self.old.get(name), self.new.get(name)].contains(&Some(text))
        };
        let (known, left): (Vec<_>, Vec<_>) = files
            .keys()
            .partition(|name| self.old.contains_key(*name) || self.new.contains_key(*name));
        let is_killed = output.status.code().is_none();
        let missing = self.old.keys().filter(|name| self.new.contains_key(*name));
        let missing = missing.filter(|name| !files.contains_key(*name)).count();
        let known = known.iter().map(|name| (*name, &files[*name]));
        let is_whole = missing == 0 && known.into_iter().all(is_old_or_new);
        let is_as_told = match output.status.code() {
            Some(0) => files == self.new || (!left.is_empty() && call.starts_with("unlink")),
            Some(2) => !stderr.contains("no file was changed") || files == self.old,
            None => true,
            Some(code) => return Ok(Some(format!("exit {code}: {stderr}"))),
        };
        Ok(if stderr.contains("panicked") {
            Some(stderr.into_owned())
        } else if !is_whole {
            Some(format!(
                "a file is neither the old nor the new one: {stderr}"
            ))
        } else if !is_as_told {
            Some(format!("the files are others than it says: {stderr}"))
        } else if !left.is_empty() && !is_killed && !call.starts_with("unlink") {
            Some(format!("left over: {left:?}"))
        } else if files != self.old && files != self.new {
            self.finish()?
        } else {
            None
        })
    }

    /// What is wrong after the next run.
    fn finish(&self) -> Result<Option<String>> {
        let output = self.run(&["-o", "/dev/null"])?;
        let is_done = output.status.code() == Some(0) && self.files()? == self.new;
        let stderr = String::from_utf8_lossy(&output.stderr);
        Ok((!is_done).then(|| format!("the next run does not finish: {stderr}")))
    }
}

/// The files of an earlier run: one is not there yet, one is changed, and one is there no more.
fn older(new: &Files) -> Result<Files> {
    let mut old = new.clone();
    let mut names = new.keys().cloned();
    let (Some(added), Some(changed), Some(model)) = (names.next(), names.next(), names.next())
    else {
        return Err(format!("{EXPORT} has too few workbooks"));
    };
    old.remove(&added);
    let text = &new[&changed];
    old.insert(changed, text.replacen("label: \"", "label: \"Old ", 1));
    let luid = new[&model]
        .split_once("luid: \"")
        .map(|(_, rest)| &rest[..36]);
    let luid = luid.ok_or("an exposure without a luid")?;
    let name = model.trim_end_matches(".yml");
    let gone = new[&model]
        .replace(name, "tableau_gone")
        .replace(luid, "99999999-9999-4999-8999-999999999999");
    old.insert("tableau_gone.yml".to_owned(), gone);
    Ok(old)
}
