//! Sessions that end, sign-ins that are refused, and users who may not see everything.

use super::*;

fn spring() -> Outcome {
    let body = json!({
        "timestamp": "2026-01-01T00:00:00.000+0000",
        "status": 401,
        "error": "Unauthorized",
        "path": "/relationship-service-war/graphql",
    });
    status(401, &body.to_string())
}

const SIGNED_IN: [&str; 4] = ["/users/u", "/projects?", "/workbooks?", "/graphql"];

#[test]
fn a_session_that_ends_is_renewed_and_the_call_made_again() {
    for part in SIGNED_IN {
        let told = run(3, first(1, part, || rest_error("401002")));
        told.assert_whole();
        // A young session is waited for where the Metadata API refuses it.
        let sign_ins = if part == "/graphql" { 1 } else { 2 };
        assert_eq!(told.count("/auth/signin"), sign_ins, "{part}");
    }
    let told = run(3, first(3, "/graphql", spring));
    told.assert_whole();
    assert_eq!(
        (told.waits.as_slice(), told.count("/auth/signin")),
        (&[4.0, 9.0][..], 2)
    );
    let mut tokens = told.calls.iter().filter_map(|call| call.token.as_deref());
    let last = tokens.next_back().expect("a session");
    assert_eq!(last, "session-1", "the new one is ended");
}

#[test]
fn a_session_may_end_several_times_in_a_long_run() {
    let mut before = None;
    let told = run(1_000, |call, _| {
        // Each page is refused at first, as where another job uses the same token.
        let place = (call.section()?.to_owned(), call.from());
        let is_new = before.as_ref() != Some(&place);
        before = Some(place);
        is_new.then(spring)
    });
    told.assert_whole();
}

#[test]
fn a_session_that_ends_for_ever_ends_the_run() {
    for part in ["/projects?", "/workbooks?", "/users/u"] {
        let told = run(3, first(usize::MAX, part, || rest_error("401002")));
        assert_eq!(told.count("/auth/signin"), 2, "{part}");
        told.assert_over();
    }
    let told = run(3, first(usize::MAX, "/graphql", spring));
    told.assert_failed("does another job use the same token");
    assert!(told.waited() < 60.0);
}

#[test]
fn a_sign_in_that_is_refused_is_not_made_again() {
    for (code, words) in [
        ("400000", "error 400000"),
        ("401001", "error 401001"),
        ("401002", "error 401002"),
        ("401009", "error 401009"),
        ("403004", "error 403004"),
        ("404000", "is the site right"),
    ] {
        let told = run(3, first(1, "/auth/signin", || rest_error(code)));
        told.assert_failed(words);
        assert!(
            told.failure().contains("refuses the sign-in"),
            "{}",
            told.failure()
        );
        assert_eq!(told.calls.len(), 2, "{code}");
    }
    let told = run(3, first(1, "/auth/signin", || rest_error("405000")));
    told.assert_failed("with https");
    // The token is deleted while the run lasts.
    let mut sign_ins = 0;
    let told = run(3, |call, _| {
        sign_ins += usize::from(call.is("/auth/signin"));
        let is_second = call.is("/auth/signin") && sign_ins == 2;
        let is_ended = call.is("/projects?") && sign_ins == 1;
        (is_second || is_ended).then(|| rest_error(if is_second { "401001" } else { "401002" }))
    });
    assert!(
        told.failure().contains("error 401001"),
        "{}",
        told.failure()
    );
}

#[test]
fn a_server_does_not_bring_secrets_into_messages() {
    let body = json!({"error": {"code": "401001", "summary": SECRET, "detail": "session-1"}});
    let told = run(
        3,
        first(1, "/auth/signin", || status(401, &body.to_string())),
    );
    assert!(!told.failure().contains(SECRET), "{}", told.failure());
    let told = run(3, |call, _| {
        let token = call.token.clone().unwrap_or_default();
        let message = format!("{SECRET} {token}");
        let error = json!({"message": message, "extensions": {"code": "ACCESS_DENIED"}});
        call.section().map(|_| json(&json!({"errors": [error]})))
    });
    told.assert_failed("[hidden] [hidden]");
}

/// A user who may not ask even for itself, as 403133 says.
#[test]
fn a_user_whose_role_is_not_told_is_noted() {
    for code in ["403133", "403004", "404002"] {
        let told = run(3, first(1, "/users/u", || rest_error(code)));
        told.assert_whole();
        assert!(told.fetched().notes[0].contains("does not tell this token the role"));
        assert!(told.waits.is_empty());
    }
    let explorer = json!({"user": {"id": "u", "name": "bo", "siteRole": "Explorer"}});
    let told = run(3, first(1, "/users/u", || json(&explorer)));
    assert!(told.fetched().notes[0].contains("Explorer, not an administrator"));
    assert_eq!(told.export()["user"]["site_role"], "Explorer");
}

#[test]
fn lists_of_the_rest_api_that_are_refused_or_cut_are_missing() {
    let told = run(3, first(1, "/projects?", || rest_error("403004")));
    told.assert_incomplete("projects", "error 403004");
    let told = run(3, first(1, "/workbooks?", || rest_error("403018")));
    told.assert_incomplete("workbooks", "error 403018");
    // A page too many is refused, and what came before counts.
    let listed = |list: &str, item: &str| {
        json(&json!({"pagination": {"totalAvailable": 4}, list: {item: [{"id": "workbooks-0"}]}}))
    };
    for (list, item) in [("projects", "project"), ("workbooks", "workbook")] {
        let told = run(3, |call, _| {
            let is_of_list = call.is(&format!("/{list}?"));
            is_of_list.then(|| {
                match call.is("pageNumber=1&") || call.url.ends_with("pageNumber=1") {
                    true => listed(list, item),
                    false => rest_error("400006"),
                }
            })
        });
        told.assert_incomplete(list, "1 of 4 came by REST");
        assert_eq!(told.count(&format!("/{list}?")), 2);
    }
}

#[test]
fn workbooks_that_one_api_alone_knows_are_named() {
    // In personal spaces of others, where the REST API does not list them: that is not a gap.
    let told = run(
        3,
        first(1, "/workbooks?", || {
            json(&json!({"pagination": {"totalAvailable": "0"}, "workbooks": {}}))
        }),
    );
    told.assert_whole();
    let told = run(
        3,
        first(1, "/workbooks?", || {
            let new = json!([{"id": "workbooks-0"}, {"id": "NEW"}]);
            json(&json!({"pagination": {"totalAvailable": "2"}, "workbooks": {"workbook": new}}))
        }),
    );
    told.assert_incomplete("workbooks", "does not know yet: new");
}
