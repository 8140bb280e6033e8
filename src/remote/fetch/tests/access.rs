//! Questions about who may see what, whose answers never cost the lineage.

use super::*;
use crate::model::access::Subject;
use crate::remote::access::RulesOf;

/// A run that asks what Ada may see, and for rules.
fn run_with_access(change: impl FnMut(&Called, usize) -> Option<Outcome>) -> Told {
    let access = AccessAsked {
        audiences: vec![Subject::User("ada".to_owned())],
        rules: RulesOf::All,
    };
    let ask = |asked| Asked {
        access,
        time_limit: Duration::from_secs(90),
        ..asked
    };
    run_as(ask, 3, change)
}

/// The answers of a site with nothing on it but workbooks.
fn nothing_else(call: &Called) -> Option<Outcome> {
    if call.section().is_some() || !call.is("/sites/s") {
        return None;
    }
    let (_, path) = call.url.split_once("/sites/s")?;
    let path = path.trim_start_matches('/').split('?').next()?;
    match path {
        "projects" | "workbooks" | "users/u" => None,
        "" => Some(json(&json!({"site": {"id": "s"}}))),
        rules if rules.contains("permissions") => Some(json(&json!({"permissions": {}}))),
        list => {
            let list = list.rsplit('/').next()?;
            let list = if list == "virtualconnections" {
                "virtualConnections"
            } else {
                list
            };
            Some(json(
                &json!({"pagination": {"totalAvailable": "0"}, list: {}}),
            ))
        }
    }
}

/// What the export has of permissions, by what was asked.
fn rest(told: &Told) -> Vec<(String, Value)> {
    let export = told.export();
    let rest = export["rest"].as_array().expect("answers").iter();
    rest.map(|entry| {
        let get = entry["get"].as_str().expect("a question");
        (get.to_owned(), entry["body"].clone())
    })
    .collect()
}

#[test]
fn everything_is_asked_and_kept() {
    let told = run_with_access(|call, _| nothing_else(call));
    told.assert_whole();
    let rest = rest(&told);
    let asked = rest.iter().map(|(get, _)| get.as_str());
    let asked = asked.collect::<Vec<_>>();
    for get in [
        "projects",
        "users/u",
        "users/u/workbooks?pageSize=1000&pageNumber=1",
        "sites/this",
        "projects/p/permissions",
        "workbooks/workbooks-2/permissions",
        "tables?pageSize=1000&pageNumber=1",
    ] {
        assert!(asked.contains(&get), "{get}: {asked:?}");
    }
    let captured = &told.export()["rest"][0]["captured_at"];
    assert_eq!(captured, "2027-01-15T08:00:00Z");
}

#[test]
fn refusals_are_kept_without_what_was_sent_in_secret() {
    let told = run_with_access(|call, _| {
        if call.is("/groups?") {
            let words = format!("no access for session-0 of {SECRET}");
            let body = json!({"error": {"code": "403000", "summary": words}});
            return Some(status(403, &body.to_string()));
        }
        if call.is("/flows?") {
            return Some(status(403, "<html>forbidden</html>"));
        }
        nothing_else(call)
    });
    let missing = &told.fetched().missing;
    assert_eq!(missing.len(), 2, "{missing:?}");
    assert!(
        missing[0].contains("the flows of the site: error 403"),
        "{missing:?}"
    );
    assert!(
        missing[1].contains("error 403000: no access for [hidden] of [hidden]"),
        "{missing:?}"
    );
    let rest = rest(&told);
    let refused = rest.iter().filter(|(_, body)| body["error"].is_object());
    assert_eq!(refused.count(), 2);
    told.assert_over();
}

#[test]
fn a_server_that_no_longer_answers_ends_the_questions_alone() {
    for (code, retry_after, why) in [
        (503, "1", "HTTP status 503"),
        (401, "1", "Tableau ended the session twice"),
        (429, "50", "was not over after 1 minutes"),
    ] {
        let told = run_with_access(|call, _| match call.is("/users?") {
            true => Some(later(code, "", retry_after)),
            false => nothing_else(call),
        });
        let missing = &told.fetched().missing;
        assert_eq!(missing.len(), 1, "{missing:?}");
        assert!(missing[0].contains(why), "{missing:?}");
        assert_eq!(told.export()["sections"]["workbooks"]["complete"], true);
        assert!(!rest(&told).is_empty(), "what came before stays");
        told.assert_over();
    }
}

#[test]
fn a_token_that_dies_in_between_is_renewed() {
    let mut dead = true;
    let told = run_with_access(|call, _| {
        if call.is("/users?") && std::mem::take(&mut dead) {
            return Some(status(401, ""));
        }
        nothing_else(call)
    });
    told.assert_whole();
    assert_eq!(told.count("/auth/signin"), 2);
}
