//! A folder with a manifest and an export, and the program in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

use super::fixtures;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_autoexpose");
pub(crate) const INPUTS: [&str; 4] = ["--manifest", "manifest.json", "--tableau", "export.json"];

/// A folder with a manifest that real dbt wrote, and with an export that links its models.
pub(crate) struct Bistro(pub(crate) TempDir);

impl Bistro {
    pub(crate) fn new() -> Self {
        let bistro = Self(tempfile::tempdir().unwrap());
        bistro.write("manifest.json", fixtures::manifest("postgres-1.11"));
        bistro.write("export.json", fixtures::read("tableau/bistro.json"));
        bistro
    }

    /// One with a manifest that is so large that it is read on all cores, and copied in the background.
    pub(crate) fn large() -> Self {
        let bistro = Self::new();
        let small = String::from_utf8(bistro.manifest()).unwrap();
        bistro.write("manifest.json", padded(&small));
        bistro
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn manifest(&self) -> Vec<u8> {
        self.read("manifest.json")
    }

    /// The names in a folder below this one, sorted.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// A program that runs in this folder, without any variable.
    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear();
        command
    }

    /// Patches the manifest, with more arguments if need be.
    pub(crate) fn patch(&self, more: &[&str]) -> Output {
        self.command(PROGRAM, &[&["patch"], &INPUTS[..], more].concat())
            .output()
            .unwrap()
    }

    #[track_caller]
    pub(crate) fn assert_patches(&self, more: &[&str]) -> Output {
        let output = self.patch(more);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        output
    }

    /// Asserts that a run failed with a message, changed nothing and left nothing behind.
    #[track_caller]
    pub(crate) fn assert_refused(&self, before: &[u8], output: &Output, message: &str) {
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(message), "{stderr}");
        assert_eq!(self.manifest(), before);
        assert_eq!(self.names(""), ["export.json", "manifest.json"]);
    }
}

/// A manifest with 9 MB more in one of its texts.
pub(crate) fn padded(manifest: &str) -> String {
    let padding = "x".repeat(9 << 20);
    let docs = format!("\"docs\": {{\"padding\": \"{padding}\", ");
    manifest.replacen("\"docs\": {", &docs, 1)
}
