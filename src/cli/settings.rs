//! The effective settings of a run, and where each comes from. Flags override environment
//! variables, which override `autoexpose.yml`.

use std::path::{Path, PathBuf};

#[cfg(feature = "fetch")]
use super::args::FetchArgs;
use super::args::{DueArgs, GateArgs, InputArgs, MatchingArgs, SelectionArgs, YamlArgs};
use super::audience_settings;
use super::env::{self, Found, Given};
use super::exports::Exports;
#[cfg(feature = "fetch")]
use super::paths;
use super::paths::{CONFIG_FILE, Paths, StatePath};
use super::refresh_settings;
use super::settings_table::{DEFAULT, NOT_SET, SettingsTable};
use crate::input::config::{self, Config};
use crate::input::json::{utf8, without_mark};
use crate::io::max_size::MaxSize;
use crate::io::{name_of_input, read};
use crate::model::Failure;
#[cfg(feature = "fetch")]
use crate::model::SiteId;
#[cfg(feature = "fetch")]
use crate::model::access::Subject;
use crate::output::yaml;
#[cfg(feature = "fetch")]
use crate::settings::Pattern;
use crate::settings::{ByFilter, Filters, Settings, WorkbookFilter};

/// What a verb asks that talks with Tableau itself.
#[cfg(feature = "fetch")]
pub(super) struct Target {
    pub(super) site: SiteId,
    /// The projects whose workbooks it asks for; all if there is none.
    pub(super) projects: Vec<Pattern>,
    /// For whom it asks which workbooks they may see.
    pub(super) audiences: Vec<Subject>,
    /// All settings of the configuration.
    pub(super) settings: Settings,
}

/// Server, site, projects and audience of such a verb: flags over variables over the configuration.
#[cfg(feature = "fetch")]
pub(super) fn target(args: &FetchArgs, config: Option<&Path>) -> Result<Target, Failure> {
    let mut effective = Effective::from_file(config, MaxSize::OF_SETTINGS)?;
    effective.set_server(args.server.as_ref())?;
    effective.set_site(args.site.as_ref())?;
    let settings = effective.settings;
    let projects = match args.project.as_slice() {
        [] => settings.projects.clone(),
        given => {
            config::projects_from_flag(given).map_err(|invalid| invalid.given_by("--project"))?
        }
    };
    let audiences = match args.audience.as_slice() {
        [] => Vec::from_iter(settings.audience.who.clone()),
        given => {
            let audiences = given.iter().map(|text| config::audience_from_flag(text));
            let audiences = audiences.collect::<Result<_, _>>();
            audiences.map_err(|invalid| invalid.given_by("--audience"))?
        }
    };
    Ok(Target {
        site: settings.site.clone(),
        projects,
        audiences,
        settings,
    })
}

/// The text of `--show-config`, which is printed instead of a run; `None` without this flag.
pub(super) fn asked_for(args: &InputArgs, paths: &Paths) -> Result<Option<String>, Vec<Failure>> {
    if args.run.show_config {
        return Ok(Some(effective(args, paths)?.table.text()));
    }
    Ok(None)
}

/// The settings, and a table of their values and origins.
pub(super) struct Effective {
    pub(super) settings: Settings,
    pub(super) exports: Exports,
    pub(super) table: SettingsTable,
}

/// Determines the settings of a run.
pub(super) fn effective(args: &InputArgs, paths: &Paths) -> Result<Effective, Vec<Failure>> {
    Effective::new(args, Own::Nothing, paths).map_err(|failure| vec![failure])
}

/// The same with where the flags put property files.
pub(super) fn for_yaml(args: &YamlArgs, paths: &Paths) -> Result<Effective, Vec<Failure>> {
    Effective::new(&args.inputs, Own::Yaml(args), paths).map_err(|failure| vec![failure])
}

/// The same with the gates that flags ask for.
pub(super) fn for_check(
    args: &InputArgs,
    gates: &GateArgs,
    paths: &Paths,
) -> Result<Effective, Vec<Failure>> {
    Effective::new(args, Own::Check(gates), paths).map_err(|failure| vec![failure])
}

/// The same with when extracts are refreshed.
pub(super) fn for_refresh(
    args: &InputArgs,
    due: &DueArgs,
    paths: &Paths,
) -> Result<Effective, Vec<Failure>> {
    Effective::new(args, Own::Refresh(due), paths).map_err(|failure| vec![failure])
}

