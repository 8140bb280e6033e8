//! Between the machine that decides and the world: sends, waits, and reports what came back.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::told;
use crate::io::farewell::{self, AtEnd};
use crate::io::http::Http;
use crate::io::progress::Counter;
use crate::remote::{Action, Body, Call, Event, Machine, Moment};

/// What a run needs of the world.
pub(crate) struct Pump {
    http: Http,
    began: Instant,
    is_verbose: bool,
    progress: Option<Counter>,
}

impl Pump {
    pub(crate) fn new(http: Http, is_verbose: bool, is_quiet: bool) -> Self {
        Self {
            http,
            began: Instant::now(),
            is_verbose,
            progress: (!is_quiet && !is_verbose).then(Counter::begin),
        }
    }

    /// Runs to the end, and writes what comes of it piece by piece. However it ends, the session ends as
    /// well.
    pub(crate) fn run<M: Machine + 'static>(
        &self,
        mut machine: M,
        written: &mut dyn Write,
    ) -> io::Result<M::Ending> {
        let _at_end = AtEnd;
        let mut held = None;
        let mut event = Event::Ready;
        loop {
            let action = machine.next(event, &self.moment());
            let mut farewell = held.take().unwrap_or_else(farewell::hold);
            farewell.set(self.farewell(&machine));
            drop(farewell);
            written.write_all(&machine.take_written())?;
            if let Some(progress) = &self.progress {
                progress.show(machine.progress());
            }
            event = match action {
                Action::Over(ending) => return Ok(ending),
                Action::Wait(time) => self.wait(time),
                Action::Send(call) => {
                    // Until it is known whether this began a session, signals wait.
                    let may_begin = matches!(call.body, Some(Body::Secret(_)));
                    held = may_begin.then(farewell::hold);
                    self.send(&call)
                }
            };
        }
    }

    fn wait(&self, time: Duration) -> Event {
        if self.is_verbose {
            told::waiting(time);
        }
        sleep(time);
        Event::Ready
    }

    fn send(&self, call: &Call) -> Event {
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

    /// How to sign out, should a signal or a fault end the program.
    fn farewell<M: Machine>(&self, machine: &M) -> Option<impl FnOnce() + Send + 'static + use<M>> {
        let http = self.http.clone();
        machine.sign_out().map(|call| {
            move || {
                // Nobody is left who could be told that it failed.
                let _ = http.send(&call);
            }
        })
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
