//! Source code as the rules see it: each file with its module and every path that it names.
//!
//! Code for tests (`#[cfg(test)]`) is left out: it may reach where the program may not.

use std::collections::BTreeMap;
use std::fmt;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, Macro, Meta, Path, UseTree, VisRestricted};

use crate::failure::{Result, Trying};

/// The path of a module inside its crate, as in `link::rules`; empty for the root.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Module(pub(super) Vec<String>);

impl Module {
    /// The module of a file, from its path below the folder of the crate's root.
    fn from_file(inside: &str) -> Self {
        let stem = inside.trim_end_matches(".rs");
        match stem.strip_suffix("/mod").unwrap_or(stem) {
            "lib" | "main" | "mod" => Self::default(),
            path => Self(path.split('/').map(str::to_owned).collect()),
        }
    }

    /// The first name: the room of a module of `src`.
    pub(super) fn room(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// The module that this one is declared in.
    pub(super) fn parent(&self) -> Self {
        let length = self.0.len().saturating_sub(1);
        Self(self.0[..length].to_vec())
    }

    pub(super) fn child(&self, name: &str) -> Self {
        let mut path = self.0.clone();
        path.push(name.to_owned());
        Self(path)
    }

    /// Whether this is `prefix`, written with `::`, or a module inside it.
    pub(super) fn is_in(&self, prefix: &str) -> bool {
        let mut names = self.0.iter();
        prefix
            .split("::")
            .all(|part| names.next().is_some_and(|name| name == part))
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("::"))
    }
}

/// A path in the code, as in `super::rules::Rule`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamedPath {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
    /// Whether it is only handed on, by `pub use`.
    pub(super) is_reexport: bool,
}

/// A file of source code.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// Its path in the repository.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) module: Module,
    /// Every path of at least two names, and every path of a `use`.
    pub(super) paths: Vec<NamedPath>,
    /// What the names stand for that a `use` brings in.
    pub(super) bindings: BTreeMap<String, Vec<String>>,
    /// The macros that are called, with their lines.
    pub(super) macros: Vec<(String, usize)>,
    /// Modules in other files that this one declares, and the conditions of their `#[cfg(…)]`.
    pub(super) declared: Vec<(String, Vec<String>)>,
    /// Lines with a `use` group that holds more than names of one module.
    pub(super) nested_groups: Vec<usize>,
    /// Lines with `pub(in …)`.
    pub(super) restricted: Vec<usize>,
}

impl Source {
    /// Reads a file at `name`, which is below the folder `root` of its crate.
    ///
    /// # Errors
    /// Code that does not parse.
    pub(super) fn parse(root: &str, name: &str, text: String) -> Result<Self> {
        let file = syn::parse_file(&text).trying(name)?;
        let inside = name.strip_prefix(root).unwrap_or(name);
        let mut source = Self {
            name: name.to_owned(),
            module: Module::from_file(inside.trim_start_matches('/')),
            text,
            ..Self::default()
        };
        source.visit_file(&file);
        Ok(source)
    }

    /// The text before its tests.
    pub(super) fn body(&self) -> &str {
        self.text
            .split("#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or(&self.text)
    }

    /// A complaint about a line of this file.
    pub(super) fn complaint(&self, line: usize, what: impl fmt::Display) -> String {
        format!("{}:{line}: {what}", self.name)
    }

    fn add_path(&mut self, segments: Vec<String>, line: usize) {
        if segments.len() > 1 {
            self.paths.push(NamedPath {
                segments,
                line,
                is_reexport: false,
            });
        }
    }

    /// Finds paths in the tokens of a macro or of an attribute.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let tokens = tokens.into_iter().collect::<Vec<_>>();
        let mut at = 0;
        while at < tokens.len() {
            if let TokenTree::Group(group) = &tokens[at] {
                self.add_tokens(group.stream());
            }
            let TokenTree::Ident(first) = &tokens[at] else {
                at += 1;
                continue;
            };
            let mut segments = vec![first.to_string()];
            at += 1;
            while let [
                TokenTree::Punct(a),
                TokenTree::Punct(b),
                TokenTree::Ident(name),
                ..,
            ] = &tokens[at..]
                && (a.as_char(), b.as_char()) == (':', ':')
            {
                segments.push(name.to_string());
                at += 3;
            }
            self.add_path(segments, first.span().start().line);
        }
    }

