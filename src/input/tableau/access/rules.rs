//! The rules of an answer to a question for permissions.
//!
//! Form: "Query Workbook Permissions" and its like
//! (<https://help.tableau.com/current/api/rest_api/en-us/REST/rest_api_ref_permissions.htm>).

use std::collections::BTreeSet;

use serde_json::Value;

use super::value::{elements, luid_in, luid_of, member, text};
use crate::model::access::{Grantee, Mode, Rule, Rules, RulesParent};

/// The rules of an answer; `None` if it is of another form. Without any rule, Tableau leaves
/// `granteeCapabilities` out.
pub(super) fn read(body: &Value) -> Option<Rules> {
    let permissions = match member(body, "permissions") {
        Some(permissions) => permissions,
        None => member(body, "granteeCapabilities").map(|_| body)?,
    };
    let mut rules = BTreeSet::new();
    if let Some(granted) = member(permissions, "granteeCapabilities") {
        for granted in listed(granted)? {
            let grantee = grantee(granted)?;
            for capability in capabilities(granted)? {
                rules.insert(Rule {
                    grantee: grantee.clone(),
                    capability: text(capability, "name")?,
                    mode: mode(capability),
                });
            }
        }
    }
    let parent = parent(body, permissions);
    let parent = parent.map(|parent| {
        let kind = text(parent, "type").unwrap_or_default();
        match kind.to_ascii_lowercase().as_str() {
            "project" => RulesParent::Project,
            "database" => RulesParent::Database,
            _ => RulesParent::Other,
        }
    });
    Some(Rules { rules, parent })
}

/// What locks the rules of an answer. The documentation shows it beside `permissions` for workbooks and
/// data sources, and inside for tables and virtual connections.
fn parent<'v>(body: &'v Value, permissions: &'v Value) -> Option<&'v Value> {
    member(permissions, "parent").or_else(|| member(body, "parent"))
}

/// The database that locks the rules of a table.
pub(super) fn locking_database(body: &Value) -> Option<String> {
    let permissions = member(body, "permissions").unwrap_or(body);
    let parent = parent(body, permissions)?;
    let is_database = text(parent, "type")?.eq_ignore_ascii_case("database");
    is_database.then(|| luid_of(parent))?
}

/// The elements of `granteeCapabilities`, which has no list around it: one of them may stand alone.
fn listed(granted: &Value) -> Option<Vec<&Value>> {
    match granted {
        Value::Object(one) if !one.is_empty() => Some(vec![granted]),
        other => elements(other, "granteeCapabilities"),
    }
}

fn grantee(granted: &Value) -> Option<Grantee> {
    let user = || luid_in(granted, "user").map(Grantee::User);
    let group = || luid_in(granted, "group").map(Grantee::Group);
    let group_set = || luid_in(granted, "groupSet").map(Grantee::GroupSet);
    user().or_else(group).or_else(group_set)
}

fn capabilities(granted: &Value) -> Option<Vec<&Value>> {
    let Some(capabilities) = member(granted, "capabilities") else {
        return Some(Vec::new());
    };
    if text(capabilities, "name").is_some() {
        return Some(vec![capabilities]);
    }
    elements(capabilities, "capability")
}

fn mode(capability: &Value) -> Mode {
    match text(capability, "mode").as_deref() {
        Some("Allow") => Mode::Allow,
        _ => Mode::Deny,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(body: &Value) -> Option<(Vec<String>, Option<RulesParent>)> {
        let rules = read(body)?;
        let shown = rules.rules.iter().map(|rule| {
            let grantee = match &rule.grantee {
                Grantee::User(luid) => format!("user {luid}"),
                Grantee::Group(luid) => format!("group {luid}"),
                Grantee::GroupSet(luid) => format!("group set {luid}"),
            };
            format!("{grantee} {} {:?}", rule.capability, rule.mode)
        });
        Some((shown.collect(), rules.parent))
    }

    #[test]
    fn rules_are_read_in_every_form() {
        let read = json!({"name": "Read", "mode": "Allow"});
        let write = json!({"name": "Write", "mode": "Maybe"});
        let several = json!({"permissions": {"workbook": {"id": "w"}, "granteeCapabilities": [
            {"group": {"id": "G"}, "capabilities": {"capability": [read, write]}},
            {"user": {"id": "u"}, "capabilities": {"capability": {"name": "Other", "mode": "Deny"}}},
            {"groupSet": {"id": "s"}, "capabilities": {}},
        ]}});
        let expected = [
            "user u Other Deny",
            "group g Read Allow",
            "group g Write Deny",
        ];
        let expected = expected.map(str::to_owned).to_vec();
        assert_eq!(shown(&several), Some((expected, None)));
        let one = json!({
            "parent": {"type": "Project", "id": "p"},
            "permissions": {"granteeCapabilities":
                {"user": {"id": "u"}, "capabilities": {"capability": read}}},
        });
        let allowed = vec!["user u Read Allow".to_owned()];
        assert_eq!(shown(&one), Some((allowed, Some(RulesParent::Project))));
        let none = json!({"permissions": {"parent": {"type": "Database", "id": "D"}}});
        assert_eq!(
            shown(&none),
            Some((Vec::new(), Some(RulesParent::Database)))
        );
        assert_eq!(locking_database(&none).as_deref(), Some("d"));
    }

    #[test]
    fn what_is_no_answer_about_permissions_is_told_from_an_empty_one() {
        assert_eq!(shown(&json!({"permissions": {}})), Some((Vec::new(), None)));
        for other in [
            json!({}),
            json!({"workbooks": {}}),
            json!({"permissions": {"granteeCapabilities": "x"}}),
            json!({"permissions": {"granteeCapabilities": [{"capabilities": {}}]}}),
        ] {
            assert_eq!(shown(&other), None, "{other}");
        }
    }
}
