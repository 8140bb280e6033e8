//! Fixtures must not show on whose machine they were made.

/// Beginnings of paths that only one machine has.
const MACHINE_PATHS: [&str; 5] = ["/home/", "/root/", "/work/", "/tmp/", "/Users/"];

/// Checks the text of a fixture.
pub(super) fn check(name: &str, text: &str) -> Vec<String> {
    MACHINE_PATHS
        .iter()
        .filter(|path| text.contains(**path))
        .map(|path| format!("{name}: a path of some machine ({path}…)"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_machines_are_found() {
        assert_eq!(
            check("fixtures/a.json", r#"{"path": "/Users/me/project"}"#),
            ["fixtures/a.json: a path of some machine (/Users/…)"]
        );
        assert!(check("fixtures/a.json", r#"{"path": "models/a.sql"}"#).is_empty());
    }
}
