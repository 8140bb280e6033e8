//! Roles, settings, counts, names and limits.

use serde_json::{Value, json};

use super::site::{answer, assert_found, at, body_of, found, graphql, page, refused};
use crate::doctor::{Check, Finding, Outcome};
use crate::remote::Call;

#[test]
fn roles_are_told_with_what_they_hide() {
    for (role, outcome, words) in [
        ("ServerAdministrator", Outcome::Ok, "sees everything"),
        ("Creator", Outcome::Warning, "not an administrator"),
        ("Viewer", Outcome::Fault, "without what they read"),
        ("Unlicensed", Outcome::Fault, "give the user a licence"),
    ] {
        let body = json!({"user": {"name": "ada", "siteRole": role}});
        let findings = found(at("/users/u", || answer(200, &body)));
        assert_found(&findings, Check::Role, outcome, words);
    }
    // What the scopes of a connected app leave out is refused like a token that is dead.
    let findings = found(at("/users/u", || refused(401, "401002", "Unauthorized")));
    assert_found(
        &findings,
        Check::Role,
        Outcome::NotKnown,
        "tableau:users:read",
    );
    assert_found(&findings, Check::Counts, Outcome::Ok, "7 workbooks");
}

#[test]
fn settings_of_the_site_are_told_as_far_as_they_are_visible() {
    let findings = found(at("sites/s", || refused(403, "403004", "Forbidden")));
    assert_found(
        &findings,
        Check::Catalog,
        Outcome::NotKnown,
        "administrators alone",
    );
    let off = json!({"site": {
        "catalogingEnabled": false,
        "derivedPermissionsEnabled": false,
        "catalogObfuscationEnabled": false,
    }});
    let creator = json!({"user": {"name": "ada", "siteRole": "Creator"}});
    let set = |role: Option<Value>| {
        let off = off.clone();
        found(move |call: &Call| {
            if call.url.ends_with("/sites/s") {
                return Some(answer(200, &off));
            }
            let role = role.as_ref().filter(|_| call.url.ends_with("/users/u"))?;
            Some(answer(200, role))
        })
    };
    for (check, words) in [
        (Check::Catalog, "Data Management"),
        (Check::Derived, "Automatic Access to Metadata"),
        (Check::Lineage, "Sensitive Lineage Information"),
    ] {
        assert_found(&set(Some(creator.clone())), check, Outcome::Warning, words);
        assert_found(&set(None), check, Outcome::Note, "those who see all");
    }
}

#[test]
fn a_metadata_api_that_does_not_answer_is_told_with_its_reason() {
    let null = Value::Null;
    for (code, words) in [
        (
            "FEATURE_DISABLED",
            "tsm maintenance metadata-services enable",
        ),
        ("SITE_DISABLED", "off for this site"),
        ("ACCESS_DENIED", "allowed to use the Metadata API"),
    ] {
        let findings = found(at("graphql", || graphql(code, None, &null)));
        assert_found(&findings, Check::Metadata, Outcome::Fault, words);
        assert_found(
            &findings,
            Check::Counts,
            Outcome::NotAsked,
            "does not answer",
        );
        assert_found(&findings, Check::Role, Outcome::Ok, "ada");
    }
    let findings = found(at("graphql", || body_of(404, "<html>Not found</html>")));
    assert_found(
        &findings,
        Check::Metadata,
        Outcome::Fault,
        "metadata-services enable",
    );
    let findings = found(at("graphql", || body_of(200, "<html>log in</html>")));
    assert_found(
        &findings,
        Check::Metadata,
        Outcome::Fault,
        "a page for browsers",
    );
    let findings = found(at("graphql", || graphql("RATE_EXCEEDED", None, &null)));
    assert_found(
        &findings,
        Check::Metadata,
        Outcome::Warning,
        "too many queries",
    );
}

#[test]
fn warnings_of_the_metadata_api_are_told() {
    for code in ["PERMISSIONS_MODE_SWITCHED", "LINKED_RESULTS_INCOMPLETE"] {
        let data = page()["data"].clone();
        let findings = found(at("query workbooks", || {
            graphql(code, Some("WARNING"), &data)
        }));
        assert_found(&findings, Check::Metadata, Outcome::Ok, "it answers");
        assert_found(&findings, Check::Metadata, Outcome::Warning, code);
    }
    let data = page()["data"].clone();
    let backfill = || graphql("BACKFILL_RUNNING", Some("WARNING"), &data);
    let findings = found(at("query workbooks", backfill));
    assert_found(
        &findings,
        Check::Backfill,
        Outcome::Warning,
        "still building",
    );
    let running = json!({"status": "RUNNING"});
    let findings = found(at("backfill", || answer(200, &running)));
    assert_found(
        &findings,
        Check::Backfill,
        Outcome::Warning,
        "still building",
    );
    let findings = found(at("backfill", || refused(404, "404003", "Not found")));
    assert_found(&findings, Check::Backfill, Outcome::Ok, "does not warn");
}

