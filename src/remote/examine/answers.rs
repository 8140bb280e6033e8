//! What an answer brings, and what follows from it.

use serde_json::Value;

use super::heard::{Page, Reason, Server, Told};
use super::question::{self, Graphql, Question};
use super::unknown::Unknown;
use super::{Examine, Heard, Stage, built};
use crate::model::Failure;
use crate::remote::answer::{self, Meaning};
use crate::remote::call::Reply;
use crate::remote::connection::open_to_others;
use crate::remote::event::Action;
use crate::remote::moment::Moment;
use crate::remote::paging::Then;
use crate::remote::rest;
use crate::remote::server::ServerInfo;
use crate::remote::session::Session;

/// How often it is waited where Tableau says that there are too many queries: that is an answer as well.
const MOST_RATES: u32 = 2;

impl Examine {
    /// Takes an answer.
    pub(super) fn take(
        &mut self,
        question: Question,
        reply: &Reply,
        moment: &Moment,
    ) -> Action<Heard> {
        let body = &reply.body;
        match question {
            Question::Greeting => return self.take_greeting(body, moment),
            Question::SignIn => return self.take_session(body, moment),
            Question::User => match question::person(body) {
                Some(person) => self.heard.user = Told::Told(person),
                None => self.not_understood(body),
            },
            Question::Site => match question::settings(body) {
                Some(settings) => self.heard.site = Told::Told(settings),
                None => self.not_understood(body),
            },
            Question::Listed(list, item) => match question::total(body, list, item) {
                Some(total) => *self.listed(list) = Told::Told(total),
                None => self.not_understood(body),
            },
            Question::Backfill if rest::is_html(body) => self.not_understood(body),
            Question::Backfill => self.heard.backfill = Told::Told(built::is_built(body)),
            Question::Page => return self.take_page(body, moment),
            Question::Totals | Question::Names | Question::Upstream => {
                return self.take_data(question, body, moment);
            }
        }
        self.go_on(moment)
    }

    fn take_greeting(&mut self, body: &[u8], moment: &Moment) -> Action<Heard> {
        let Some(info) = ServerInfo::read(body) else {
            if let Err(failure) = ServerInfo::of(body) {
                self.refuse(Reason::NotUnderstood, failure);
            }
            return self.end();
        };
        let is_new_enough = info.is_new_enough();
        self.heard.greeting = Told::Told(Server {
            product: info.product_version.clone(),
            api: info.api_version.clone(),
            is_new_enough,
        });
        self.connection.info = info;
        if !is_new_enough {
            return self.end();
        }
        if self.connection.is_open(self.asked.allows_http) {
            self.stage = Stage::Asking(1);
            self.refuse(Reason::Open, open_to_others());
            return self.end();
        }
        self.go_on(moment)
    }

    fn take_session(&mut self, body: &[u8], moment: &Moment) -> Action<Heard> {
        let Some(session) = Session::of(body, moment.since_start) else {
            self.not_understood(body);
            return self.end();
        };
        self.connection.session = Some(session);
        self.heard.session = Told::Told(());
        match self.stage {
            Stage::Renewing(at) => {
                self.stage = Stage::Asking(at);
                self.ask(moment)
            }
            _ => self.go_on(moment),
        }
    }

    /// Takes a page of workbooks, asked for as `fetch` does.
    fn take_page(&mut self, body: &[u8], moment: &Moment) -> Action<Heard> {
        let asked = self.page.section.first;
        let without = || self.page.without().iter().cloned().collect();
        match answer::read(body, &self.page.section.edge()) {
            Meaning::Page(page) => {
                self.heard.page = Told::Told(Page {
                    asked,
                    came: page.nodes.len(),
                    too_much: None,
                    without: without(),
                });
                if let Graphql::Data(_, warnings) = question::graphql(body) {
                    self.warnings.extend(warnings);
                }
            }
            Meaning::TooMuch(page, why) => {
                self.heard.page = Told::Told(Page {
                    asked,
                    came: page.nodes.len(),
                    too_much: Some(why),
                    without: without(),
                });
            }
            Meaning::Unknown(_) => {
                if let Then::Failed(failure) = self
                    .page
                    .take(body, &mut self.connection.tries, moment)
                    .then
                {
                    self.refuse(Reason::NotUnderstood, failure);
                } else {
                    return self.ask(moment);
                }
            }
            Meaning::TooOften => return self.too_often(moment),
            Meaning::UnknownSection => {
                let message = "this server's Metadata API does not list workbooks";
                let failure = Failure::new("", message).help("it needs Tableau 2019.3 or newer");
                self.refuse(Reason::NotUnderstood, failure);
            }
            Meaning::Refused { message, help } => {
                let failure = Failure::new("", message).help(help);
                self.refuse(Reason::NotUnderstood, failure);
            }
            Meaning::NotAnAnswer => self.not_understood(body),
        }
        self.go_on(moment)
    }

    /// Takes the data of a question to the Metadata API.
    fn take_data(&mut self, question: Question, body: &[u8], moment: &Moment) -> Action<Heard> {
        match question::graphql(body) {
            Graphql::Data(data, warnings) => {
                self.warnings.extend(warnings);
                self.keep(question, &data);
            }
            Graphql::TooOften => return self.too_often(moment),
            Graphql::Unknown(unknown, _) if self.leaves_out(unknown.clone()) => {
                return self.ask(moment);
            }
            Graphql::Unknown(_, warned) | Graphql::Refused(warned) => {
                let message = format!("{}: {}", warned.code, warned.message);
                let failure = Failure::new("", message).help(warned.advice);
                self.refuse(Reason::Code(warned.code), failure);
            }
            Graphql::NotAnAnswer => self.not_understood(body),
        }
        self.go_on(moment)
    }

    /// Leaves out of queries what the server does not know. Reports whether they can do without.
    fn leaves_out(&mut self, unknown: Unknown) -> bool {
        self.unknown.add(unknown) && self.unknown.has_workbooks()
    }

    fn keep(&mut self, question: Question, data: &Value) {
        match question {
            Question::Totals => self.heard.totals = Told::Told(question::totals(data)),
            Question::Names => self.heard.names = Told::Told(question::names(data)),
            Question::Upstream => self.heard.upstream = Told::Told(question::upstream(data)),
            _ => {}
        }
    }

    /// Waits a little, and then says so.
    fn too_often(&mut self, moment: &Moment) -> Action<Heard> {
        self.rates += 1;
        let wait = self.connection.tries.after_rate(moment);
        if let Some(wait) = wait.filter(|_| self.rates <= MOST_RATES) {
            return Action::Wait(wait);
        }
        let message = "Tableau says that there are too many queries (RATE_EXCEEDED)";
        let failure = Failure::new("", message)
            .help("repeat it later, and not beside others of the same user");
        self.refuse(Reason::TooOften, failure);
        self.go_on(moment)
    }

    fn not_understood(&mut self, body: &[u8]) {
        let purpose = self.question().map(Question::purpose).unwrap_or_default();
        let failure = match self.question() {
            Some(Question::SignIn) => rest::secretly_not_understood(&purpose, body),
            _ => rest::not_understood(&purpose, body),
        };
        self.refuse(Reason::NotUnderstood, failure);
    }

    pub(super) fn listed(&mut self, list: &str) -> &mut Told<u64> {
        let listed = &mut self.heard.listed;
        match list {
            "workbooks" => &mut listed.workbooks,
            "datasources" => &mut listed.datasources,
            "flows" => &mut listed.flows,
            _ => &mut listed.tables,
        }
    }
}
