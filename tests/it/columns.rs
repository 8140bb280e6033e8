//! Which columns workbooks use, by exports in every shape that shows fields.

use autoexpose::input::tableau::{self, Arena, Asks, SiteDefaults, Source};
use autoexpose::model::{Degree, Site, WorkbookIx};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// How a workbook uses a column; `None` if it surely does not.
type Use = Option<Found>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    As(Degree),
    NotTold,
}

const ON_SHEET: Use = Some(Found::As(Degree::OnSheet));
const IN_DATASOURCE: Use = Some(Found::As(Degree::InDatasource));
const PERHAPS: Use = Some(Found::As(Degree::Perhaps));
const NOT_TOLD: Use = Some(Found::NotTold);
const NOT_USED: Use = None;

/// How the only workbook of an export uses columns of the table `orders`.
fn uses(pages: &[Value], columns: &[&str]) -> Vec<Use> {
    let arena = Arena::default();
    let text = pages.iter().map(Value::to_string).collect::<Vec<_>>();
    let text = text.join("\n");
    let source = Source::from_text("export.json", &text);
    let asks = Asks {
        columns: true,
        ..Asks::default()
    };
    let (site, _) = tableau::read(vec![source], &SiteDefaults::default(), asks, &arena).unwrap();
    columns
        .iter()
        .map(|column| of_column(&site, column))
        .collect()
}

fn of_column(site: &Site, column: &str) -> Use {
    let workbook = site.workbook(WorkbookIx(0));
    let table = site
        .tables
        .iter()
        .position(|table| table.to_string().contains("orders"));
    let known = workbook.columns_of(autoexpose::model::TableIx(table.unwrap()));
    let used = known.columns.iter().find(|used| used.name == column);
    match used {
        Some(used) => Some(Found::As(used.degree)),
        None if known.is_told => NOT_USED,
        None => NOT_TOLD,
    }
}

fn table(name: &str) -> Value {
    json!({"__typename": "DatabaseTable", "id": format!("t-{name}"), "luid": format!("l-{name}"), "name": name,
        "schema": "marts", "fullName": format!("[marts].[{name}]"), "connectionType": "postgres",
        "database": {"name": "shop", "connectionType": "postgres"}})
}

/// A field that is a column of `orders`.
fn column(name: &str) -> Value {
    json!({"__typename": "ColumnField", "id": format!("f-{name}"), "name": format!("The {name}"),
        "upstreamColumns": [{"name": name, "table": {"__typename": "DatabaseTable", "id": "t-orders"}}]})
}

/// A calculation that is made of other fields of the data source.
fn calculation(name: &str, of: &[&str]) -> Value {
    let inputs = of
        .iter()
        .map(|name| json!({"name": name, "datasource": {"id": "e"}}));
    json!({"__typename": "CalculatedField", "id": format!("f-{name}"), "name": name,
        "upstreamFields": inputs.collect::<Vec<_>>()})
}

fn page(section: &str, nodes: Vec<Value>) -> Value {
    json!({"data": {section: {"totalCount": nodes.len(), "pageInfo": {"hasNextPage": false}, "nodes": nodes}}})
}

/// An export with one workbook, whose only data source has these fields and whose only sheet shows
/// those, by their names.
fn export(fields: Vec<Value>, shown: &[&str]) -> [Value; 3] {
    let shown = shown
        .iter()
        .map(|name| json!({"name": name, "datasource": {"id": "e"}}));
    [
        page(
            "workbooksConnection",
            vec![json!({"id": "w", "luid": "w-1", "name": "Week",
            "sheets": [{"id": "s", "name": "Days"}], "embeddedDatasources": [{"id": "e", "name": "Orders"}]})],
        ),
        page(
            "embeddedDatasourcesConnection",
            vec![json!({"id": "e", "name": "Orders", "workbook": {"id": "w"},
            "upstreamTables": [table("orders")], "fields": fields})],
        ),
        page(
            "sheetsConnection",
            vec![json!({"id": "s", "name": "Days", "workbook": {"id": "w"},
            "datasourceFields": shown.collect::<Vec<_>>()})],
        ),
    ]
}