#[test]
fn limits_of_the_first_page_are_a_note() {
    let null = Value::Null;
    for code in ["NODE_LIMIT_EXCEEDED", "TIME_LIMIT_EXCEEDED"] {
        let findings = found(at("query workbooks", || {
            graphql(code, Some("WARNING"), &null)
        }));
        assert_found(&findings, Check::Limits, Outcome::Note, code);
        assert_found(&findings, Check::Names, Outcome::Ok, "first 2 tables");
    }
    let findings = found(at("query workbooks", || {
        graphql("RATE_EXCEEDED", None, &null)
    }));
    assert_found(&findings, Check::Limits, Outcome::Warning, "RATE_EXCEEDED");
}

#[test]
fn counts_that_differ_have_each_their_cause() {
    let listed =
        |count: u64, role: &'static str, extra: &'static [(&'static str, &'static str)]| {
            found(move |call: &Call| {
                for (part, body) in extra {
                    if call.url.ends_with(part) {
                        return Some(body_of(200, body));
                    }
                }
                if call.url.ends_with("/users/u") {
                    return Some(answer(
                        200,
                        &json!({"user": {"name": "ada", "siteRole": role}}),
                    ));
                }
                let total = json!({"pagination": {"totalAvailable": count}, "workbooks": {}});
                call.url
                    .contains("/workbooks?")
                    .then(|| answer(200, &total))
            })
        };
    let is = |findings: &[Finding], outcome, words| {
        assert_found(findings, Check::Counts, outcome, words);
    };
    // More in the Metadata API: what the user may not view, personal spaces, what is deleted.
    is(
        &listed(5, "Creator", &[]),
        Outcome::Note,
        "may not view, in personal spaces of others, or deleted",
    );
    is(
        &listed(5, "SiteAdministratorCreator", &[]),
        Outcome::Note,
        "leaves personal spaces out",
    );
    // Fewer: the index lags, the store is being built, the site filters.
    is(
        &listed(8, "SiteAdministratorCreator", &[]),
        Outcome::Warning,
        "not yet indexed",
    );
    let building = &[("backfill/status", r#"{"status":"RUNNING"}"#)];
    is(
        &listed(8, "SiteAdministratorCreator", building),
        Outcome::Warning,
        "still building",
    );
    let filtered = &[(
        "/sites/s",
        r#"{"site":{"catalogObfuscationEnabled":false}}"#,
    )];
    is(
        &listed(8, "Creator", filtered),
        Outcome::Warning,
        "leaves out of lineage",
    );
    let tables = json!({"pagination": {"totalAvailable": 3}, "tables": {}});
    let findings = found(at("/tables?", || answer(200, &tables)));
    is(&findings, Outcome::Note, "tables of embedded data sources");
    let findings = found(at("/flows?", || refused(403, "403004", "Forbidden")));
    is(&findings, Outcome::NotKnown, "flows: ");
    is(&findings, Outcome::Ok, "7 workbooks");
}

#[test]
fn counts_cut_by_a_limit_and_lineage_in_part_are_told() {
    let null = Value::Null;
    let findings = found(|call: &Call| {
        if call.url.contains("/workbooks?") {
            let total = json!({"pagination": {"totalAvailable": 8}, "workbooks": {}});
            return Some(answer(200, &total));
        }
        at("query workbooks", || {
            graphql("NODE_LIMIT_EXCEEDED", Some("WARNING"), &null)
        })(call)
    });
    assert_found(
        &findings,
        Check::Counts,
        Outcome::Warning,
        "Tableau's limits",
    );
    let upstream = json!({"data": {
        "workbooksConnection": {"nodes": [{"upstreamDatabases": [], "embeddedDatasources": [
            {"upstreamDatabases": [{"id": "d"}]},
        ]}]},
        "flowsConnection": {"nodes": [{"upstreamTables": []}]},
    }});
    let findings = found(at("query upstream", || answer(200, &upstream)));
    assert_found(&findings, Check::Counts, Outcome::Note, "fewer databases");
    assert_found(
        &findings,
        Check::Counts,
        Outcome::Note,
        "flows with parameters",
    );
}

#[test]
fn hidden_names_are_counted() {
    let tables = |names: &[Value]| {
        let nodes = names
            .iter()
            .map(|name| json!({"name": name, "fullName": null}));
        let nodes = nodes.collect::<Vec<_>>();
        let body = json!({"data": {"databaseTablesConnection": {"nodes": nodes}}});
        found(at("query names", move || answer(200, &body)))
    };
    let hidden = Value::Null;
    let some = tables(&[json!("a"), hidden.clone(), json!("b")]);
    assert_found(
        &some,
        Check::Names,
        Outcome::Warning,
        "1 of the first 3 tables (34 %)",
    );
    let all = tables(&[hidden.clone(), hidden]);
    assert_found(&all, Check::Names, Outcome::Fault, "site administrator");
    assert_found(
        &tables(&[]),
        Check::Names,
        Outcome::NotKnown,
        "not one table",
    );
}
