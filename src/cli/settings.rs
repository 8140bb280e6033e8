//! The settings of a run: flags over variables over `autoexpose.yml`, and where each came from.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write;
use std::path::PathBuf;

use super::args::Common;
use crate::input::config::{self, raw::RawPick};
use crate::input::json::{utf8, without_mark};
use crate::io::read;
use crate::model::connection::Reach;
use crate::model::settings::{Pick, Picks, Thresholds};
use crate::model::{ConnectionType, Failure, Settings};
use crate::output::printable;

/// The configuration's name, beside `dbt_project.yml`.
const CONFIG_FILE: &str = "autoexpose.yml";
/// Variables that other Tableau tools use for the server's address, the most common first.
const SERVER_VARIABLES: [&str; 4] =
    ["TABLEAU_SERVER_URL", "TABLEAU_SERVER", "TABLEAU_BASE_URL", "TABLEAU_URL"];
/// Variables for the site's content URL.
const SITE_VARIABLES: [&str; 3] = ["TABLEAU_SITE_ID", "TABLEAU_SITE", "TABLEAU_SITE_NAME"];

/// Settings and where they came from.
pub(super) struct Effective {
    pub(super) settings: Settings,
    origins: Origins,
}

/// Key, value and origin of each setting, in the order of the configuration.
struct Origins {
    /// The configuration's path.
    file: Option<String>,
    lines: Vec<(&'static str, String, String)>,
}

impl Origins {
    /// Notes a value that was given on the command line or by a variable, or else by the file.
    fn note(&mut self, key: &'static str, value: Option<String>, given: Option<String>) {
        let of_file = self.file.clone().filter(|_| value.is_some());
        let origin =
            given.filter(|_| value.is_some()).or(of_file).unwrap_or_else(|| "default".to_owned());
        self.lines.push((key, value.unwrap_or_else(|| "not set".to_owned()), origin));
    }

