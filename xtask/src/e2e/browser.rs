//! Pages in headless Chromium, as a reader sees them.
//!
//! Playwright from PyPI drives Debian's Chromium: it waits for what a page shows, not for a time, and
//! tells what the page did beside showing itself.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::checks::expect;
use super::lab::Lab;
use crate::failure::{Result, Trying};

const PACKAGES: [&str; 1] = ["playwright==1.65.2"];
const SCRIPT: &str = include_str!("browse.py");
/// The names that Chromium has in the path, Debian's first.
const NAMES: [&str; 2] = ["chromium", "chromium-browser"];

/// A browser, ready to be used.
pub(super) struct Browser<'l> {
    lab: &'l Lab,
    environment: PathBuf,
    chromium: PathBuf,
}

/// Where pages come from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Site<'s> {
    /// The files of a folder, which are served while pages are open.
    Folder(&'s Path),
    /// A server that runs, by its address with a slash at the end.
    Running(&'s str),
}

/// A page to be opened.
#[derive(Debug, Default, Serialize)]
pub(super) struct Page<'p> {
    /// Its address below that of the site.
    pub(super) address: String,
    /// A JavaScript expression that is true once the page shows what it has to show.
    pub(super) settled: &'p str,
    /// What is clicked then, in this order, as CSS selectors of Playwright.
    pub(super) clicks: &'p [&'p str],
    /// What is typed afterwards.
    pub(super) keys: &'p str,
    /// JavaScript expressions that are read at last, by names of the caller.
    pub(super) read: BTreeMap<&'p str, &'p str>,
    /// For how many milliseconds the page is left alone before it is read.
    pub(super) pause: u32,
    /// Where a picture of it goes.
    pub(super) screenshot: Option<PathBuf>,
}

/// What was seen of a page.
#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    /// Whether it came to show what it had to.
    settled: bool,
    values: BTreeMap<String, Value>,
    /// Scripts that set `window.__ran`, dialogs, and windows that opened: what texts must not do.
    pub(super) ran: Vec<String>,
    /// What it asked its own server for, below its address.
    pub(super) inside: Vec<String>,
    /// What it asked others for; nothing of that was sent.
    pub(super) outside: Vec<String>,
    /// Errors of its own scripts.
    pub(super) errors: Vec<String>,
}

impl<'l> Browser<'l> {
    /// Finds Chromium, and installs what drives it.
    pub(super) fn open(lab: &'l Lab) -> Result<Self> {
        Ok(Self {
            lab,
            chromium: chromium()?,
            environment: lab.environment("browser", &PACKAGES)?,
        })
    }

    /// Opens pages one after another.
    ///
    /// # Errors
    /// The browser cannot be used, or a page does not come to show what it has to.
    pub(super) fn visit(&self, site: Site, pages: &[Page]) -> Result<Vec<Seen>> {
        let (folder, address) = match site {
            Site::Folder(folder) => (Some(folder), None),
            Site::Running(address) => (None, Some(address)),
        };
        let task = json!({
            "chromium": self.chromium,
            "folder": folder,
            "address": address,
            "pages": pages,
        });
        let seen: Vec<Seen> = serde_json::from_slice(&self.run(&task)?).trying("browse.py")?;
        for (page, seen) in pages.iter().zip(&seen) {
            let what = format!("{} shows itself; {:?}", page.address, seen.errors);
            expect(&what, seen.settled, true)?;
        }
        Ok(seen)
    }

    fn run(&self, task: &Value) -> Result<Vec<u8>> {
        let python = self.environment.join("bin/python");
        let mut command = self.lab.program(&python, &self.lab.work);
        let mut child = command
            .args(["-B", "-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .trying(python.display())?;
        if let Some(mut input) = child.stdin.take() {
            let task = task.to_string();
            input.write_all(task.as_bytes()).trying("browse.py")?;
        }
        let output = child.wait_with_output().trying("browse.py")?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let complained = String::from_utf8_lossy(&output.stderr);
        Err(format!("browse.py failed:\n{complained}"))
    }
}

impl Seen {
    /// The value of an expression; null if it has none.
    pub(super) fn value(&self, name: &str) -> &Value {
        self.values.get(name).unwrap_or(&Value::Null)
    }

    /// The value of an expression that gives a text, with single blanks in place of all white space.
    pub(super) fn text(&self, name: &str) -> String {
        let text = self.value(name).as_str().unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The value of an expression that gives texts.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        let items = self.value(name).as_array().into_iter().flatten();
        items.filter_map(Value::as_str).collect()
    }
}

fn chromium() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path);
    let mut programs = folders.flat_map(|folder| NAMES.map(|name| folder.join(name)));
    programs.find(|program| program.is_file()).ok_or_else(|| {
        "Chromium is not in the path: install Debian's package `chromium`".to_owned()
    })
}
