//! The JSON schema of `autoexpose.yml` and the program accept the same files.

mod gates;
mod odd;
mod rewrite;

use std::sync::LazyLock;

use autoexpose::input::config;
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use self::odd::odd;

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(&config::json_schema().unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
});

/// Whether both accept a document; fails the test if only one does.
#[track_caller]
fn is_accepted(document: &Value) -> bool {
    // JSON is YAML.
    let read = config::read("autoexpose.yml", &document.to_string());
    let is_valid = SCHEMA.is_valid(document);
    assert_eq!(
        read.is_ok(),
        is_valid,
        "{document}\nschema: {:?}\nprogram: {:?}",
        SCHEMA
            .iter_errors(document)
            .next()
            .map(|error| error.to_string()),
        read.err().map(|failure| failure.to_string()),
    );
    is_valid
}

/// A document that only sets what stands at a path of keys.
fn only(path: &str, value: Value) -> Value {
    path.rsplit('.').fold(value, |inner, key| match key {
        "[]" => json!([inner]),
        key => Value::Object(Map::from_iter([(key.to_owned(), inner)])),
    })
}

/// Asserts that both accept the first values in this place, and refuse the others.
#[track_caller]
fn check(path: &str, accepted: &[Value], refused: &[Value]) {
    for (values, expected) in [(accepted, true), (refused, false)] {
        for value in values {
            let document = only(path, value.clone());
            assert_eq!(is_accepted(&document), expected, "{document}");
        }
    }
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| json!(text)).collect()
}

#[test]
fn files_without_settings_are_accepted() {
    for text in ["", "# nothing\n", "---\n", "null\n", "{}\n", "select:\n"] {
        assert!(config::read("autoexpose.yml", text).is_ok(), "{text:?}");
    }
    assert!(SCHEMA.is_valid(&Value::Null));
    assert!(is_accepted(
        &json!({"select": null, "tableau": {"site": null}})
    ));
    assert!(!is_accepted(&json!([])));
    assert!(!is_accepted(&json!("select")));
}

#[test]
fn types_are_not_converted() {
    let odd = [json!(5), json!(true), json!([]), json!({})];
    check(
        "tableau.site",
        &texts(&["", "food", "5", "true", "null"]),
        &odd,
    );
    check(
        "select.personal_spaces",
        &[json!(true), json!(null)],
        &[json!("yes"), json!("true"), json!(1), json!("")],
    );
    check(
        "dbt_plugin",
        &[json!(true), json!(false), json!(null)],
        &[json!("true"), json!("yes"), json!(1), json!({})],
    );
    check("dbt_plugin_manifest", &texts(&["", "prod.json"]), &odd);
    check(
        "thresholds.mass_removal_share",
        &[json!(0), json!(1.0), json!(0.25)],
        &[json!("0.5"), json!(1.5), json!(-0.1), json!(true)],
    );
    check(
        "thresholds.mass_removal_count",
        &[json!(0), json!(3.0), json!(4_294_967_295_u64)],
        &[
            json!("3"),
            json!(3.5),
            json!(-1),
            json!(4_294_967_296_u64),
            json!(1e30),
        ],
    );
    check(
        "exposure.maturity",
        &texts(&["low", "high"]),
        &[
            json!("Low"),
            json!(""),
            json!({"low": null}),
            json!(["low"]),
        ],
    );
    let refused = [json!([null]), json!("bistro"), json!([5])];
    check(
        "match.prefer_packages",
        &[json!([]), json!(["bistro"])],
        &refused,
    );
}

#[test]
fn placeholders_are_those_of_their_place() {
    check(
        "exposure.name",
        &texts(&["", "{slug}_{hash}", "{{foo}}", "a}b", "{{{project}}}"]),
        &texts(&["{foo}", "{name}", "{", "{slug", "{}", "{{{", "{slug}{"]),
    );
    check(
        "exposure.description",
        &texts(&["{description}\n\n{url} {owner}"]),
        &texts(&["{slug}", "{Description}"]),
    );
    for place in ["exposure.tags.[]", "exposure.owner.email"] {
        check(place, &texts(&["{project}", "a"]), &texts(&["{url}", "{"]));
    }
}

#[test]
fn servers_are_web_addresses() {
    check(
        "tableau.server",
        &texts(&[
            "",
            " ",
            "https://t.example.com",
            "HTTP://T:8000/",
            " https://[::1]:8443 ",
            "https://größe.example",
            "https://10.0.0.5:65535",
            "https://my_host",
        ]),
        &texts(&[
            "ftp://x",
            "t.example.com",
            "https:t.example.com",
            "https:/t.example.com",
            "https://",
            "https://t/x",
            "https://t?x",
            "https://t#x",
            "https://u@t",
            "https://a b",
            "https://a)b",
            "https://t:65536",
            "https://t:x",
            "//t",
            "https:\\\\t",
        ]),
    );
}

