//! Whether an exposure says what it said before, whatever the form in which it was written: another
//! version of dbt or of autoexpose writes the same facts in another one.

use std::collections::BTreeMap;

use crate::model::{Dependency, Exposure, Node, StandingExposure};

/// Whether both say the same of the workbook. Their ids are not compared, and neither are the
/// folders, which follow from the project.
pub(super) fn says_the_same(before: &StandingExposure, after: &Exposure, nodes: &[Node]) -> bool {
    let Exposure {
        name: _,
        package: _,
        label,
        folders: _,
        owner,
        description,
        tags,
        maturity,
        url,
        created_at,
        marker,
        dependencies,
        is_withheld: _,
    } = after;
    before.title == *label
        && before.owner == *owner
        && before.description == *description
        && before.tags == *tags
        && before.maturity == *maturity
        && before.url == *url
        && before.created_at == *created_at
        && before.marker() == Some(marker)
        && reads_the_same(before, dependencies, nodes)
        && before.referenced_columns == after.referenced_columns(nodes)
}

/// Whether both read the same nodes, by the same rules and paths. dbt versions order them
/// differently.
fn reads_the_same(before: &StandingExposure, after: &[Dependency], nodes: &[Node]) -> bool {
    let before = before.depends_on.iter();
    let before = before
        .map(|earlier| (&*earlier.unique_id, (&*earlier.rule, &*earlier.path)))
        .collect::<BTreeMap<_, _>>();
    before.len() == after.len()
        && after.iter().all(|dependency| {
            let Dependency {
                node, rule, path, ..
            } = dependency;
            before.get(&*nodes[*node].unique_id) == Some(&(&**rule, &**path))
        })
}
