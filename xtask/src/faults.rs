//! `cargo xtask faults`: what a run does when the system refuses one of its calls.
//!
//! `strace` counts the calls of a patch and then lets each of them fail in turn, with each error that
//! it may return. Afterwards the manifest must be the old one or the new one, the exit code the one
//! that fits, nothing may have panicked, and no temporary file may be left. `yaml` does the same to a
//! run that writes several files.

mod traced;
mod yaml;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use self::traced::{EXPORT, MANIFEST, most_calls, numbers, traced};
use crate::failure::{Result, Trying};
use crate::repository;

/// What a patch leaves beside the manifest.
const FOR_THE_NEXT_RUN: &str = "autoexpose.json";
/// What makes the manifest so large that it is read on all cores and copied in the background.
const PADDING: usize = 9 << 20;

/// The calls that read, write and name files.
const ANY: &[&str] = &[
    "close",
    "copy_file_range",
    "fchmod",
    "fchown",
    "fcntl",
    "flock",
    "fsetxattr",
    "fsync",
    "ftruncate",
    "getdents64",
    "listxattr",
    "lseek",
    "newfstatat",
    "openat",
    "pread64",
    "read",
    "readlink",
    "rename",
    "renameat",
    "renameat2",
    "statx",
    "unlink",
    "unlinkat",
    "write",
];
/// The errors, and the calls that may return them.
const ERRORS: &[(&str, &[&str])] = &[
    ("EIO", ANY),
    (
        "EINTR",
        &[
            "copy_file_range",
            "fsync",
            "ftruncate",
            "openat",
            "pread64",
            "read",
            "write",
        ],
    ),
    (
        "ENOSPC",
        &[
            "copy_file_range",
            "fsetxattr",
            "fsync",
            "ftruncate",
            "openat",
            "rename",
            "renameat",
            "write",
        ],
    ),
    ("EMFILE", &["fcntl", "openat"]),
    (
        "EACCES",
        &[
            "fchmod",
            "fchown",
            "newfstatat",
            "openat",
            "readlink",
            "rename",
            "renameat",
            "statx",
            "unlink",
        ],
    ),
    // The manifest is a mount of its own.
    ("EBUSY", &["rename", "renameat", "renameat2"]),
];

/// Runs all faults on a small and on a large manifest, and on property files; with `--quick` a third of
/// them.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let each = match arguments {
        [] => 1,
        [quick] if quick == "--quick" => 3,
        _ => return Err("`faults` takes nothing but `--quick`".to_owned()),
    };
    if Command::new("strace").arg("--version").output().is_err() {
        return Err("`strace` is missing: install it, as by `apt-get install strace`".to_owned());
    }
    let root = repository::root();
    let program = build(&root)?;
    let manifest = fs::read_to_string(root.join(MANIFEST)).trying(MANIFEST)?;
    let export = fs::read(root.join(EXPORT)).trying(EXPORT)?;
    let padding = format!("\"docs\": {{\"padding\": \"{}\", ", "x".repeat(PADDING));
    let large = manifest.replacen("\"docs\": {", &padding, 1);
    let mut bad = Vec::new();
    for (name, old) in [("small", manifest), ("large", large)] {
        let lab = Lab::set_up(&root, &program, old, &export)?;
        let (runs, found) = lab.inject_all(each)?;
        println!(
            "{name} manifest: {runs} faults, {} handled badly",
            found.len()
        );
        bad.extend(found);
    }
    let (runs, found) = yaml::inject_all(&root, &program, each)?;
    println!(
        "property files: {runs} faults, {} handled badly",
        found.len()
    );
    bad.extend(found);
    if bad.is_empty() {
        return Ok(());
    }
    Err(format!(
        "faults that are handled badly:\n{}",
        bad.join("\n")
    ))
}

fn build(root: &Path) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--locked", "--bin", "autoexpose"])
        .current_dir(root)
        .status()
        .trying("cargo build")?;
    if !status.success() {
        return Err("the program cannot be built".to_owned());
    }
    Ok(root.join("target/debug/autoexpose"))
}

/// A folder in which a patch runs again and again.
struct Lab<'a> {
    folder: PathBuf,
    program: &'a Path,
    old: String,
    new: String,
    /// The most calls of one thread, since `strace` counts for each thread.
    calls: BTreeMap<String, usize>,
}

impl<'a> Lab<'a> {
    fn set_up(root: &Path, program: &'a Path, old: String, export: &[u8]) -> Result<Self> {
        let folder = root.join("target/xtask/faults");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).trying(folder.display())?;
        fs::write(folder.join("export.json"), export).trying("export.json")?;
        let mut lab = Self {
            folder,
            program,
            old,
            new: String::new(),
            calls: BTreeMap::new(),
        };
        let log = lab.folder.with_file_name("faults.log");
        let output = lab.patch(&["-o", &log.display().to_string()])?;
        if output.status.code() != Some(0) {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        lab.new = lab.manifest()?;
        lab.calls = most_calls(&fs::read_to_string(&log).trying(log.display())?);
        Ok(lab)
    }

    fn manifest(&self) -> Result<String> {
        let path = self.folder.join("manifest.json");
        fs::read_to_string(&path).trying(path.display())
    }

    /// Patches the old manifest under `strace`.
    fn patch(&self, strace: &[&str]) -> Result<Output> {
        fs::write(self.folder.join("manifest.json"), &self.old).trying("manifest.json")?;
        traced(&self.folder, strace, self.program, "patch")
            .output()
            .trying("strace")
    }

    /// How many faults were injected, and what is wrong with some.
    fn inject_all(&self, each: usize) -> Result<(usize, Vec<String>)> {
        let (mut runs, mut bad) = (0, Vec::new());
        for (at, (error, calls)) in ERRORS.iter().enumerate() {
            for call in *calls {
                let count = self.calls.get(*call).copied().unwrap_or_default();
                for number in numbers(count, at, each) {
                    runs += 1;
                    let problem = self.inject(call, error, number)?;
                    bad.extend(
                        problem.map(|problem| format!("{call} {number} {error}: {problem}")),
                    );
                }
            }
        }
        Ok((runs, bad))
    }

    /// What is wrong after one call failed.
    fn inject(&self, call: &str, error: &str, number: usize) -> Result<Option<String>> {
        let trace = format!("trace={call}");
        let fault = format!("inject={call}:error={error}:when={number}");
        let output = self.patch(&["-o", "/dev/null", "-e", &trace, "-e", &fault])?;
        let stderr = String::from_utf8_lossy(&output.stderr);
        // The loader failed before the program began.
        if stderr.contains("shared librar") {
            return Ok(None);
        }
        let left = self.left_over()?;
        let is_as_expected = match output.status.code() {
            Some(0) => &self.new,
            Some(2) => &self.old,
            code => return Ok(Some(format!("exit {code:?}: {stderr}"))),
        };
        Ok(if self.manifest()? != *is_as_expected {
            Some(format!(
                "the manifest is another one than its exit code says: {stderr}"
            ))
        } else if stderr.contains("panicked") {
            Some(stderr.into_owned())
        } else if !left.is_empty() && !call.starts_with("unlink") {
            Some(format!("left over: {left:?}"))
        } else {
            None
        })
    }

    /// Removes what was left beside the inputs, and returns its names.
    fn left_over(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder).trying(self.folder.display())? {
            let entry = entry.trying(self.folder.display())?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if ["manifest.json", "export.json"].contains(&name.as_str()) {
                continue;
            }
            fs::remove_file(entry.path()).trying(&name)?;
            if name != FOR_THE_NEXT_RUN {
                names.push(name);
            }
        }
        Ok(names)
    }
}
