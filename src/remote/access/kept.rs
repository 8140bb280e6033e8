//! What of an answer goes into the export: all that rules say, and of lists only what decides who may
//! see what. Of people there is the name with which they sign in and the role, not e-mails.

use serde_json::{Value, json};

use super::topic::Topic;

/// What is kept of a user.
const OF_USERS: [&str; 3] = ["id", "name", "siteRole"];
/// What is kept of data sources, flows, virtual connections, databases and tables.
const OF_ASSETS: [&str; 11] = [
    "id",
    "name",
    "owner",
    "project",
    "location",
    "contentPermissions",
    "isEmbedded",
    "type",
    "database",
    "schema",
    "parentProjectId",
];
/// What of people is kept nowhere.
const PRIVATE: [&str; 2] = ["email", "fullName"];

/// The body of an answer as far as it is kept.
pub(super) fn body(topic: &Topic, mut body: Value) -> Value {
    if let Some((list, item)) = topic.list() {
        let keys: &[&str] = match list {
            "users" => &OF_USERS,
            "workbooks" => &["id"],
            "groups" => &["id", "name"],
            _ => &OF_ASSETS,
        };
        if let Some(items) = body.get_mut(list).and_then(|list| list.get_mut(item)) {
            reduce_all(items, keys);
        }
    }
    if matches!(topic, Topic::User(_))
        && let Some(user) = body.get_mut("user")
    {
        reduce(user, &OF_USERS);
    }
    without_private(&mut body);
    body
}

/// The projects of a site, as an answer that lists them.
pub(super) fn projects(projects: &[Value]) -> Value {
    let mut items = Value::Array(projects.to_vec());
    reduce_all(&mut items, &OF_ASSETS);
    without_private(&mut items);
    let total = projects.len().to_string();
    json!({
        "pagination": {"pageNumber": "1", "totalAvailable": total},
        "projects": {"project": items},
    })
}

fn reduce_all(items: &mut Value, keys: &[&str]) {
    match items {
        Value::Array(items) => items.iter_mut().for_each(|item| reduce(item, keys)),
        one => reduce(one, keys),
    }
}

fn reduce(object: &mut Value, keys: &[&str]) {
    if let Value::Object(members) = object {
        members.retain(|key, _| keys.contains(&key.as_str()));
    }
}

fn without_private(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| !PRIVATE.contains(&key.as_str()));
            members.values_mut().for_each(without_private);
        }
        Value::Array(items) => items.iter_mut().for_each(without_private),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_kept_without_what_nobody_needs() {
        let answer = json!({"users": {"user": [
            {"id": "u", "name": "ada", "siteRole": "Viewer", "email": "ada@x", "fullName": "Ada",
             "lastLogin": "2026-01-01"},
        ]}});
        let kept = json!({"users": {"user": [{"id": "u", "name": "ada", "siteRole": "Viewer"}]}});
        assert_eq!(body(&Topic::Users, answer), kept);
    }

    #[test]
    fn rules_are_kept_as_they_came() {
        let answer = json!({"permissions": {
            "workbook": {"id": "w", "owner": {"id": "u", "email": "ada@x"}},
            "granteeCapabilities": [{"group": {"id": "g"}}],
        }});
        let mut kept = answer.clone();
        kept["permissions"]["workbook"]["owner"] = json!({"id": "u"});
        let topic = Topic::Rules(crate::model::access::AssetKind::Workbook, "w".to_owned());
        assert_eq!(body(&topic, answer), kept);
    }
}
