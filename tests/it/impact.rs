//! What is found in small projects, each rule with one pair of manifests.

mod given;
mod shown;

use autoexpose::impact::{
    ChangeKind, ColumnChange, ColumnEvidence, CosmeticKind, LostBy, Severity, Target,
    TargetEvidence,
};
use autoexpose::model::Degree;
use serde_json::{Value, json};

use self::given::{Asked, catalog, changed, changed_in_ci, node, used};

#[test]
fn nothing_changes_in_another_target() {
    let impact = changed_in_ci(|_| {}).check(&[]);
    assert_eq!(
        impact.target,
        Target::Other(TargetEvidence::Relations { differ: 4, of: 4 })
    );
    assert_eq!(
        (
            impact.unreached,
            impact.changes.len(),
            impact.cosmetic.len()
        ),
        (2, 0, 0)
    );
}

#[test]
fn texts_reach_what_is_below() {
    let impact = changed(|head| node(head, "model.b.stg")["raw_code"] = json!("select 1"))
        .check(&["days changed", "orders changed"]);
    assert_eq!(impact.workbooks[0].effects[0].chain.len(), 3);
    let impact = changed(|head| {
        node(head, "model.b.stg")["raw_code"] = json!("SELECT *\nFROM {{ ref(\"rates\") }} -- all")
    })
    .check(&[]);
    assert_eq!(impact.cosmetic[0].kinds, [CosmeticKind::Layout]);
    changed(|head| node(head, "seed.b.rates")["checksum"]["checksum"] = json!("2"))
        .check(&["days changed", "orders changed"]);
    changed(|head| {
        head["macros"]["macro.b.inner"]["macro_sql"] = json!("{% macro inner() %} 2 {% endmacro %}")
    })
    .check(&["days changed", "orders changed"]);
    changed(|head| {
        head["macros"]["macro.b.inner"]["macro_sql"] =
            json!("{% macro inner() %} 1 {# one #} {% endmacro %}")
    })
    .check(&[]);
}

#[test]
fn another_dbt_has_other_macros_of_its_own() {
    let own = |text: &str| json!({"macro_sql": text, "depends_on": {"macros": []}});
    let mut asked = changed(|head| head["metadata"]["dbt_version"] = json!("1.12.0"));
    for (manifest, text) in [(&mut asked.base, "1"), (&mut asked.head, "2")] {
        manifest["macros"]["macro.dbt.own"] = own(text);
        node(manifest, "model.b.orders")["depends_on"]["macros"] = json!(["macro.dbt.own"]);
    }
    assert!(asked.check(&[]).basis.is_other_dbt);
    asked.head["metadata"]["dbt_version"] = json!("1.11.1");
    asked.check(&["days changed", "orders changed"]);
}

#[test]
fn lost_relations_are_found_by_name() {
    let delete = |head: &mut Value| {
        drop(
            head["nodes"]
                .as_object_mut()
                .expect("given")
                .remove("model.b.orders"),
        )
    };
    let lost = |asked: Asked, by: LostBy| {
        let impact = asked.check(&["orders not-updated"]);
        let lost = impact.changes[0].lost.clone().expect("given");
        assert_eq!(lost.by, by);
        lost.instead
    };
    assert_eq!(lost(changed(delete), LostBy::Deleted), None);
    assert_eq!(lost(changed_in_ci(delete), LostBy::Deleted), None);
    let alias = |head: &mut Value| {
        let orders = node(head, "model.b.orders");
        orders["config"]["alias"] = json!("sales");
        orders["unrendered_config"]["alias"] = json!("sales");
        orders["alias"] = json!("sales");
    };
    assert_eq!(
        lost(changed(alias), LostBy::Alias).as_deref(),
        Some("db.prod_marts.sales")
    );
    assert_eq!(
        lost(changed_in_ci(alias), LostBy::Alias).as_deref(),
        Some("db.prod_marts.sales")
    );
    let schema = |schema: &'static str| {
        move |head: &mut Value| {
            let orders = node(head, "model.b.orders");
            orders["config"]["schema"] = json!("core");
            orders["unrendered_config"]["schema"] = json!("core");
            orders["schema"] = json!(schema);
        }
    };
    assert_eq!(
        lost(changed(schema("prod_core")), LostBy::Schema).as_deref(),
        Some("db.prod_core.orders")
    );
    let impact = changed_in_ci(schema("pr_1_core")).check(&["orders not-updated"]);
    let lost_there = impact.changes[0].lost.as_ref().expect("given");
    assert!(lost_there.is_as_in_head);
    let off = |head: &mut Value| {
        let node = head["nodes"]
            .as_object_mut()
            .expect("given")
            .remove("model.b.orders")
            .expect("given");
        head["disabled"]["model.b.orders"] = json!([node]);
    };
    assert_eq!(lost(changed(off), LostBy::Disabled), None);
}

