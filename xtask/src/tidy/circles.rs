//! Modules that use each other in a circle can only be read together.

use std::collections::{BTreeMap, BTreeSet};

use super::code::Module;
use super::tree::Tree;

/// Circles that are still there, by the folder of their crate: their modules, and why they are not
/// cut yet. This list only becomes shorter.
const KNOWN: &[(&str, &[&str], &str)] = &[];

/// Which modules each module uses.
type Graph = BTreeMap<Module, BTreeSet<Module>>;

/// Finds the circles of a crate whose root is in `folder`, but for the known ones.
pub(super) fn check(folder: &str, tree: &Tree) -> Vec<String> {
    let known = KNOWN
        .iter()
        .filter(|(crate_folder, ..)| *crate_folder == folder);
    compare(folder, &graph(tree), known.map(|(_, modules, _)| *modules))
}

/// What each module uses. What a module only hands on by `pub use` does not count.
fn graph(tree: &Tree) -> Graph {
    tree.sources()
        .map(|source| {
            let used = tree
                .uses(source)
                .filter(|(path, _)| !path.is_reexport)
                .map(|(_, module)| module)
                .collect();
            (source.module.clone(), used)
        })
        .collect()
}

fn compare<'k>(
    folder: &str,
    graph: &Graph,
    known: impl Iterator<Item = &'k [&'k str]>,
) -> Vec<String> {
    let mut known = known
        .map(|modules| modules.iter().map(|module| (*module).to_owned()).collect())
        .collect::<BTreeSet<BTreeSet<String>>>();
    let mut complaints = Vec::new();
    for circle in circles(graph) {
        let names = circle.iter().map(Module::to_string).collect();
        if !known.remove(&names) {
            complaints.push(format!(
                "{folder}: modules use each other in a circle: {}",
                arrows(graph, &circle).join(", ")
            ));
        }
    }
    for names in known {
        let names = Vec::from_iter(names).join(", ");
        complaints.push(format!(
            "{folder}: the circle of {names} is gone or not the same; correct the list"
        ));
    }
    complaints
}

/// The arrows of a circle, as in `a → b`.
fn arrows(graph: &Graph, circle: &BTreeSet<Module>) -> Vec<String> {
    circle
        .iter()
        .flat_map(|from| {
            graph[from]
                .intersection(circle)
                .map(move |to| format!("{from} → {to}"))
        })
        .collect()
}

/// The largest sets of modules that all reach each other, by Tarjan's algorithm.
fn circles(graph: &Graph) -> Vec<BTreeSet<Module>> {
    let mut search = Search {
        graph,
        seen: BTreeMap::new(),
        open: Vec::new(),
        found: Vec::new(),
    };
    for module in graph.keys() {
        if !search.seen.contains_key(module) {
            search.visit(module);
        }
    }
    search.found
}

/// The state of Tarjan's algorithm.
struct Search<'g> {
    graph: &'g Graph,
    /// The number of each module that was visited, in the order of visits.
    seen: BTreeMap<&'g Module, usize>,
    /// Visited modules that may still turn out to be in a circle with others.
    open: Vec<&'g Module>,
    found: Vec<BTreeSet<Module>>,
}

impl<'g> Search<'g> {
    /// Visits a module and all that it reaches. Returns the lowest number of an open module that it
    /// reaches.
    fn visit(&mut self, module: &'g Module) -> usize {
        let number = self.seen.len();
        self.seen.insert(module, number);
        self.open.push(module);
        let mut lowest = number;
        for used in self.graph.get(module).into_iter().flatten() {
            match self.seen.get(used) {
                None => lowest = lowest.min(self.visit(used)),
                Some(other) if self.open.contains(&used) => lowest = lowest.min(*other),
                Some(_) => {}
            }
        }
        if lowest == number {
            self.close(module);
        }
        lowest
    }

    /// Takes the modules from the open ones that are in one circle with `module`, the first of them.
    fn close(&mut self, module: &'g Module) {
        let first = self.open.iter().position(|open| *open == module);
        let closed = self.open.split_off(first.unwrap_or_default());
        if closed.len() > 1 {
            self.found.push(closed.into_iter().cloned().collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::tree;

    fn crate_with_circles() -> Tree {
        tree(&[
            ("src/lib.rs", "pub mod a; pub mod link; pub mod plan;"),
            ("src/a.rs", "use crate::link;"),
            (
                "src/link/mod.rs",
                "mod x;\nmod y;\npub use self::x::X;\npub use self::y::Y;",
            ),
            ("src/link/x.rs", "use super::Y;"),
            ("src/link/y.rs", "fn f() { crate::plan::f() }"),
            ("src/plan.rs", "use crate::link::X;"),
        ])
    }

    #[test]
    fn a_circle_is_found_over_names_that_are_handed_on() {
        let graph = graph(&crate_with_circles());
        assert_eq!(
            compare("src", &graph, std::iter::empty()),
            [
                "src: modules use each other in a circle: link::x → link::y, link::y → plan, plan → link::x"
            ]
        );
    }

    #[test]
    fn a_known_circle_must_be_there() {
        let graph = graph(&crate_with_circles());
        let known: &[&str] = &["link::x", "link::y", "plan"];
        assert!(compare("src", &graph, [known].into_iter()).is_empty());
        let gone: &[&str] = &["a", "link"];
        assert_eq!(
            compare("src", &graph, [known, gone].into_iter()),
            ["src: the circle of a, link is gone or not the same; correct the list"]
        );
    }
}
