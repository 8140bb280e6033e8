//! Servers of other versions: what they do not know, and what is said of that.

use super::*;

/// How an error names the place of a field, in the versions of the library that Tableau may use.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    Path,
    Quoted,
    Bracketed,
}

const SPELLINGS: [Spelling; 3] = [Spelling::Path, Spelling::Quoted, Spelling::Bracketed];

fn undefined(spelling: Spelling, path: &str) -> Value {
    let field = path.rsplit('/').next().expect("a field");
    match spelling {
        Spelling::Path => json!({
            "message": format!("Validation error of type FieldUndefined: Field '{field}' in type 'T' is undefined @ '{path}'"),
            "locations": [{"line": 1, "column": 9, "sourceName": null}],
            "description": format!("Field '{field}' in type 'T' is undefined"),
            "validationErrorType": "FieldUndefined",
            "queryPath": path.split('/').collect::<Vec<_>>(),
            "errorType": "ValidationError",
            "extensions": null,
            "path": null,
        }),
        Spelling::Quoted => json!({
            "message": format!("Validation error of type FieldUndefined: Field '{field}' in type 'T' is undefined @ '{path}'"),
        }),
        Spelling::Bracketed => json!({
            "message": format!("Validation error (FieldUndefined@[{path}]) : Field '{field}' in type 'T' is undefined"),
            "extensions": {"classification": "ValidationError"},
        }),
    }
}

/// Answers like a server that does not know these paths.
fn without<'a>(
    paths: &'a [&'a str],
    spelling: Spelling,
) -> impl Fn(&Called, usize) -> Option<Outcome> + 'a {
    move |call, _| {
        let section = call.section()?;
        let asks = |path: &&&str| {
            let (list, field) = path.split_once('/').unwrap_or((path, ""));
            let field = field.rsplit('/').next().unwrap_or_default();
            list == format!("{section}Connection")
                && (field.is_empty() || words(call.query()).any(|word| word == field))
        };
        let errors = paths
            .iter()
            .filter(asks)
            .map(|path| undefined(spelling, path));
        let errors = errors.collect::<Vec<_>>();
        (!errors.is_empty()).then(|| json(&json!({"errors": errors})))
    }
}

fn words(query: &str) -> impl Iterator<Item = &str> {
    query.split(|letter: char| !letter.is_ascii_alphanumeric())
}

#[test]
fn an_old_server_is_asked_without_what_it_does_not_know() {
    let paths = [
        "workbooksConnection/nodes/projectLuid",
        "workbooksConnection/nodes/containerType",
        "workbooksConnection/nodes/containerName",
        "workbooksConnection/nodes/upstreamVirtualConnectionTables",
        "publishedDatasourcesConnection/nodes/upstreamVirtualConnectionTables",
        "customSQLTablesConnection/nodes/isUnsupportedCustomSql",
        "virtualConnectionsConnection",
    ];
    for spelling in SPELLINGS {
        let told = run(3, without(&paths, spelling));
        told.assert_whole();
        let export = told.export();
        assert_eq!(
            export["sections"]["workbooks"]["without"],
            json!([
                "containerName",
                "containerType",
                "projectLuid",
                "upstreamVirtualConnectionTables"
            ]),
            "{spelling:?}"
        );
        let notes = told.fetched().notes.join("\n");
        assert!(
            notes.contains("too old to list virtual connections"),
            "{notes}"
        );
        assert_eq!(
            told.of_section("workbooks").count(),
            2,
            "one more for all of them"
        );
        assert_eq!(told.of_section("customSQLTables").count(), 2);
    }
}

#[test]
fn fields_inside_of_others_are_left_out_alone() {
    let path = "workbooksConnection/nodes/owner/email";
    let told = run(3, without(&[path], Spelling::Path));
    told.assert_whole();
    let last = told.of_section("workbooks").last().expect("a call");
    assert!(
        last.query().contains("owner{id luid name username}"),
        "{}",
        last.query()
    );
}

#[test]
fn without_an_order_lists_come_as_they_are() {
    for message in [
        "Validation error of type UnknownArgument: Unknown field argument orderBy @ 'workbooksConnection'",
        "Validation error (UnknownArgument@[workbooksConnection]) : Unknown field argument 'orderBy'",
        "Validation error of type WrongType: argument 'orderBy.field' with value 'EnumValue{name='ID'}' is not a valid 'WorkbookOrderField' @ 'workbooksConnection'",
    ] {
        let told = run(450, |call, _| {
            let error = json!({"message": message, "extensions": null});
            let is_ordered = call.query().contains("orderBy");
            (call.section().is_some() && is_ordered).then(|| json(&json!({"errors": [error]})))
        });
        told.assert_whole();
        assert_eq!(
            told.of_section("workbooks").count(),
            4,
            "three pages, and one more"
        );
    }
}

#[test]
fn without_a_total_the_last_page_tells_the_end() {
    let paths = [
        "workbooksConnection/totalCount",
        "flowsConnection/totalCount",
    ];
    let told = run(450, |call, before| {
        without(&paths, Spelling::Path)(call, before).or_else(|| {
            let (from, section) = (call.from(), call.section()?);
            let to = (from + call.first()).min(450);
            (section == "workbooks").then(|| page(section, from..to, to < 450, None))
        })
    });
    told.assert_whole();
    assert_eq!(told.export()["sections"]["workbooks"]["count"], 450);
    assert_eq!(
        told.export()["sections"]["flows"]["count"],
        1,
        "it is not absent"
    );
}

#[test]
fn a_server_that_does_not_tell_what_workbooks_read_is_not_whole() {
    for field in ["luid", "upstreamTables", "embeddedDatasources"] {
        let path = format!("workbooksConnection/nodes/{field}");
        let mut is_told = false;
        let told = run(3, |call, _| {
            let is_new = call.section() == Some("workbooks") && !is_told;
            is_told |= is_new;
            is_new.then(|| json(&json!({"errors": [undefined(Spelling::Path, &path)]})))
        });
        let missing = format!("this server does not tell {field} of them");
        assert!(
            told.fetched()
                .missing
                .iter()
                .any(|what| what.contains(&missing)),
            "{:?}",
            told.fetched()
        );
    }
}

#[test]
fn a_server_without_a_list_of_workbooks_ends_the_run() {
    let told = run(3, without(&["workbooksConnection"], Spelling::Path));
    told.assert_failed("does not list workbooks");
    let told = run(
        3,
        without(&["workbooksConnection/pageInfo"], Spelling::Path),
    );
    told.assert_failed("does not know `workbooksConnection/pageInfo`");
    // The same field is not left out for ever.
    let told = run(3, |call, _| {
        let error = undefined(Spelling::Path, "workbooksConnection/nodes/projectLuid");
        call.section().map(|_| json(&json!({"errors": [error]})))
    });
    told.assert_failed("does not know its fields");
}

#[test]
fn a_server_before_the_metadata_api_is_said_to_be_too_old() {
    for (api, product) in [("3.4", "2019.2"), ("2.8", "10.5")] {
        let info =
            json!({"serverInfo": {"restApiVersion": api, "productVersion": {"value": product}}});
        let told = run(3, first(1, "/serverinfo", || json(&info)));
        told.assert_failed(product);
        assert_eq!(told.calls.len(), 1);
    }
    let told = run(3, first(1, "/serverinfo", || rest_error("404003")));
    told.assert_failed("2019.3");
    let info = json!({"serverInfo": {"restApiVersion": "3.5"}});
    run(3, first(1, "/serverinfo", || json(&info))).assert_whole();
}
