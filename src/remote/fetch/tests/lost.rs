//! Answers that are lost, that come later, or that are not of Tableau.

use super::*;

const FOR_EVER: usize = usize::MAX;

#[test]
fn an_answer_that_is_lost_once_is_asked_for_again() {
    for part in CALLS {
        for body in [
            "",
            "\n",
            "{",
            r#"{"data": {"workbooksConnection": {"nodes": [{"#,
        ] {
            let told = run(3, first(1, part, || status(200, body)));
            told.assert_whole();
            assert_eq!(told.waits, [1.0], "{part}: {body:?}");
        }
        for kind in [
            NoReplyKind::CutOff,
            NoReplyKind::TimedOut,
            NoReplyKind::NotConnected,
        ] {
            let told = run(3, first(1, part, || lost(kind)));
            told.assert_whole();
            assert_eq!(told.waits, [1.0], "{part}: {kind:?}");
        }
        for code in [408, 429, 500, 502, 503, 504] {
            let told = run(
                3,
                first(1, part, || status(code, "<html>Bad gateway</html>")),
            );
            told.assert_whole();
            assert_eq!(told.waits, [1.0], "{part}: {code}");
        }
    }
}

#[test]
fn what_is_lost_for_ever_ends_within_half_a_minute() {
    let answers: [fn() -> Outcome; 3] = [
        || status(200, ""),
        || lost(NoReplyKind::CutOff),
        || status(503, ""),
    ];
    for answer in answers {
        for part in ["/serverinfo", "/auth/signin", "/graphql"] {
            let told = run(3, first(FOR_EVER, part, answer));
            told.assert_failed("cannot ");
            assert!(told.waited() <= 30.0, "{part}: {:?}", told.waits);
            assert!(told.count(part) >= 5, "{part}");
        }
        // What the run can do without is missing, and said.
        let told = run(3, first(FOR_EVER, "/users/u", answer));
        told.assert_whole();
        assert!(told.fetched().notes[0].contains("role"));
        let told = run(3, first(FOR_EVER, "/projects?", answer));
        told.assert_incomplete("projects", "cannot list the projects");
        let told = run(3, first(FOR_EVER, "/workbooks?", answer));
        told.assert_incomplete("workbooks", "not all could be compared with the REST API");
    }
}

#[test]
fn a_sign_out_that_is_lost_changes_nothing() {
    let answers: [fn() -> Outcome; 4] = [
        || lost(NoReplyKind::CutOff),
        || status(503, ""),
        || rest_error("401002"),
        || status(200, "<html>"),
    ];
    for answer in answers {
        let told = run(3, first(FOR_EVER, "/auth/signout", answer));
        told.assert_whole();
        assert_eq!(told.count("/auth/signout"), 1);
    }
}

#[test]
fn a_server_that_says_when_is_asked_then() {
    // The clock of the run begins at 2027-01-15 08:00:00.
    let date = "Fri, 15 Jan 2027 08:00:07 GMT";
    for (asked, seconds) in [("7", 7.0), (date, 7.0), ("900", 60.0), ("soon", 1.0)] {
        for code in [429, 503] {
            let told = run(3, first(1, "/graphql", || later(code, "", asked)));
            told.assert_whole();
            assert_eq!(told.waits, [seconds], "{code}, {asked}");
        }
    }
    let rate = json!({"errors": [{"message": "m", "extensions": {"code": "RATE_EXCEEDED"}}]});
    let rate = rate.to_string();
    let told = run(3, first(1, "/graphql", || later(200, &rate, "5")));
    told.assert_whole();
    assert_eq!(told.waits, [5.0]);
}

#[test]
fn too_many_queries_are_waited_for_and_then_given_up() {
    let rate = || graphql_error("RATE_EXCEEDED", None);
    let told = run(3, first(9, "/graphql", rate));
    told.assert_whole();
    assert_eq!(told.waits[..7], [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0]);
    let told = run(3, first(FOR_EVER, "/graphql", rate));
    told.assert_failed("too many queries");
    assert_eq!(told.waits.len(), 10);
}

#[test]
fn a_page_for_browsers_ends_the_run_at_once() {
    for part in CALLS.into_iter().filter(|part| *part != "/users/u") {
        for body in [
            "<!DOCTYPE html><html><body>Sign in</body></html>",
            "<html lang=en>",
        ] {
            let told = run(3, first(1, part, || status(200, body)));
            told.assert_failed("a page for browsers");
            assert!(told.waits.is_empty(), "{part}");
        }
    }
}

#[test]
fn an_answer_in_xml_is_said_to_be_one() {
    let xml = r#"<?xml version="1.0"?><tsResponse><credentials token="session-1"/></tsResponse>"#;
    for part in ["/auth/signin", "/projects?", "/workbooks?"] {
        let told = run(3, first(1, part, || status(200, xml)));
        told.assert_failed("XML, where JSON was asked for");
    }
}

#[test]
fn what_a_sign_in_is_answered_with_is_never_shown() {
    for body in [
        r#"{"credentials":{"token":"session-1","site":{"id":"s"}}}"#,
        r#"{"credentials":{"token":"session-1","#,
        "session-1",
    ] {
        let told = run(3, first(FOR_EVER, "/auth/signin", || status(200, body)));
        told.assert_failed("cannot sign in");
    }
}

/// Such as a gateway that gives up before Tableau does.
#[test]
fn a_page_that_takes_too_long_is_asked_for_in_smaller_ones() {
    let slow: [fn() -> Outcome; 3] = [
        || status(504, "<html>"),
        || status(500, ""),
        || lost(NoReplyKind::TimedOut),
    ];
    for answer in slow {
        let told = run(400, |call, _| {
            let is_slow = call.section() == Some("workbooks") && call.first() > 60;
            is_slow.then(answer)
        });
        told.assert_whole();
    }
    // One that passes is asked for as it was.
    let told = run(3, first(1, "/graphql", || status(503, "")));
    assert!(told.of_section("workbooks").all(|call| call.first() == 200));
}

#[test]
fn a_run_ends_in_time() {
    let told = run_as(
        |asked| Asked {
            time_limit: Duration::from_secs(90),
            ..asked
        },
        3,
        first(FOR_EVER, "/graphql", || later(429, "", "50")),
    );
    told.assert_failed("--timeout");
    assert!(told.waited() <= 120.0);
}

#[test]
fn names_and_certificates_that_are_wrong_are_not_tried_again() {
    for kind in [
        NoReplyKind::UnknownHost,
        NoReplyKind::Tls,
        NoReplyKind::Proxy,
    ] {
        let told = run(3, first(1, "/serverinfo", || lost(kind)));
        told.assert_failed("cannot ask the server for its version");
        assert!(told.waits.is_empty(), "{kind:?}");
    }
}
