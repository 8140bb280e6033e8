//! Servers, sign-ins, and runs that end early.

use std::time::Duration;

use serde_json::json;

use super::site::{
    SECRET, SERVER, answer, assert_found, at, body_of, found, found_with, given, lost, refused,
    usual,
};
use crate::doctor::tableau::{Given, findings};
use crate::doctor::{Check, Finding, Outcome};
use crate::remote::{
    Action, Call, Consultation, Event, Examine, Machine, Moment, NoReplyKind, Reply,
};

#[test]
fn a_site_where_all_is_well_has_nothing_but_ok() {
    let findings = found(|_| None);
    let others = findings
        .iter()
        .filter(|finding| finding.outcome != Outcome::Ok);
    assert_eq!(others.collect::<Vec<_>>(), Vec::<&Finding>::new());
    assert_found(
        &findings,
        Check::Counts,
        Outcome::Ok,
        "7 workbooks, 2 data sources, 1 flow, 9 tables",
    );
}

#[test]
fn a_server_that_is_not_reached_leaves_the_rest_not_asked() {
    for (kind, check, words) in [
        (
            NoReplyKind::UnknownHost,
            Check::Server,
            "is the address spelled right",
        ),
        (
            NoReplyKind::NotConnected,
            Check::Server,
            "may this machine reach it",
        ),
        (NoReplyKind::TimedOut, Check::Server, "busy or far away"),
        (NoReplyKind::Tls, Check::Certificates, "--ca-bundle"),
        (NoReplyKind::Proxy, Check::Proxy, "HTTPS_PROXY"),
    ] {
        let findings = found(at("serverinfo", || lost(kind)));
        assert_found(&findings, check, Outcome::Fault, words);
        assert_found(
            &findings,
            Check::SignIn,
            Outcome::NotAsked,
            "does not answer",
        );
        let faults = findings
            .iter()
            .filter(|finding| finding.outcome == Outcome::Fault);
        assert_eq!(faults.count(), 1, "{kind:?}");
    }
}

#[test]
fn what_is_not_tableau_is_told_with_the_proxy_that_may_answer() {
    let html = || body_of(200, "<!DOCTYPE html><html>blocked</html>");
    let findings = found(at("serverinfo", html));
    assert_found(
        &findings,
        Check::Server,
        Outcome::Fault,
        "a page for browsers",
    );
    let given = Given {
        proxy: Some(("proxy.example:3128".to_owned(), "HTTPS_PROXY".to_owned())),
        ..given()
    };
    let findings = found_with(&given, at("serverinfo", html));
    assert_found(
        &findings,
        Check::Server,
        Outcome::Fault,
        "or the proxy proxy.example:3128",
    );
    assert_found(&findings, Check::Proxy, Outcome::Note, "HTTPS_PROXY");
    let findings = found(at("serverinfo", || body_of(404, "<html>not found</html>")));
    assert_found(&findings, Check::Server, Outcome::Fault, "HTTP status 404");
    let findings = found(at("serverinfo", || body_of(407, "")));
    assert_found(&findings, Check::Proxy, Outcome::Fault, "407");
}

#[test]
fn an_old_server_is_a_fault_of_its_version() {
    let old =
        json!({"serverInfo": {"productVersion": {"value": "2018.1"}, "restApiVersion": "3.0"}});
    let findings = found(at("serverinfo", || answer(200, &old)));
    assert_found(&findings, Check::Server, Outcome::Ok, SERVER);
    assert_found(&findings, Check::Version, Outcome::Fault, "2019.3 or newer");
    assert_found(&findings, Check::SignIn, Outcome::NotAsked, "too old");
}

