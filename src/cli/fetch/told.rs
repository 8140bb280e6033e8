//! What a run tells on standard error.

use std::path::Path;
use std::time::Duration;

use crate::cli::args::FetchArgs;
use crate::cli::print;
use crate::io::is_standard_output;
use crate::output::printable;
use crate::remote::{Call, Fetched, Method, NoReply, Reply};

/// With what the run signs in.
pub(crate) fn credentials(origin: &str) {
    print::to_stderr(&format!("signs in with {origin}"));
}

/// A call and its answer, without anything secret.
pub(super) fn call(call: &Call, reply: &Result<Reply, NoReply>, took: Duration) {
    let method = match call.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let answer = match reply {
        Ok(reply) => format!("{}, {} bytes", reply.status, reply.body.len()),
        Err(lost) => lost.text.clone(),
    };
    let url = printable(&call.url);
    let seconds = took.as_secs_f64();
    let line = format!(
        "{method} {url} ({}): {}, {seconds:.2} s",
        call.purpose,
        printable(&answer)
    );
    print::to_stderr(&line);
}

/// How long the run waits.
pub(super) fn waiting(time: Duration) {
    print::to_stderr(&format!("waits {:.1} s", time.as_secs_f64()));
}

/// What came, what is missing, and where it is.
pub(super) fn fetched(fetched: &Fetched, path: &Path, args: &FetchArgs) {
    if !args.quiet {
        let counts = fetched.counts.iter().filter(|(_, count)| *count > 0);
        let counts = counts.map(|(objects, count)| format!("{count} {objects}"));
        let counts = counts.collect::<Vec<_>>();
        let counts = if counts.is_empty() {
            "nothing".to_owned()
        } else {
            counts.join(", ")
        };
        let calls = fetched.calls;
        print::to_stderr(&format!("{calls} calls brought {counts}"));
        for note in &fetched.notes {
            print::to_stderr(&format!("note: {}", printable(note)));
        }
    }
    for missing in &fetched.missing {
        print::to_stderr(&format!("missing: {}", printable(missing)));
    }
    if args.quiet || is_standard_output(path) {
        return;
    }
    let path = path.display().to_string();
    let state = if fetched.missing.is_empty() {
        "complete"
    } else {
        "incomplete, so that nothing is removed because of it"
    };
    let path = printable(&path);
    print::to_stderr(&format!("wrote {path}: {state}"));
}
