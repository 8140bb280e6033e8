//! The projects to which a run is narrowed, and how the server is asked for these alone.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::address::escaped;
use crate::input::tableau::Project;
use crate::model::{Failure, listing};
use crate::settings::Pattern;

/// How many projects a path has at most, and how many a message names.
const DEEPEST: usize = 100;
const MOST_NAMED: usize = 10;
/// A longer filter is left out, since addresses may not be of any length.
const LONGEST_FILTER: usize = 1_500;
/// Letters that mean something in a filter, so that names with them are not asked for.
const SPECIAL: [char; 4] = [',', ':', '[', ']'];

/// The projects of a site that a run is narrowed to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    /// Their ids, without case.
    luids: HashSet<String>,
    /// Their own names.
    names: BTreeSet<String>,
    /// The patterns that fit none.
    pub(super) unused: Vec<String>,
}

impl Chosen {
    /// The projects that patterns fit.
    ///
    /// # Errors
    /// None of them fits any.
    pub(super) fn new(patterns: &[Pattern], projects: &[Project]) -> Result<Self, Failure> {
        let places = places(projects);
        let mut chosen = Self::default();
        for pattern in patterns {
            let mut fitting = places.iter().filter(|place| place.fits(pattern)).peekable();
            if fitting.peek().is_none() {
                chosen.unused.push(pattern.as_str().to_owned());
            }
            for place in fitting {
                chosen.luids.insert(place.luid.clone());
                let name = place.path.last();
                chosen.names.extend(name.map(|&name| name.to_owned()));
            }
        }
        if chosen.luids.is_empty() {
            return Err(nothing_fits(&chosen.unused, &places));
        }
        Ok(chosen)
    }

    /// How many they are, in words.
    pub(super) fn count(&self) -> String {
        match self.luids.len() {
            1 => "1 project".to_owned(),
            count => format!("{count} projects"),
        }
    }

    /// Whether a project is one of them.
    pub(super) fn has(&self, luid: &str) -> bool {
        self.luids.contains(&luid.to_lowercase())
    }

    /// The filter of the REST API for workbooks in projects of these names; `None` if it cannot be
    /// written. Names are not unique, so that more may come.
    ///
    /// Operators: <https://help.tableau.com/current/api/rest_api/en-us/REST/rest_api_concepts_filtering_and_sorting.htm>.
    pub(super) fn filter(&self) -> Option<String> {
        if self.names.iter().any(|name| name.contains(SPECIAL)) {
            return None;
        }
        let names = self.names.iter().map(|name| escaped(name));
        let names = names.collect::<Vec<_>>();
        let filter = match names.as_slice() {
            [name] => format!("projectName:eq:{name}"),
            names => format!("projectName:in:[{}]", names.join(",")),
        };
        (filter.len() <= LONGEST_FILTER).then_some(filter)
    }
}

/// A project with the names from the top to its own.
struct Place<'p> {
    luid: String,
    path: Vec<&'p str>,
}

impl Place<'_> {
    fn fits(&self, pattern: &Pattern) -> bool {
        if pattern.is_path() {
            return pattern.fits(&self.path.join("/"));
        }
        self.path.last().is_some_and(|name| pattern.fits(name))
    }
}

fn places<'p>(projects: &'p [Project]) -> Vec<Place<'p>> {
    let by_luid = projects.iter().map(|project| (&*project.luid, project));
    let by_luid = by_luid.collect::<HashMap<_, _>>();
    let place = |project: &'p Project| {
        let mut path = Vec::new();
        let mut next = Some(project);
        while let Some(project) = next.filter(|_| path.len() < DEEPEST) {
            path.extend(project.name.as_deref());
            let parent = project.parent_luid.as_deref();
            next = parent.and_then(|luid| by_luid.get(luid).copied());
        }
        path.reverse();
        Place {
            luid: project.luid.to_lowercase(),
            path,
        }
    };
    projects.iter().map(place).collect()
}

fn nothing_fits(patterns: &[String], places: &[Place]) -> Failure {
    let patterns = patterns.join(", ");
    let message = format!("not a project of the site fits {patterns}");
    let paths = places.iter().map(|place| place.path.join("/"));
    let paths = paths.collect::<BTreeSet<_>>();
    let help = match paths.len() {
        0 => "the user of this token sees none".to_owned(),
        count => format!("the site has {}", listing::first(MOST_NAMED, count, paths)),
    };
    Failure::new("", message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::tableau::{Luid, Text};

    fn projects() -> Vec<Project<'static>> {
        let project = |luid: &str, name: &'static str, parent: Option<&str>| Project {
            luid: Luid::of(luid),
            name: Some(Text(name.into())),
            parent_luid: parent.map(Luid::of),
            workbooks: Vec::new(),
        };
        vec![
            project("1", "House", None),
            project("2", "Finance", Some("1")),
            project("3", "Old & new", Some("2")),
            project("4", "Finance", None),
        ]
    }

    fn chosen(patterns: &[&str]) -> Result<Chosen, Failure> {
        let patterns = patterns.iter().map(|text| Pattern::for_projects(text));
        let patterns = patterns.collect::<Result<Vec<_>, _>>().expect("patterns");
        Chosen::new(&patterns, &projects())
    }

    #[test]
    fn patterns_choose_by_name_and_by_path() {
        let luids = |patterns: &[&str]| {
            let chosen = chosen(patterns).expect("some");
            ["1", "2", "3", "4"].map(|luid| chosen.has(luid))
        };
        assert_eq!(luids(&["finance"]), [false, true, false, true]);
        assert_eq!(luids(&["House/Finance/**"]), [false, true, true, false]);
        assert_eq!(luids(&["House/*", "old*"]), [false, true, true, false]);
        let chosen = chosen(&["House", "Hause"]).expect("some");
        assert_eq!(chosen.unused, ["Hause"]);
    }

    #[test]
    fn the_server_is_asked_for_these_names() {
        let filter = |patterns| chosen(patterns).expect("some").filter();
        assert_eq!(filter(&["House"]).as_deref(), Some("projectName:eq:House"));
        assert_eq!(
            filter(&["House/Finance/**"]).as_deref(),
            Some("projectName:in:[Finance,Old%20%26%20new]")
        );
    }

    #[test]
    fn what_fits_nothing_is_refused_with_what_there_is() {
        let failure = chosen(&["Fin"]).expect_err("refused").to_string();
        assert!(failure.contains("fits Fin"), "{failure}");
        assert!(failure.contains("House/Finance/Old & new"), "{failure}");
    }
}
