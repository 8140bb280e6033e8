//! `cargo xtask tidy`: the rules of this house, as far as a program can check them.
//!
//! Each rule is a file of this folder and a function from the code, or from a document, to
//! complaints. A new rule is one file and one line in [`run`].

mod blocks;
mod circles;
mod code;
mod codes;
mod crates;
mod documents;
mod fixtures;
mod generated;
mod imports;
mod links;
mod pages;
mod rooms;
mod schema_tables;
mod shape;
mod tree;
mod world;

use std::path::Path;

use crate::failure::Result;
use crate::repository::{self, files, name, text};
use tree::Tree;

/// The folders of the roots of crates. The first one is the program.
const CRATES: [&str; 4] = ["src", "tests/bench", "tests/it", "xtask/src"];

/// Checks everything; with `--fix`, writes the generated blocks of the documentation and the index of
/// the codes' pages anew.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let root = repository::root();
    let mut complaints = Vec::new();
    for folder in CRATES {
        let tree = parse(&root, folder)?;
        complaints.extend(shape::check(&tree));
        complaints.extend(circles::check(folder, &tree));
        if folder == CRATES[0] {
            complaints.extend(imports::check(&tree));
            complaints.extend(rooms::check(&tree));
            complaints.extend(world::check(&tree));
            complaints.extend(crates::check(&tree, &text(&root.join("Cargo.toml"))?));
        }
    }
    for path in files(&root.join("fixtures"))? {
        complaints.extend(fixtures::check(&name(&root, &path), &text(&path)?));
    }
    for document in documents::ALL {
        let is_there = |path: &str| root.join(path).exists();
        complaints.extend(documents::check(
            document,
            &text(&root.join(document))?,
            is_there,
        ));
    }
    let fix = arguments.iter().any(|argument| argument == "--fix");
    let pages = pages::all(&root)?;
    complaints.extend(generated::check(&root, &pages, &blocks::all(&root)?, fix)?);
    complaints.extend(links::check(&pages, |path| root.join(path).exists()));
    complaints.extend(codes::check(&root, fix)?);
    if complaints.is_empty() {
        println!("tidy");
        return Ok(());
    }
    Err(format!(
        "{} things are not tidy:\n  {}",
        complaints.len(),
        complaints.join("\n  ")
    ))
}

/// Reads the crate whose root is in a folder.
fn parse(root: &Path, folder: &str) -> Result<Tree> {
    let mut sources = Vec::new();
    for path in files(&root.join(folder))? {
        if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push((name(root, &path), text(&path)?));
        }
    }
    Tree::parse(folder, sources)
}
