//! What dbt wrote, without what differs at each run.

use serde_json::{Value, json};

/// What stands where each run would write something else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fixed<'f> {
    /// The time of the run.
    pub(crate) time: &'f str,
    /// The same in seconds since 1970.
    pub(crate) seconds: f64,
    /// The id of the invocation.
    pub(crate) invocation: &'f str,
}

/// Puts fixed values where each run would write others.
pub(crate) fn pin(value: &mut Value, fixed: &Fixed) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match (key.as_str(), &*member) {
                    (
                        "generated_at" | "invocation_started_at" | "run_started_at",
                        Value::String(_),
                    ) => {
                        *member = json!(fixed.time);
                    }
                    ("created_at", Value::Number(_)) => *member = json!(fixed.seconds),
                    ("invocation_id", Value::String(_)) => *member = json!(fixed.invocation),
                    ("user_id", _) => *member = Value::Null,
                    _ => pin(member, fixed),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| pin(item, fixed)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_at_each_run_is_the_same_in_all() {
        let mut artifact = json!({"metadata": {"generated_at": "now", "user_id": "me"}});
        let fixed = Fixed {
            time: "2026-11-25T09:30:00Z",
            seconds: 1_795_599_000.75,
            invocation: "4ead",
        };
        pin(&mut artifact, &fixed);
        assert_eq!(
            artifact,
            json!({"metadata": {"generated_at": "2026-11-25T09:30:00Z", "user_id": null}})
        );
    }
}
