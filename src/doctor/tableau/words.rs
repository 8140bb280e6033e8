//! What is said of questions that were asked in vain, or not at all.

use crate::doctor::check::Check;
use crate::doctor::finding::Finding;
use crate::remote::{Refusal, Told};

/// What a refusal says, and what to do about it.
pub(super) fn words(refusal: &Refusal) -> (String, String) {
    let help = refusal.failure.help.clone();
    let help = help.unwrap_or_else(|| "repeat it later".to_owned());
    (refusal.failure.message.clone(), help)
}

/// A check that the answer does not decide.
pub(super) fn open(check: Check, told: &Told<impl Sized>, cure: &str) -> Finding {
    match told {
        Told::Refused(refusal) => Finding::not_known(check, words(refusal).0, cure),
        _ => Finding::not_asked(check, "the run ended before", Some(cure.to_owned())),
    }
}
