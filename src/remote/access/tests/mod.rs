//! Whole conversations about permissions, without a socket.

mod large;

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Access, AccessAsked, Found, Known, RulesOf};
use crate::input::tableau::EnvelopeUser;
use crate::model::access::Subject;
use crate::remote::call::Reply;
use crate::remote::moment::Moment;
use crate::remote::retry::Refused;

/// Asks all questions, each of which is answered by a function of its path; `None` is refused.
fn ask(
    asked: &AccessAsked,
    known: &Known,
    mut answer: impl FnMut(&str) -> Result<Value, (u16, &'static str)>,
) -> (Vec<String>, Found) {
    let moment = Moment {
        unix_seconds: 1_700_000_000,
        ..Moment::default()
    };
    let mut access = Access::new(asked, known, &moment);
    let mut paths = Vec::new();
    while let Some(path) = access.path() {
        assert!(paths.len() < 100_000, "it ends");
        match answer(&path) {
            Ok(body) => access.take(body.to_string().as_bytes(), &moment),
            Err((status, code)) => {
                let body = json!({"error": {"code": code, "summary": "Forbidden"}});
                let body = body.to_string().into_bytes();
                let reply = Reply {
                    status,
                    body,
                    ..Reply::default()
                };
                access.refuse(&Refused::by(&reply), &moment);
            }
        }
        paths.push(path);
    }
    (paths, access.finish(None))
}

fn audiences(subjects: &[&str]) -> AccessAsked {
    let subjects = subjects.iter().map(|text| text.parse::<Subject>());
    AccessAsked {
        audiences: subjects.collect::<Result<_, _>>().expect("subjects"),
        rules: RulesOf::Nothing,
    }
}

fn rules(rules: RulesOf) -> AccessAsked {
    AccessAsked {
        audiences: Vec::new(),
        rules,
    }
}

fn me() -> EnvelopeUser {
    EnvelopeUser {
        name: Some("Ada".to_owned()),
        luid: Some("U-ADA".to_owned()),
        site_role: Some("Explorer".to_owned()),
    }
}

/// A page of some items of a list.
fn page(path: &str, (list, item): (&str, &str), items: Vec<Value>) -> Value {
    let number = path
        .rsplit_once("pageNumber=")
        .map_or(1, |(_, number)| number.parse::<usize>().expect("a number"));
    let total = items.len().to_string();
    let items = items.into_iter().skip((number - 1) * 1000).take(1000);
    json!({
        "pagination": {"totalAvailable": total},
        list: {item: items.collect::<Vec<_>>()},
    })
}

#[test]
fn what_one_user_may_see_takes_a_question_for_each_thousand_workbooks() {
    let (paths, found) = ask(
        &audiences(&["user:bob"]),
        &Known::default(),
        |path| match path {
            users if users.starts_with("users?filter=name:eq:bob&") => Ok(page(
                users,
                ("users", "user"),
                vec![
                    json!({"id": "U-BOB", "name": "Bob", "siteRole": "Viewer", "email": "b@x"}),
                    json!({"id": "U-BOBBY", "name": "bobby"}),
                ],
            )),
            workbooks if workbooks.starts_with("users/u-bob/workbooks") => {
                let all = (0..4_321).map(|n| json!({"id": n.to_string(), "name": "secret"}));
                Ok(page(workbooks, ("workbooks", "workbook"), all.collect()))
            }
            path => panic!("{path}"),
        },
    );
    assert_eq!(paths.len(), 6);
    assert!(found.missing.is_empty(), "{:?}", found.missing);
    let text = Value::Array(found.entries).to_string();
    assert!(text.contains("2023-11-14T22:13:20Z"), "when it was asked");
    assert!(
        !text.contains("secret") && !text.contains("b@x"),
        "not needed"
    );
}

#[test]
fn whoever_asks_about_themself_needs_no_list_of_users() {
    let me = me();
    let known = Known {
        user: Some(&me),
        ..Known::default()
    };
    let (paths, found) = ask(&audiences(&["user:ADA"]), &known, |path| {
        Ok(match path {
            "users/u-ada" => json!({"user": {"id": "u-ada", "siteRole": "Explorer"}}),
            path => page(path, ("workbooks", "workbook"), Vec::new()),
        })
    });
    assert_eq!(paths[0], "users/u-ada");
    assert!(paths[1].starts_with("users/u-ada/workbooks?"));
    assert_eq!((paths.len(), found.count), (2, 2));
}

#[test]
fn members_of_a_group_are_asked_about_one_by_one_unless_they_are_many() {
    let group = |count: usize| {
        ask(
            &audiences(&["group:Readers"]),
            &Known::default(),
            move |path| {
                Ok(match path {
                    groups if groups.starts_with("groups?filter=name:eq:Readers") => page(
                        groups,
                        ("groups", "group"),
                        vec![json!({"id": "g", "name": "Readers"})],
                    ),
                    path if path.starts_with("groups/g/users") => {
                        let role = |n| if n == 0 { "Unlicensed" } else { "Viewer" };
                        let members =
                            (0..count).map(|n| json!({"id": format!("u{n}"), "siteRole": role(n)}));
                        page(path, ("users", "user"), members.collect())
                    }
                    path => page(path, ("workbooks", "workbook"), Vec::new()),
                })
            },
        )
    };
    let (paths, found) = group(50);
    assert_eq!(paths.len(), 2 + 49, "who has no licence sees nothing");
    assert!(found.missing.is_empty());
    let (paths, found) = group(51);
    assert_eq!(paths.len(), 2);
    assert!(
        found.missing[0].contains("51 members"),
        "{:?}",
        found.missing
    );
}

/// A site whose projects `p0` to `p9` are locked, and `q0` to `q4` are not; `p1` lies in `p0`.
fn projects() -> Vec<Value> {
    let locked = (0..10).map(|n| {
        let parent = if n == 1 { Some("p0") } else { None };
        json!({"id": format!("p{n}"), "parentProjectId": parent, "contentPermissions": "LockedToProject"})
    });
    let open =
        (0..5).map(|n| json!({"id": format!("q{n}"), "contentPermissions": "ManagedByOwner"}));
    locked.chain(open).collect()
}

/// Workbooks of which nine tenths lie in locked projects.
fn workbooks(count: usize) -> HashMap<String, Option<String>> {
    let place = |n: usize| match n % 10 {
        9 => format!("q{}", n / 10 % 5),
        at => format!("p{at}"),
    };
    (0..count)
        .map(|n| (format!("w{n}"), Some(place(n))))
        .collect()
}

/// A site with rules for one group on everything, a set on one project, and a database that locks its
/// tables.
fn site(path: &str) -> Result<Value, (u16, &'static str)> {
    let rule = |grantee: &str, luid: &str| json!({"permissions": {"granteeCapabilities": [{grantee: {"id": luid}}]}});
    Ok(match path.split('?').next().unwrap_or_default() {
        "" => json!({"site": {"id": "s", "derivedPermissionsEnabled": "true"}}),
        "users" => page(
            path,
            ("users", "user"),
            (0..1_500).map(|n| json!({"id": format!("u{n}")})).collect(),
        ),
        "groups" => page(
            path,
            ("groups", "group"),
            vec![
                json!({"id": "ALL", "name": "All Users"}),
                json!({"id": "g", "name": "Readers"}),
            ],
        ),
        "datasources" => page(
            path,
            ("datasources", "datasource"),
            vec![
                json!({"id": "d", "project": {"id": "q0"}}),
                json!({"id": "e", "project": {"id": "p0"}}),
            ],
        ),
        "flows" => page(path, ("flows", "flow"), Vec::new()),
        "virtualconnections" => return Err((404, "404000")),
        "databases" => page(
            path,
            ("databases", "database"),
            vec![
                json!({"id": "locked", "contentPermissions": "LockedToDatabase"}),
                json!({"id": "open", "contentPermissions": "ManagedByOwner"}),
                json!({"id": "file", "isEmbedded": "true"}),
                json!({"id": "placed", "location": {"type": "PROJECT", "id": "q0"}}),
            ],
        ),
        "tables" => page(
            path,
            ("tables", "table"),
            vec![
                json!({"id": "t", "database": {"id": "locked"}}),
                json!({"id": "u", "database": {"id": "open"}}),
                json!({"id": "v", "database": {"id": "open"}, "isEmbedded": true}),
                json!({"id": "w", "location": {"type": "PROJECT", "id": "p1"}}),
            ],
        ),
        "groups/g/users" => page(path, ("users", "user"), vec![json!({"id": "u1"})]),
        "groupsets/s" => json!({"groupSet": {"id": "s", "groups": {"group": [{"id": "g"}]}}}),
        "groups/all/users" => panic!("the list of users has them"),
        "projects/q0/permissions" => rule("groupSet", "s"),
        "workbooks/w9/permissions" => rule("group", "ALL"),
        "workbooks/w19/permissions" => return Err((404, "404006")),
        "workbooks/w29/permissions" | "workbooks/w39/permissions" => return Err((403, "403004")),
        _ => rule("group", "g"),
    })
}

fn count(paths: &[String], what: &str) -> usize {
    paths.iter().filter(|path| path.contains(what)).count()
}

#[test]
fn rules_of_locked_projects_are_asked_for_once() {
    let (projects, workbooks) = (projects(), workbooks(100));
    let known = Known {
        projects: &projects,
        workbooks: Some(&workbooks),
        ..Known::default()
    };
    let (paths, found) = ask(&rules(RulesOf::All), &known, site);
    let users = paths.iter().filter(|path| path.starts_with("users?"));
    assert_eq!(users.count(), 2, "two pages of users");
    assert_eq!(count(&paths, "projects/p0/permissions"), 1);
    // Nine locked projects control what is in them: p1 has the rules of p0.
    assert_eq!(count(&paths, "/default-permissions/workbooks"), 8);
    assert_eq!(count(&paths, "projects/p1/default-permissions"), 0);
    assert_eq!(
        count(&paths, "workbooks/"),
        10,
        "those of unlocked projects"
    );
    assert_eq!(count(&paths, "datasources/"), 1);
    assert_eq!(count(&paths, "/default-permissions/datasources"), 1);
    let databases = ["locked", "open", "placed"].map(|one| format!("databases/{one}/permissions"));
    for database in databases {
        assert_eq!(count(&paths, &database), 1, "{database}");
    }
    assert_eq!(
        count(&paths, "databases/file"),
        0,
        "Tableau has no rules of it"
    );
    assert_eq!(
        count(&paths, "databases/locked/default-permissions/tables"),
        1
    );
    assert_eq!(count(&paths, "tables/"), 1, "one that nothing locks");
    assert_eq!(count(&paths, "projects/p0/default-permissions/tables"), 1);
    assert_eq!(count(&paths, "groups/g/users"), 1);
    assert_eq!(count(&paths, "groupsets/s"), 1);
    // Virtual connections are unknown to an old server, and a workbook is gone.
    let missing = [
        "permissions: Tableau does not tell the permission rules of a workbook, 2 times: error 403004: Forbidden",
    ];
    assert_eq!(found.missing, missing);
    assert_eq!(found.count, paths.len() + 1, "the list of projects as well");
}

#[test]
fn what_is_not_an_answer_is_missing() {
    let (_, found) = ask(&audiences(&["everyone"]), &Known::default(), |_| {
        Ok(json!({"groups": {}}))
    });
    assert!(
        found.missing[0].contains("the server answers"),
        "{:?}",
        found.missing
    );
    let (_, found) = ask(
        &audiences(&["user:bob", "group:x"]),
        &Known::default(),
        |path| {
            let keys = if path.starts_with("users") {
                ("users", "user")
            } else {
                ("groups", "group")
            };
            Ok(page(path, keys, Vec::new()))
        },
    );
    assert_eq!(found.missing.len(), 2, "{:?}", found.missing);
    let mut access = Access::new(
        &audiences(&["user:bob", "group:x"]),
        &Known::default(),
        &Moment::default(),
    );
    access.take(b"<html>", &Moment::default());
    let found = access.finish(Some("the connection was closed"));
    assert_eq!(found.missing.len(), 2, "{:?}", found.missing);
    assert!(
        found.missing[1].contains("1 questions or more"),
        "{:?}",
        found.missing
    );
}
