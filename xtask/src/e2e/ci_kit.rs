//! The kit for pull requests, on a sample repository: the steps of `action.yml`, the jobs for GitLab,
//! and the hook for pre-commit. What they say to GitHub and GitLab goes to a server on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};

use super::checks::{Checks, expect};
use super::lab::{Lab, output};
use super::shop::{Shop, V1_11};
use crate::failure::{Result, Trying};

const SCRIPT: &str = include_str!("ci_kit.py");
const PACKAGES: [&str; 2] = ["PyYAML==6.0.3", "pre-commit==4.6.0"];
/// A model that the workbook reads.
const MODEL: &str = "models/marts/fct_orders.sql";
/// Where production is kept.
const PRODUCTION: &str = "production";
const MARKER: &str = "<!-- autoexpose impact -->";

/// Checks the kit with one version of dbt.
pub(super) fn check(lab: &Lab, wheel: &Path, checks: &mut Checks) {
    let Some(kit) = checks.check("ci kit: a sample repository, production kept", || {
        Kit::open(lab, wheel)
    }) else {
        return;
    };
    checks.check("action: nothing is reached, nothing is posted", || {
        let ran = kit.action(true, &json!({}), &[])?;
        expect("exit code", ran.code, 0)?;
        expect("comments", ran.comments.len(), 0)?;
        ran.expect_in("summary", &ran.summary, "No workbook is reached")
    });
    if checks
        .check("ci kit: a model moves", || kit.move_model())
        .is_none()
    {
        return;
    }
    checks.check(
        "action: what breaks is one comment, which is renewed",
        || {
            let first = kit.action(true, &json!({}), &[])?;
            expect("exit code", first.code, 1)?;
            first.expect_comment("breaks")?;
            first.expect_in("summary", &first.summary, "breaks")?;
            first.expect_in("annotations", &first.printed, "::error file=")?;
            let second = kit.action(true, &json!(first.comments), &[])?;
            expect("comments", second.comments.len(), 1)?;
            let is_renewed = second.calls.iter().any(|call| call.starts_with("PATCH"));
            expect("whether it is renewed", is_renewed, true)
        },
    );
    checks.check(
        "action: the read-only token of a fork leaves the summary",
        || {
            let ran = kit.action(false, &json!({}), &[("arguments", "--fail-on\nnone")])?;
            expect("exit code", ran.code, 0)?;
            ran.expect_in(
                "output",
                &ran.printed,
                "::notice::This token may not comment",
            )?;
            ran.expect_in("summary", &ran.summary, "breaks")
        },
    );
    check_others(&kit, wheel, checks);
}

/// Other commands of the action, GitLab and pre-commit, after the model has moved.
fn check_others(kit: &Kit, wheel: &Path, checks: &mut Checks) {
    checks.check("action: diff and check", || {
        let diff = kit.action(true, &json!({}), &[("command", "diff")])?;
        expect("exit code of diff", diff.code, 0)?;
        expect("comments", diff.comments.len(), 1)?;
        let check = [("command", "check"), ("arguments", "--fail-on=lost")];
        let check = kit.action(true, &json!({}), &check)?;
        expect("exit code of check", check.code, 1)
    });
    checks.check(
        "action: what it cannot do is said, and nothing posted",
        || {
            let wrong = kit.action(true, &json!({}), &[("command", "patch; id")])?;
            expect("exit code", wrong.code, 2)?;
            let missing = kit.action(true, &json!({}), &[("base", "nowhere")])?;
            expect("exit code", missing.code, 2)?;
            expect("calls", missing.calls.len(), 0)
        },
    );
    checks.check("gitlab: a note, which is renewed, and code quality", || {
        kit.gitlab()
    });
    checks.check("pre-commit: the hook decides the gates", || {
        kit.pre_commit(wheel)
    });
}

/// A sample repository, and what runs the kit.
struct Kit<'l> {
    lab: &'l Lab,
    shop: Shop<'l>,
    tools: PathBuf,
    wheel: PathBuf,
}

/// What came of a run.
#[derive(Debug, Deserialize)]
struct Ran {
    code: i32,
    printed: String,
    summary: String,
    comments: BTreeMap<String, String>,
    calls: Vec<String>,
}

impl Ran {
    fn expect_in(&self, what: &str, text: &str, part: &str) -> Result<()> {
        if text.contains(part) {
            return Ok(());
        }
        Err(format!(
            "{what}: `{part}` is missing\n{text}\n{}",
            self.printed
        ))
    }

    /// One comment, which begins with the marker.
    fn expect_comment(&self, part: &str) -> Result<()> {
        expect("comments", self.comments.len(), 1)?;
        let body = self.comments.values().next().map_or("", String::as_str);
        expect(
            "whether the marker comes first",
            body.starts_with(MARKER),
            true,
        )?;
        self.expect_in("comment", body, part)
    }
}

impl<'l> Kit<'l> {
    fn open(lab: &'l Lab, wheel: &Path) -> Result<Self> {
        let shop = Shop::open(lab, &V1_11, wheel, "ci-kit")?;
        let tools = lab.environment("ci-kit-tools", &PACKAGES)?;
        shop.dbt(&["--quiet", "parse"])?;
        let patch = ["patch", "--tableau", "export", "--state-out", PRODUCTION];
        output(&mut shop.autoexpose(&patch))?;
        shop.dbt(&["--quiet", "parse", "--no-partial-parse"])?;
        Ok(Self {
            lab,
            shop,
            tools,
            wheel: wheel.to_owned(),
        })
    }