#[track_caller]
fn check(pages: &[Value], columns: &[&str], expected: &[Use]) {
    assert_eq!(uses(pages, columns), expected);
}

#[test]
fn a_column_is_on_a_sheet_only_in_the_data_source_or_not_used() {
    let fields = vec![
        column("id"),
        column("net"),
        column("tax"),
        calculation("Gross", &["The net", "The tax"]),
        calculation("Share", &["Gross", "Share"]),
    ];
    let pages = export(fields, &["Share"]);
    let expected = [IN_DATASOURCE, ON_SHEET, ON_SHEET, NOT_USED];
    check(&pages, &["id", "net", "tax", "gone"], &expected);
}

#[test]
fn formulas_tell_what_calculations_are_made_of() {
    let calculated = json!({"__typename": "CalculatedField", "id": "f-c", "name": "Dear",
        "formula": "IF [The net] > [Parameters].[Limit] THEN 'see [The tax]' END"});
    let rows = json!({"__typename": "CalculatedField", "id": "f-n", "name": "Rows", "formula": "1", "upstreamFields": []});
    let pages = export(
        vec![column("net"), column("tax"), calculated, rows],
        &["Dear", "Rows"],
    );
    check(&pages, &["net", "tax"], &[ON_SHEET, IN_DATASOURCE]);
    let other = json!({"__typename": "CalculatedField", "id": "f-c", "name": "Dear", "formula": "[Other].[Sales]"});
    let pages = export(vec![column("net"), other], &["Dear"]);
    check(&pages, &["net", "gone"], &[PERHAPS, NOT_USED]);
}

#[test]
fn silence_is_no_fact() {
    let whole = || export(vec![column("id"), column("net")], &["The net"]);
    check(
        &whole(),
        &["id", "net", "gone"],
        &[IN_DATASOURCE, ON_SHEET, NOT_USED],
    );
    // No sheets, none of the workbook's own list, or one of them without fields.
    let [workbooks, datasources, sheets] = whole();
    let without = [workbooks.clone(), datasources.clone()];
    check(&without, &["id", "gone"], &[PERHAPS, NOT_USED]);
    let mut empty = sheets.clone();
    empty["data"]["sheetsConnection"]["nodes"][0]["datasourceFields"] = json!([]);
    check(
        &[workbooks.clone(), datasources.clone(), empty],
        &["net"],
        &[PERHAPS],
    );
    let mut more = workbooks.clone();
    more["data"]["workbooksConnection"]["nodes"][0]["sheets"] = json!([{"id": "s"}, {"id": "s2"}]);
    check(
        &[more, datasources.clone(), sheets.clone()],
        &["id", "net"],
        &[PERHAPS, ON_SHEET],
    );
    // A field of which nobody knows where it comes from may come from any column.
    let mut unknown = whole();
    unknown[1]["data"]["embeddedDatasourcesConnection"]["nodes"][0]["fields"][0]["upstreamColumns"] =
        json!([]);
    check(
        &unknown,
        &["id", "net", "gone"],
        &[NOT_TOLD, ON_SHEET, NOT_TOLD],
    );
    for cut in [
        json!(null),
        json!({"nodes": [column("net")], "totalCount": 2}),
        json!([column("net"), null]),
    ] {
        let mut pages = whole();
        pages[1]["data"]["embeddedDatasourcesConnection"]["nodes"][0]["fields"] = cut;
        assert_eq!(uses(&pages, &["gone"]), [NOT_TOLD]);
    }
    // Another data source, of which nothing is known.
    let mut pages = whole();
    pages[0]["data"]["workbooksConnection"]["nodes"][0]["embeddedDatasources"] =
        json!([{"id": "e"}, {"id": "e2"}]);
    check(&pages, &["net", "gone"], &[ON_SHEET, NOT_TOLD]);
}