#[test]
fn fields_that_a_server_does_not_know_are_named() {
    let error = json!({
        "message": "Validation error of type FieldUndefined: Field 'projectLuid' in type 'Workbook' is undefined @ 'workbooksConnection/nodes/projectLuid'",
        "validationErrorType": "FieldUndefined",
        "queryPath": ["workbooksConnection", "nodes", "projectLuid"],
    });
    let findings = found(at("projectLuid", || {
        answer(200, &json!({"errors": [error]}))
    }));
    assert_found(&findings, Check::Version, Outcome::Note, "projectLuid");
    assert_found(&findings, Check::Limits, Outcome::Ok, "came whole");
}

#[test]
fn a_sign_in_that_is_refused_says_what_to_look_at() {
    let findings = found(at("signin", || {
        refused(401, "401001", "The personal access token is invalid")
    }));
    assert_found(&findings, Check::SignIn, Outcome::Fault, "site sales");
    assert_found(
        &findings,
        Check::SignIn,
        Outcome::Fault,
        "is the site right",
    );
    assert_found(&findings, Check::SignIn, Outcome::Fault, "not expired");
    assert_found(&findings, Check::Version, Outcome::Ok, "2024.3.0");
    for check in [
        Check::Role,
        Check::Catalog,
        Check::Metadata,
        Check::Counts,
        Check::Limits,
    ] {
        assert_found(&findings, check, Outcome::NotAsked, "nobody is signed in");
    }
}

#[test]
fn a_secret_that_a_server_repeats_is_not_shown() {
    let findings = found(at("signin", || refused(401, "401001", SECRET)));
    assert_found(&findings, Check::SignIn, Outcome::Fault, "[hidden]");
}

#[test]
fn nothing_secret_goes_over_an_open_connection() {
    let given = Given {
        server: "http://t.example".to_owned(),
        ..given()
    };
    let greeting = |call: &Call| {
        assert!(call.url.ends_with("serverinfo"), "{}", call.url);
        let url = call.url.replace("http:", "https:");
        Some(answer(
            200,
            &usual(&Call {
                url,
                ..call.clone()
            }),
        ))
    };
    let findings = found_with(&given, greeting);
    assert_found(&findings, Check::SignIn, Outcome::Fault, "not encrypted");
    assert_found(&findings, Check::Certificates, Outcome::Warning, "https");
}

#[test]
fn without_a_token_only_the_server_is_looked_at() {
    let nothing = crate::model::Failure::new("", "there is nothing to sign in with").help("set it");
    for (is_fault, outcome) in [(false, Outcome::NotAsked), (true, Outcome::Fault)] {
        let given = Given {
            sign_in: Err((nothing.clone(), is_fault)),
            ..given()
        };
        let findings = found_with(&given, |_| None);
        assert_found(&findings, Check::Version, Outcome::Ok, "2024.3.0");
        assert_found(
            &findings,
            Check::SignIn,
            outcome,
            "nothing to sign in with -> set it",
        );
        assert_found(
            &findings,
            Check::Role,
            Outcome::NotAsked,
            "nobody is signed in",
        );
    }
}

#[test]
fn what_the_server_answers_to_nobody_is_a_redirect_to_another_host() {
    let elsewhere = || {
        Event::Reply(Reply {
            status: 302,
            location: Some("https://evil.example/".to_owned()),
            ..Reply::default()
        })
    };
    let findings = found(at("serverinfo", elsewhere));
    assert_found(
        &findings,
        Check::Server,
        Outcome::Fault,
        "https://evil.example",
    );
}

#[test]
fn a_run_that_lasts_too_long_ends_with_what_it_has() {
    let mut machine = Examine::new(Consultation {
        server: SERVER.to_owned(),
        site: String::new(),
        credentials: None,
        time_limit: Duration::from_secs(1),
        allows_http: false,
    });
    let late = Moment {
        since_start: Duration::from_secs(2),
        ..Moment::default()
    };
    let Action::Over(heard) = machine.next(Event::Ready, &late) else {
        panic!("it goes on");
    };
    let findings = findings(&heard, &given());
    assert_found(&findings, Check::Server, Outcome::Fault, "--timeout");
}
