//! A server that answers like Tableau, on this machine.
//!
//! What it does is after Tableau's reference of both APIs; a [`Plan`] makes it fail as real servers do.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use tiny_http::{Header, Method, Request, Response, Server};

use super::site::{Site, luid};
use super::xml;

/// The only token that signs in.
pub(super) const TOKEN_NAME: &str = "dbt";
pub(super) const SECRET: &str = "S3cretOfTheToken+/=";
const SESSION: &str = "session-";
const SITE: &str = "sales";

/// A call that the server got.
#[derive(Debug, Clone)]
pub(super) struct Got {
    pub(super) path: String,
    pub(super) token: Option<String>,
    pub(super) body: Value,
}

impl Got {
    /// The list that a query asks for.
    pub(super) fn section(&self) -> Option<&str> {
        let query = self.body["query"].as_str()?;
        query.strip_prefix("query ")?.split('(').next()
    }

    pub(super) fn first(&self) -> usize {
        self.body["variables"]["first"].as_u64().unwrap() as usize
    }

    /// The luids that a query asks for, if not for all.
    pub(super) fn within(&self) -> Option<Vec<Value>> {
        let (_, list) = self.query().split_once("luidWithin: ")?;
        let (list, _) = list.split_once(']').unwrap();
        Some(serde_json::from_str(&format!("{list}]")).unwrap())
    }

    /// A parameter of the address, as it stands there.
    pub(super) fn parameter(&self, key: &str) -> Option<&str> {
        let query = self.path.split('?').nth(1)?;
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == key)?;
        Some(value)
    }

    pub(super) fn query(&self) -> &str {
        self.body["query"].as_str().unwrap_or_default()
    }

    pub(super) fn is_sign_in(&self) -> bool {
        self.path.ends_with("/auth/signin")
    }

    pub(super) fn is_sign_out(&self) -> bool {
        self.path.ends_with("/auth/signout")
    }
}

/// How a server answers.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    Status(u16, String),
    /// With a header.
    Headed(u16, &'static str, String, String),
    /// What comes is broken in the middle of an answer.
    Broken,
}

impl Answer {
    pub(super) fn json(value: &Value) -> Self {
        Self::Status(200, value.to_string())
    }

    pub(super) fn error(status: u16, code: &str, summary: &str) -> Self {
        let body = json!({"error": {"code": code, "summary": summary, "detail": summary}});
        Self::Status(status, body.to_string())
    }

    /// An answer of the Metadata API with an error alone.
    pub(super) fn graphql(code: &str, severity: Option<&str>) -> Self {
        let error = json!({
            "message": format!("this is {code}"),
            "extensions": {"code": code, "severity": severity},
        });
        Self::json(&json!({"data": null, "errors": [error]}))
    }
}

/// What a server does otherwise than usual: the answer to a call, of which it is told how many were
/// made before it; `None` for the usual one.
pub(super) type Plan = Box<dyn FnMut(&Got, usize) -> Option<Answer> + Send>;

/// A server, until it is dropped.
pub(super) struct StandIn {
    server: Arc<Server>,
    state: Arc<Mutex<State>>,
    thread: Option<thread::JoinHandle<()>>,
}

struct State {
    site: Site,
    plan: Plan,
    got: Vec<Got>,
    sessions: BTreeSet<String>,
    made: usize,
    api_version: &'static str,
}

impl StandIn {
    pub(super) fn start(site: Site, plan: Plan) -> Self {
        Self::of_version(site, "3.25", plan)
    }