#[test]
fn what_the_target_disables_is_not_lost() {
    let mut asked = changed_in_ci(|head| {
        let mut node = head["nodes"]
            .as_object_mut()
            .expect("given")
            .remove("model.b.orders")
            .expect("given");
        node["config"]["enabled"] = json!(false);
        node["depends_on"]["nodes"] = json!([]);
        node["unrendered_config"]["enabled"] = json!("{{ target.name == 'prod' }}");
        head["disabled"]["model.b.orders"] = json!([node]);
    });
    node(&mut asked.base, "model.b.orders")["unrendered_config"]["enabled"] =
        json!("{{ target.name == 'prod' }}");
    asked.check(&[]);
    asked.head["disabled"]["model.b.orders"][0]["unrendered_config"]["enabled"] = json!(false);
    node(&mut asked.base, "model.b.orders")["unrendered_config"]["enabled"] = json!(true);
    asked.check(&["orders perhaps-not-updated"]);
}

#[test]
fn another_node_may_build_the_relation() {
    let rename = |head: &mut Value, alias: &str| {
        let nodes = head["nodes"].as_object_mut().expect("given");
        let mut node = nodes.remove("model.b.orders").expect("given");
        node["name"] = json!("sales");
        node["alias"] = json!(alias);
        if alias == "orders" {
            node["config"]["alias"] = json!(alias);
        }
        nodes.insert("model.b.sales".to_owned(), node);
        nodes["model.b.days"]["depends_on"]["nodes"] = json!(["model.b.sales"]);
        nodes["model.b.days"]["raw_code"] =
            json!("select day, count(*) as n from {{ ref('sales') }} group by 1");
    };
    for asked in [
        changed(|head| rename(head, "sales")),
        changed_in_ci(|head| rename(head, "sales")),
    ] {
        let impact = asked.check(&["days changed", "orders not-updated"]);
        let orders = impact
            .changes
            .iter()
            .find(|change| &*change.unique_id == "model.b.orders")
            .expect("given");
        assert_eq!(orders.lost.as_ref().expect("given").by, LostBy::Renamed);
        assert!(orders.renamed.as_ref().expect("given").has_same_text);
        let days = impact
            .changes
            .iter()
            .find(|change| &*change.unique_id == "model.b.days")
            .expect("given");
        assert!(matches!(days.kinds[..], [ChangeKind::Inputs(..)]));
    }
    changed(|head| rename(head, "orders")).check(&[]);
    changed_in_ci(|head| rename(head, "orders")).check(&[]);
    changed(|head| {
        rename(head, "orders");
        node(head, "model.b.sales")["raw_code"] = json!("select 1 as one, 2 as two, 3 as three");
    })
    .check(&["days changed", "orders perhaps-column-gone"]);
}

#[test]
fn macros_that_name_relations_leave_it_open() {
    let rename = |head: &mut Value| {
        head["macros"]["macro.b.generate_schema_name"] = json!({"macro_sql": "{% macro generate_schema_name() %} x {% endmacro %}", "depends_on": {"macros": []}});
    };
    let mut asked = changed_in_ci(rename);
    asked.check(&["days perhaps-not-updated", "orders perhaps-not-updated"]);
    asked.is_told_same = true;
    asked.check(&["days not-updated", "orders not-updated"]);
    asked.is_told_same = false;
    asked.targets = [Some("prod"), Some("prod")];
    asked.check(&["days not-updated", "orders not-updated"]);
    changed(|head| {
        rename(head);
        node(head, "model.b.orders")["schema"] = json!("x");
    })
    .check(&["orders not-updated"]);
}

