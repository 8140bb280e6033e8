//! The gates and limits of a check.

use serde_json::{Value, json};

use super::{check, texts};

#[test]
fn gates_and_limits_are_those_of_a_check() {
    check(
        "check.fail_on.[]",
        &texts(&["lost", "manual-drift"]),
        &[json!("match-rate"), json!("Lost"), json!(""), json!(1)],
    );
    for place in ["check.min_match_rate", "check.projects.[].min_match_rate"] {
        check(
            place,
            &[],
            &[
                json!(95),
                json!(-0.1),
                json!("95"),
                json!("0.95"),
                json!("101%"),
                json!(true),
            ],
        );
    }
    check(
        "check.min_match_rate",
        &[
            json!(0.95),
            json!(0),
            json!(1),
            json!("95%"),
            json!(" 97.5 % "),
            json!("100.0%"),
            json!("099%"),
            json!(null),
        ],
        &[
            json!("1000%"),
            json!("100.1%"),
            json!("5.%"),
            json!(".5%"),
            json!("%"),
            json!([0.5]),
        ],
    );
    check("check.per_project", &[json!(true)], &[json!("true")]);
    check("check.max_unlinked", &[json!(0)], &[json!(-1), json!("0")]);
    let limits = |limits: Value| {
        let mut entry = json!({"project": "House/**"});
        entry
            .as_object_mut()
            .unwrap()
            .extend(limits.as_object().unwrap().clone());
        entry
    };
    check(
        "check.projects.[]",
        &[
            limits(json!({"max_unlinked": 0})),
            limits(json!({"min_match_rate": "1%"})),
        ],
        &[
            limits(json!({})),
            limits(json!({"max_unlinked": null})),
            limits(json!({"max_unlinked": 1, "fail_on": []})),
            json!({"max_unlinked": 1}),
            json!({"project": "[", "max_unlinked": 1}),
        ],
    );
}
