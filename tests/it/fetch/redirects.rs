//! Servers that send their users elsewhere: to themselves, or to whoever wants the token.

use super::server::{Answer, StandIn};
use super::site::Site;
use super::{Run, first, usual};

/// One call of each kind: before the sign-in, the sign-in, the first with a token, and a query.
const CALLS: [&str; 5] = ["serverinfo", "signin", "/users/", "/projects", "graphql"];
const STATUSES: [u16; 4] = [301, 302, 307, 308];

#[test]
fn whoever_wants_the_token_gets_nothing() {
    let thief = StandIn::start(Site::new(1), usual());
    let at_another_host = thief.url().replace("127.0.0.1", "localhost");
    // The same host at another port is another server as well.
    for to in [at_another_host, thief.url()] {
        for path in CALLS {
            for status in STATUSES {
                let target = format!("{to}/api/metadata/graphql");
                let answer = Answer::Headed(status, "Location", target, String::new());
                let plan = first(9, move |got| got.path.contains(path), answer);
                let stand_in = StandIn::start(Site::new(1), plan);
                let run = Run::new(&stand_in, &[]);
                let stderr = run.stderr();
                assert!(stderr.contains("sends its users to"), "{path}: {stderr}");
                assert_eq!(thief.got().len(), 0, "{path} by {status} to {to}");
                assert_eq!(stand_in.open_sessions(), 0, "{path}");
                run.assert_no_secret();
            }
        }
    }
}

#[test]
fn a_server_may_send_its_users_to_itself() {
    for (path, status) in [("serverinfo", 301), ("/projects", 302), ("graphql", 307)] {
        let plan: super::Plan = Box::new(move |got, _| {
            let is_first = got.path.contains(path) && !got.path.contains("again");
            let mark = if got.path.contains('?') { '&' } else { '?' };
            let to = format!("{}{mark}again=1", got.path);
            is_first.then(|| Answer::Headed(status, "Location", to, String::new()))
        });
        let stand_in = StandIn::start(Site::new(1), plan);
        Run::new(&stand_in, &[]).assert_whole();
    }
}

#[test]
fn what_goes_in_circles_ends() {
    let answer = || {
        Answer::Headed(
            302,
            "Location",
            "/api/2.4/serverinfo".to_owned(),
            String::new(),
        )
    };
    let stand_in = StandIn::start(Site::new(1), first(99, |_| true, answer()));
    Run::new(&stand_in, &[]).assert_failed("from one address to the next");
    assert_eq!(stand_in.got().len(), 6);
    // With another method, the body of a query would be lost.
    let plan = first(99, |got| got.path.contains("graphql"), answer());
    let stand_in = StandIn::start(Site::new(1), plan);
    Run::new(&stand_in, &[]).assert_failed("sends its users to");
}