    /// Notes a value that is there by default; another one comes from somewhere.
    fn note_unless_usual(
        &mut self,
        key: &'static str,
        value: impl ToString,
        is_usual: bool,
        given: Option<String>,
    ) {
        if is_usual {
            self.lines.push((key, value.to_string(), "default".to_owned()));
        } else {
            self.note(key, Some(value.to_string()), given);
        }
    }
}

/// Finds out the settings of a run.
pub(super) fn effective(common: &Common) -> Result<Effective, Vec<Failure>> {
    let (path, mut settings) = from_file(common).map_err(|failure| vec![failure])?;
    let mut origins =
        Origins { file: path.map(|path| path.display().to_string()), lines: Vec::new() };
    site(common, &mut settings, &mut origins);
    selection(common, &mut settings, &mut origins)?;
    matching(common, &mut settings, &mut origins)?;
    note_look(&settings, &mut origins);
    Ok(Effective { settings, origins })
}

fn site(common: &Common, settings: &mut Settings, origins: &mut Origins) {
    let (server, by) =
        flag_or_variable(common.server.as_ref(), "--server", &SERVER_VARIABLES).unzip();
    let server = server.filter(|server| !server.is_empty());
    let server = server.map(|server| server.trim_end_matches('/').to_owned());
    settings.site.server = server.or(settings.site.server.take());
    origins.note("tableau.server", settings.site.server.clone(), by);
    let (site, by) = flag_or_variable(common.site.as_ref(), "--site", &SITE_VARIABLES).unzip();
    settings.site.content_url = site.or(settings.site.content_url.take());
    origins.note(
        "tableau.site",
        settings.site.content_url.as_ref().map(|site| format!("{site:?}")),
        by,
    );
}

fn selection(
    common: &Common,
    settings: &mut Settings,
    origins: &mut Origins,
) -> Result<(), Vec<Failure>> {
    let selection = &mut settings.selection;
    selection.looked_at = Picks {
        include: picks("--include", &common.include)?,
        exclude: picks("--exclude", &common.exclude)?,
    };
    selection.prunes = common.prune;
    origins.note("select.include", shown_picks(&selection.wanted.include), None);
    origins.note("select.exclude", shown_picks(&selection.wanted.exclude), None);
    origins.note(
        "this run includes",
        shown_picks(&selection.looked_at.include),
        Some("--include".to_owned()),
    );
    origins.note(
        "this run excludes",
        shown_picks(&selection.looked_at.exclude),
        Some("--exclude".to_owned()),
    );
    let by = common.personal_spaces.then(|| "--personal-spaces".to_owned());
    selection.personal_spaces |= common.personal_spaces;
    let is_usual = !selection.personal_spaces;
    origins.note_unless_usual("select.personal_spaces", selection.personal_spaces, is_usual, by);
    Ok(())
}

fn matching(
    common: &Common,
    settings: &mut Settings,
    origins: &mut Origins,
) -> Result<(), Vec<Failure>> {
    let matching = &mut settings.matching;
    let given = checked_types(&common.name_only)?;
    let by = (!given.is_empty()).then(|| "--name-only".to_owned());
    matching.name_only = checked_types(&matching.name_only)?.into_iter().chain(given).collect();
    origins.note("match.name_only", shown(matching.name_only.iter().cloned()), by);
    let read_as = matching.connection_types.iter();
    let read_as =
        read_as.map(|read_as| format!("{} as {}", read_as.pattern.text, read_as.connection_type));
    origins.note("match.connection_types", shown(read_as), None);
    let schemas = matching.default_schemas.iter().map(|default| default.schema.clone());
    origins.note("match.default_schema", shown(schemas), None);
    origins.note("match.prefer_packages", shown(matching.prefer_packages.iter().cloned()), None);
    Ok(())
}

fn note_look(settings: &Settings, origins: &mut Origins) {
    let look = &settings.look;
    origins.note("exposure.name", look.name.as_ref().map(ToString::to_string), None);
    origins.note("exposure.description", look.description.as_ref().map(ToString::to_string), None);
    origins.note("exposure.tags", shown(look.tags.iter().cloned()), None);
    origins.note(
        "exposure.owner",
        shown(look.owner_name.iter().chain(&look.owner_email).cloned()),
        None,
    );
    origins.note("exposure.maturity", look.maturity.clone(), None);
    let rules = Some(look.rules.len()).filter(|count| *count > 0);
    origins.note("exposure.rules", rules.map(|count| count.to_string()), None);
    let (ours, usual) = (settings.thresholds, Thresholds::default());
    let share = (ours.mass_removal_share, usual.mass_removal_share);
    origins.note_unless_usual("thresholds.mass_removal_share", share.0, share.0 == share.1, None);
    let count = (ours.mass_removal_count, usual.mass_removal_count);
    origins.note_unless_usual("thresholds.mass_removal_count", count.0, count.0 == count.1, None);
}

impl Effective {
    /// One line for each setting: key, value, and where it came from.
    pub(super) fn shown(&self) -> String {
        let lines = &self.origins.lines;
        let keys = lines.iter().map(|(key, ..)| key.len()).max().unwrap_or_default();
        let values =
            lines.iter().map(|(_, value, _)| value.chars().count()).max().unwrap_or_default();
        let mut text = String::new();
        for (key, value, origin) in lines {
            // Writing to a String does not fail.
            let _ =
                writeln!(text, "{key:keys$}  {:values$}  {}", printable(value), printable(origin));
        }
        text
    }
}

/// The configuration, if there is one: that of `--config`, else the one beside `dbt_project.yml`.
fn from_file(common: &Common) -> Result<(Option<PathBuf>, Settings), Failure> {
    let usual = common.project_path().join(CONFIG_FILE);
    let path = common.config.clone().or_else(|| usual.exists().then_some(usual));
    let Some(path) = path else { return Ok((None, Settings::default())) };
    let name = path.display().to_string();
    let bytes = read(&path)?;
    let settings = config::read(&name, without_mark(utf8(&name, &bytes)?))?;
    Ok((Some(path), settings))
}

fn flag_or_variable(
    flag: Option<&String>,
    name: &str,
    variables: &[&str],
) -> Option<(String, String)> {
    let of_flag = flag.map(|value| (value.clone(), name.to_owned()));
    of_flag.or_else(|| {
        variables
            .iter()
            .find_map(|variable| Some((env::var(variable).ok()?, format!("variable {variable}"))))
    })
}

/// Picks as flags have them: `project:Finance/**`.
fn picks(flag: &str, given: &[String]) -> Result<Vec<Pick>, Vec<Failure>> {
    let failure = |message: String| {
        let help = "give field and pattern, as `project:Finance/**`; fields are project, name, tag, owner, luid";
        vec![Failure::new(flag, message).help(help)]
    };
    let pick = |given: &String| {
        let (field, pattern) =
            given.split_once(':').ok_or_else(|| failure(format!("{given:?} names no field")))?;
        let mut raw = RawPick::default();
        let place = match field {
            "project" => &mut raw.project,
            "name" => &mut raw.name,
            "tag" => &mut raw.tag,
            "owner" => &mut raw.owner,
            "luid" => &mut raw.luid,
            _ => return Err(failure(format!("{field:?} is no field"))),
        };
        *place = Some(pattern.to_owned());
        config::pick(format!("{flag} {given}"), raw).map_err(|(_, message)| failure(message))
    };
    given.iter().map(pick).collect()
}

/// The connection types for which a name alone may link, each without its driver.
fn checked_types<'g>(
    given: impl IntoIterator<Item = &'g String>,
) -> Result<BTreeSet<String>, Vec<Failure>> {
    let types = given.into_iter().map(|given| {
        let connection = ConnectionType::new(Some(given.into()));
        match (connection.reach(), connection.base()) {
            (Reach::Warehouse(_), Some(base)) => Ok(base.to_owned()),
            _ => {
                let failure = Failure::new(
                    "name only",
                    format!("{given:?} is no connection type of one warehouse"),
                );
                Err(vec![failure.help(
                    "give one as Tableau's `connectionType` has it, such as snowflake or postgres",
                )])
            }
        }
    });
    types.collect()
}

fn shown(texts: impl Iterator<Item = String>) -> Option<String> {
    let texts = texts.collect::<Vec<_>>();
    (!texts.is_empty()).then(|| texts.join(", "))
}

fn shown_picks(picks: &[Pick]) -> Option<String> {
    shown(picks.iter().map(ToString::to_string))
}
