//! Reads the file, or says why it is of no use to this run.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rayon::prelude::*;
use serde_json::Value;

use super::age::ago;
use super::format::{self, Head, START, State, VERSION};
use super::nodes;
use crate::input::json::without_mark;
use crate::input::manifest::standing;
use crate::model::display::display_enum;
use crate::model::exposure::StandingExposure;
use crate::model::{
    Code, Diagnostic, Findings, KnownExport, KnownExports, KnownWorkbook, Project, Remembered,
    SiteId, TableName, User, luid,
};

/// The file, not yet read.
#[derive(Clone)]
pub struct Source<'a> {
    /// Its path, for messages.
    pub file: &'a str,
    /// Its bytes, or why the system does not give them.
    pub bytes: Result<&'a [u8], String>,
    /// How long ago it was written, if that is known.
    pub age: Option<Duration>,
}

display_enum! {
    /// Why a file is of no use to a run.
    pub enum Unusable {
        /// The system does not give its bytes.
        CannotBeRead(reason: String) => "{reason}";
        /// It is something else.
        NotAState => "this is not what `patch` leaves for the next run";
        /// Its format has another number.
        OtherVersion(number: u64) => "it has version {number} of its format, and this autoexpose knows version {}", VERSION;
        /// It is of another root project.
        OtherProject(project: String) => "it is of the dbt project {project}";
        /// It cannot be parsed, or contradicts itself.
        Damaged(reason: String) => "it is damaged: {reason}";
    }
}

impl Unusable {
    /// The diagnostic of a run that goes on without the file.
    pub fn diagnostic(&self, file: &str) -> Diagnostic {
        let message = format!("{self}, so this run does not compare with it");
        Diagnostic::new(Code::StateIgnored, file, message)
    }
}

/// The note of a run whose baseline the file is. `has_state` is whether `--state` is given as well.
pub fn note(source: &Source, has_state: bool) -> Diagnostic {
    let place = if has_state {
        "in the manifest and in the state"
    } else {
        "in the manifest"
    };
    let message = format!(
        "exposures of an earlier run are missing {place}, so this run compares with what `patch` left here {}",
        ago(source.age)
    );
    Diagnostic::new(Code::StateRemembered, source.file, message)
}

/// Whether `patch` wrote such a file, so that it may be replaced.
pub fn is_ours(bytes: &[u8]) -> bool {
    bytes.starts_with(START.as_bytes())
}

/// Reads what a `patch` of this root project left.
///
/// # Errors
/// The file is of no use.
pub fn read(source: &Source, root_package: &str) -> Result<Remembered, Unusable> {
    let bytes = source.bytes.clone().map_err(Unusable::CannotBeRead)?;
    let text = std::str::from_utf8(bytes).map_err(|_| Unusable::NotAState)?;
    let text = without_mark(text);
    let Ok(head) = serde_json::from_str::<Head>(text) else {
        return Err(if is_ours(text.as_bytes()) {
            let error = serde_json::from_str::<State>(text).err();
            Unusable::Damaged(error.map(|error| error.to_string()).unwrap_or_default())
        } else {
            Unusable::NotAState
        });
    };
    if head.autoexpose_state != VERSION {
        return Err(Unusable::OtherVersion(head.autoexpose_state));
    }
    if let Some(project) = head.project.filter(|project| project != root_package) {
        return Err(Unusable::OtherProject(project));
    }
    let state = serde_json::from_str::<State>(text)
        .map_err(|error| Unusable::Damaged(error.to_string()))?;
    remembered(state).map_err(|reason| Unusable::Damaged(reason.to_owned()))
}

/// The content in the types of this program.
///
/// # Errors
/// It contradicts itself.
fn remembered(state: State<'static>) -> Result<Remembered, &'static str> {
    let State {
        project,
        adapter,
        exports,
        tables,
        workbooks,
        nodes,
        exposures,
        ..
    } = state;
    let unlinked = tables.into_iter().map(table).collect::<Vec<_>>();
    if !unlinked.is_sorted_by(|one, next| one < next) {
        return Err("its tables are not sorted");
    }
    let count = exports.len();
    let exports = exports.into_iter().map(export).collect::<KnownExports>();
    if exports.iter().len() < count {
        return Err("it has a site twice");
    }
    let workbooks = by_luid(workbooks, count, unlinked.len())?;
    let (exposures, tables) = exposures_and_tables(exposures, &project)?;
    let nodes = nodes.map(nodes::read).transpose()?;
    Ok(Remembered {
        exposures,
        project: nodes.map(|nodes| Project {
            root_package: project,
            adapter_name: Cow::Owned(adapter),
            dbt_version: None,
            nodes,
            exposures: Vec::new(),
            disabled_nodes: Vec::new(),
            disabled_exposures: Vec::new(),
        }),
        findings: Findings {
            exports,
            tables,
            unlinked,
            workbooks,
        },
    })
}

fn by_luid(
    workbooks: Vec<format::Workbook>,
    exports: usize,
    tables: usize,
) -> Result<BTreeMap<String, Vec<KnownWorkbook>>, &'static str> {
    let mut by_luid = BTreeMap::<_, Vec<_>>::new();
    for format::Workbook {
        luid,
        export,
        unlinked,
    } in workbooks
    {
        let positions = unlinked.as_deref().unwrap_or_default();
        if export >= exports || positions.iter().any(|table| *table >= tables) {
            return Err("a workbook names an export or a table that it does not list");
        }
        if !positions.is_sorted() {
            return Err("the tables of a workbook are not sorted");
        }
        let luid = luid::identity(&luid).into_owned();
        let known = KnownWorkbook { export, unlinked };
        by_luid.entry(luid).or_default().push(known);
    }
    Ok(by_luid)
}