#[test]
fn fields_of_published_data_sources_are_followed() {
    let remote = |name: &str| json!({"__typename": "DatasourceField", "id": format!("r-{name}"), "name": format!("The {name}")});
    let [workbooks, _, sheets] = export(Vec::new(), &["The net"]);
    let pages = [
        workbooks,
        page(
            "embeddedDatasourcesConnection",
            vec![json!({"id": "e", "name": "Orders", "workbook": {"id": "w"},
            "upstreamTables": [table("orders")], "upstreamDatasources": [{"id": "p", "luid": "p-1"}],
            "fields": [remote("id"), remote("net")]})],
        ),
        sheets,
        page(
            "publishedDatasourcesConnection",
            vec![json!({"id": "p", "luid": "p-1", "name": "All orders",
            "upstreamTables": [table("orders")], "fields": [column("id"), column("net")]})],
        ),
    ];
    check(
        &pages,
        &["id", "net", "gone"],
        &[IN_DATASOURCE, ON_SHEET, NOT_USED],
    );
    let without = [
        &pages[..3],
        &[page(
            "publishedDatasourcesConnection",
            vec![json!({"id": "p", "luid": "p-1",
        "upstreamTables": [table("orders")]})],
        )],
    ]
    .concat();
    check(&without, &["id", "net", "gone"], &[NOT_TOLD; 3]);
}

#[test]
fn other_shapes_tell_the_same() {
    // Everything in the workbook, with the columns at the sheet.
    let nested = json!({"data": {"workbooks": [{"luid": "w-1", "name": "Week",
        "sheets": [{"id": "s", "name": "Days", "upstreamColumns": [{"name": "net", "table": table("orders")}]}],
        "embeddedDatasources": [{"id": "e", "name": "Orders", "upstreamTables": [table("orders")],
            "fields": [column("id"), column("net")]}]}]}});
    check(
        &[nested],
        &["id", "net", "gone"],
        &[IN_DATASOURCE, ON_SHEET, NOT_USED],
    );
    // The fields on a page of their own, the columns told by their table.
    let [workbooks, mut datasources, sheets] = export(
        vec![json!({"__typename": "ColumnField", "id": "f-net", "name": "The net"})],
        &["The net"],
    );
    let fields = page(
        "fieldsConnection",
        vec![json!({"id": "f-net", "datasource": {"id": "e"},
        "upstreamColumns": [{"name": "net", "table": {"__typename": "DatabaseTable", "id": "t-orders"}}]})],
    );
    let pages = [
        workbooks.clone(),
        datasources.clone(),
        sheets.clone(),
        fields,
    ];
    check(&pages, &["net", "gone"], &[ON_SHEET, NOT_USED]);
    let mut orders = table("orders");
    orders["columns"] = json!([{"name": "net", "referencedByFields": [{"name": "The net", "datasource": {"id": "e"}}]}]);
    datasources["data"]["embeddedDatasourcesConnection"]["nodes"][0]["upstreamTables"] =
        json!([{"id": "t-orders"}]);
    let pages = [
        workbooks,
        datasources,
        sheets,
        page("databaseTablesConnection", vec![orders]),
    ];
    check(&pages, &["net", "gone"], &[ON_SHEET, NOT_TOLD]);
}

#[test]
fn a_later_capture_goes_before_an_earlier_one() {
    let captured = |time: &str, pages: &[Value]| json!({"autoexpose_export": 1, "captured_at": time, "answers": pages});
    let before = export(vec![column("id"), column("net")], &["The id"]);
    let now = export(vec![column("id"), column("net")], &["The net"]);
    let pages = [
        captured("2026-01-01T00:00:00Z", &before),
        captured("2026-01-02T00:00:00Z", &now),
    ];
    check(&pages, &["id", "net"], &[IN_DATASOURCE, ON_SHEET]);
}