#[test]
fn columns_are_told_by_catalogs_first() {
    let mut asked = changed(|head| {
        node(head, "model.b.orders")["raw_code"] = json!("select id, day from {{ ref('stg') }}");
    });
    asked.check(&["days changed", "orders perhaps-column-gone"]);
    asked.used = vec![used("NET", Degree::OnSheet)];
    asked.catalogs = [catalog(&["id", "day", "net"]), catalog(&["id", "day"])];
    let impact = asked.check(&["days changed", "orders column-gone"]);
    assert_eq!(
        impact.workbooks[0].effects[0].columns[0].evidence,
        ColumnEvidence::Catalogs
    );
    asked.used = vec![used("net", Degree::InDatasource)];
    asked.check(&["days changed", "orders unused-column-gone"]);
    asked.used = vec![used("id", Degree::OnSheet)];
    asked.check(&["days changed", "orders changed"]);
    asked.catalogs[1] = None;
    asked.used = vec![used("net", Degree::InQuery)];
    let impact = asked.check(&["days changed", "orders column-gone"]);
    assert_eq!(
        impact.workbooks[0].effects[0].columns[0].evidence,
        ColumnEvidence::Query
    );
    asked.catalogs = [
        catalog(&["id", "day", "net"]),
        catalog(&["id", "day", "net VARCHAR"]),
    ];
    asked.check(&["days changed", "orders type-changed"]);
}

#[test]
fn renamed_columns_are_named() {
    let mut asked = changed(|_| {});
    asked.catalogs = [catalog(&["id", "net"]), catalog(&["id", "netto"])];
    let impact = asked.check(&["days changed", "orders perhaps-column-gone"]);
    assert_eq!(
        impact.changes[0].columns[0].change,
        ColumnChange::Gone(Some("netto".to_owned()))
    );
}

#[test]
fn incremental_models_keep_their_columns() {
    let with = |on_schema_change: &'static str| {
        let mut asked = changed(|head| {
            node(head, "model.b.orders")["raw_code"] = json!("select id, day from {{ ref('stg') }}")
        });
        for manifest in [&mut asked.base, &mut asked.head] {
            let config = &mut node(manifest, "model.b.orders")["config"];
            config["materialized"] = json!("incremental");
            config["on_schema_change"] = json!(on_schema_change);
        }
        asked.used = vec![used("net", Degree::OnSheet)];
        asked
    };
    with("ignore").check(&["days changed", "orders fails"]);
    with("append_new_columns").check(&["days changed", "orders column-null"]);
    with("sync_all_columns").check(&["days changed", "orders column-gone"]);
}

#[test]
fn settings_matter_or_not() {
    let set = |key: &'static str, value: Value| {
        changed(move |head| {
            let orders = node(head, "model.b.orders");
            orders["config"][key] = value.clone();
            orders["unrendered_config"][key] = value;
        })
    };
    set("meta", json!({"a": 1})).check(&[]);
    set("tags", json!(["a"])).check(&[]);
    set("grants", json!({"select": ["x"]})).check(&["orders changed"]);
    set("materialized", json!("view")).check(&["days changed", "orders changed"]);
    set("materialized", json!("ephemeral")).check(&["days changed", "orders not-updated"]);
    let mut asked = changed_in_ci(|head| {
        node(head, "model.b.orders")["config"]["materialized"] = json!("view")
    });
    for manifest in [&mut asked.base, &mut asked.head] {
        let text = "{{ 'table' if target.name == 'prod' else 'view' }}";
        node(manifest, "model.b.orders")["unrendered_config"]["materialized"] = json!(text);
    }
    asked.check(&[]);
}

#[test]
fn large_seeds_cannot_be_compared() {
    let mut asked = changed(|_| {});
    for manifest in [&mut asked.base, &mut asked.head] {
        node(manifest, "seed.b.rates")["checksum"] =
            json!({"name": "path", "checksum": "seeds/rates.csv"});
    }
    let impact = asked.check(&["days not-compared", "orders not-compared"]);
    assert_eq!(impact.workbooks[0].severity, Severity::Uncompared);
}

#[test]
fn a_var_shows_in_what_is_compiled() {
    let mut asked = changed(|_| {});
    for (manifest, day) in [(&mut asked.base, 1), (&mut asked.head, 2)] {
        node(manifest, "model.b.orders")["compiled_code"] = json!(format!("select {day}"));
    }
    asked.check(&["days changed", "orders changed"]);
    asked.head["nodes"]["model.b.orders"]["compiled_code"] = json!("select  1 -- one");
    asked.check(&[]);
}
