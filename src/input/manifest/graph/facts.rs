//! The facts of one member of a manifest.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::raw::{self, is_true, json, object, text, texts};
use crate::model::Owner;
use crate::model::graph::{Access, GraphNode, Group, ResourceType, TestFacts, TestSeverity};

/// The name of the model of days that the semantic layer needs, which before dbt 1.9 only its name
/// tells (<https://docs.getdbt.com/docs/build/metricflow-time-spine>).
const TIME_SPINE: &str = "metricflow_time_spine";

/// What a member of a manifest's map is.
pub(super) enum Member<'a> {
    /// Something that depends on others, or that others depend on.
    Node(Box<GraphNode<'a>>),
    /// Such a thing, of which only the id can be read.
    Unreadable(Box<GraphNode<'a>>),
    /// Something else, or disabled.
    Other,
}

/// Reads a member. Whether its map holds nodes is not sure of a map that no known dbt writes.
pub(super) fn node<'a>(id: Cow<'a, str>, value: &'a RawValue, is_sure: bool) -> Member<'a> {
    let raw = match serde_json::from_str::<raw::Node>(value.get()) {
        Ok(raw) if is_sure || raw.resource_type.is_some() || raw.depends_on.is_some() => raw,
        Err(_) if is_sure => return Member::Unreadable(Box::new(by_id(id))),
        Ok(_) | Err(_) => return Member::Other,
    };
    let config = object::<raw::Config>(raw.config);
    if json(config.enabled) == Some("false") {
        return Member::Other;
    }
    Member::Node(Box::new(facts(id, &raw, &config)))
}

/// What an id alone tells.
fn by_id(id: Cow<'_, str>) -> GraphNode<'_> {
    GraphNode {
        resource_type: ResourceType::from_unique_id(&id),
        unique_id: id,
        ..GraphNode::default()
    }
}

fn facts<'a>(id: Cow<'a, str>, raw: &raw::Node<'a>, config: &raw::Config<'a>) -> GraphNode<'a> {
    let mut tags = texts(raw.tags);
    tags.extend(texts(config.tags));
    tags.sort_unstable();
    tags.dedup();
    let depends_on = texts(object::<raw::DependsOn>(raw.depends_on).nodes);
    let is_enforced = |contract| is_true(object::<raw::Contract>(contract).enforced);
    let node = by_id(id);
    GraphNode {
        package: text(raw.package_name).unwrap_or_default(),
        name: text(raw.name).unwrap_or_default(),
        source_name: text(raw.source_name)
            .filter(|_| node.resource_type == Some(ResourceType::Source)),
        file: text(raw.original_file_path),
        path: text(raw.path),
        patch_path: text(raw.patch_path),
        fqn: texts(raw.fqn),
        tags,
        access: access(raw.access).or_else(|| access(config.access)),
        group: text(raw.group).or_else(|| text(config.group)),
        materialized: text(config.materialized),
        is_described: text(raw.description).is_some_and(|text| !text.trim().is_empty()),
        has_contract: is_enforced(raw.contract) || is_enforced(config.contract),
        is_time_spine: json(raw.time_spine).is_some()
            || node.resource_type == Some(ResourceType::Model)
                && text(raw.name).is_some_and(|name| name == TIME_SPINE),
        version: json(raw.version).map(Cow::Borrowed),
        latest_version: json(raw.latest_version).map(Cow::Borrowed),
        test: test(node.resource_type, raw, config, &depends_on),
        depends_on,
        ..node
    }
}

fn access(value: Option<&RawValue>) -> Option<Access> {
    let text = text(value)?;
    let mut known = Access::ALL.iter().copied();
    known.find(|access| access.text() == text)
}

fn test<'a>(
    resource_type: Option<ResourceType>,
    raw: &raw::Node<'a>,
    config: &raw::Config<'a>,
    depends_on: &[Cow<'a, str>],
) -> Option<TestFacts<'a>> {
    let tested = match resource_type? {
        ResourceType::Test => tested_by_data_test(raw, depends_on),
        ResourceType::UnitTest => tested_by_unit_test(raw, depends_on),
        _ => return None,
    };
    let is_warning = text(config.severity).is_some_and(|text| text.eq_ignore_ascii_case("warn"));
    Some(TestFacts {
        tested,
        generic_name: text(object::<raw::TestMetadata>(raw.test_metadata).name),
        severity: if is_warning {
            TestSeverity::Warn
        } else {
            TestSeverity::Error
        },
    })
}

/// What a data test tests: `attached_node` since dbt 1.5, and before that, and for sources, what
/// `file_key_name` (`models.orders`, `sources.till`) names among its dependencies. A test that is
/// a query of its own has neither, and tests all that it reads.
fn tested_by_data_test<'a>(raw: &raw::Node<'a>, depends_on: &[Cow<'a, str>]) -> Vec<Cow<'a, str>> {
    if let Some(attached) = text(raw.attached_node) {
        return vec![attached];
    }
    let key = text(raw.file_key_name);
    let key = key.as_ref().and_then(|key| key.split_once("s."));
    named(depends_on, |id| {
        key.is_some_and(|(kind, name)| is_named(id, kind, name))
    })
}

/// What a unit test tests: as dbt 2 says it, or the model that it names among its dependencies.
fn tested_by_unit_test<'a>(raw: &raw::Node<'a>, depends_on: &[Cow<'a, str>]) -> Vec<Cow<'a, str>> {
    if let Some(tested) = text(raw.tested_node_unique_id) {
        return vec![tested];
    }
    let model = text(raw.model);
    named(depends_on, |id| {
        model
            .as_ref()
            .is_some_and(|name| is_named(id, "model", name))
    })
}

/// Those dependencies, or all of them if none is one of those.
fn named<'a>(depends_on: &[Cow<'a, str>], is_it: impl Fn(&str) -> bool) -> Vec<Cow<'a, str>> {
    let named = depends_on.iter().filter(|id| is_it(id));
    let named = named.cloned().collect::<Vec<_>>();
    if named.is_empty() {
        depends_on.to_vec()
    } else {
        named
    }
}

/// Whether an id, which is `kind.package.name` and perhaps more, is of this kind and name.
fn is_named(id: &str, kind: &str, name: &str) -> bool {
    let mut parts = id.splitn(3, '.');
    let rest = (parts.next() == Some(kind)).then(|| parts.nth(1)).flatten();
    let rest = rest.and_then(|rest| rest.strip_prefix(name));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Reads a group. Its owner has one e-mail address, or since dbt 1.10 several.
pub(super) fn group(value: &RawValue) -> Option<Group<'_>> {
    let raw = object::<raw::Group>(Some(value));
    let owner = object::<raw::Owner>(raw.owner);
    let emails = texts(owner.email);
    Some(Group {
        package: text(raw.package_name).unwrap_or_default(),
        name: text(raw.name)?,
        owner: Owner {
            name: text(owner.name).map(Cow::into_owned),
            email: (!emails.is_empty()).then(|| emails.join(", ")),
        },
    })
}
