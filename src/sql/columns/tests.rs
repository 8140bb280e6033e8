//! Which columns queries name.

use super::*;
use crate::sql::read;

/// What a query says: `t.c` for a column that it names, `t.c?` for one that it perhaps names, `t.*` where
/// all pass, `t.?` where its columns are unclear, and `?` where it is not clear as a whole.
fn said(text: &str, dialect: Dialect) -> String {
    let tables = read(text, dialect).tables;
    let table = |at: usize| {
        tables[at]
            .parts
            .last()
            .map_or("", |part| part.text.as_ref())
    };
    let columns = read_columns(text, dialect);
    let named = columns.named.iter().map(|column| {
        let doubt = if column.is_sure { "" } else { "?" };
        format!("{}.{}{doubt}", table(column.table), column.name)
    });
    let passed = columns.passed.iter().map(|at| format!("{}.*", table(*at)));
    let unclear = columns.unclear.iter().map(|at| format!("{}.?", table(*at)));
    let doubt = (!columns.is_clear).then(|| "?".to_owned());
    let all = named.chain(passed).chain(unclear).chain(doubt);
    all.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(said(text, Dialect::Postgres), expected, "{text}");
}

#[test]
fn a_column_is_one_of_the_only_table() {
    check(
        "select a, sum(b) as c from s.t where d > 1 group by a",
        "t.a t.b t.d",
    );
    check("select upper(name) as name from t order by name", "t.name");
    check(
        "select \"A b\", x::text, cast(y as date) from t",
        "t.A b t.x t.y",
    );
    check("select case when a = 'b' then c end d from t", "t.a t.c");
}

#[test]
fn a_qualified_column_is_one_of_its_table() {
    check(
        "select o.a, l.b from orders o join lines as l on o.id = l.order_id",
        "orders.a lines.b orders.id lines.order_id",
    );
    check(
        "select orders.a, s.lines.b from s.orders, s.lines",
        "orders.a lines.b",
    );
}

#[test]
fn an_unqualified_column_is_perhaps_one_of_each_table() {
    check(
        "select a from t join u on t.id = u.id",
        "t.a? u.a? t.id u.id",
    );
    check(
        "select 1 from t where exists (select 1 from u where u.id = t.id and x = 1)",
        "u.id t.id t.x? u.x?",
    );
}

#[test]
fn stars_pass_all_columns_on() {
    check("select * from t", "t.*");
    check("select t.*, u.a from t, u", "u.a t.*");
    check("select count(*), a * b from t", "t.a t.b");
    check("with q as (select * from t) select * from q", "t.*");
    check("with q as (select * from t) select a from q", "t.a");
    check("select x.a, x.n from (select t.*, 1 as n from t) x", "t.a");
    check(
        "select distinct * from (select a, b as c from t) x where c > 1",
        "t.a t.b",
    );
}

#[test]
fn what_is_not_understood_is_unclear() {
    check(
        "select * from a union all select * from b",
        "a.* b.* a.? b.?",
    );
    check("select count(t) from t", "t.t? t.?");
    check(
        "select * from t pivot (sum(a) for b in (1, 2)) p",
        "t.for? t.a? t.b? t.p? t.* ?",
    );
    check("select a from t, lateral f(t.b) g", "t.a? t.b");
    check("select a from <[Parameters].[T]>", "?");
}

#[test]
fn columns_behind_what_is_returned() {
    let behind = |text, name| {
        let columns = read_columns(text, Dialect::Postgres);
        let passed = columns.behind(name);
        let passed = passed.map(|one| (one.table, one.is_sure, Vec::from_iter(one.others)));
        passed.collect::<Vec<_>>()
    };
    let with_another = "select *, a + 1 as b from t";
    assert_eq!(behind(with_another, "c"), [(0, true, vec![])]);
    assert_eq!(behind(with_another, "B"), []);
    let of_two = [(0, false, vec![1]), (1, false, vec![0])];
    assert_eq!(behind("select * from t, u", "c"), of_two);
    let of_any = [(0, false, vec![]), (1, false, vec![])];
    assert_eq!(behind("select * from t union select * from u", "c"), of_any);
}

#[test]
fn a_column_is_of_one_of_the_tables_in_its_reach() {
    let others = |text| {
        let columns = read_columns(text, Dialect::Postgres);
        let named = columns.named.iter().filter(|column| column.name == "x");
        let named = named.map(|column| (column.table, Vec::from_iter(column.others.clone())));
        named.collect::<Vec<_>>()
    };
    let of_two = [(0, vec![1]), (1, vec![0])];
    assert_eq!(others("select x from t, u"), of_two);
    assert_eq!(
        others("with q as (select * from t) select x from q, u"),
        of_two
    );
    assert_eq!(others("select x from t"), [(0, vec![])]);
    assert_eq!(others("select t.x, u.y from t, u"), [(0, vec![])]);
    // Where it may be what a query calls so, or nothing is known of what else is read.
    let of_any = [(1, vec![])];
    assert_eq!(others("select x from (select y as x from t) q, u"), of_any);
    let of_any = [(0, vec![]), (1, vec![])];
    assert_eq!(others("select x from t, u, lateral f(t.b) g"), of_any);
}

#[test]
fn other_dialects_are_read() {
    let said = |text, dialect| said(text, dialect);
    assert_eq!(
        said("select top 10 * from t with (nolock)", Dialect::SqlServer),
        "t.top? t.*"
    );
    assert_eq!(
        said("select [a b], t.[c] from [dbo].[t]", Dialect::SqlServer),
        "t.a b t.c"
    );
    assert_eq!(
        said("select `a`, b-c from `p.d.t`", Dialect::BigQuery),
        "t.a t.b t.c"
    );
    assert_eq!(
        said("select * except (a) from d.t", Dialect::BigQuery),
        "t.a t.*"
    );
    assert_eq!(
        said("select v:a.b::string as x from t", Dialect::Snowflake),
        "t.v"
    );
    assert_eq!(
        said("select a.x from a, b where a.id = b.id(+)", Dialect::Oracle),
        "a.x a.id b.id"
    );
}

#[test]
fn no_text_panics() {
    for text in [
        "",
        "select",
        "select * from",
        "(((",
        "select a. from t",
        "with a as (select * from a) select * from a",
    ] {
        read_columns(text, Dialect::Generic);
    }
}
