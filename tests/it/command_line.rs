//! What is made of the command line itself: completions and manual pages.

use std::process::{Command, Output};

use autoexpose::cli::Cli;
use clap::{Arg, CommandFactory};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_autoexpose"))
        .args(arguments)
        .output()
        .unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn completions_know_every_verb_and_flag() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        for verb in Cli::command().get_subcommands() {
            assert!(script.contains(verb.get_name()), "{shell}: {verb}");
            for flag in verb.get_arguments().filter_map(Arg::get_long) {
                assert!(script.contains(flag), "{shell}: {verb} --{flag}");
            }
        }
    }
}

#[test]
fn manual_pages_know_every_verb_and_flag() {
    let page = printed(&["man"]);
    for verb in Cli::command().get_subcommands() {
        assert!(page.contains(verb.get_name()), "{verb}");
        let page = printed(&["man", verb.get_name()]);
        for flag in verb.get_arguments().filter_map(Arg::get_long) {
            // A hyphen of the page is written so.
            let flag = flag.replace('-', "\\-");
            assert!(page.contains(&flag), "{verb} --{flag}");
        }
    }
}

#[test]
fn an_unknown_verb_has_no_manual_page() {
    let output = run(&["man", "pach"]);
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("\"pach\" is not a command"), "{message}");
    assert!(message.contains("patch, diff"), "{message}");
}

#[test]
fn the_version_names_commit_and_manifests() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(printed(&["-V"]), format!("autoexpose {version}\n"));
    let long = printed(&["--version"]);
    let lines = long.lines().collect::<Vec<_>>();
    let [first, commit, manifests] = lines[..] else {
        panic!("{long}");
    };
    assert_eq!(first, format!("autoexpose {version}"));
    assert!(commit.starts_with("commit "), "{commit}");
    assert_eq!(manifests, "reads dbt manifests of schema v4 to v12 and v20");
}
