//! Every command line of autoexpose that the documentation shows, in whatever language, and every option
//! that it names, is one of the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use autoexpose::cli::Cli;
use clap::error::ErrorKind;
use clap::{Arg, Command, CommandFactory};

use super::blocks;

/// Options of dbt that prose names.
const OF_OTHERS: [&str; 6] = [
    "empty",
    "no-partial-parse",
    "no-write-json",
    "static",
    "warn-error",
    "write-index",
];

#[test]
fn command_lines_are_those_of_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    let mut check = |place: &str, code: &str| {
        for words in commands(code) {
            count += 1;
            let parsed = Cli::command().try_get_matches_from(&words);
            let Err(error) = parsed else { continue };
            let is_help = matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            );
            assert!(is_help, "{place}: {words:?}: {error}");
        }
    };
    for block in blocks::all(root).unwrap() {
        if block.language != "text" {
            check(&block.place(), &block.text);
        }
    }
    for (page, text) in blocks::pages(root).unwrap() {
        for code in spans(&text).filter(|code| code.starts_with("autoexpose ")) {
            check(&page, code);
        }
    }
    for entry in fs::read_dir(root.join("docs/workflows")).unwrap() {
        let path = entry.unwrap().path();
        let workflow = fs::read_to_string(&path).unwrap();
        check(&path.display().to_string(), &workflow);
    }
    assert!(count >= 60, "{count} command lines");
}

#[test]
fn options_are_those_of_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let command = Cli::command();
    let verbs = command.get_subcommands().flat_map(Command::get_arguments);
    let mut known: BTreeSet<&str> = verbs.filter_map(Arg::get_long).collect();
    known.extend(["help", "version"]);
    let mut unknown = Vec::new();
    for (page, text) in blocks::pages(root).unwrap() {
        for code in spans(&text) {
            let Some(option) = code.strip_prefix("--") else {
                continue;
            };
            let option = option.split([' ', '=']).next().unwrap_or(option);
            if !known.contains(option) && !OF_OTHERS.contains(&option) {
                unknown.push(format!("{page}: `{code}`"));
            }
        }
    }
    assert_eq!(unknown, [""; 0]);
}

/// The pieces of code in the prose of a page.
fn spans(page: &str) -> impl Iterator<Item = &str> {
    let mut is_block = false;
    let prose = page.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_block ^= is_fence;
        !is_block && !is_fence
    });
    prose.flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// The command lines of autoexpose in some code, as words. The code may be of a shell, of YAML with
/// commands in it, or of Python with commands in texts or in lists.
fn commands(code: &str) -> Vec<Vec<String>> {
    let code = code.replace("\\\n", " ");
    let mut found = Vec::new();
    for line in code.lines() {
        for simple in simple_commands(line) {
            // A text with commands in it, as a job of YAML or an argument of Python.
            let texts = simple.iter().filter(|word| word.contains("autoexpose "));
            let texts = texts.map(|text| text.trim_end_matches([',', ')']));
            found.extend(texts.flat_map(commands));
            let Some(at) = simple.iter().position(|word| word == "autoexpose") else {
                continue;
            };
            let is_argument = |word: &String| {
                word.starts_with(|first: char| first == '-' || first.is_ascii_alphabetic())
                    && word != "--"
            };
            if simple.get(at + 1).is_some_and(is_argument) {
                found.push(simple[at..].to_vec());
            }
        }
    }
    found.extend(code.split("[\"autoexpose\"").skip(1).map(listed));
    found
}

/// The words of a command that is a list of Python; what is not a text there stands as `x`.
fn listed(rest: &str) -> Vec<String> {
    let list = rest.split(']').next().unwrap_or(rest);
    let words = list
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty());
    let words = words.map(|word| {
        let text = word
            .strip_prefix('"')
            .and_then(|word| word.strip_suffix('"'));
        text.unwrap_or("x").to_owned()
    });
    std::iter::once("autoexpose".to_owned())
        .chain(words)
        .collect()
}

/// The commands of one line, as words: cut where a shell ends a command or its arguments.
fn simple_commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        let ends = quote.is_none() && letter.is_whitespace();
        let cuts = quote.is_none() && matches!(letter, ';' | '|' | '&' | '(' | ')' | '<' | '>');
        if quote == Some(letter) {
            quote = None;
        } else if quote.is_none() && matches!(letter, '"' | '\'') {
            quote = Some(letter);
            word.get_or_insert_default();
        } else if ends || cuts {
            let last = commands.last_mut().unwrap();
            last.extend(word.take());
            if cuts {
                commands.push(Vec::new());
            }
        } else if quote.is_none() && letter == '#' && word.is_none() {
            break;
        } else {
            word.get_or_insert_default().push(letter);
        }
    }
    commands.last_mut().unwrap().extend(word);
    commands
}

#[test]
fn commands_are_found_in_code_of_any_language() {
    let code = "\
        FOO=1 autoexpose diff --tableau 'a b' > out # autoexpose gone\n\
        - run: autoexpose patch \\\n  --quiet && autoexpose man\n\
        pip install autoexpose\n\
        bash_command=\"cd x && autoexpose check --strict\",\n\
        run([\"autoexpose\", \"patch\", \"--manifest\", path], check=True)\n";
    assert_eq!(
        commands(code),
        [
            &["autoexpose", "diff", "--tableau", "a b"][..],
            &["autoexpose", "patch", "--quiet"],
            &["autoexpose", "man"],
            &["autoexpose", "check", "--strict"],
            &["autoexpose", "patch", "--manifest", "x"],
        ]
    );
}
