//! Nodes as the file holds them, and as this program does.

use std::borrow::Cow;

use super::format;
use crate::model::{Node, NodeKind, OtherRelation, Relation, Role};

/// A node as the file holds it.
pub(super) fn written<'n>(node: &'n Node) -> format::Node<'n> {
    let relations = node.relations().map(|(role, (relation, unrendered))| {
        let role = match role {
            Role::Own => format::Role::Own,
            Role::Latest => format::Role::Latest,
            Role::Deferred => format::Role::Deferred,
            Role::PerhapsLatest => format::Role::PerhapsLatest,
        };
        format::Stored {
            role,
            relation: parts(relation),
            unrendered_database: unrendered.map(Cow::Borrowed),
        }
    });
    format::Node {
        unique_id: Cow::Borrowed(&node.unique_id),
        package: Cow::Borrowed(&node.package),
        name: Cow::Borrowed(&node.name),
        source_name: node.source_name.as_deref().map(Cow::Borrowed),
        version: node.version.as_deref().map(Cow::Borrowed),
        is_ephemeral: node.is_ephemeral,
        typed: parts(&node.typed),
        relations: relations.collect(),
    }
}

fn parts<'n>(relation: &'n Relation) -> format::Relation<'n> {
    format::Relation {
        database: relation.database.as_deref().map(Cow::Borrowed),
        schema: relation.schema.as_deref().map(Cow::Borrowed),
        name: Cow::Borrowed(&relation.name),
    }
}

/// The nodes of the file.
///
/// # Errors
/// They contradict themselves.
pub(super) fn read<'n>(nodes: Vec<format::Node<'n>>) -> Result<Vec<Node<'n>>, &'static str> {
    if !nodes.is_sorted_by(|one, next| one.unique_id < next.unique_id) {
        return Err("its nodes are not sorted");
    }
    let nodes = nodes.into_iter().map(node).collect::<Option<_>>();
    nodes.ok_or("a node is of a kind that has no relation")
}

fn node(node: format::Node) -> Option<Node> {
    let (mut own, mut others) = (None, Vec::new());
    for stored in node.relations {
        let role = match stored.role {
            format::Role::Own => Role::Own,
            format::Role::Latest => Role::Latest,
            format::Role::Deferred => Role::Deferred,
            format::Role::PerhapsLatest => Role::PerhapsLatest,
        };
        let stored = OtherRelation {
            role,
            relation: relation(stored.relation),
            unrendered_database: stored.unrendered_database,
        };
        match role {
            Role::Own => own = Some(stored),
            _ => others.push(stored),
        }
    }
    let own = own.map(|own| (own.relation, own.unrendered_database));
    let (own, unrendered_database) = own.unzip();
    Some(Node {
        kind: NodeKind::from_unique_id(&node.unique_id)?,
        unique_id: node.unique_id,
        package: node.package,
        name: node.name,
        source_name: node.source_name,
        version: node.version,
        is_ephemeral: node.is_ephemeral,
        relation: own,
        typed: relation(node.typed),
        relation_name: None,
        unrendered_database: unrendered_database.flatten(),
        others,
    })
}

fn relation(relation: format::Relation) -> Relation {
    Relation {
        database: relation.database,
        schema: relation.schema,
        name: relation.name,
    }
}
