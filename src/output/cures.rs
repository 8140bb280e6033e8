//! Causes and cures in words.

use super::amounts::{counts, objects};
use super::{config_lines, counted};
use crate::verdict::{Cause, Counted, Cure, Why, Withheld};

/// How many causes are shown, unless all are asked for.
pub const MOST_CAUSES: usize = 6;
/// How many of the lines that are not proposed are shown below a cause, unless all are asked for.
pub const MOST_WITHHELD: usize = 2;

/// The causes that people see: lost links have told theirs.
pub fn for_people(causes: &[Cause]) -> &[Cause] {
    match causes.split_last() {
        Some((last, others)) if last.why == Why::Lost => others,
        _ => causes,
    }
}

/// How many causes are not shown, and what they explain; `None` if all are.
pub fn left_out(causes: &[Cause]) -> Option<String> {
    let mut all = Counted::default();
    for (kind, count) in causes.iter().flat_map(|cause| &cause.counted.kinds) {
        *all.kinds.entry(*kind).or_default() += count;
    }
    (!causes.is_empty()).then(|| {
        let causes = counted(causes.len(), "more cause");
        format!("… and {causes}, of {}", objects(&all))
    })
}

/// How many of the lines that are not proposed are not shown; `None` if all are.
pub fn withheld_left_out(count: usize) -> Option<String> {
    (count > 0).then(|| format!("… and {}", counted(count, "more line")))
}

/// What a cause explains, in one sentence.
pub fn cause(cause: &Cause) -> String {
    format!("{}: {}", counts(&cause.counted), cause.why)
}

/// What to do, in one sentence, and what is to be copied below it, in lines of this width if they can be
/// broken. `number` is that of the lines of configuration.
pub fn cure(cure: &Cure, number: usize, widest: usize) -> (String, Vec<String>) {
    let sentence = match cure {
        Cure::Config { choices, .. } if choices.is_empty() => {
            format!("set in autoexpose.yml the lines [{number}] below")
        }
        Cure::Config { choices, .. } => {
            format!(
                "choose one of {}, and set in autoexpose.yml the lines [{number}] below",
                choices.len()
            )
        }
        Cure::Risky {
            lines,
            counted,
            risk,
        } => {
            let sentence = format!("or, for {}, at a risk: {risk}", counts(counted));
            return (sentence, config_lines::alone(lines, widest));
        }
        Cure::Command(command) => format!(
            "if the manifest is of another target than Tableau reads, make it for that one, as with `{command}`"
        ),
        Cure::Query { section, fields } => {
            let place = match *section {
                "" => "the query".to_owned(),
                section => format!("the query of `{section}`"),
            };
            return match fields {
                [field] if field.len() < 60 => {
                    (format!("ask in {place} for `{field}`"), Vec::new())
                }
                fields => {
                    let fields = fields.iter().map(|field| (*field).to_owned());
                    (format!("ask in {place} for"), fields.collect())
                }
            };
        }
        Cure::Advice(advice) => (*advice).to_owned(),
    };
    (sentence, Vec::new())
}

/// Why lines are not proposed, in one sentence, and these lines in this width.
pub fn withheld(withheld: &Withheld, widest: usize) -> (String, Vec<String>) {
    let lines = config_lines::alone(&withheld.lines, widest);
    (format!("not proposed, since {}", withheld.because), lines)
}