    pub(super) fn of_version(site: Site, api_version: &'static str, plan: Plan) -> Self {
        let server = Arc::new(Server::http("127.0.0.1:0").unwrap());
        let state = Arc::new(Mutex::new(State {
            site,
            plan,
            got: Vec::new(),
            sessions: BTreeSet::new(),
            made: 0,
            api_version,
        }));
        let (listening, answering) = (Arc::clone(&server), Arc::clone(&state));
        let thread = thread::spawn(move || {
            for request in listening.incoming_requests() {
                answer(request, &answering);
            }
        });
        Self {
            server,
            state,
            thread: Some(thread),
        }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.server.server_addr())
    }

    /// Lets time pass: the site changes, and how the server answers from now on.
    pub(super) fn later(&self, site: Site, plan: Plan) {
        let mut state = self.state.lock().unwrap();
        (state.site, state.plan) = (site, plan);
    }

    /// Answers as if workbooks had not a `projectLuid`, as before Tableau 2022.3.
    pub(super) fn forget_project_luids(&self) {
        let listed = self.state.lock().unwrap().site.listed();
        let rest = json!({
            "pagination": {"totalAvailable": listed.len().to_string()},
            "workbooks": {"workbook": listed},
        });
        let mut state = self.state.lock().unwrap();
        for workbook in state.site.section("workbooks") {
            workbook.as_object_mut().unwrap().remove("projectLuid");
        }
        state.plan = Box::new(move |got, _| {
            got.path
                .contains("/workbooks?")
                .then(|| Answer::json(&rest))
        });
    }

    /// The calls so far.
    pub(super) fn got(&self) -> Vec<Got> {
        self.state.lock().unwrap().got.clone()
    }

    /// How many sessions are still open.
    pub(super) fn open_sessions(&self) -> usize {
        self.state.lock().unwrap().sessions.len()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(mut request: Request, state: &Mutex<State>) {
    let mut body = String::new();
    request.as_reader().read_to_string(&mut body).unwrap();
    let token = request
        .headers()
        .iter()
        .find(|header| header.field.equiv("X-Tableau-Auth"));
    let is_xml = wants_xml(&request);
    let got = Got {
        path: request.url().to_owned(),
        token: token.map(|token| token.value.to_string()),
        body: match body.as_str() {
            xml if is_xml && xml.starts_with('<') => xml::request(xml),
            json => serde_json::from_str(json).unwrap_or_default(),
        },
    };
    assert!(
        *request.method() != Method::Post || got.is_sign_out() || got.body.is_object(),
        "a body that is not JSON: {body}"
    );
    let answer = {
        let mut state = state.lock().unwrap();
        let before = state.got.len();
        let answer = (state.plan)(&got, before);
        state.got.push(got.clone());
        answer.unwrap_or_else(|| state.usual(&got))
    };
    // The program may have gone meanwhile.
    let _ = match answer {
        Answer::Status(status, text) => {
            let text = if is_xml { xml::answer(&text) } else { text };
            request.respond(Response::from_string(text).with_status_code(status))
        }
        Answer::Headed(status, name, value, text) => {
            let header = Header::from_bytes(name, value).unwrap();
            let response = Response::from_string(text).with_status_code(status);
            request.respond(response.with_header(header))
        }
        Answer::Broken => {
            let mut writer = request.into_writer();
            writer
                .write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nbroken\r\n")
                .and_then(|()| writer.flush())
        }
    };
}

/// Whether a call of the REST API does not ask for JSON.
fn wants_xml(request: &Request) -> bool {
    let mut headers = request.headers().iter();
    let accept = headers.find(|header| header.field.equiv("Accept"));
    let asks_json = accept.is_some_and(|accept| accept.value.as_str().contains("json"));
    !asks_json && !request.url().starts_with("/api/metadata/")
}

impl State {
    /// What Tableau answers when all is well.
    fn usual(&mut self, got: &Got) -> Answer {
        let path = got.path.split('?').next().unwrap();
        let api = format!("/api/{}/", self.api_version);
        let below_site = format!("{api}sites/{}/", luid('x', 1));
        // Clients write it in either way, and some ask for it by another version.
        if path.to_lowercase().ends_with("/serverinfo") {
            return Answer::json(&json!({"serverInfo": {
                "productVersion": {"value": "2024.3.0", "build": "1"},
                "restApiVersion": self.api_version,
            }}));
        }
        if got.is_sign_in() {
            return self.sign_in(got);
        }
        let is_known = got
            .token
            .as_ref()
            .is_some_and(|token| self.sessions.contains(token));
        if !is_known {
            return if path == "/api/metadata/graphql" {
                spring_401()
            } else {
                Answer::error(401, "401002", "Unauthorized Access")
            };
        }
        if path == "/api/metadata/graphql" {
            return self.query(got);
        }
        if got.is_sign_out() {
            self.sessions.remove(got.token.as_ref().unwrap());
            return Answer::Status(204, String::new());
        }
        match path.strip_prefix(&below_site) {
            Some("projects") => listed(got, "projects", "project", &Site::projects()),
            Some("workbooks") => {
                let workbooks = filtered(&self.site.listed(), got.parameter("filter"));
                listed(got, "workbooks", "workbook", &workbooks)
            }
            Some(user) if user == format!("users/{}", luid('u', 1)) => Answer::json(&json!({
                "user": {"id": luid('u', 1), "name": "ada", "siteRole": "SiteAdministratorExplorer"}
            })),
            _ => Answer::error(404, "404003", "Resource Not Found"),
        }
    }

    fn sign_in(&mut self, got: &Got) -> Answer {
        let given = &got.body["credentials"];
        let is_right = given["personalAccessTokenName"] == TOKEN_NAME
            && given["personalAccessTokenSecret"] == SECRET
            && given["site"]["contentUrl"] == SITE;
        if !is_right && !given["jwt"].is_string() {
            return Answer::error(401, "401001", "Signin Error");
        }
        // A second session with one token ends the first one.
        self.sessions.clear();
        self.made += 1;
        let token = format!("{SESSION}{}", self.made);
        self.sessions.insert(token.clone());
        Answer::json(&json!({"credentials": {
            "site": {"id": luid('x', 1), "contentUrl": SITE},
            "user": {"id": luid('u', 1)},
            "token": token,
        }}))
    }

    /// A page of a list.
    fn query(&self, got: &Got) -> Answer {
        let Some(section) = got.section() else {
            return Answer::graphql("INVALID_ARGUMENT", None);
        };
        let objects = self.site.of(section).iter();
        let within = got.within();
        let is_asked = |one: &&Value| {
            within
                .as_ref()
                .is_none_or(|luids| luids.contains(&one["luid"]))
        };
        let objects = objects.filter(is_asked).cloned().collect::<Vec<_>>();
        let after = got.body["variables"]["after"].as_str();
        let from = after.map_or(0, |after| after.parse().unwrap());
        let to = (from + got.first()).min(objects.len());
        let mut nodes = objects[from..to].to_vec();
        if got.query().contains("nodes{id luid}") {
            nodes = nodes
                .iter()
                .map(|node| json!({"id": node["id"], "luid": node["luid"]}))
                .collect();
        }
        Answer::json(&json!({"data": {format!("{section}Connection"): {
            "nodes": nodes,
            "pageInfo": {"hasNextPage": to < objects.len(), "endCursor": to.to_string()},
            "totalCount": objects.len(),
        }}}))
    }
}

/// How the Metadata API refuses a token.
pub(super) fn spring_401() -> Answer {
    let body = json!({
        "timestamp": "2026-01-01T00:00:00.000+0000",
        "status": 401,
        "error": "Unauthorized",
        "path": "/relationship-service-war/graphql",
    });
    Answer::Status(401, body.to_string())
}

/// The workbooks in projects of the names that a filter has.
fn filtered(workbooks: &[Value], filter: Option<&str>) -> Vec<Value> {
    let Some(filter) = filter else {
        return workbooks.to_vec();
    };
    let names = filter.strip_prefix("projectName:").unwrap();
    let names = match names.strip_prefix("eq:") {
        Some(name) => vec![name],
        None => {
            let names = names.strip_prefix("in:[").unwrap();
            names.strip_suffix(']').unwrap().split(',').collect()
        }
    };
    let has_name = |one: &&Value| names.iter().any(|name| one["project"]["name"] == *name);
    workbooks.iter().filter(has_name).cloned().collect()
}

/// A page of the REST API, with numbers as texts.
pub(super) fn listed(got: &Got, list: &str, item: &str, objects: &[Value]) -> Answer {
    let number = |key| got.parameter(key).unwrap().parse::<usize>().unwrap();
    let (page, size) = (number("pageNumber"), number("pageSize"));
    assert!(size <= 1000, "Tableau refuses larger pages");
    let from = ((page - 1) * size).min(objects.len());
    let to = (from + size).min(objects.len());
    Answer::json(&json!({
        "pagination": {
            "pageNumber": page.to_string(),
            "pageSize": size.to_string(),
            "totalAvailable": objects.len().to_string(),
        },
        list: {item: objects[from..to]},
    }))
}