/// A random export: which fields a sheet shows, which columns there are, and what calculations are made of.
fn random() -> impl Strategy<Value = [Value; 3]> {
    let names = ["a", "b", "c", "d"];
    let columns = proptest::collection::vec(any::<bool>(), 4);
    let inputs = proptest::collection::vec(proptest::collection::vec(0..8_usize, 1..3), 3);
    let shown = proptest::collection::vec(0..8_usize, 1..4);
    (columns, inputs, shown).prop_map(move |(columns, inputs, shown)| {
        let name = |at: usize| match at {
            0..4 => format!("The {}", names[at]),
            _ => format!("Calculation {}", (at - 4) % 3),
        };
        let present = names.iter().zip(columns).filter(|(_, is_there)| *is_there);
        let mut fields = present.map(|(name, _)| column(name)).collect::<Vec<_>>();
        for (at, inputs) in inputs.iter().enumerate() {
            let inputs = inputs.iter().map(|at| name(*at)).collect::<Vec<_>>();
            let inputs = inputs.iter().map(String::as_str).collect::<Vec<_>>();
            fields.push(calculation(&name(at + 4), &inputs));
        }
        let shown = shown.iter().map(|at| name(*at)).collect::<Vec<_>>();
        export(
            fields,
            &shown.iter().map(String::as_str).collect::<Vec<_>>(),
        )
    })
}

/// Takes something that the export tells away, so that it is seen to be missing.
fn take_away(pages: &mut [Value; 3], what: usize, which: Index) {
    let datasource = "/data/embeddedDatasourcesConnection/nodes/0";
    match what {
        0 => {
            *pages[1]
                .pointer_mut(&format!("{datasource}/fields"))
                .unwrap() = json!(null)
        }
        1..4 => {
            let fields = pages[1]
                .pointer_mut(&format!("{datasource}/fields"))
                .unwrap();
            let fields = fields.as_array_mut().unwrap();
            let at = which.index(fields.len());
            match what {
                1 => fields[at] = json!(null),
                2 => {
                    fields[at]
                        .as_object_mut()
                        .unwrap()
                        .remove("upstreamColumns");
                }
                _ => {
                    fields[at].as_object_mut().unwrap().remove("upstreamFields");
                }
            }
        }
        4 => {
            *pages[2]
                .pointer_mut("/data/sheetsConnection/nodes/0/datasourceFields")
                .unwrap() = json!(null)
        }
        5 => {
            *pages[2]
                .pointer_mut("/data/sheetsConnection/nodes/0/datasourceFields/0")
                .unwrap() = json!(null)
        }
        6 => pages[2] = page("sheetsConnection", Vec::new()),
        7 => {
            pages[0]
                .pointer_mut("/data/workbooksConnection/nodes/0")
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove("embeddedDatasources");
        }
        _ => {
            *pages[1].pointer_mut(datasource).unwrap() =
                json!({"id": "e", "workbook": {"id": "w"}, "upstreamTables": [table("orders")]})
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_order_of_pages_makes_no_difference(pages in random(), order in Just(vec![0, 1, 2]).prop_shuffle()) {
        let shuffled = order.iter().map(|at| pages[*at].clone()).collect::<Vec<_>>();
        let columns = ["a", "b", "c", "d", "gone"];
        prop_assert_eq!(uses(&pages, &columns), uses(&shuffled, &columns));
    }

    #[test]
    fn what_is_taken_away_is_not_taken_for_not_used(pages in random(), what in 0..9_usize, which in any::<Index>()) {
        let columns = ["a", "b", "c", "d", "gone"];
        let before = uses(&pages, &columns);
        let mut fewer = pages.clone();
        take_away(&mut fewer, what, which);
        for (before, after) in before.into_iter().zip(uses(&fewer, &columns)) {
            let allowed = match before {
                ON_SHEET => vec![ON_SHEET, PERHAPS, NOT_TOLD],
                IN_DATASOURCE => vec![IN_DATASOURCE, PERHAPS, NOT_TOLD],
                PERHAPS => vec![PERHAPS, NOT_TOLD],
                NOT_USED => vec![NOT_USED, NOT_TOLD],
                before => vec![before],
            };
            prop_assert!(allowed.contains(&after), "{:?} became {:?} in {:?}", before, after, fewer);
        }
    }
}
