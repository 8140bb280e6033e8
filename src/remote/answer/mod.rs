//! What a page of the Metadata API means: taken, asked for again, or the end of the run.

mod page;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use self::page::WirePage;
pub(super) use self::page::{Node, Page};
use super::call::{Outcome, Reply};
use crate::input::tableau::{Errors, GraphqlError};

/// What to do where a server has the REST API and not this one.
pub(super) const OFF: &str = "a server administrator turns the Metadata API on with `tsm maintenance metadata-services enable`; it needs Tableau 2019.3 or newer";

/// A part of a query that a server does not know.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A field, by its path below the objects of the list.
    Field(Vec<String>),
    /// The number of all objects.
    Total,
    /// The order of the list.
    Order,
}

/// What to do with an answer.
#[derive(Debug)]
pub(super) enum Meaning {
    /// It is a page.
    Page(Page),
    /// It asked for too much. With what came all the same, and why.
    TooMuch(Page, String),
    /// Tableau asks to wait.
    TooOften,
    /// The server does not know these parts of the query.
    Unknown(Vec<Part>),
    /// The server does not know the list.
    UnknownSection,
    /// It will not get better.
    Refused { message: String, help: &'static str },
    /// It is not JSON of the Metadata API.
    NotAnAnswer,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow, default)]
    data: Option<BTreeMap<String, Option<&'a RawValue>>>,
    #[serde(default)]
    errors: Option<Errors>,
}

/// Reads an answer to a query for one list.
pub(super) fn read(body: &[u8], edge: &str) -> Meaning {
    let Ok(answer) = serde_json::from_slice::<Answer>(body) else {
        return Meaning::NotAnAnswer;
    };
    let errors = answer.errors.map(|Errors(errors)| errors);
    let errors = errors.unwrap_or_default();
    if answer.data.is_none() && errors.is_empty() {
        return Meaning::NotAnAnswer;
    }
    let list = answer.data.and_then(|mut data| data.remove(edge).flatten());
    let page = list.and_then(|list| serde_json::from_str::<WirePage>(list.get()).ok());
    let page = page.and_then(WirePage::page);
    let is_readable = page.is_some();
    judge(page.unwrap_or_default(), is_readable, &errors, edge)
}

/// An outcome in which an answer of the Metadata API is one whatever its HTTP status is, unless that says
/// to sign in or to come back later.
pub(super) fn whatever_status(outcome: Outcome) -> Outcome {
    let reply = outcome?;
    let is_plain = matches!(reply.status, 200..300 | 401 | 408 | 429 | 503);
    let status = match reply.status {
        status if is_plain || !has_errors(&reply.body) => status,
        _ => 200,
    };
    Ok(Reply { status, ..reply })
}

/// Whether a body is an answer of the Metadata API with errors.
fn has_errors(body: &[u8]) -> bool {
    let errors = serde_json::from_slice::<Answer>(body).map(|answer| answer.errors);
    errors.is_ok_and(|errors| errors.is_some_and(|Errors(errors)| !errors.is_empty()))
}

/// What the errors beside a page make of it. The worst of them decides.
fn judge(mut page: Page, is_readable: bool, errors: &[GraphqlError], edge: &str) -> Meaning {
    if let Some(refused) = errors.iter().find(|error| is_final(error)) {
        return Meaning::Refused {
            message: format!("{}: {}", refused.code(), refused.message()),
            help: refused.advice(),
        };
    }
    if errors.iter().any(is_unknown) {
        return unknown(errors, edge);
    }
    if errors.iter().any(|error| error.code() == "RATE_EXCEEDED") {
        return Meaning::TooOften;
    }
    if let Some(too_much) = errors.iter().find(|error| is_too_much(error)) {
        let why = match too_much.code() {
            "UNKNOWN" => too_much.message(),
            code => code,
        };
        return Meaning::TooMuch(page, why.to_owned());
    }
    if !is_readable && errors.is_empty() {
        return Meaning::TooMuch(page, "the list is null".to_owned());
    }
    let warnings = errors.iter();
    let warnings = warnings.map(|error| (error.code().to_owned(), error.message().to_owned()));
    page.warnings = warnings.collect();
    Meaning::Page(page)
}

/// Whether the server does not know something of the query.
pub(super) fn is_unknown(error: &GraphqlError) -> bool {
    error.undefined_field().is_some() || is_of_order(error)
}

/// What a server does not know of a query: all of it comes in one answer.
fn unknown(errors: &[GraphqlError], edge: &str) -> Meaning {
    let mut parts = Vec::new();
    if errors.iter().any(is_of_order) {
        parts.push(Part::Order);
    }
    for path in errors.iter().filter_map(GraphqlError::undefined_field) {
        let path = path.iter().map(String::as_str).collect::<Vec<_>>();
        match path.as_slice() {
            [list] if *list == edge => return Meaning::UnknownSection,
            [list, "totalCount"] if *list == edge => parts.push(Part::Total),
            [list, "nodes", below @ ..] if *list == edge && !below.is_empty() => {
                let below = below.iter().map(|&field| field.to_owned());
                parts.push(Part::Field(below.collect()));
            }
            path => {
                return Meaning::Refused {
                    message: format!("this server does not know `{}`", path.join("/")),
                    help: "the Metadata API needs Tableau 2019.3 or newer",
                };
            }
        }
    }
    Meaning::Unknown(parts)
}

/// Whether the server does not take the order that a list is asked for in. Without one, lists are
/// sorted by id as well.
pub(super) fn is_of_order(error: &GraphqlError) -> bool {
    error.is_of_validation()
        && error.undefined_field().is_none()
        && error.message().contains("orderBy")
}

/// Whether an error stays whatever is asked for.
fn is_final(error: &GraphqlError) -> bool {
    let is_wrong =
        error.is_of_validation() && error.undefined_field().is_none() && !is_of_order(error);
    is_wrong
        || matches!(
            error.code(),
            "ACCESS_DENIED"
                | "FEATURE_DISABLED"
                | "FILTER_REQUIRED"
                | "INVALID_ARGUMENT"
                | "SITE_DISABLED"
        )
}

/// Whether an error may be away with a smaller page. What is not called a warning has cut the page, so
/// what came of it is not trusted.
fn is_too_much(error: &GraphqlError) -> bool {
    match error.code() {
        "BACKFILL_RUNNING"
        | "PERMISSIONS_MODE_SWITCHED"
        | "LINKED_RESULTS_INCOMPLETE"
        | "INHERITANCE_INCOMPLETE"
        | "USER_VISIBILITY_IS_LIMITED" => false,
        "NODE_LIMIT_EXCEEDED" | "TIME_LIMIT_EXCEEDED" | "MAX_PAGE_SIZE_EXCEEDED" => true,
        _ => !error.is_warning(),
    }
}

#[cfg(test)]
mod tests;
