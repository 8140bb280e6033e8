//! The settings of a run: flags over variables over `autoexpose.yml`, and where each came from.

use std::env;
use std::path::PathBuf;

use super::args::{ExportArgs, Found, MatchingArgs, PlanArgs, SelectionArgs};
use super::shown::{DEFAULT, NOT_SET, Shown};
use crate::input::config::located::Located;
use crate::input::config::raw::RawFilter;
use crate::input::config::{self, Config};
use crate::input::json::{utf8, without_mark};
use crate::io::read;
use crate::model::Failure;
use crate::output::yaml;
use crate::settings::{Filters, Settings, Thresholds, WorkbookFilter};

/// The configuration's name, beside `dbt_project.yml`.
const CONFIG_FILE: &str = "autoexpose.yml";
/// Variables that other Tableau tools use for the server's address, the most common first.
const SERVER_VARIABLES: [&str; 4] = [
    "TABLEAU_SERVER_URL",
    "TABLEAU_SERVER",
    "TABLEAU_BASE_URL",
    "TABLEAU_URL",
];
/// Variables for the site's content URL.
const SITE_VARIABLES: [&str; 3] = ["TABLEAU_SITE_ID", "TABLEAU_SITE", "TABLEAU_SITE_NAME"];

/// Settings and where they came from.
pub(super) struct Effective {
    pub(super) settings: Settings,
    pub(super) shown: Shown,
}

/// What is asked for instead of a run: the settings, or the schema of their file.
pub(super) fn asked_for(args: &PlanArgs) -> Result<Option<String>, Vec<Failure>> {
    if args.run.config_schema {
        let schema = config::json_schema();
        let schema = schema.map_err(|error| vec![Failure::new("", error.to_string())])?;
        return Ok(Some(schema));
    }
    if args.run.show_config {
        return Ok(Some(effective(args)?.shown.text()));
    }
    Ok(None)
}

/// Finds out the settings of a run.
pub(super) fn effective(args: &PlanArgs) -> Result<Effective, Vec<Failure>> {
    let (
        path,
        Config {
            mut settings,
            written,
        },
    ) = from_file(args).map_err(|failure| vec![failure])?;
    let file = path.map(|path| path.display().to_string());
    let mut shown = Shown::new(file, written);
    note_inputs(args, &mut shown);
    server(&args.export, &mut settings, &mut shown).map_err(|failure| vec![failure])?;
    site(&args.export, &mut settings, &mut shown);
    selection(&args.selection, &mut settings, &mut shown)?;
    name_only(&args.matching, &mut settings, &mut shown).map_err(|failure| vec![failure])?;
    note_of_file(&mut shown);
    Ok(Effective { settings, shown })
}

fn note_inputs(args: &PlanArgs, shown: &mut Shown) {
    let Found { path, by } = args.project.manifest_path();
    shown.note("manifest", path.display(), by);
    match args.project.state_path() {
        Some(Found { path, by }) => shown.note("state", path.display(), by),
        None => shown.note("state", NOT_SET, DEFAULT),
    }
    note_flag(
        shown,
        "export is complete",
        args.export.export_complete,
        "--export-complete",
    );
}

fn note_flag(shown: &mut Shown, key: &str, is_given: bool, flag: &str) {
    shown.note(key, is_given, if is_given { flag } else { DEFAULT });
}

fn server(args: &ExportArgs, settings: &mut Settings, shown: &mut Shown) -> Result<(), Failure> {
    let of_flag = args
        .server
        .clone()
        .map(|server| (server, "--server".to_owned()));
    let of_flag = of_flag.filter(|(server, _)| !server.trim().is_empty());
    if let Some((server, by)) = of_flag.or_else(|| filled_variable(&SERVER_VARIABLES)) {
        let server = config::server(&server.into()).map_err(|invalid| invalid.given_by(&by))?;
        shown.note("tableau.server", &server, by);
        settings.site.server = Some(server);
    } else {
        shown.note_of_file("tableau.server", NOT_SET);
    }
    Ok(())
}

/// The site's content URL. An empty one is that of the default site, but an empty variable may
/// be one that was only not filled: it counts where nothing else names a site.
fn site(args: &ExportArgs, settings: &mut Settings, shown: &mut Shown) {
    let of_flag = args.site.clone().map(|site| (site, "--site".to_owned()));
    let filled = of_flag.or_else(|| filled_variable(&SITE_VARIABLES));
    let is_in_file = settings.site.content_url.is_some();
    let empty = || variables(&SITE_VARIABLES).next().filter(|_| !is_in_file);
    if let Some((site, by)) = filled.or_else(empty) {
        shown.note("tableau.site", yaml::text(&site), by);
        settings.site.content_url = Some(site);
    } else {
        shown.note_of_file("tableau.site", NOT_SET);
    }
}

