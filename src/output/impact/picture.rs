//! How a change reaches workbooks, as a picture for Mermaid, where that shows more than sentences do.
//!
//! Mermaid draws at most 50 000 characters and 500 edges, and a reader sees through far fewer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::ImpactAnswer;
use super::names::short;
use crate::impact::Severity;

/// With fewer arrows, or fewer between nodes, a sentence says the same; more of them nobody follows.
const FEWEST_ARROWS: usize = 3;
const FEWEST_BETWEEN_NODES: usize = 2;
const MOST_ARROWS: usize = 40;
/// The longest name in a box, in letters.
const LONGEST_NAME: usize = 60;

/// The text of the picture; `None` if it would not help.
pub(super) fn picture(answer: &ImpactAnswer) -> Option<String> {
    let mut drawing = Drawing::default();
    for (at, reached) in answer.impact.workbooks.iter().enumerate() {
        for effect in &reached.effects {
            let chain = match &effect.chain[..] {
                [] => std::slice::from_ref(&effect.node),
                chain => chain,
            };
            for pair in chain.windows(2) {
                drawing.arrow(Place::Node(&pair[0]), Place::Node(&pair[1]));
            }
            drawing.arrow(Place::Node(chain.last()?), Place::Workbook(at));
            if drawing.arrows.len() > MOST_ARROWS {
                return None;
            }
        }
    }
    drawing.helps().then(|| drawing.text(answer))
}

/// What a box stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place<'a> {
    Node(&'a str),
    /// By its position among those that are reached.
    Workbook(usize),
}

#[derive(Default)]
struct Drawing<'a> {
    arrows: BTreeSet<(Place<'a>, Place<'a>)>,
}

impl<'a> Drawing<'a> {
    fn arrow(&mut self, from: Place<'a>, to: Place<'a>) {
        self.arrows.insert((from, to));
    }

    /// Whether it shows more than sentences do.
    fn helps(&self) -> bool {
        let is_between = |(_, to): &&(Place, Place)| matches!(to, Place::Node(_));
        let between = self.arrows.iter().filter(is_between).count();
        self.arrows.len() >= FEWEST_ARROWS && between >= FEWEST_BETWEEN_NODES
    }

    fn text(&self, answer: &ImpactAnswer) -> String {
        let places = self.arrows.iter().flat_map(|(from, to)| [*from, *to]);
        let places = places.collect::<BTreeSet<_>>().into_iter().enumerate();
        let ids = places
            .map(|(id, place)| (place, id))
            .collect::<BTreeMap<_, _>>();
        let mut text = String::from("flowchart LR\n");
        for (place, id) in &ids {
            // Writing to a String does not fail.
            let _ = writeln!(text, "  n{id}{}", shape(*place, answer));
        }
        for (from, to) in &self.arrows {
            let _ = writeln!(text, "  n{} --> n{}", ids[from], ids[to]);
        }
        text.push_str("  classDef breaks stroke:#d1242f,stroke-width:3px");
        text
    }
}

fn shape(place: Place, answer: &ImpactAnswer) -> String {
    match place {
        Place::Node(id) => format!("[\"{}\"]", label(short(id))),
        Place::Workbook(at) => {
            let title = label(answer.workbooks[at].title_and_luid().0);
            match answer.impact.workbooks[at].severity {
                Severity::Breaks => format!("([\"{title}\"]):::breaks"),
                _ => format!("([\"{title}\"])"),
            }
        }
    }
}

/// A name in which nothing is active: all but letters, digits and a few signs are written by their
/// numbers (<https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters>).
fn label(name: &str) -> String {
    let mut label = String::new();
    for letter in name.chars().take(LONGEST_NAME) {
        if letter.is_alphanumeric() || matches!(letter, ' ' | '_') {
            label.push(letter);
        } else {
            // Writing to a String does not fail.
            let _ = write!(label, "#{};", u32::from(letter));
        }
    }
    if name.chars().count() > LONGEST_NAME {
        label.push('…');
    }
    label
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn nothing_in_a_label_is_active() {
        assert_eq!(
            label("Größe_1 \"x\"]; end"),
            "Größe_1 #34;x#34;#93;#59; end"
        );
        assert_eq!(label("<b>`#1"), "#60;b#62;#96;#35;1");
        assert_eq!(label(&"x".repeat(70)).chars().count(), 61);
    }
}
