//! What is configured: which keys differ, and which of them a reader may see.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::code::{Code, Written, depends_on_surroundings};
use super::side::Part;
use crate::model::definition::{Definition, Details};
use crate::model::{Dialect, Node};

/// Keys that no reader of the relation sees, those of warehouses for cost and log included.
const UNSEEN: &[&str] = &[
    "access",
    "comment",
    "concurrent_batches",
    "databricks_compute",
    "docs",
    "freshness",
    "group",
    "labels",
    "meta",
    "packages",
    "persist_docs",
    "query_group",
    "query_tag",
    "resource_tags",
    "snowflake_warehouse",
    "static_analysis",
    "tags",
];
/// Keys that are compared elsewhere: by the relation, whether it is built, and the contract.
const ELSEWHERE: &[&str] = &[
    "alias",
    "contract",
    "database",
    "enabled",
    "quoting",
    "schema",
    "target_database",
    "target_schema",
];

/// A node in both manifests, with what is read of it where it differs.
pub(super) struct Pair<'s, 'a> {
    pub(super) base: &'s Definition<'a>,
    pub(super) head: &'s Definition<'a>,
    pub(super) base_node: Option<&'s Node<'a>>,
    pub(super) head_node: Option<&'s Node<'a>>,
    dialect: Dialect,
    details: OnceLock<(Details<'a>, Details<'a>)>,
    codes: OnceLock<(Code, Code)>,
}

impl<'s, 'a> Pair<'s, 'a> {
    pub(super) fn new(
        base: (&'s Definition<'a>, Option<&'s Node<'a>>),
        head: (&'s Definition<'a>, Option<&'s Node<'a>>),
        dialect: Dialect,
    ) -> Self {
        Self {
            base: base.0,
            head: head.0,
            base_node: base.1,
            head_node: head.1,
            dialect,
            details: OnceLock::new(),
            codes: OnceLock::new(),
        }
    }

    /// What both say of the node.
    pub(super) fn details(&self) -> &(Details<'a>, Details<'a>) {
        self.details
            .get_or_init(|| (self.base.details(), self.head.details()))
    }

    /// The texts of both.
    pub(super) fn codes(&self) -> &(Code, Code) {
        self.codes.get_or_init(|| {
            let (base, head) = self.details();
            let code = |definition: &Definition, details: &Details| {
                Code::new(&definition.code.text(), written(details, self.dialect))
            };
            (code(self.base, base), code(self.head, head))
        })
    }

    pub(super) fn is_source(&self) -> bool {
        self.base.resource_type() == "source"
    }

    /// Whether the configuration is the same to the byte.
    fn has_same_config(&self) -> bool {
        // Compared before anything is read: in most nodes nothing differs.
        self.base.parts == self.head.parts
    }

    /// Whether this part of the relation is configured alike: by an equal text, whatever it renders
    /// to, or else by an equal value.
    pub(super) fn is_configured_alike(&self, part: Part) -> bool {
        if self.has_same_config() {
            return true;
        }
        let (base, head) = self.details();
        if self.is_source() {
            let texts = match part {
                Part::Database => (&base.unrendered_database, &head.unrendered_database),
                Part::Schema => (&base.unrendered_schema, &head.unrendered_schema),
                Part::Name => return true,
            };
            return match texts {
                (Some(base), Some(head)) => base == head,
                _ => true,
            };
        }
        part.keys().iter().all(|key| !self.is_changed(key))
    }

    /// Whether this part is configured so that the target has no say in it.
    pub(super) fn is_fixed(&self, part: Part) -> bool {
        let key = match part {
            Part::Database => "target_database",
            Part::Schema => "target_schema",
            Part::Name => return false,
        };
        self.base.resource_type() == "snapshot" && self.details().0.config(key).is_some()
    }

    /// Whether a key of the configuration is another one in the project, and not only by the target.
    pub(super) fn is_changed(&self, key: &str) -> bool {
        let (base, head) = self.details();
        let rendered = (value(base.config(key)), value(head.config(key)));
        let written = (base.unrendered(key), head.unrendered(key));
        match self.texts(key) {
            Some((base, head)) if base == head => false,
            Some((base, head)) => {
                let is_open = depends_on_surroundings(&base) || depends_on_surroundings(&head);
                rendered.0 != rendered.1 || is_open
            }
            // What is written nowhere has changed in dbt, and not in the project.
            None => {
                let is_kept =
                    !base.unrendered_config.is_empty() && !head.unrendered_config.is_empty();
                rendered.0 != rendered.1 && (!is_kept || value(written.0) != value(written.1))
            }
        }
    }

    /// The texts by which a key is set, if both are known: in the call of `config`, or Jinja that dbt
    /// keeps as it is written.
    fn texts(&self, key: &str) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
        let (base, head) = self.details();
        let kept = base.unrendered(key).zip(head.unrendered(key));
        let is_jinja = |text: &str| text.contains("{{") || text.contains("{%");
        if let Some((base, head)) = kept.filter(|(base, head)| is_jinja(base) || is_jinja(head)) {
            return Some((unquoted(base), unquoted(head)));
        }
        let has_calls = self.base.code.spelling.contains("config")
            && self.head.code.spelling.contains("config");
        if !has_calls || base.config(key) == head.config(key) && kept.is_none_or(|(a, b)| a == b) {
            return None;
        }
        let (base, head) = self.codes();
        let texts = base.config(key).zip(head.config(key));
        texts.map(|(base, head)| (Cow::Borrowed(base), Cow::Borrowed(head)))
    }

    /// The keys that changed: those that a reader may see, and the others.
    pub(super) fn changed_keys(&self, is_other_dbt: bool) -> (Vec<String>, Vec<String>) {
        if self.has_same_config() {
            return (Vec::new(), Vec::new());
        }
        let (base, head) = self.details();
        let all = [base, head].into_iter().flat_map(|details| {
            let members = details.config.iter().chain(&details.unrendered_config);
            members.map(|(key, _)| key.as_ref())
        });
        let mut keys = all.collect::<Vec<_>>();
        keys.sort_unstable();
        keys.dedup();
        keys.retain(|key| !ELSEWHERE.contains(key) && self.is_changed(key));
        if is_other_dbt {
            // Another dbt writes other defaults: only what both set can differ by the project.
            keys.retain(|key| base.config(key).is_some() && head.config(key).is_some());
        }
        let (unseen, seen) = keys
            .into_iter()
            .map(str::to_owned)
            .partition::<Vec<_>, _>(|key| UNSEEN.contains(&key.as_str()));
        (seen, unseen)
    }

    /// Whether head is disabled only by its target: by the same text as in base.
    pub(super) fn is_enabled_by_target(&self) -> bool {
        self.texts("enabled")
            .is_some_and(|(base, head)| base == head)
    }
}

/// What the text of a node is written in.
pub(super) fn written(details: &Details, dialect: Dialect) -> Written {
    match details.language.as_deref() {
        Some("python") => Written::Python,
        _ => Written::Query(dialect),
    }
}

/// A text of Jinja without the quotes of JSON around it.
fn unquoted(json: &str) -> Cow<'_, str> {
    let inner = json
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) if inner.contains('\\') => Cow::Owned(inner.replace("\\\"", "\"")),
        Some(inner) => Cow::Borrowed(inner),
        None => Cow::Borrowed(json),
    }
}

/// A value; nothing for those that say nothing.
fn value(json: Option<&str>) -> Option<&str> {
    json.filter(|json| !matches!(*json, "null" | "[]" | "{}" | "\"\""))
}