type Tables = BTreeMap<String, BTreeMap<String, Vec<String>>>;

fn exposures_and_tables(
    exposures: Vec<format::Exposure>,
    project: &str,
) -> Result<(Vec<StandingExposure>, Tables), &'static str> {
    let parsed = exposures.into_par_iter().map(|exposure| {
        let node = serde_json::from_str::<Value>(exposure.node.get()).unwrap_or_default();
        let id = node.get("unique_id").and_then(Value::as_str)?.to_owned();
        Some((id, node, exposure.tables))
    });
    let parsed = parsed.collect::<Option<Vec<_>>>();
    let parsed = parsed.ok_or("an exposure has no `unique_id`")?;
    let mut nodes = Vec::with_capacity(parsed.len());
    let mut tables = BTreeMap::new();
    let mut known = BTreeSet::new();
    for (id, node, behind) in parsed {
        if !known.insert(id.clone()) {
            return Err("it has an exposure twice");
        }
        if !behind.is_empty() {
            tables.insert(id.clone(), behind);
        }
        nodes.push((id, node));
    }
    Ok((standing(nodes, project), tables))
}

fn export(export: format::Export) -> KnownExport {
    let user = export.user.map(|user| User {
        luid: user.luid,
        name: user.name,
        is_administrator: user.administrator,
    });
    KnownExport {
        site: SiteId {
            server: export.server,
            content_url: export.site,
        },
        user,
        is_complete: export.complete,
    }
}

fn table(table: format::Table) -> TableName {
    TableName {
        name: table.name,
        connection_type: table.connection_type,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unusable(text: &str) -> String {
        let source = Source {
            file: "autoexpose.json",
            bytes: Ok(text.as_bytes()),
            age: None,
        };
        read(&source, "shop")
            .err()
            .map_or_else(String::new, |reason| reason.to_string())
    }

    #[test]
    fn whatever_a_file_is_it_is_told() {
        let state = |version: u64, project: &str, rest: &str| {
            format!(
                r#"{{"autoexpose_state":{version},"project":"{project}","adapter":"x","exports":[{{"server":null,"site":null,"user":null,"complete":true}}],{rest}}}"#
            )
        };
        let rest =
            r#""tables":[{"name":"t","connection_type":null}],"workbooks":[],"exposures":[]"#;
        assert_eq!(unusable(&state(1, "shop", rest)), "");
        let workbook = |value: &str| {
            let rest = rest.replace("\"workbooks\":[]", &format!("\"workbooks\":[{value}]"));
            unusable(&state(1, "shop", &rest))
        };
        assert_eq!(workbook(r#"{"luid":"A","export":0,"unlinked":[0]}"#), "");
        for wrong in [
            r#"{"luid":"a","export":1,"unlinked":null}"#,
            r#"{"luid":"a","export":0,"unlinked":[1]}"#,
        ] {
            assert!(workbook(wrong).contains("does not list"), "{wrong}");
        }
        let with_nodes = |ids: &[&str]| {
            let node = |id: &&str| {
                format!(
                    r#"{{"unique_id":"{id}","package":"shop","name":"a","source_name":null,"version":null,"typed":{{"database":null,"schema":null,"name":"a"}},"relations":[]}}"#
                )
            };
            let nodes = ids.iter().map(node).collect::<Vec<_>>().join(",");
            format!("{rest},\"nodes\":[{nodes}]")
        };
        let sorted = with_nodes(&["model.shop.a", "source.shop.x.a"]);
        assert_eq!(unusable(&state(1, "shop", &sorted)), "");
        let damaged = [
            rest.replace("\"exposures\":[]", "\"exposures\":[{\"node\":{},\"tables\":{}}]"),
            rest.replace("\"exposures\":[]", "\"exposures\":[{\"node\":{\"unique_id\":\"exposure.shop.a\"},\"tables\":{}},{\"node\":{\"unique_id\":\"exposure.shop.a\"},\"tables\":{}}]"),
            rest.replace("\"exposures\":[]", "\"exposures\":7"),
            rest.replace("\"exposures\":[]", "\"exposures\":[],\"nodes\":7"),
            with_nodes(&["model.shop.b", "model.shop.a"]),
            with_nodes(&["model.shop.a", "model.shop.a"]),
            with_nodes(&["test.shop.a"]),
            rest.replace("\"tables\":[", "\"tables\":[{\"name\":\"u\",\"connection_type\":null},"),
        ];
        for rest in damaged {
            let reason = unusable(&state(1, "shop", &rest));
            assert!(reason.starts_with("it is damaged: "), "{reason}");
        }
        let whole = state(1, "shop", rest);
        assert!(unusable(&whole[..60]).starts_with("it is damaged: "));
        assert!(unusable(&state(2, "shop", "\"x\":1")).contains("version 2"));
        assert!(unusable(&state(1, "other", rest)).contains("project other"));
        for other in ["", "[]", "{}", "{\"data\": {}}", "x"] {
            assert!(unusable(other).starts_with("this is not"), "{other}");
        }
    }
}
