//! What is still to be done when a signal ends the program, or a fault in it: to end a session.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a signal waits for a call of which it is not yet known whether it begins a session.
const PATIENCE: Duration = Duration::from_secs(5);
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

type Farewell = Box<dyn FnOnce() + Send>;

static FAREWELL: Mutex<Option<Farewell>> = Mutex::new(None);

/// Lets signals wait until this is dropped.
pub struct Held(MutexGuard<'static, Option<Farewell>>);

/// Holds signals back, as long as they can wait.
pub fn hold() -> Held {
    Held(FAREWELL.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Held {
    /// What is to be done if the program ends now; `None` if there is nothing.
    pub fn set(&mut self, farewell: Option<impl FnOnce() + Send + 'static>) {
        *self.0 = farewell.map(|farewell| Box::new(farewell) as Farewell);
    }
}

/// Does what is still to be done, once.
pub fn say() {
    let began = Instant::now();
    let farewell = loop {
        match FAREWELL.try_lock() {
            Ok(mut held) => break held.take(),
            Err(TryLockError::Poisoned(held)) => break held.into_inner().take(),
            Err(TryLockError::WouldBlock) if began.elapsed() > PATIENCE => return,
            Err(TryLockError::WouldBlock) => sleep(BETWEEN_LOOKS),
        }
    };
    if let Some(farewell) = farewell {
        farewell();
    }
}

/// Does what is still to be done when it is dropped, also where the program falls over.
pub struct AtEnd;

impl Drop for AtEnd {
    fn drop(&mut self) {
        say();
    }
}
