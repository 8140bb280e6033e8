//! Bodies of the REST API, whose JSON was made of XML: numbers may be texts, an empty list is an empty
//! object, and a list of one may be that one.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::call::{NoReply, NoReplyKind, Outcome, Reply};
use crate::model::Failure;

/// How many letters of an answer that is not understood are shown.
const SHOWN: usize = 80;

/// An error that the REST API, or what stands before it, answers with.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct RestError {
    /// The HTTP status and three digits, such as `401001`.
    pub(super) code: String,
    /// The server's words, perhaps not in English.
    pub(super) words: String,
}

impl RestError {
    /// The error in a body; without a code if it has none.
    pub(super) fn of(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            let error = value.get("error").unwrap_or(&Value::Null);
            let part = |key: &str| error.get(key).and_then(shown);
            let words = [part("summary"), part("detail"), shown(error)];
            return Self {
                code: part("code").unwrap_or_default(),
                words: joined(words),
            };
        }
        // What is not XML of Tableau may have such attributes and elements as well.
        let (_, error) = text.split_once("<error").unwrap_or_default();
        let part = |open: &str, close: &str| between(error, open, close);
        Self {
            code: part("code=\"", "\"").unwrap_or_default(),
            words: joined([
                part("<summary>", "</summary>"),
                part("<detail>", "</detail>"),
                None,
            ]),
        }
    }

    /// What to do about it.
    fn help(&self, status: u16) -> &'static str {
        match (self.code.as_str(), status) {
            ("400006" | "400007" | "403014", _) => {
                "this is a fault of autoexpose: please report it"
            }
            ("405000", _) | (_, 405) => {
                "give the address with https, and on Tableau Cloud with the pod, such as https://10ax.online.tableau.com"
            }
            (_, 403) => "use the token of a user who may see this, best of a site administrator",
            (_, 404) => "is the address right, and is the server at least 2019.3?",
            (_, 407) => "check user and password in the variable HTTPS_PROXY",
            (_, 300..400) => "give the address to which the server sends its users with `--server`",
            _ => "repeat the run later; if it persists, ask the server's administrator",
        }
    }
}

/// The failure of a call that was answered so.
pub(super) fn failure(reply: &Reply, purpose: &str) -> Failure {
    let error = RestError::of(&reply.body);
    let mut message = format!("cannot {purpose}: HTTP status {}", reply.status);
    if !error.code.is_empty() {
        message.push_str(&format!(", error {}", error.code));
    }
    if !error.words.is_empty() {
        message.push_str(&format!(": {}", error.words));
    }
    Failure::new("", message).help(error.help(reply.status))
}

/// An outcome in which an answer is lost that came without its end, or without anything: where a
/// connection is cut, what stands before a server may still call the answer whole.
pub(super) fn whole(outcome: Outcome) -> Outcome {
    let reply = outcome?;
    let is_good = (200..300).contains(&reply.status);
    match lost(&reply.body).filter(|_| is_good) {
        None => Ok(reply),
        Some(text) => Err(NoReply {
            kind: NoReplyKind::CutOff,
            text: text.to_owned(),
        }),
    }
}

/// Why a body is not a whole one, if it is not.
fn lost(body: &[u8]) -> Option<&'static str> {
    match body.trim_ascii().first() {
        None => Some("the answer is empty"),
        Some(b'{' | b'[') if serde_json::from_slice::<IgnoredAny>(body).is_err() => {
            Some("the answer breaks off")
        }
        Some(_) => None,
    }
}

/// A page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RestPage {
    pub(super) items: Vec<Value>,
    /// How many the site has.
    pub(super) total: Option<u64>,
}

/// The page in a body such as `{"projects": {"project": […]}}`; `None` if it is not one.
pub(super) fn page(body: &[u8], list: &str, item: &str) -> Option<RestPage> {
    page_in(serde_json::from_slice(body).ok()?, list, item)
}

/// The same of a body that is read already.
pub(super) fn page_in(mut body: Value, list: &str, item: &str) -> Option<RestPage> {
    let total = body
        .get("pagination")
        .and_then(|pagination| number(pagination.get("totalAvailable")?));
    let items = match body.get_mut(list)?.get_mut(item).map(Value::take) {
        Some(Value::Array(items)) => items,
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    };
    Some(RestPage { items, total })
}

