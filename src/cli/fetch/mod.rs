//! `autoexpose fetch`: asks Tableau for its metadata, and writes the export that `--tableau` reads.

mod linking;
pub(super) mod pump;
pub(super) mod secrets;
pub(super) mod told;

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use self::pump::Pump;
use super::args::{ConnectArgs, FetchArgs, InputArgs, Permissions};
use super::env;
use super::exit::Exit;
use super::paths::{Paths, config_of, fetched_export, project_folder};
use super::settings::{self, Target};
use crate::io::content::Content;
use crate::io::http::Http;
use crate::io::max_size::MaxSize;
use crate::io::write::{self, PendingFile, Stopped};
use crate::io::{name_of_input, read};
use crate::model::{Failure, SiteId};
use crate::remote::{AccessAsked, Asked, Credentials, Ending, Fetch, RulesOf};

/// Variables for certificates that other Tableau tools read.
const BUNDLES: [&str; 2] = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];

pub(super) fn run(args: &FetchArgs) -> Result<Exit, Vec<Failure>> {
    try_run(args).map_err(|failure| vec![failure])
}

fn try_run(args: &FetchArgs) -> Result<Exit, Failure> {
    let project = project_folder(args.project_dir.as_ref())?;
    let config = config_of(args.config.as_ref(), &project);
    let Target {
        site: SiteId {
            server,
            content_url,
        },
        projects,
        audiences,
        settings,
    } = settings::target(args, config.as_deref())?;
    let server = server.ok_or_else(without_server)?;
    let path = match &args.output {
        Some(path) => path.clone(),
        None => fetched_export(&project, args.target_path.as_ref())?,
    };
    let rules = match args.permissions {
        None => RulesOf::Nothing,
        Some(Permissions::All) => RulesOf::All,
        Some(Permissions::Linked) => RulesOf::Linked(linking::by(args, &project, settings)?),
    };
    let credentials = secrets::find(&args.connect)?;
    let http = connections(&args.connect)?;
    write::watch_signals();
    let file = PendingFile::begin(&path, &Content::from(Vec::new()))?.private()?;
    let fetch = Fetch::new(Asked {
        server,
        site: content_url.unwrap_or_default(),
        projects,
        with_columns: args.columns,
        access: AccessAsked { audiences, rules },
        credentials: credentials.value,
        captured_at: now(),
        time_limit: Duration::from_secs(u64::from(args.connect.timeout) * 60),
        allows_http: args.connect.allow_http,
    });
    if args.verbose {
        told::credentials(&credentials.origin);
    }
    let pump = Pump::new(http, args.verbose, args.quiet);
    let (file, fetched) = file.complete_by(|export| match pump.run(fetch, export)? {
        Ending::Fetched(fetched) => Ok(fetched),
        Ending::Failed(failure) => Err(Stopped::Failed(failure)),
    })?;
    // The line of the progress is gone before anything is told.
    drop(pump);
    file.publish()?;
    told::fetched(&fetched, &path, args);
    let is_whole = fetched.missing.is_empty() || args.allow_incomplete;
    Ok(if is_whole { Exit::Done } else { Exit::No })
}

/// Asks Tableau before another verb reads the export. One that is incomplete is read as well: the
/// verb tells what that means for its result.
pub(super) fn before(args: &InputArgs, paths: &Paths) -> Result<(), Failure> {
    let fetch = FetchArgs {
        server: args.export.server.clone(),
        site: args.export.site.clone(),
        target_path: args.project.target_path.clone(),
        // Of several projects, the export lies in the current folder.
        project_dir: match args.project.project_dirs.as_slice() {
            [] => None,
            [project] => Some(project.clone()),
            _ => Some(PathBuf::from(".")),
        },
        config: paths.config.clone(),
        audience: Vec::from_iter(args.audience.audience.clone()),
        quiet: true,
        ..FetchArgs::default()
    };
    try_run(&fetch).map(drop)
}

pub(super) fn without_server() -> Failure {
    Failure::new("", "the server is not known").help(
        "give it with `--server https://…`, in the variable TABLEAU_SERVER_URL, or as `tableau.server` in autoexpose.yml",
    )
}

/// Connections that trust what the system trusts, and the certificates that a flag and variables name.
pub(super) fn connections(args: &ConnectArgs) -> Result<Http, Failure> {
    let by_flag = env::find_path(args.ca_bundle.as_ref(), "--ca-bundle", &[]);
    let by_variables = BUNDLES
        .iter()
        .filter_map(|name| env::find_path(None, "", &[name]));
    // What Python's requests reads may be a folder, which only its own hashed names make readable.
    let by_variables = by_variables.filter(|found| !found.path.is_dir());
    let bundles = by_flag.into_iter().chain(by_variables).map(|found| {
        let content = read(&found.path, MaxSize::OF_SETTINGS);
        let content = content.map_err(|failure| found.name_origin(failure))?;
        Ok((name_of_input(&found.path), content))
    });
    Http::new(&bundles.collect::<Result<Vec<_>, Failure>>()?)
}

/// With what a run signs in.
pub(super) fn secrets(args: &ConnectArgs) -> Result<Credentials, Failure> {
    Ok(secrets::find(args)?.value)
}

/// This moment, as exports write it.
fn now() -> String {
    let now = Timestamp::now();
    let seconds = Timestamp::from_second(now.as_second());
    seconds.unwrap_or(now).to_string()
}