    /// Gives a model that the workbook reads another alias.
    fn move_model(&self) -> Result<()> {
        let path = self.shop.folder.join(MODEL);
        let text = fs::read_to_string(&path).trying(path.display())?;
        let text = format!("{{{{ config(alias='fct_sales') }}}}\n{text}");
        self.shop.write(MODEL, &text)?;
        self.shop.dbt(&["--quiet", "parse"])?;
        Ok(())
    }

    /// Runs the steps of the action, with other inputs than usual.
    fn action(&self, may_write: bool, comments: &Value, other: &[(&str, &str)]) -> Result<Ran> {
        let mut inputs = json!({
            "package": self.wheel,
            "base": PRODUCTION,
            "token": "t0ken",
            "number": "7",
        });
        for (name, value) in other {
            inputs[*name] = json!(value);
        }
        self.run(&json!({
            "action": self.lab.root.join("action.yml"),
            "inputs": inputs,
            "project": self.shop.folder,
            "work": self.lab.work.join("ci-kit-runner"),
            "may_write": may_write,
            "comments": comments,
        }))
    }

    /// The job for merge requests, without what installs and downloads.
    fn gitlab(&self) -> Result<()> {
        let recipes = self.lab.root.join("docs/recipes");
        let folder = self.shop.folder.join("tableau");
        fs::create_dir_all(&folder).trying(folder.display())?;
        let note = "gitlab_note.py";
        fs::copy(recipes.join(note), folder.join(note)).trying(note)?;
        let task = |comments: &Value| {
            json!({
                "jobs": recipes.join("gitlab-impact.yml"),
                "job": "tableau-impact",
                "without": "pip |dbt |curl |python3 -m zipfile",
                "token": "t0ken",
                "project": self.shop.folder,
                "may_write": true,
                "comments": comments,
            })
        };
        let first = self.run(&task(&json!({})))?;
        expect("exit code", first.code, 1)?;
        first.expect_comment("breaks")?;
        let quality = self.shop.folder.join("quality.json");
        let text = fs::read_to_string(&quality).trying(quality.display())?;
        let found = serde_json::from_str::<Vec<Value>>(&text).trying("quality.json")?;
        expect("whether something is found", found.is_empty(), false)?;
        let second = self.run(&task(&json!(first.comments)))?;
        let is_renewed = second.calls.iter().any(|call| call.starts_with("PUT"));
        expect("whether it is renewed", is_renewed, true)
    }

    /// Runs the hook as a user's repository has it: locally, with the package.
    fn pre_commit(&self, wheel: &Path) -> Result<()> {
        let hooks = self.lab.root.join(".pre-commit-hooks.yaml");
        let hooks = fs::read_to_string(&hooks).trying(hooks.display())?;
        let entry = hooks
            .lines()
            .find_map(|line| line.trim().strip_prefix("entry: "))
            .ok_or("the hook has an entry")?;
        let config = format!(
            "repos:\n- repo: local\n  hooks:\n  - id: autoexpose-check\n    name: autoexpose check\n    entry: {entry}\n    language: python\n    additional_dependencies: [\"{}\"]\n    pass_filenames: false\n    always_run: true\n",
            wheel.display()
        );
        self.shop.write(".pre-commit-config.yaml", &config)?;
        let gates =
            "tableau: {exports: [export]}\ncheck: {fail_on: [incomplete], max_unlinked: 0}\n";
        self.shop.write("autoexpose.yml", gates)?;
        let git = |arguments: &[&str]| {
            output(
                Command::new("git")
                    .args(arguments)
                    .current_dir(&self.shop.folder),
            )
        };
        git(&["init", "--quiet"])?;
        git(&["add", "."])?;
        let mut run = Command::new(self.tools.join("bin/pre-commit"));
        let run = run
            .args(["run", "--all-files"])
            .env("PRE_COMMIT_HOME", self.lab.work.join("pre-commit"))
            .current_dir(&self.shop.folder)
            .output()
            .trying("pre-commit")?;
        let printed = String::from_utf8_lossy(&run.stdout);
        // The moved model is not linked any more, which is more than the gate allows.
        expect(&format!("exit code\n{printed}"), run.status.code(), Some(1))?;
        let is_decided = printed.contains("max-unlinked") || printed.contains("unlinked");
        expect(
            &format!("whether the gate is named\n{printed}"),
            is_decided,
            true,
        )
    }

    fn run(&self, task: &Value) -> Result<Ran> {
        let bin = self.shop.environment.join("bin");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(bin).chain(std::env::split_paths(&path));
        let path = std::env::join_paths(folders).trying("PATH")?;
        let mut python = Command::new(self.tools.join("bin/python"));
        let mut python = python
            .args(["-c", SCRIPT])
            .env("PATH", path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .trying("python")?;
        let mut stdin = python.stdin.take().ok_or("python reads")?;
        stdin
            .write_all(task.to_string().as_bytes())
            .trying("python")?;
        drop(stdin);
        let ran = python.wait_with_output().trying("python")?;
        let said = String::from_utf8_lossy(&ran.stderr);
        serde_json::from_slice(&ran.stdout).trying(format!("{task}\n{said}"))
    }
}
