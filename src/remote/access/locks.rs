//! Where rules come from: what is in a locked project has those of the project.
//!
//! <https://help.tableau.com/current/server/en-us/permissions_projects.htm>

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::access::ContentPermissions;
use crate::remote::rest::text;

/// The projects of a site: how they lie in each other, and which ones are locked.
#[derive(Debug, Default)]
pub(super) struct Locks {
    projects: BTreeMap<String, Place>,
}

#[derive(Debug)]
struct Place {
    parent: Option<String>,
    /// `None` if that is not told.
    lock: Option<ContentPermissions>,
}

/// Where the rules of what is in a project come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RulesFrom {
    /// From each thing itself, as far as is known.
    Itself,
    /// From this project, which locks it.
    Project(String),
}

impl Locks {
    /// The projects of a list of the REST API.
    pub(super) fn of(projects: &[Value]) -> Self {
        let projects = projects.iter().filter_map(|project| {
            let lock = text(project, "contentPermissions");
            let place = Place {
                parent: text(project, "parentProjectId").map(|luid| luid.to_lowercase()),
                lock: lock.map(|lock| ContentPermissions::of(&lock)),
            };
            Some((text(project, "id")?.to_lowercase(), place))
        });
        Self {
            projects: projects.collect(),
        }
    }

    /// All projects.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.projects.keys().map(String::as_str)
    }

    /// A project and those above it, the nearest first.
    pub(super) fn chain(&self, project: &str) -> Vec<String> {
        let mut chain = Vec::new();
        let mut seen = BTreeSet::new();
        let mut next = Some(project.to_lowercase());
        while let Some(luid) = next.filter(|luid| seen.insert(luid.clone())) {
            let place = self.projects.get(&luid);
            next = place.and_then(|place| place.parent.clone());
            chain.push(luid);
        }
        chain
    }

    /// Where the rules of what is in a project come from: the topmost lock binds, and one without nested
    /// projects binds only what is in that project itself.
    pub(super) fn rules_of(&self, project: &str) -> RulesFrom {
        let chain = self.chain(project);
        let mut locking = chain.into_iter().enumerate().filter(|(above, luid)| {
            match self.projects.get(luid).and_then(|place| place.lock) {
                Some(ContentPermissions::Locked) => true,
                Some(ContentPermissions::LockedWithoutNested) => *above == 0,
                Some(ContentPermissions::ManagedByOwner | ContentPermissions::Other) | None => {
                    false
                }
            }
        });
        match locking.next_back() {
            Some((_, luid)) => RulesFrom::Project(luid),
            None => RulesFrom::Itself,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_topmost_lock_binds() {
        let project = |id: &str, parent: Option<&str>, lock: &str| json!({"id": id, "parentProjectId": parent, "contentPermissions": lock});
        let locks = Locks::of(&[
            project("TOP", None, "LockedToProject"),
            project("mid", Some("top"), "LockedToProject"),
            project("low", Some("mid"), "ManagedByOwner"),
            project("open", None, "ManagedByOwner"),
            project("alone", Some("open"), "LockedToProjectWithoutNested"),
            project("below", Some("alone"), "ManagedByOwner"),
            project("round", Some("trip"), "ManagedByOwner"),
            project("trip", Some("round"), "ManagedByOwner"),
        ]);
        let by = |luid: &str| RulesFrom::Project(luid.to_owned());
        for (project, from) in [
            ("top", by("top")),
            ("mid", by("top")),
            ("low", by("top")),
            ("open", RulesFrom::Itself),
            ("alone", by("alone")),
            ("below", RulesFrom::Itself),
            ("round", RulesFrom::Itself),
            ("unheard-of", RulesFrom::Itself),
        ] {
            assert_eq!(locks.rules_of(project), from, "{project}");
        }
        assert_eq!(locks.chain("LOW"), ["low", "mid", "top"]);
    }
}
