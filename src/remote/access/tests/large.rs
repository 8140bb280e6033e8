//! How many questions a large site takes.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use super::super::{Known, Linking, RulesOf};
use super::{ask, count, page, rules, site};

/// A site of 5 000 workbooks, 800 data sources, 150 flows and 12 000 tables in 80 databases. Of its 300
/// projects, 40 are locked, and 15 of 100 things lie elsewhere. Its rules name 30 groups.
fn large_site() -> (Vec<Value>, HashMap<String, Option<String>>) {
    let lock = |n: usize| {
        if n < 40 {
            "LockedToProject"
        } else {
            "ManagedByOwner"
        }
    };
    let project = |n: usize| json!({"id": format!("p{n}"), "contentPermissions": lock(n)});
    let workbooks = (0..5_000).map(|n| (format!("w{n}"), Some(place_in_large_site(n))));
    ((0..300).map(project).collect(), workbooks.collect())
}

fn place_in_large_site(n: usize) -> String {
    let at = if n % 100 < 15 { 40 + n % 260 } else { n % 40 };
    format!("p{at}")
}

fn answer_of_large_site(path: &str) -> Result<Value, (u16, &'static str)> {
    let placed = |n: usize| json!({"id": n.to_string(), "project": {"id": place_in_large_site(n)}});
    let database = |n: usize| {
        let lock = if n % 100 < 15 {
            "ManagedByOwner"
        } else {
            "LockedToDatabase"
        };
        json!({"id": format!("b{n}"), "contentPermissions": lock})
    };
    let table = |n: usize| json!({"id": n.to_string(), "database": {"id": format!("b{}", n % 80)}});
    let all = |keys, count, item: &dyn Fn(usize) -> Value| {
        Ok(page(path, keys, (0..count).map(item).collect()))
    };
    match path.split('?').next().unwrap_or_default() {
        "datasources" => all(("datasources", "datasource"), 800, &placed),
        "flows" => all(("flows", "flow"), 150, &placed),
        "databases" => all(("databases", "database"), 80, &database),
        "tables" => all(("tables", "table"), 12_000, &table),
        rules if rules.ends_with("/permissions") => {
            let group = format!("g{}", rules.len() * 7 % 30);
            Ok(json!({"permissions": {"granteeCapabilities": [{"group": {"id": group}}]}}))
        }
        _ => site(path),
    }
}

/// Asked one by one, the rules of this site would take some 44 000 questions.
#[test]
fn rules_of_a_large_site_take_few_questions() {
    let (projects, workbooks) = large_site();
    let linked = (0..400).map(|n| format!("w{n}")).collect::<BTreeSet<_>>();
    let known = |linked| Known {
        projects: &projects,
        workbooks: Some(&workbooks),
        user: None,
        linked,
    };
    let (all, found) = ask(&rules(RulesOf::All), &known(None), answer_of_large_site);
    assert!(
        found.notes[0].contains("rules of 1250 tables"),
        "{:?}",
        found.notes
    );
    let linking = Linking::new(|_| Ok(BTreeSet::new()));
    let asked = rules(RulesOf::Linked(linking));
    let (few, _) = ask(&asked, &known(Some(&linked)), answer_of_large_site);
    assert_eq!(count(&few, "workbooks/w"), 60, "of 400 workbooks");
    assert_eq!(count(&few, "datasources"), 0);
    assert_eq!((all.len(), few.len()), (2_495, 209));
}
