//! Sets a dbt project up for exposures in YAML: what its files say × the way of use that is wanted →
//! the files that change.
//!
//! There are two ways: files that are committed, in a folder below the models; and a folder beside the
//! models that git ignores, which dbt reads as one of the `model-paths`. `dbt_project` and `gitignore`
//! change the files that decide, line by line, so that everything else in them stays to the byte;
//! `config` begins `autoexpose.yml`, or finds what there contradicts the way. Whatever cannot be changed
//! with certainty is an obstacle, and then nothing is changed at all.

mod config;
mod dbt_project;
mod gitignore;
mod list;
mod outline;
mod project;
mod text;

pub use self::dbt_project::Obstacle;
pub use self::project::{Choice, FileChange, GITIGNORE, Git, Project, Way};
use crate::input::dbt_project::FILE;
use crate::model::Failure;
use crate::model::display::display_enum;

/// What messages end with that say why nothing is changed.
const UNCHANGED: &str = "no file was changed";

display_enum! {
    /// What is left to do, or to know.
    pub enum Remark {
        /// The way was another one, and its files are still there.
        MovedAway(files: String) => "dbt still reads {files}: `autoexpose yaml` moves what it wrote there into the hidden folder. Commit that change, since dbt 1 refuses a project in which two files define one exposure, and dbt 2.0 takes the last of them without a word";
        /// The hidden folder is not read any more.
        LeftBehind(files: String) => "dbt does not read the hidden folder any more: delete it, with {files}, here and wherever a job keeps it";
        /// Git goes on with files that it tracks.
        Tracked(files: String) => "git tracks {files}, and goes on with it although it ignores the folder: `git rm -r --cached .autoexpose`";
        /// There is no repository.
        NotARepository => "this is not a git repository: when it becomes one, add a line `.autoexpose/` to .gitignore";
        /// Git is not there, or does not trust the folder.
        GitIsSilent(why: String) => "git could not be asked what it ignores and tracks ({why}): see by `git status` that it passes over .autoexpose/";
    }
}

/// What is to be done in a project.
#[derive(Debug)]
pub struct Setup<'t> {
    /// The way.
    pub way: Way,
    /// Why it is that one.
    pub choice: Choice,
    /// Where `autoexpose yaml` writes exposures, from the project on.
    pub folder: String,
    /// Whether `autoexpose.yml` says which exports are read.
    pub has_exports: bool,
    /// The files that change, in the order of their paths.
    pub changes: Vec<FileChange<'t>>,
    /// What is left to do.
    pub remarks: Vec<Remark>,
}

/// Sets a project up. `others` are the files of exposures that stand in the folder of the other way.
///
/// # Errors
/// What cannot be changed with certainty, or contradicts the way.
pub fn set_up<'t>(
    project: &Project<'t>,
    asked: Option<Way>,
    git: &Git,
    others: &[String],
) -> Result<Setup<'t>, Vec<Failure>> {
    let (way, choice) = project.way(asked);
    let folder = project.folder(way);
    let mut failures = config::contradiction(project, way, &folder);
    if way == Way::Committed
        && let Git::Says {
            ignored_by: Some(line),
            ..
        } = git
    {
        let message = format!(
            "git ignores this folder by {line} of the repository, so its files cannot be committed"
        );
        let help = "take the folder out of what git ignores; or use `--hidden`";
        failures.push(Failure::new(&folder, message).help(help));
    }
    let mut changes = Vec::new();
    if way == Way::Hidden {
        changes.extend(gitignore::change(project.gitignore, git));
    }
    changes.extend(config::begun(project));
    match dbt_project::changed(project.dbt_project, &project.folders, way) {
        Ok(Some(after)) => changes.push(FileChange {
            path: FILE,
            before: Some(project.dbt_project),
            after,
        }),
        Ok(None) => {}
        Err(failure) => failures.push(failure),
    }
    if !failures.is_empty() {
        let failures = failures.into_iter();
        let failures = failures.map(|failure| failure.more_help(UNCHANGED.to_owned()));
        return Err(failures.collect());
    }
    Ok(Setup {
        way,
        choice,
        has_exports: project
            .config
            .as_ref()
            .is_none_or(|config| !config.exports.is_empty()),
        changes,
        remarks: remarks(project, way, git, others),
        folder,
    })
}

fn remarks(project: &Project, way: Way, git: &Git, others: &[String]) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if !others.is_empty() {
        let files = named(others);
        remarks.push(match way {
            Way::Committed => Remark::LeftBehind(files),
            Way::Hidden => Remark::MovedAway(files),
        });
    }
    match git {
        _ if way == Way::Committed => {}
        Git::NotARepository if project.gitignore.is_none() => remarks.push(Remark::NotARepository),
        Git::NotARepository => {}
        Git::Silent(why) => remarks.push(Remark::GitIsSilent(why.clone())),
        Git::Says { tracked, .. } if !tracked.is_empty() => {
            remarks.push(Remark::Tracked(named(tracked)));
        }
        Git::Says { .. } => {}
    }
    remarks
}

/// The first file, and how many more there are.
fn named(files: &[String]) -> String {
    match files {
        [] => String::new(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}
