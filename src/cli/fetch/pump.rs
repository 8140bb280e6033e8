//! Between the machine that decides and the world: sends, waits, and reports what came back.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::thread::sleep;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use super::told;
use crate::cli::args::FetchArgs;
use crate::io::farewell::{self, AtEnd};
use crate::io::http::Http;
use crate::io::progress::Counter;
use crate::remote::{Action, Call, Ending, Event, Fetch, Moment};

/// What a run needs of the world.
pub(super) struct Pump {
    http: Http,
    began: Instant,
    is_verbose: bool,
    progress: Option<Counter>,
}

impl Pump {
    pub(super) fn new(http: Http, args: &FetchArgs) -> Self {
        Self {
            http,
            began: Instant::now(),
            is_verbose: args.verbose,
            progress: (!args.quiet && !args.verbose).then(Counter::begin),
        }
    }

    /// Runs to the end. However it ends, the session ends as well.
    pub(super) fn run(&self, mut fetch: Fetch) -> (Ending, Vec<Vec<u8>>) {
        let _at_end = AtEnd;
        let mut text = Vec::new();
        let mut event = Event::Ready;
        loop {
            let action = fetch.next(event, &self.moment());
            text.push(fetch.take_written());
            if let Some(progress) = &self.progress {
                progress.show(fetch.progress());
            }
            event = match action {
                Action::Over(ending) => {
                    self.keep_farewell(&fetch);
                    text.retain(|piece| !piece.is_empty());
                    return (ending, text);
                }
                Action::Wait(time) => {
                    if self.is_verbose {
                        told::waiting(time);
                    }
                    sleep(time);
                    Event::Ready
                }
                Action::Send(call) => self.send(&call, &fetch),
            };
        }
    }

    /// Sends a call. While it is not known whether it began a session, signals wait.
    fn send(&self, call: &Call, fetch: &Fetch) -> Event {
        self.keep_farewell(fetch);
        let began = Instant::now();
        let reply = self.http.send(call);
        if self.is_verbose {
            told::call(call, &reply, began.elapsed());
        }
        match reply {
            Ok(reply) => Event::Reply(reply),
            Err(lost) => Event::NoReply(lost),
        }
    }

    /// Remembers how to sign out, should a signal or a fault end the program.
    fn keep_farewell(&self, fetch: &Fetch) {
        let http = self.http.clone();
        let farewell = fetch.sign_out().map(|call| {
            move || {
                // Nobody is left who could be told that it failed.
                let _ = http.send(&call);
            }
        });
        farewell::hold().set(farewell);
    }

    fn moment(&self) -> Moment {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        // The standard library's hashers begin with numbers by chance, another one each time.
        let random = || RandomState::new().build_hasher().finish();
        Moment {
            since_start: self.began.elapsed(),
            unix_seconds: now.map_or(0, |now| now.as_secs()),
            random: [random(), random()],
        }
    }
}
