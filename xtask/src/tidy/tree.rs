//! All files of one crate, and what the paths in them lead to.

use std::collections::BTreeMap;

use super::code::{Module, NamedPath, Source};
use crate::failure::Result;

/// How often a name may stand for another name before it leads in a circle.
const MOST_REEXPORTS: usize = 16;

/// The files of one crate.
pub(super) struct Tree {
    sources: BTreeMap<Module, Source>,
}

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A module of the same crate, or an item in it.
    Module(Module),
    /// A path that begins with the name of another crate or of something local.
    Elsewhere(Vec<String>),
}

impl Tree {
    /// Reads the files of a crate: their names and texts. `root` is the folder of its root.
    ///
    /// # Errors
    /// Code that does not parse.
    pub(super) fn parse(
        root: &str,
        files: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self> {
        let mut sources = BTreeMap::new();
        for (name, text) in files {
            let source = Source::parse(root, &name, text)?;
            sources.insert(source.module.clone(), source);
        }
        let mut tree = Self { sources };
        tree.forget_test_files();
        Ok(tree)
    }

    /// Empties the files that are only built for tests, as far as rules about paths go.
    fn forget_test_files(&mut self) {
        let only_for_tests = self
            .sources()
            .flat_map(|source| {
                let tests = source
                    .declared
                    .iter()
                    .filter(|(_, conditions)| conditions.iter().any(|one| one == "test"));
                tests.map(|(name, _)| source.module.child(name))
            })
            .collect::<Vec<_>>();
        let only_for_tests = only_for_tests.iter().map(Module::to_string);
        let only_for_tests = only_for_tests.collect::<Vec<_>>();
        for source in self.sources.values_mut() {
            let mut folders = only_for_tests.iter();
            if folders.any(|tests| source.module.is_in(tests)) {
                source.paths.clear();
                source.bindings.clear();
                source.macros.clear();
            }
        }
    }

    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values()
    }

    pub(super) fn source(&self, module: &Module) -> Option<&Source> {
        self.sources.get(module)
    }

    /// Every path of a file that leads to another module, with what it leads to. A name that a
    /// module only hands on leads to the module that it is from.
    pub(super) fn uses<'t>(
        &'t self,
        source: &'t Source,
    ) -> impl Iterator<Item = (&'t NamedPath, Module)> {
        source
            .paths
            .iter()
            .filter_map(|path| match self.resolve(source, path) {
                Target::Module(module) => Some((path, module)),
                Target::Elsewhere(_) => None,
            })
            .filter(|(_, module)| *module != source.module)
    }

    /// Every path of a file that leads out of the crate, in full, as in `std::io::stdout`.
    pub(super) fn outside<'t>(
        &'t self,
        source: &'t Source,
    ) -> impl Iterator<Item = (&'t NamedPath, Vec<String>)> {
        source
            .paths
            .iter()
            .filter_map(|path| match self.resolve(source, path) {
                Target::Module(_) => None,
                Target::Elsewhere(full) => Some((path, full)),
            })
    }

    fn resolve(&self, source: &Source, path: &NamedPath) -> Target {
        self.find(&source.module, &path.segments, MOST_REEXPORTS)
    }

    /// What a path in `module` leads to.
    fn find(&self, module: &Module, path: &[String], depth: usize) -> Target {
        let Some((first, rest)) = path.split_first() else {
            return Target::Module(module.clone());
        };
        match first.as_str() {
            "crate" => self.descend(Module::default(), rest, depth),
            "self" => self.descend(module.clone(), rest, depth),
            "super" => {
                let parent = module.parent();
                // More than one `super` may stand in a row.
                match rest.first().map(String::as_str) {
                    Some("super") => self.find(&parent, rest, depth),
                    _ => self.descend(parent, rest, depth),
                }
            }
            name if self.sources.contains_key(&module.child(name)) => {
                self.descend(module.child(name), rest, depth)
            }
            name => match self.binding(module, name, depth) {
                Some(bound) => self.find(module, &[bound, rest].concat(), depth - 1),
                None => Target::Elsewhere(path.to_vec()),
            },
        }
    }

    /// Goes down from a module, as far as there are modules, and over names that are handed on.
    fn descend(&self, module: Module, path: &[String], depth: usize) -> Target {
        let Some((first, rest)) = path.split_first() else {
            return Target::Module(module);
        };
        let child = module.child(first);
        if self.sources.contains_key(&child) {
            return self.descend(child, rest, depth);
        }
        match self.binding(&module, first, depth) {
            Some(bound) => self.find(&module, &[bound, rest].concat(), depth - 1),
            None => Target::Module(module),
        }
    }

    fn binding(&self, module: &Module, name: &str, depth: usize) -> Option<&[String]> {
        let bound = self.sources.get(module)?.bindings.get(name)?;
        // `use serde_json;` stands for itself.
        (depth > 0 && *bound != [name]).then_some(bound)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A crate of such files, whose root is in `src`.
    pub(crate) fn tree(files: &[(&str, &str)]) -> Tree {
        let files = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Tree::parse("src", files).expect("code")
    }

    fn used(tree: &Tree, name: &str) -> Vec<String> {
        let source = tree
            .sources()
            .find(|source| source.name == name)
            .expect("there");
        tree.uses(source)
            .map(|(path, module)| format!("{}: {module}", path.line))
            .collect()
    }

    #[test]
    fn paths_lead_to_modules() {
        let tree = tree(&[
            ("src/lib.rs", "mod a; mod b;"),
            (
                "src/a/mod.rs",
                "mod deep;\npub use self::deep::Deep;\nfn a() { deep::f() }",
            ),
            (
                "src/a/deep.rs",
                "use super::super::b;\nfn f() -> b::B { vec![crate::b::B::new()] }\n#[cfg(test)]\nmod tests { use crate::c; }",
            ),
            (
                "src/b.rs",
                "use crate::a::{self, Deep as D};\nuse std::fs;\nfn f(d: D::E) { fs::read(a::X) }",
            ),
        ]);
        assert_eq!(used(&tree, "src/a/mod.rs"), ["2: a::deep", "3: a::deep"]);
        assert_eq!(used(&tree, "src/a/deep.rs"), ["1: b", "2: b", "2: b"]);
        assert_eq!(
            used(&tree, "src/b.rs"),
            ["1: a", "1: a::deep", "3: a::deep", "3: a"]
        );
        let b = tree.source(&Module(vec!["b".to_owned()])).expect("there");
        let outside = tree.outside(b).map(|(_, full)| full.join("::"));
        assert_eq!(outside.collect::<Vec<_>>(), ["std::fs", "std::fs::read"]);
    }
}
