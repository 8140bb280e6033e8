//! A list of the REST API, page by page.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::rest::{self, RestPage};

/// How many a page has; more are refused.
const PAGE_SIZE: u64 = 1000;
/// So many pages of one list are not believed.
const MOST_PAGES: u64 = 10_000;

/// A list of the REST API.
#[derive(Debug)]
pub(super) struct Listing {
    /// Its path below the site, such as `projects`.
    path: &'static str,
    /// The key of each of its items.
    item: &'static str,
    /// What else is asked for.
    query: &'static str,
    /// What the server leaves out of it.
    filter: Option<String>,
    page: u64,
    seen: HashSet<String>,
    pub(super) items: Vec<Value>,
}

/// What follows from a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turned {
    Next,
    Over,
    /// The answer is not a page.
    NotAPage,
}

impl Listing {
    pub(super) fn projects() -> Self {
        Self::new("projects", "project", "")
    }

    /// The ids of workbooks and of their projects, to compare with.
    pub(super) fn workbooks(filter: Option<String>) -> Self {
        let all = Self::new("workbooks", "workbook", "&fields=id,project.id");
        Self { filter, ..all }
    }

    /// Whether the server is asked to leave out some.
    pub(super) fn is_filtered(&self) -> bool {
        self.filter.is_some()
    }

    fn new(path: &'static str, item: &'static str, query: &'static str) -> Self {
        Self {
            path,
            item,
            query,
            filter: None,
            page: 1,
            seen: HashSet::new(),
            items: Vec::new(),
        }
    }

    /// The path of the next page, below the site.
    pub(super) fn path(&self) -> String {
        let Self {
            path, query, page, ..
        } = self;
        let filter = self.filter.as_ref();
        let filter = filter.map_or_else(String::new, |filter| format!("&filter={filter}"));
        format!("{path}?pageSize={PAGE_SIZE}&pageNumber={page}{query}{filter}")
    }

    /// What a request is for, for messages.
    pub(super) fn purpose(&self) -> String {
        format!("list the {}", self.path)
    }

    /// Takes a page. Pages are not of one moment: an item may come twice.
    pub(super) fn take(&mut self, body: &[u8]) -> Turned {
        let Some(RestPage { items, total }) = rest::page(body, self.path, self.item) else {
            return Turned::NotAPage;
        };
        let is_empty = items.is_empty();
        for item in items {
            if rest::text(&item, "id").is_some_and(|id| self.seen.insert(id.to_lowercase())) {
                self.items.push(item);
            }
        }
        let is_last = total.is_none_or(|total| self.page * PAGE_SIZE >= total);
        if is_empty || is_last || self.page >= MOST_PAGES {
            return Turned::Over;
        }
        self.page += 1;
        Turned::Next
    }

    /// The ids of all items and of their projects, without case.
    pub(super) fn into_projects(self) -> HashMap<String, Option<String>> {
        let items = self.items.iter().filter_map(|item| {
            let project = item.get("project");
            let project = project.and_then(|project| rest::text(project, "id"));
            let luid = rest::text(item, "id")?.to_lowercase();
            Some((luid, project.map(|luid| luid.to_lowercase())))
        });
        items.collect()
    }

    /// How many items came.
    pub(super) fn count(&self) -> usize {
        self.items.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_turned_until_all_are_there() {
        let page = |ids: &[u32], total: u32| {
            let items = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#));
            let items = items.collect::<Vec<_>>().join(",");
            format!(
                r#"{{"pagination":{{"totalAvailable":"{total}"}},"projects":{{"project":[{items}]}}}}"#
            )
        };
        let mut listing = Listing::projects();
        assert_eq!(listing.path(), "projects?pageSize=1000&pageNumber=1");
        assert_eq!(listing.take(page(&[1, 2], 1001).as_bytes()), Turned::Next);
        assert_eq!(listing.path(), "projects?pageSize=1000&pageNumber=2");
        assert_eq!(listing.take(page(&[2, 3], 1001).as_bytes()), Turned::Over);
        assert_eq!(listing.items.len(), 3, "one came twice");
        assert_eq!(listing.take(b"<html>"), Turned::NotAPage);
        let mut empty = Listing::projects();
        assert_eq!(empty.take(page(&[], 5000).as_bytes()), Turned::Over);
    }
}
