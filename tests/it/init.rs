//! `autoexpose init` with real git, and with files that cannot simply be replaced.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PROJECT: &str = "name: bistro\nmodel-paths: [models]\n";

/// A repository with a dbt project below its root.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.git(&["init", "--quiet"]);
        fs::create_dir_all(repository.path("dbt/models")).unwrap();
        repository.write("dbt/dbt_project.yml", PROJECT);
        repository
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        let output = git.args(arguments).current_dir(self.0.path()).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs `autoexpose init` in the project, with the exit code that is expected.
    #[track_caller]
    fn init(&self, arguments: &[&str], code: i32) -> String {
        told(init(&self.path("dbt")).args(arguments), code)
    }

    /// The files that git would commit.
    fn committed(&self) -> Vec<String> {
        self.git(&["add", "--all"]);
        let files = self.git(&["ls-files"]);
        files.lines().map(str::to_owned).collect()
    }
}

fn init(project: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_autoexpose"));
    command.arg("init").current_dir(project);
    command
}

/// What a command prints, with the exit code that is expected.
#[track_caller]
fn told(command: &mut Command, code: i32) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let told = [stdout, stderr].concat();
    let told = String::from_utf8(told).unwrap();
    assert_eq!(status.code(), Some(code), "{told}");
    told
}

#[test]
fn git_ignores_the_hidden_folder_and_sees_the_rest() {
    let repository = Repository::new();
    repository.init(&["--hidden", "--write"], 0);
    repository.write("dbt/.autoexpose/tableau.yml", "exposures: []\n");
    assert_eq!(repository.read("dbt/.gitignore"), ".autoexpose/\n");
    let expected = [
        "dbt/.gitignore",
        "dbt/autoexpose.yml",
        "dbt/dbt_project.yml",
    ];
    assert_eq!(repository.committed(), expected);
    let told = repository.init(&[], 0);
    assert!(
        told.contains("nothing changes") && !told.contains("by hand"),
        "{told}"
    );
}

#[test]
fn a_pattern_that_ignores_the_folder_already_is_enough() {
    for (file, pattern) in [
        (".gitignore", "dbt/.autoexpose/"),
        (".gitignore", "**/.[a-c]uto*"),
        ("dbt/.gitignore", ".*\n!.gitignore"),
    ] {
        let repository = Repository::new();
        repository.write(file, pattern);
        repository.init(&["--hidden", "--write"], 0);
        assert_eq!(repository.read(file), pattern);
        repository.write("dbt/.autoexpose/tableau.yml", "exposures: []\n");
        assert!(
            !repository
                .committed()
                .contains(&"dbt/.autoexpose/tableau.yml".to_owned())
        );
    }
}

#[test]
fn what_only_one_clone_ignores_does_not_count() {
    let repository = Repository::new();
    repository.write(".git/info/exclude", ".autoexpose/\n");
    repository.write("dbt/.gitignore", ".autoexpose/\n!.autoexpose/");
    repository.init(&["--hidden", "--write"], 0);
    assert_eq!(
        repository.read("dbt/.gitignore"),
        ".autoexpose/\n!.autoexpose/\n.autoexpose/"
    );
}

#[test]
fn files_that_git_tracks_are_told() {
    let repository = Repository::new();
    repository.write("dbt/.autoexpose/tableau.yml", "exposures: []\n");
    repository.committed();
    let told = repository.init(&["--hidden", "--write"], 0);
    let expected = "git tracks .autoexpose/tableau.yml, and goes on with it";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn files_that_git_ignores_are_not_set_up_to_be_committed() {
    let repository = Repository::new();
    repository.write(".gitignore", "# all\nautoexpose/\n");
    let told = repository.init(&["--write"], 2);
    let expected = "models/autoexpose: git ignores this folder by .gitignore:2 of the repository";
    assert!(told.contains(expected), "{told}");
    assert!(!repository.path("dbt/autoexpose.yml").exists());
}

#[test]
fn without_git_it_is_told_what_to_look_at() {
    let repository = Repository::new();
    repository.write("dbt/.gitignore", "target/\n");
    let mut command = init(&repository.path("dbt"));
    let told = told(
        command
            .args(["--hidden", "--write"])
            .env("PATH", "/nowhere"),
        0,
    );
    assert!(told.contains("git could not be asked"), "{told}");
    assert_eq!(repository.read("dbt/.gitignore"), "target/\n.autoexpose/\n");
}

#[test]
fn a_file_that_cannot_be_written_leaves_all_as_they_are() {
    let repository = Repository::new();
    let read_only = fs::Permissions::from_mode(0o444);
    fs::set_permissions(repository.path("dbt/dbt_project.yml"), read_only).unwrap();
    let told = repository.init(&["--hidden", "--write"], 2);
    assert!(told.contains("no file was changed"), "{told}");
    let files = repository.committed();
    assert_eq!(files, ["dbt/dbt_project.yml"]);
    assert_eq!(repository.read("dbt/dbt_project.yml"), PROJECT);
}

#[test]
fn a_symlink_stays_one() {
    let repository = Repository::new();
    let link = repository.path("dbt/dbt_project.yml");
    fs::rename(&link, repository.path("shared.yml")).unwrap();
    symlink("../shared.yml", &link).unwrap();
    repository.init(&["--hidden", "--write"], 0);
    assert!(link.is_symlink());
    let expected = "name: bistro\nmodel-paths: [models, .autoexpose]\n";
    assert_eq!(repository.read("shared.yml"), expected);
}