#[test]
fn exports_are_paths() {
    check(
        "tableau.exports.[]",
        &texts(&[
            "a",
            "exports/*.json",
            " - ",
            "-a",
            "--",
            "-\n",
            "./-",
            "é",
            "{",
        ]),
        &[
            json!(""),
            json!(" "),
            json!("-"),
            json!("\n"),
            json!(null),
            json!(5),
        ],
    );
    check(
        "tableau.exports",
        &[json!([]), json!(null)],
        &[json!("exports"), json!({"a": "b"})],
    );
}

#[test]
fn patterns_are_globs() {
    let long = "*".repeat(1_001);
    let (deep, deeper) = ("{".repeat(5), "{".repeat(6));
    let (deep, deeper) = (
        format!("{deep}a{}", "}".repeat(5)),
        format!("{deeper}a{}", "}".repeat(6)),
    );
    let accepted = [
        "",
        "a",
        "S*?",
        "House/**",
        "{a,b{c,d}}",
        "[ab]",
        "[!a-c]x",
        "[]]",
        "a]",
        r"\",
        &deep,
    ];
    let refused = [
        "[", "[]", "[!]", "{a", "a}", "{[}", "{a}}", "}{", &deeper, &long,
    ];
    for place in [
        "select.include.[].name",
        "select.exclude.[].project",
        "exposure.rules.[].when.luid",
        "match.databases.[]",
    ] {
        check(place, &texts(&accepted), &texts(&refused));
    }
    let empty = [
        json!({}),
        json!({"name": null}),
        json!(null),
        json!("a"),
        json!({"title": "a"}),
    ];
    check(
        "select.include.[]",
        &[json!({"tag": "a", "name": null})],
        &empty,
    );
}

#[test]
fn connection_types_are_known_ones() {
    check(
        "match.name_only.[]",
        &texts(&[
            "snowflake",
            "SnowFlake",
            "postgres_jdbc",
            "azure_sqldb_ODBC",
        ]),
        &texts(&[
            "excel",
            "snow",
            "genericjdbc",
            "",
            "snowflake ",
            "snowflake_jdbc_jdbc",
        ]),
    );
    check(
        "match.connection_types.webdata-direct:*",
        &texts(&["snowflake", "excel", "webdata-direct:x", "Hyper"]),
        &[
            json!("what"),
            json!(null),
            json!(5),
            json!("webdata-directx"),
        ],
    );
    check("match.connection_types.{a", &[], &texts(&["snowflake"]));
    check(
        "match.default_schema.[]",
        &[
            json!({"schema": "CORE"}),
            json!({"schema": " a", "database": "*"}),
            json!({"schema": "…a"}),
        ],
        &[
            json!({}),
            json!({"schema": " "}),
            json!({"schema": " … "}),
            json!({"schema": null}),
            json!({"database": "a"}),
        ],
    );
}

/// A configuration with every key.
fn full() -> Value {
    let facts = json!({"name": "{owner}", "email": "bi@example.com"});
    json!({
        "tableau": {
            "server": "https://tableau.example.com", "site": "food", "exports": ["a.json"],
        },
        "select": {
            "include": [{"project": "House/**", "name": "S*", "tag": "a", "owner": "b", "luid": "c"}],
            "exclude": [{"tag": "old"}], "personal_spaces": true,
        },
        "match": {
            "connection_types": {"a*": "snowflake"}, "name_only": ["snowflake"],
            "default_schema": [{"connection_type": "a", "database": "b", "schema": "C"}],
            "rewrite": [{"server": "a", "schema": "b", "to": {"database": "{schema}_x"}}],
            "prefer_packages": ["bistro"], "ignore_case": false, "databases": ["ANALYTICS"],
        },
        "exposure": {
            "name": "{slug}_{hash}", "description": "{description}", "tags": ["{project}"],
            "owner": facts, "maturity": "high",
            "rules": [{"when": {"name": "Sales"}, "tags": ["x"], "owner": facts, "maturity": "low"}],
        },
        "thresholds": {"mass_removal_share": 0.5, "mass_removal_count": 3},
        "dbt_plugin": true, "dbt_plugin_manifest": "prod/manifest.json",
    })
}

/// The paths of all values of a document.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                pointers(member, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{number}"), found);
            }
        }
        _ => {}
    }
}

proptest! {
    #[test]
    fn schema_and_program_agree(
        changes in prop::collection::vec((any::<Index>(), odd(), 0..4_usize), 1..4),
    ) {
        let mut document = full();
        for (at, value, how) in changes {
            let mut found = Vec::new();
            pointers(&document, "", &mut found);
            let place = document.pointer_mut(&found[at.index(found.len())]).unwrap();
            match (how, &mut *place) {
                (0, Value::Object(members)) => drop(members.insert("name".to_owned(), value)),
                (0, Value::Array(items)) => items.push(value),
                (1, Value::Object(members)) => {
                    let first = members.keys().next().cloned();
                    first.and_then(|key| members.remove(&key));
                }
                (1, Value::Array(items)) => drop(items.pop()),
                (_, place) => *place = value,
            }
        }
        is_accepted(&document);
    }
}