    /// Adds every name of a `use`, whose path begins with `prefix`.
    fn add_use(&mut self, prefix: &[String], tree: &UseTree, line: usize, is_reexport: bool) {
        let (segments, name) = match tree {
            UseTree::Path(path) => {
                let prefix = [prefix, &[path.ident.to_string()]].concat();
                return self.add_use(&prefix, &path.tree, line, is_reexport);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_use(prefix, tree, line, is_reexport);
                }
                return;
            }
            UseTree::Glob(_) => (prefix.to_vec(), None),
            UseTree::Name(name) if name.ident == "self" => {
                (prefix.to_vec(), prefix.last().cloned())
            }
            UseTree::Name(name) => {
                let name = name.ident.to_string();
                ([prefix, std::slice::from_ref(&name)].concat(), Some(name))
            }
            UseTree::Rename(rename) => {
                let segments = [prefix, &[rename.ident.to_string()]].concat();
                (segments, Some(rename.rename.to_string()))
            }
        };
        if let Some(name) = name {
            self.bindings.insert(name, segments.clone());
        }
        self.paths.push(NamedPath {
            segments,
            line,
            is_reexport,
        });
    }
}

impl<'ast> Visit<'ast> for Source {
    /// Leaves out what is only built for tests, but for the names of its files.
    fn visit_item(&mut self, item: &'ast Item) {
        if let Item::Mod(item) = item
            && item.content.is_none()
        {
            let conditions = conditions(&item.attrs);
            self.declared.push((item.ident.to_string(), conditions));
        }
        let attributes = match item {
            Item::Const(item) => &item.attrs,
            Item::Enum(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Struct(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !conditions(attributes).contains(&"test".to_owned()) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let line = item.use_token.span.start().line;
        if has_nested_group(&item.tree) {
            self.nested_groups.push(line);
        }
        let is_reexport = !matches!(item.vis, syn::Visibility::Inherited);
        self.add_use(&[], &item.tree, line, is_reexport);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let segments = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect::<Vec<_>>();
        let line = path
            .segments
            .first()
            .map_or(0, |segment| segment.ident.span().start().line);
        self.add_path(segments, line);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        if let Some(last) = call.path.segments.last() {
            let line = last.ident.span().start().line;
            self.macros.push((last.ident.to_string(), line));
        }
        self.add_tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.add_tokens(list.tokens.clone());
        }
    }

    /// `pub(crate)` and the like say who may use an item, and use nothing themselves.
    fn visit_vis_restricted(&mut self, visibility: &'ast VisRestricted) {
        if let Some(within) = &visibility.in_token {
            self.restricted.push(within.span.start().line);
        }
    }
}

/// The `…` of each `#[cfg(…)]`.
fn conditions(attributes: &[Attribute]) -> Vec<String> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .filter_map(|attribute| match &attribute.meta {
            Meta::List(list) => Some(list.tokens.to_string()),
            Meta::Path(_) | Meta::NameValue(_) => None,
        })
        .collect()
}

/// Whether a `use` names several modules: a group with paths inside, or one right behind a root.
fn has_nested_group(tree: &UseTree) -> bool {
    const ROOTS: [&str; 4] = ["alloc", "core", "crate", "std"];
    match tree {
        UseTree::Path(path) if matches!(*path.tree, UseTree::Group(_)) => {
            ROOTS.iter().any(|root| path.ident == root) || has_nested_group(&path.tree)
        }
        UseTree::Path(path) => has_nested_group(&path.tree),
        UseTree::Group(group) => group
            .items
            .iter()
            .any(|item| matches!(item, UseTree::Path(_) | UseTree::Group(_))),
        UseTree::Name(_) | UseTree::Rename(_) | UseTree::Glob(_) => false,
    }
}
