//! Where secrets come from, and what is said where they are missing.

use std::fs;
use std::process::Stdio;

use super::server::{SECRET, StandIn};
use super::site::Site;
use super::{Run, usual};

#[test]
fn secrets_come_from_files_and_standard_input_without_their_line_end() {
    let stand_in = StandIn::start(Site::new(1), usual());
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    fs::write(&secret, format!("{SECRET}\n")).unwrap();
    let run = Run::with(&stand_in, &["--verbose"], |command| {
        command
            .env_remove("TABLEAU_PAT_SECRET")
            .env("TABLEAU_PAT_SECRET_FILE", &secret)
    });
    run.assert_whole();
    assert!(run.stderr().contains("variable TABLEAU_PAT_SECRET_FILE"));
    let run = Run::with(&stand_in, &["--secret-stdin"], |command| {
        command
            .env_remove("TABLEAU_PAT_SECRET")
            .stdin(Stdio::from(fs::File::open(&secret).unwrap()))
    });
    run.assert_whole();
}

#[test]
fn secrets_that_are_missing_or_mixed_are_said() {
    let stand_in = StandIn::start(Site::new(1), usual());
    let cases: [(&[(&str, &str)], &str); 4] = [
        (&[], "there is nothing to sign in with"),
        (&[("TABLEAU_PAT_NAME", "n")], "its secret is missing"),
        (
            &[("TABLEAU_PAT_NAME", "n"), ("TABLEAU_TOKEN_VALUE", "s")],
            "may be of two tokens",
        ),
        (
            &[("TABLEAU_CONNECTED_APP_CLIENT_ID", "a")],
            "TABLEAU_CONNECTED_APP_SECRET_ID, TABLEAU_CONNECTED_APP_SECRET_VALUE",
        ),
    ];
    for (variables, why) in cases {
        let run = Run::with(&stand_in, &[], |command| {
            command
                .env_remove("TABLEAU_PAT_NAME")
                .env_remove("TABLEAU_PAT_SECRET")
                .envs(variables.iter().copied())
        });
        run.assert_failed(why);
    }
    assert_eq!(stand_in.got().len(), 0, "nobody was asked");
}

#[test]
fn a_connected_app_vouches_for_its_user() {
    let stand_in = StandIn::start(Site::new(1), usual());
    let run = Run::with(&stand_in, &[], |command| {
        command
            .env_remove("TABLEAU_PAT_NAME")
            .env_remove("TABLEAU_PAT_SECRET")
            .env("TABLEAU_CONNECTED_APP_CLIENT_ID", "app")
            .env("TABLEAU_CONNECTED_APP_SECRET_ID", "key")
            .env("TABLEAU_CONNECTED_APP_SECRET_VALUE", SECRET)
            .env("TABLEAU_USERNAME", "ada@example.com")
    });
    run.assert_whole();
    let got = stand_in.got();
    let sign_in = got.iter().find(|got| got.is_sign_in()).unwrap();
    let jwt = sign_in.body["credentials"]["jwt"].as_str().unwrap();
    assert_eq!(jwt.split('.').count(), 3);
}
