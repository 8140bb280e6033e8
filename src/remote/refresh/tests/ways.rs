//! What stands between a run and the server: answers that are lost, and servers that send their users
//! elsewhere. Whatever happens, a refresh is asked for once.

use super::*;

const POST: &str = "workbooks/a/refresh";

fn moved(status: u16, to: &str) -> Outcome {
    Ok(Reply {
        status,
        location: Some(to.to_owned()),
        ..Reply::default()
    })
}

/// Answers with a body as it is.
fn plain(body: &str) -> Outcome {
    Ok(Reply {
        status: 200,
        body: body.as_bytes().to_vec(),
        ..Reply::default()
    })
}

#[test]
fn a_question_whose_answer_is_lost_is_asked_again() {
    for body in ["", r#"{"job": {"#] {
        let mut talk = Talk::new(vec![wanted("a")], Some(600));
        let posted = talk.run(|path, before| match (path, before) {
            (POST, _) => job("1"),
            (_, 0) => plain(body),
            _ => reply(200, &json!({"job": {"finishCode": "0"}})),
        });
        assert_eq!(posted, ["done"], "{body:?}");
        assert_eq!((talk.calls("jobs/1"), talk.calls(POST)), (2, 1));
    }
    // An answer to a refresh that is cut is one all the same: Tableau took it.
    let mut talk = Talk::new(vec![wanted("a")], None);
    assert_eq!(talk.run(|_, _| plain(r#"{"job": {"#)), ["queued"]);
    assert_eq!(talk.calls(POST), 1);
}

#[test]
fn a_server_that_sends_its_users_elsewhere_gets_one_refresh_at_most() {
    for status in [301, 302, 303, 307, 308] {
        for to in ["/elsewhere", "https://evil.example/x", "http://t.example/x"] {
            let mut talk = Talk::new(vec![wanted("a")], None);
            assert_eq!(
                talk.run(|_, _| moved(status, to)),
                ["failed"],
                "{status} to {to}"
            );
            assert_eq!(talk.calls(POST), 1, "{status} to {to}");
            assert_eq!(talk.called.last().map(String::as_str), Some("signout"));
        }
    }
}

#[test]
fn jobs_are_watched_where_the_server_has_them() {
    let mut talk = Talk::new(vec![wanted("a")], Some(600));
    let posted = talk.run(|path, _| match path {
        POST => job("1"),
        "jobs/1" => moved(302, "/api/3.24/sites/s/jobs/again"),
        _ => reply(200, &json!({"job": {"finishCode": "0"}})),
    });
    assert_eq!(posted, ["done"]);
    assert_eq!(talk.calls("jobs/again"), 1);
    let mut talk = Talk::new(vec![wanted("a")], Some(600));
    talk.run(|path, _| match path {
        POST => job("1"),
        _ => moved(302, "https://evil.example/jobs"),
    });
    assert_eq!(talk.calls("jobs"), 0, "nobody else gets the token");
}
