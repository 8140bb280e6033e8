//! The JSON schemas that `autoexpose schema` prints: they are the committed ones, and every report
//! in a snapshot is as they say.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use jsonschema::Validator;
use serde_json::Value;

use super::case;
use super::fixtures;

fn committed(name: &str) -> PathBuf {
    fixtures::root().join("schema").join(format!("{name}.json"))
}

fn printed(name: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_autoexpose"));
    let output = command.args(["schema", name]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn schemas_are_the_committed_ones() {
    for name in [
        "access", "check", "codes", "config", "doctor", "explain", "hidden", "impact", "refresh",
        "report", "unused",
    ] {
        let (path, printed) = (committed(name), printed(name));
        if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
            fs::write(&path, &printed).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            committed, printed,
            "fixtures/schema/{name}.json is not what `autoexpose schema {name}` prints; \
             INSTA_UPDATE=always writes it anew"
        );
    }
}

#[test]
fn every_json_report_is_valid() {
    for (schema, verbs, least) in [
        ("report", &["diff ", "patch "][..], 5),
        ("explain", &["explain "], 3),
        ("codes", &["explain --code"], 0),
        ("unused", &["explain --unused"], 0),
        ("access", &["explain --for"], 1),
        ("hidden", &["explain --hidden"], 0),
        ("check", &["check "], 1),
        ("impact", &["impact "], 5),
        ("doctor", &["doctor "], 2),
        ("refresh", &["refresh "], 3),
    ] {
        let text = fs::read_to_string(committed(schema)).unwrap();
        let validator = jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap();
        let mut reports = 0;
        for (name, run) in runs() {
            // Variables may stand in front of the verb.
            let (arguments, _) = run.split_once('\n').unwrap();
            let has = |verb: &&str| arguments.contains(*verb);
            let other = [
                "explain --code",
                "explain --unused",
                "explain --for",
                "explain --hidden",
            ];
            let is_of_other = schema == "explain" && other.iter().any(has);
            let is_meant = verbs.iter().any(has) && !is_of_other;
            for report in json_reports(&run).iter().filter(|_| is_meant) {
                check(&validator, &name, report);
                reports += 1;
            }
        }
        assert!(
            reports > least,
            "only {reports} of {schema} in all snapshots"
        );
    }
}

/// `check --unused` shows under a key of its own what `explain --unused` shows.
#[test]
fn what_is_not_used_is_as_the_schema_of_check_says() {
    let text = fs::read_to_string(committed("check")).unwrap();
    let mut schema = serde_json::from_str::<Value>(&text).unwrap();
    let definitions = schema["$defs"].take();
    let schema = serde_json::json!({"$ref": "#/$defs/Usage", "$defs": definitions});
    let validator = jsonschema::validator_for(&schema).unwrap();
    let runs = runs().into_iter();
    let runs = runs.filter(|(_, run)| run.starts_with("explain --unused "));
    let reports = runs.flat_map(|(name, run)| {
        let reports = json_reports(&run).into_iter();
        reports.map(move |report| (name.clone(), report))
    });
    let reports = reports.collect::<Vec<_>>();
    assert!(!reports.is_empty());
    for (name, report) in reports {
        check(&validator, &name, &report);
    }
}

#[test]
fn a_report_with_a_missing_field_is_not_valid() {
    let schema = serde_json::from_str::<Value>(&printed("report")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let (_, run) = runs()
        .into_iter()
        .find(|(_, run)| run.starts_with("diff ") && !json_reports(run).is_empty())
        .unwrap();
    let mut report = json_reports(&run).remove(0);
    assert!(validator.is_valid(&report));
    report.as_object_mut().unwrap().remove("kept");
    assert!(!validator.is_valid(&report));
}

/// What each run of each case printed, with the case's name.
fn runs() -> Vec<(String, String)> {
    let mut runs = Vec::new();
    for name in case::names("") {
        let path = fixtures::root()
            .join("cases")
            .join(&name)
            .join("expected.snap");
        let text = fs::read_to_string(path).unwrap();
        let body = text.splitn(3, "---\n").nth(2).unwrap();
        let of_case = body.split("$ autoexpose ").skip(1);
        runs.extend(of_case.map(|run| (name.clone(), run.to_owned())));
    }
    runs
}

/// The report of a run, if it printed one as JSON.
fn json_reports(run: &str) -> Vec<Value> {
    let (arguments, printed) = run.split_once('\n').unwrap();
    if !arguments.contains("--format json") {
        return Vec::new();
    }
    let stdout = printed
        .lines()
        .take_while(|line| !line.starts_with("stderr: ") && !line.starts_with("exit: "))
        .collect::<String>();
    if stdout.is_empty() {
        return Vec::new();
    }
    vec![serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{arguments}: {error}"))]
}

#[track_caller]
fn check(validator: &Validator, name: &str, report: &Value) {
    let errors = validator
        .iter_errors(report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect::<Vec<_>>();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
}
