//! Checks, one line each.

use std::time::Instant;

use crate::failure::Result;

/// The checks of a run.
#[derive(Default)]
pub(super) struct Checks {
    made: usize,
    failed: usize,
}

impl Checks {
    /// Makes a check and prints how it went; what it gives, if it holds.
    pub(super) fn check<T>(&mut self, what: &str, check: impl FnOnce() -> Result<T>) -> Option<T> {
        let started = Instant::now();
        let outcome = check();
        let seconds = started.elapsed().as_secs_f64();
        self.made += 1;
        match outcome {
            Ok(value) => {
                println!("ok    {seconds:6.1} s  {what}");
                Some(value)
            }
            Err(message) => {
                self.failed += 1;
                println!("WRONG {seconds:6.1} s  {what}\n{}", indented(&message));
                None
            }
        }
    }

    /// Whether all checks hold.
    pub(super) fn verdict(&self) -> Result<()> {
        let Self { made, failed } = self;
        if *failed > 0 {
            return Err(format!("{failed} of {made} checks are wrong"));
        }
        println!("{made} checks hold");
        Ok(())
    }
}

fn indented(message: &str) -> String {
    let lines = message.lines().map(|line| format!("      {line}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Fails with what was found, unless it is what was expected.
pub(super) fn expect<T: PartialEq + std::fmt::Debug>(
    what: &str,
    found: T,
    expected: T,
) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}\nfound    {found:?}\nexpected {expected:?}"))
}
