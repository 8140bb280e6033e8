//! What is layout, and what is not.

use super::*;

fn query(text: &str) -> Code {
    Code::new(text, Written::Query(Dialect::DuckDb))
}

#[track_caller]
fn check(base: &str, head: &str, is_same: bool) {
    assert_eq!(
        query(base).makes_the_same(&query(head), &[]),
        is_same,
        "{base:?} {head:?}"
    );
}

#[test]
fn comments_blanks_and_keywords_are_layout() {
    check("select a from t", "SELECT a\r\n  FROM t -- all\n", true);
    check("select a from t", "/* x */ select {# y #} a from t", true);
    check(
        "select count(*) as n, cast(a as integer)",
        "SELECT COUNT(*) AS n, CAST(a AS INTEGER)",
        true,
    );
    check(
        "with x as (select 1) select * from x",
        "WITH x AS (\n  SELECT 1\n)\nSELECT * FROM x",
        true,
    );
    check(
        "select a::int, date '2020-01-01'",
        "select a::INT, DATE '2020-01-01'",
        true,
    );
    check("from {{ ref('a') }} x", "from {{ref( \"a\" )}} x", true);
    check(
        "{{ config(materialized='table') }} select 1",
        "select 1",
        true,
    );
}

#[test]
fn strings_names_and_jinja_are_not() {
    check("select 'a -- b'", "select 'a'", false);
    check("select 'a  b'", "select 'a b'", false);
    check("select 'Ab'", "select 'ab'", false);
    check("select \"Ab\"", "select \"ab\"", false);
    check("select a as Pilot", "select a as pilot", false);
    check("select 1 -- {{ ref('a') }}", "select 1", false);
    check(
        "select 1 -- {{ ref('a') }}",
        "select 1 /* {{ ref('a') }} more */",
        true,
    );
    check(
        "select 1 -- {{ ref('a') }}",
        "select 1 {{ ref('a') }}",
        false,
    );
    check("select {{ a }} b", "select {{ a -}} b", false);
    check("select '{# a #}b'", "select 'b'", true);
    check(
        "select '{{ f('-- x') }}' -- y",
        "select '{{ f('-- x') }}'",
        true,
    );
    check(
        "{% raw %}{{ a }}{% endraw %}",
        "{% raw %}{{ b }}{% endraw %}",
        false,
    );
    check(
        "select {% if x %}a{% endif %}",
        "select {% if y %}a{% endif %}",
        false,
    );
    check("select 'a", "select  'a", false);
}

#[test]
fn names_change_case_where_databases_store_one() {
    let same = |dialect, base, head| {
        let code = |text| Code::new(text, Written::Query(dialect));
        code(base).makes_the_same(&code(head), &[])
    };
    assert!(same(
        Dialect::Snowflake,
        "select Id from T",
        "select ID from t"
    ));
    assert!(!same(
        Dialect::Snowflake,
        "select src:Id from T",
        "select src:ID from t"
    ));
    assert!(!same(Dialect::BigQuery, "select Id", "select ID"));
    let code = |text| Code::new(text, Written::Macro(Dialect::Snowflake));
    assert!(
        !code("{% macro f() %}A{% endmacro %}")
            .makes_the_same(&code("{% macro f() %}a{% endmacro %}"), &[])
    );
    assert!(
        code("{% macro f() %} A {% endmacro %}")
            .makes_the_same(&code("{% macro f( ) %}\n A {# b #}{% endmacro %}"), &[])
    );
}

#[test]
fn renamed_nodes_are_the_same() {
    let names = [("calls".to_owned(), "visits".to_owned())];
    let (base, head) = (
        query("select 'calls' from {{ ref('calls') }}"),
        query("select 'calls' from {{ ref('visits') }}"),
    );
    assert!(base.makes_the_same(&head, &names));
    assert!(!base.makes_the_same(&head, &[]));
}

#[test]
fn configs_are_told_by_key() {
    let code = query(
        "{{ config(materialized='table' if target.name == 'prod' else 'view', tags=['a', 'b']) }} select 1",
    );
    let materialized = code.config("materialized").expect("a key");
    assert!(depends_on_surroundings(materialized));
    assert_eq!(code.config("tags"), Some("['a','b']"));
    assert!(!depends_on_surroundings("'target'"));
}

#[test]
fn python_has_comments_too() {
    let same = |base, head| {
        let code = |text| Code::new(text, Written::Python);
        code(base).makes_the_same(&code(head), &[])
    };
    assert!(same(
        "def f():\n    return 1",
        "def f():  # one\r\n\n    return 1\n"
    ));
    assert!(!same(
        "def f():\n    return 1",
        "def f():\n        return 1"
    ));
    assert!(!same("a = '# b'", "a = '#'"));
    assert!(!same("a = '''\n# b\n'''", "a = '''\n'''"));
}

#[test]
fn selected_columns_are_found() {
    let selects = |text: &str| query(text).selects().map(|columns| columns.join(" "));
    let check =
        |text, columns: Option<&str>| assert_eq!(selects(text).as_deref(), columns, "{text}");
    check(
        "select a, t.b, c as d, sum(e) f, case when x then y end as \"G\" from t",
        Some("a b d f g"),
    );
    check(
        "with x as (select a, b from {{ ref('t') }}), y as (select * from x) select * from y",
        Some("a b"),
    );
    check("select * from {{ ref('t') }}", None);
    check("select a, count(*) from t", None);
    check("select {{ columns() }} from t", None);
    check("select a, {% if x %} b, {% endif %} c from t", None);
    check("with x as (select 1 as a) select x.* from x", None);
    check("select a from x union all select b from y", Some("a"));
}