/// The flags for settings that one verb has alone.
#[derive(Clone, Copy)]
enum Own<'a> {
    Nothing,
    Check(&'a GateArgs),
    Refresh(&'a DueArgs),
    Yaml(&'a YamlArgs),
}

impl Effective {
    fn new(args: &InputArgs, own: Own, paths: &Paths) -> Result<Self, Failure> {
        let mut effective = Self::from_file(paths.config.as_deref(), args.run.max_size)?;
        effective.show_inputs(args, paths);
        effective.set_server(args.export.server.as_ref())?;
        effective.set_site(args.export.site.as_ref())?;
        effective.set_exports(args, paths)?;
        effective.set_selection(&args.selection)?;
        effective.set_name_only(&args.matching)?;
        effective.set_strict(&args.matching);
        let audience = &mut effective.settings.audience;
        audience_settings::set(audience, &mut effective.table, &args.audience)?;
        match own {
            Own::Nothing => {}
            Own::Check(gates) => effective.set_gates(gates)?,
            Own::Refresh(due) => {
                let refresh = &mut effective.settings.refresh;
                refresh_settings::set(refresh, &mut effective.table, due)?;
            }
            Own::Yaml(args) => effective.set_yaml(args),
        }
        effective.table.add_rest_from_file();
        Ok(effective)
    }

    /// Reads the configuration, if there is one.
    fn from_file(path: Option<&Path>, limit: MaxSize) -> Result<Self, Failure> {
        let Config {
            settings,
            exports,
            listing,
        } = match path {
            Some(path) => read_config(path, limit)?,
            None => config::read(CONFIG_FILE, "")?,
        };
        let file = path.map(|path| path.display().to_string());
        Ok(Self {
            settings,
            exports: Exports::listed(path, exports),
            table: SettingsTable::new(file, listing),
        })
    }

    fn show_inputs(&mut self, args: &InputArgs, paths: &Paths) {
        let table = &mut self.table;
        for Found { path, by } in &paths.manifests {
            table.add("manifest", path.display(), by);
        }
        for StatePath { manifest, .. } in &paths.states {
            table.add("state", manifest.path.display(), &manifest.by);
        }
        if paths.states.is_empty() {
            table.add("state", NOT_SET, DEFAULT);
        }
        let is_complete = args.export.export_complete;
        table.add_flag("export is complete", is_complete, "--export-complete");
    }

    fn set_server(&mut self, given: Option<&String>) -> Result<(), Failure> {
        let by_flag = Given::by_flag("--server", given).filter(Given::is_filled);
        let given = match by_flag {
            None => env::find_filled(&env::SERVER)?,
            given => given,
        };
        let Some(Given { value, origin }) = given else {
            self.table.add_from_file("tableau.server");
            return Ok(());
        };
        let server =
            config::server_from_flag(&value).map_err(|invalid| invalid.given_by(&origin))?;
        self.table.add("tableau.server", &server, origin);
        self.settings.site.server = Some(server);
        Ok(())
    }

    /// Sets the site's content URL. An empty one means the default site, but an empty variable may
    /// have been left blank by mistake, so it is used only if nothing else names a site.
    fn set_site(&mut self, given: Option<&String>) -> Result<(), Failure> {
        let is_in_file = self.settings.site.content_url.is_some();
        let given = match Given::by_flag("--site", given) {
            None => {
                env::find_filled(&env::SITE)?.or(env::find(&env::SITE)?.filter(|_| !is_in_file))
            }
            given => given,
        };
        let Some(Given { value, origin }) = given else {
            self.table.add_from_file("tableau.site");
            return Ok(());
        };
        self.table.add("tableau.site", yaml::text(&value), origin);
        self.settings.site.content_url = Some(value);
        Ok(())
    }

    /// Takes the exports of flags in place of those of the configuration.
    fn set_exports(&mut self, args: &InputArgs, paths: &Paths) -> Result<(), Failure> {
        let key = "tableau.exports";
        let given = &args.export.tableau;
        let (given, flag) = match asked_export(args, paths)? {
            Some(path) => (vec![path.into()], "--fetch"),
            None if given.is_empty() => {
                self.table.add_from_file(key);
                return Ok(());
            }
            None => (given.clone(), "--tableau"),
        };
        let shown = given.iter().map(|path| path.to_string_lossy());
        let shown = shown.collect();
        self.table.add(key, yaml::value(&shown), flag);
        self.exports = Exports::given(given);
        Ok(())
    }

    fn set_selection(&mut self, args: &SelectionArgs) -> Result<(), Failure> {
        let (table, selection) = (&mut self.table, &mut self.settings.selection);
        selection.this_run = Filters {
            include: filters("--include", &args.include)?,
            exclude: filters("--exclude", &args.exclude)?,
        };
        selection.prunes = args.prune;
        selection.personal_spaces |= args.personal_spaces;
        table.add_from_file("select.include");
        table.add_from_file("select.exclude");
        let Filters { include, exclude } = &selection.this_run;
        add_filters(table, "this run includes", include, "--include");
        add_filters(table, "this run excludes", exclude, "--exclude");
        table.add_flag("this run prunes", args.prune, "--prune");
        if args.personal_spaces {
            table.add("select.personal_spaces", true, "--personal-spaces");
        } else {
            table.add_from_file("select.personal_spaces");
        }
        Ok(())
    }

    fn set_strict(&mut self, args: &MatchingArgs) {
        let key = "match.strict";
        self.settings.matching.strict |= args.strict;
        if args.strict {
            self.table.add(key, true, "--strict");
        } else {
            self.table.add_from_file(key);
        }
    }

    /// Takes folder and grouping of flags in place of those of the configuration.
    fn set_yaml(&mut self, args: &YamlArgs) {
        let (table, settings) = (&mut self.table, &mut self.settings.yaml);
        match &args.output_dir {
            Some(folder) => {
                let shown = yaml::text(&folder.to_string_lossy());
                table.add("yaml.folder", shown, "--output-dir");
            }
            None => table.add_from_file("yaml.folder"),
        }
        match args.group_by {
            Some(group_by) => {
                table.add("yaml.group_by", group_by.name(), "--group-by");
                settings.group_by = group_by.into();
            }
            None => table.add_from_file("yaml.group_by"),
        }
    }

    /// Takes the gates of flags in place of those of the configuration, each by itself.
    fn set_gates(&mut self, args: &GateArgs) -> Result<(), Failure> {
        let (table, check) = (&mut self.table, &mut self.settings.check);
        if args.fail_on.is_empty() {
            table.add_from_file("check.fail_on");
        } else {
            let flag = "--fail-on";
            check.fail_on =
                config::gates_from_flag(&args.fail_on).map_err(|invalid| invalid.given_by(flag))?;
            let gates = check.fail_on.iter().map(|gate| gate.as_str());
            table.add("check.fail_on", yaml::value(&gates.collect()), flag);
        }
        match &args.min_match_rate {
            None => table.add_from_file("check.min_match_rate"),
            Some(text) => {
                let flag = "--min-match-rate";
                let share = config::match_rate_from_flag(text);
                let share = share.map_err(|invalid| invalid.given_by(flag))?;
                check.limits.min_match_rate = Some(share);
                table.add("check.min_match_rate", yaml::text(text), flag);
            }
        }
        match args.max_unlinked {
            None => table.add_from_file("check.max_unlinked"),
            Some(most) => {
                check.limits.max_unlinked = Some(most);
                table.add("check.max_unlinked", most, "--max-unlinked");
            }
        }
        check.per_project |= args.per_project;
        if args.per_project {
            table.add("check.per_project", true, "--per-project");
        } else {
            table.add_from_file("check.per_project");
        }
        Ok(())
    }

    /// Adds the connection types of flags to those of the configuration.
    fn set_name_only(&mut self, args: &MatchingArgs) -> Result<(), Failure> {
        let (key, flag) = ("match.name_only", "--name-only");
        if args.name_only.is_empty() {
            self.table.add_from_file(key);
            return Ok(());
        }
        let given = config::name_only_from_flag(&args.name_only)
            .map_err(|invalid| invalid.given_by(flag))?;
        let types = &mut self.settings.matching.name_only;
        types.extend(given);
        let types = types.iter().cloned().collect();
        let origin = match self.table.file_with(key) {
            Some(file) => format!("{file}, {flag}"),
            None => flag.to_owned(),
        };
        self.table.add(key, yaml::value(&types), origin);
        Ok(())
    }
}

fn read_config(path: &Path, limit: MaxSize) -> Result<Config, Failure> {
    let name = name_of_input(path);
    let bytes = read(path, limit)?;
    config::read(&name, without_mark(utf8(&name, &bytes)?))
}

/// Parses the filters of a flag.
fn filters(flag: &str, given: &[String]) -> Result<ByFilter<WorkbookFilter>, Failure> {
    given
        .iter()
        .map(|text| config::filter_from_flag(flag, text))
        .collect::<Result<_, _>>()
        .map_err(|invalid| invalid.given_by(flag))
}

/// Where the export lies that the run asks Tableau for, if it does.
#[cfg(feature = "fetch")]
fn asked_export(args: &InputArgs, paths: &Paths) -> Result<Option<PathBuf>, Failure> {
    let target_path = args.project.target_path.as_ref();
    let path = args
        .export
        .fetch
        .then(|| paths::fetched_export(&paths.project, target_path));
    path.transpose()
}

/// This program cannot ask Tableau itself.
#[cfg(not(feature = "fetch"))]
#[allow(clippy::unnecessary_wraps, reason = "it may fail where it asks")]
fn asked_export(_: &InputArgs, _: &Paths) -> Result<Option<PathBuf>, Failure> {
    Ok(None)
}

/// Adds a row for the filters of a flag.
fn add_filters(table: &mut SettingsTable, key: &str, filters: &[WorkbookFilter], flag: &str) {
    if filters.is_empty() {
        return table.add(key, NOT_SET, DEFAULT);
    }
    let filters = filters.iter().map(ToString::to_string);
    table.add(key, filters.collect::<Vec<_>>().join(", "), flag);
}
