//! The threads of a run.

use std::error::Error;
use std::io;
use std::num::NonZero;
use std::thread;

use super::args::MOST_THREADS;
use super::env;
use crate::io::reason;
use crate::model::Failure;

/// Starts the threads of the run: as many as `--threads` says, else as the variable of `rayon` says,
/// else one for each core, but never more than [`MOST_THREADS`].
///
/// # Errors
/// The system cannot start them.
pub(super) fn start(threads: Option<u16>) -> Result<(), Vec<Failure>> {
    let wanted = match threads {
        Some(threads) => Some(usize::from(threads)),
        None => from_variable().map_err(|failure| vec![failure])?,
    };
    let wanted = wanted.unwrap_or_else(cores).min(MOST_THREADS.into());
    let built = rayon::ThreadPoolBuilder::new()
        .num_threads(wanted)
        .build_global();
    built.map_err(|error| {
        let system = error
            .source()
            .and_then(|source| source.downcast_ref::<io::Error>());
        let reason = system.map_or_else(|| error.to_string(), reason);
        let failure = Failure::new(
            "",
            format!("the system cannot start {wanted} threads: {reason}"),
        );
        vec![
            failure.help("use fewer with `--threads`, or raise the limits of processes and memory"),
        ]
    })
}

/// The number in the variable. Zero and an empty text stand for the default.
fn from_variable() -> Result<Option<usize>, Failure> {
    let Some(value) = env::filled(env::THREADS) else {
        return Ok(None);
    };
    let value = value.to_string_lossy();
    let number = value.trim().parse::<usize>().map_err(|_| {
        Failure::new(
            env::origin(env::THREADS),
            format!("`{value}` is not a number of threads"),
        )
    })?;
    Ok(Some(number).filter(|number| *number > 0))
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