fn selection(
    args: &SelectionArgs,
    settings: &mut Settings,
    shown: &mut Shown,
) -> Result<(), Vec<Failure>> {
    let selection = &mut settings.selection;
    selection.this_run = Filters {
        include: filters("--include", &args.include)?,
        exclude: filters("--exclude", &args.exclude)?,
    };
    selection.prunes = args.prune;
    shown.note_of_file("select.include", NOT_SET);
    shown.note_of_file("select.exclude", NOT_SET);
    for (key, filters, flag) in [
        (
            "this run includes",
            &selection.this_run.include,
            "--include",
        ),
        (
            "this run excludes",
            &selection.this_run.exclude,
            "--exclude",
        ),
    ] {
        if filters.is_empty() {
            shown.note(key, NOT_SET, DEFAULT);
        } else {
            let filters = filters.iter().map(ToString::to_string).collect::<Vec<_>>();
            shown.note(key, filters.join(", "), flag);
        }
    }
    note_flag(shown, "this run prunes", args.prune, "--prune");
    if args.personal_spaces {
        selection.personal_spaces = true;
        shown.note("select.personal_spaces", true, "--personal-spaces");
    } else {
        shown.note_of_file("select.personal_spaces", false);
    }
    Ok(())
}

/// Connection types of the file and of flags, which go together.
fn name_only(
    args: &MatchingArgs,
    settings: &mut Settings,
    shown: &mut Shown,
) -> Result<(), Failure> {
    let given = args
        .name_only
        .iter()
        .cloned()
        .map(Located::from)
        .collect::<Vec<_>>();
    if given.is_empty() {
        shown.note_of_file("match.name_only", NOT_SET);
        return Ok(());
    }
    let given = config::name_only(&given).map_err(|invalid| invalid.given_by("--name-only"))?;
    let types = &mut settings.matching.name_only;
    types.extend(given);
    let types = types.iter().cloned().collect::<serde_json::Value>();
    let of_file = shown.of_file("match.name_only").map(|(_, file)| file);
    let by = of_file
        .into_iter()
        .chain(["--name-only".to_owned()])
        .collect::<Vec<_>>();
    shown.note("match.name_only", yaml::value(&types), by.join(", "));
    Ok(())
}

/// What only the configuration can say.
fn note_of_file(shown: &mut Shown) {
    for key in [
        "match.connection_types",
        "match.default_schema",
        "match.prefer_packages",
        "exposure.name",
        "exposure.description",
        "exposure.tags",
        "exposure.owner",
        "exposure.maturity",
        "exposure.rules",
    ] {
        shown.note_of_file(key, NOT_SET);
    }
    let usual = Thresholds::default();
    shown.note_of_file("thresholds.mass_removal_share", usual.mass_removal_share);
    shown.note_of_file("thresholds.mass_removal_count", usual.mass_removal_count);
}

/// The configuration, if there is one: that of `--config`, else the one beside `dbt_project.yml`.
fn from_file(args: &PlanArgs) -> Result<(Option<PathBuf>, Config), Failure> {
    let usual = args.project.project_path().join(CONFIG_FILE);
    let path = args
        .run
        .config
        .clone()
        .or_else(|| usual.exists().then_some(usual));
    let Some(path) = path else {
        return Ok((None, Config::default()));
    };
    let name = path.display().to_string();
    let bytes = read(&path)?;
    let config = config::read(&name, without_mark(utf8(&name, &bytes)?))?;
    Ok((Some(path), config))
}

/// The variables of these names that are set: value, and where it comes from.
fn variables(names: &[&'static str]) -> impl Iterator<Item = (String, String)> {
    names
        .iter()
        .filter_map(|name| Some((env::var(name).ok()?, format!("variable {name}"))))
}

/// The first of these variables that holds something.
fn filled_variable(names: &[&'static str]) -> Option<(String, String)> {
    variables(names).find(|(value, _)| !value.trim().is_empty())
}

/// Filters as flags have them: `project:Finance/**`.
fn filters(flag: &str, given: &[String]) -> Result<Vec<WorkbookFilter>, Vec<Failure>> {
    let failure = |message: String| {
        let help = "give field and pattern, as `project:Finance/**`; fields are project, name, tag, owner, luid";
        vec![Failure::new(flag, message).help(help)]
    };
    let filter = |given: &String| {
        let (field, pattern) = given
            .split_once(':')
            .ok_or_else(|| failure(format!("{given:?} names no field")))?;
        let mut raw = RawFilter::default();
        let place = match field {
            "project" => &mut raw.project,
            "name" => &mut raw.name,
            "tag" => &mut raw.tag,
            "owner" => &mut raw.owner,
            "luid" => &mut raw.luid,
            _ => return Err(failure(format!("{field:?} is no field"))),
        };
        *place = Some(pattern.to_owned().into());
        config::filter(format!("{flag} {given}"), &raw.into())
            .map_err(|invalid| vec![invalid.given_by(flag)])
    };
    given.iter().map(filter).collect()
}