/// A number, which may be a text.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// A text of an object that is not empty.
pub(super) fn text(object: &Value, key: &str) -> Option<String> {
    shown(object.get(key)?).filter(|text| !text.is_empty())
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn joined<const N: usize>(words: [Option<String>; N]) -> String {
    let words = words.into_iter().flatten();
    let words = words.filter(|words| !words.is_empty());
    words.collect::<Vec<_>>().join(": ")
}

/// The text between two others.
pub(super) fn between(text: &str, open: &str, close: &str) -> Option<String> {
    let (_, rest) = text.split_once(open)?;
    let (inner, _) = rest.split_once(close)?;
    Some(inner.to_owned())
}

/// The failure of an answer that is not one of Tableau.
pub(super) fn not_understood(purpose: &str, body: &[u8]) -> Failure {
    let answer = match form(body) {
        Some(form) => format!("with {form}"),
        None => beginning(body),
    };
    not_answered(purpose, &answer)
}

/// The same of an answer in which something may be secret, so that it is not shown.
pub(super) fn secretly_not_understood(purpose: &str, body: &[u8]) -> Failure {
    let form = form(body).unwrap_or("something else than Tableau does");
    not_answered(purpose, &format!("with {form}"))
}

fn not_answered(purpose: &str, answer: &str) -> Failure {
    let failure = Failure::new("", format!("cannot {purpose}: the server answers {answer}"));
    failure.help("is the address that of Tableau, and is there a proxy before it?")
}

/// What a body is that is not JSON, if that is known.
fn form(body: &[u8]) -> Option<&'static str> {
    if is_html(body) {
        Some("a page for browsers")
    } else if body.trim_ascii().starts_with(b"<") {
        Some("XML, where JSON was asked for")
    } else {
        None
    }
}

/// Whether a body is a page for browsers.
pub(super) fn is_html(body: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&body[..body.len().min(512)]).to_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    start.starts_with('<') && (start.starts_with("<!doctype html") || start.contains("<html"))
}

/// How a body begins, for a message about one that is not understood.
pub(super) fn beginning(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(SHOWN) {
        _ if text.is_empty() => "an empty answer".to_owned(),
        None => format!("`{text}`"),
        Some((at, _)) => format!("`{}…`", &text[..at]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_read_as_json_as_xml_and_as_spring_writes_them() {
        let read = |body: &str| {
            let error = RestError::of(body.as_bytes());
            (error.code, error.words)
        };
        let pair = |code: &str, words: &str| (code.to_owned(), words.to_owned());
        assert_eq!(
            read(r#"{"error":{"summary":"Signin Error","detail":"Wrong","code":"401001"}}"#),
            pair("401001", "Signin Error: Wrong")
        );
        assert_eq!(
            read(
                r#"<tsResponse><error code="401001"><summary>Signin Error</summary><detail>Wrong</detail></error></tsResponse>"#
            ),
            pair("401001", "Signin Error: Wrong")
        );
        assert_eq!(
            read(r#"{"timestamp":"x","status":401,"error":"Unauthorized","path":"/p"}"#),
            pair("", "Unauthorized")
        );
        assert_eq!(read("<html>Bad gateway</html>"), pair("", ""));
        let page = "<html code=\"x\"><summary>Bad gateway</summary></html>";
        assert_eq!(read(page), pair("", ""));
        assert_eq!(read(""), pair("", ""));
    }

    #[test]
    fn lists_come_in_every_form_that_xml_leaves() {
        let page_of = |body: &str| page(body.as_bytes(), "projects", "project");
        let total = r#""pagination":{"pageNumber":"1","totalAvailable":"27"}"#;
        let read = page_of(&format!(
            r#"{{{total},"projects":{{"project":[{{}},{{}}]}}}}"#
        ));
        let read = read.expect("a page");
        assert_eq!((read.items.len(), read.total), (2, Some(27)));
        let one = page_of(r#"{"projects":{"project":{"id":"a"}}}"#).expect("a page");
        assert_eq!((one.items.len(), one.total), (1, None));
        let none = page_of(r#"{"pagination":{"totalAvailable":0},"projects":{}}"#).expect("one");
        assert_eq!((none.items.len(), none.total), (0, Some(0)));
        assert_eq!(page_of(r#"{"workbooks":{}}"#), None);
        assert_eq!(page_of("<html>"), None);
    }

    #[test]
    fn an_answer_without_its_end_is_lost() {
        let outcome = |status, body: &str| {
            let reply = Reply {
                status,
                body: body.as_bytes().to_vec(),
                ..Reply::default()
            };
            whole(Ok(reply)).is_ok()
        };
        for lost in ["", "\n", r#"{"projects": {"#, r#"[{"id": "1"}"#] {
            assert!(!outcome(200, lost), "{lost}");
            assert!(outcome(401, lost), "{lost}");
        }
        for whole in ["{}", " [1]\n", "<html>", "<tsResponse/>", "ok"] {
            assert!(outcome(200, whole), "{whole}");
        }
    }

    #[test]
    fn what_may_be_secret_is_not_shown() {
        for body in [
            r#"<tsResponse><credentials token="t0ken"/></tsResponse>"#,
            r#"{"credentials":{"token":"t0ken"}}"#,
            "t0ken",
        ] {
            let failure = secretly_not_understood("sign in", body.as_bytes());
            assert!(!failure.to_string().contains("t0ken"), "{failure}");
        }
    }

    #[test]
    fn a_page_for_browsers_is_not_an_answer() {
        assert!(is_html(b"\n<!DOCTYPE html><html>"));
        assert!(is_html(b"\xef\xbb\xbf<HTML lang=en>"));
        assert!(!is_html(br#"{"serverInfo":{}}"#));
        assert!(!is_html(br#"{"description":"<html>"#));
        assert_eq!(beginning(b" a\n b "), "`a b`");
        assert_eq!(beginning(b""), "an empty answer");
    }
}
