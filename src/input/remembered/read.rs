//! Reads the file, or says why it is of no use to this run.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rayon::prelude::*;
use serde_json::Value;

use super::age::ago;
use super::format::{self, Head, MARK, START, State, VERSION};
use super::nodes;
use crate::input::json;
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
        /// It has nothing but white space.
        Empty => "it is empty";
        /// It is not UTF-8.
        NotText => "it is not text in UTF-8";
        /// It is not JSON, and does not begin as such a file does.
        NotJson(reason: String) => "it is not JSON: {reason}";
        /// It is JSON without the mark of such a file.
        OfAnotherProgram => "another program wrote it: `autoexpose_state` is missing";
        /// Its format has another number.
        OtherVersion(number: u64) => "it has version {number} of its format, and this autoexpose knows version {}", VERSION;
        /// It is of another root project.
        OtherProject(project: String) => "it is of the dbt project {project}";
        /// It begins as such a file does, and cannot be parsed to its end, or contradicts itself.
        Damaged(reason: String) => "it is damaged: {reason}";
    }
}

/// A reason, and where in the file it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    reason: Unusable,
    /// Line and column, both from 1.
    position: Option<(usize, usize)>,
}

impl From<Unusable> for Ignored {
    fn from(reason: Unusable) -> Self {
        Self {
            reason,
            position: None,
        }
    }
}

impl Ignored {
    /// Where a parser stopped.
    fn at(reason: impl Fn(String) -> Unusable, error: &serde_json::Error) -> Self {
        let position = (error.line() > 0).then(|| (error.line(), error.column()));
        Self {
            reason: reason(json::message(error)),
            position,
        }
    }

    /// The diagnostic of a run that goes on without the file.
    pub fn diagnostic(&self, file: &str) -> Diagnostic {
        let place = match self.position {
            Some((line, column)) => format!("{file}:{line}:{column}"),
            None => file.to_owned(),
        };
        let message = format!("{}, so this run does not compare with it", self.reason);
        Diagnostic::new(Code::StateIgnored, place, message)
    }
}

/// The note of a run whose baseline the file is. `has_state` is whether `--state` is given as well.
pub fn note(source: &Source, has_state: bool) -> Diagnostic {
    let place = if has_state {
        "manifest and state hold"
    } else {
        "the manifest holds"
    };
    let message = format!(
        "compared with the exposures that the last `patch` left in {} {}, since {place} none of an earlier run",
        source.file,
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
pub fn read(source: &Source, root_package: &str) -> Result<Remembered, Ignored> {
    let bytes = source.bytes.clone().map_err(Unusable::CannotBeRead)?;
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let (line, column) = json::position(&bytes[..error.valid_up_to()]);
        Ignored {
            reason: Unusable::NotText,
            position: Some((line, column)),
        }
    })?;
    let text = json::without_mark(text);
    let head = serde_json::from_str::<Head>(text).map_err(|error| no_head(text, &error))?;
    if head.autoexpose_state != VERSION {
        return Err(Unusable::OtherVersion(head.autoexpose_state).into());
    }
    let project = head.project.as_str();
    if let Some(project) = project.filter(|project| *project != root_package) {
        return Err(Unusable::OtherProject(project.to_owned()).into());
    }
    let state = serde_json::from_str::<State>(text)
        .map_err(|error| Ignored::at(Unusable::Damaged, &error))?;
    remembered(state).map_err(|reason| Unusable::Damaged(reason.to_owned()).into())
}

/// What a text is whose beginning is not that of such a file, or that ends too early.
fn no_head(text: &str, error: &serde_json::Error) -> Ignored {
    match serde_json::from_str::<Value>(text) {
        Ok(value) if value.get(MARK).is_some() => Ignored::at(Unusable::Damaged, error),
        Ok(_) => Unusable::OfAnotherProgram.into(),
        Err(_) if text.trim().is_empty() => Unusable::Empty.into(),
        Err(error) if is_ours(text.as_bytes()) => Ignored::at(Unusable::Damaged, &error),
        Err(error) => Ignored::at(Unusable::NotJson, &error),
    }
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
            withheld_names: Vec::new(),
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
            .map_or_else(String::new, |ignored| {
                let Diagnostic { place, message, .. } = ignored.diagnostic("autoexpose.json");
                let message = message.trim_end_matches(", so this run does not compare with it");
                format!("{place}: {message}")
            })
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
            assert!(reason.contains(": it is damaged: "), "{reason}");
        }
        let whole = state(1, "shop", rest);
        assert_eq!(
            unusable(&whole[..60]),
            "autoexpose.json:1:60: it is damaged: the text ends within a string"
        );
        assert!(unusable(&state(2, "shop", "\"x\":1")).contains("version 2"));
        let newer = r#"{"autoexpose_state": 3, "project": {"name": "shop"}}"#;
        assert!(unusable(newer).contains("version 3"));
        let other_form = newer.replace('3', "1");
        assert_eq!(
            unusable(&other_form),
            "autoexpose.json:1:35: it is damaged: found an object, expected a string"
        );
        assert!(unusable(&state(1, "other", rest)).contains("project other"));
    }

    #[test]
    fn a_file_that_is_not_ours_is_told_as_what_it_is() {
        let other = "another program wrote it: `autoexpose_state` is missing";
        for (text, expected) in [
            ("", "autoexpose.json: it is empty".to_owned()),
            (" \n", "autoexpose.json: it is empty".to_owned()),
            ("[]", format!("autoexpose.json: {other}")),
            ("7", format!("autoexpose.json: {other}")),
            ("{\"data\": {}}", format!("autoexpose.json: {other}")),
            (
                "{\n \"data\" 7}",
                "autoexpose.json:2:9: it is not JSON: expected `:`".to_owned(),
            ),
            (
                "state: 1",
                "autoexpose.json:1:1: it is not JSON: expected value".to_owned(),
            ),
            (
                "{ \"autoexpose_state\": \"1\" }",
                "autoexpose.json:1:25: it is damaged: found a string, expected a whole number"
                    .to_owned(),
            ),
            (
                "{\"autoexpose_state\":1,\n\"project\":",
                "autoexpose.json:2:10: it is damaged: the text ends where a value must follow"
                    .to_owned(),
            ),
        ] {
            assert_eq!(unusable(text), expected, "{text}");
        }
        let source = Source {
            file: "autoexpose.json",
            bytes: Ok(b"\n\xff\xfe"),
            age: None,
        };
        let ignored = read(&source, "shop").expect_err("not UTF-8");
        let told = ignored.diagnostic("autoexpose.json");
        assert_eq!(told.place, "autoexpose.json:2:1");
        assert!(told.message.starts_with("it is not text in UTF-8"));
    }
}
