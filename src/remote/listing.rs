//! A list of the REST API, page by page.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::rest::{self, RestPage};

/// How many a page has; more are refused.
pub(super) const PAGE_SIZE: u64 = 1000;
/// The code of a page that a list does not have.
const NO_SUCH_PAGE: &str = "400006";
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
    pages: Pages,
    pub(super) items: Vec<Value>,
}

/// How far the pages of a list are turned. They are not of one moment: an item may come twice. Some servers
/// send fewer on a page than they are asked for, so that the items are counted and not the pages.
#[derive(Debug)]
pub(super) struct Pages {
    /// The page that is asked for next.
    pub(super) number: u64,
    /// How many came, of which some may have come twice.
    came: u64,
    /// How many there are, as the last page says.
    total: Option<u64>,
    seen: HashSet<String>,
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
            pages: Pages::new(),
            items: Vec::new(),
        }
    }

    /// The path of the next page, below the site.
    pub(super) fn path(&self) -> String {
        let Self { path, query, .. } = self;
        let page = self.pages.number;
        let filter = self.filter.as_ref();
        let filter = filter.map_or_else(String::new, |filter| format!("&filter={filter}"));
        format!("{path}?pageSize={PAGE_SIZE}&pageNumber={page}{query}{filter}")
    }

    /// What a request is for, for messages.
    pub(super) fn purpose(&self) -> String {
        format!("list the {}", self.path)
    }

    /// Takes a page.
    pub(super) fn take(&mut self, body: &[u8]) -> Turned {
        let Some(page) = rest::page(body, self.path, self.item) else {
            return Turned::NotAPage;
        };
        let (items, has_next) = self.pages.turn(page);
        self.items.extend(items);
        match has_next {
            true => Turned::Next,
            false => Turned::Over,
        }
    }

    /// Whether a server refuses a page with this code since the list ended before.
    pub(super) fn is_behind_the_end(&self, code: &str) -> bool {
        self.pages.is_behind_the_end(code)
    }

    /// What is missing, in words.
    pub(super) fn missing(&self) -> Option<String> {
        let count = self.items.len();
        let total = self.pages.total.filter(|total| count < *total as usize)?;
        Some(format!("{count} of {total} came by REST"))
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

impl Pages {
    /// Those of a list of which nothing came.
    pub(super) fn new() -> Self {
        Self {
            number: 1,
            came: 0,
            total: None,
            seen: HashSet::new(),
        }
    }

    /// Takes a page: its items that have not come before, and whether another page follows.
    pub(super) fn turn(&mut self, page: RestPage) -> (Vec<Value>, bool) {
        let RestPage { items, total } = page;
        let came = items.len() as u64;
        self.came += came;
        self.total = total.or(self.total);
        let items = items.into_iter().filter(|item| {
            let id = rest::text(item, "id");
            id.is_some_and(|id| self.seen.insert(id.to_lowercase()))
        });
        let items = items.collect();
        let is_last = match total {
            Some(total) => self.came >= total,
            None => came < PAGE_SIZE,
        };
        if came == 0 || is_last || self.number >= MOST_PAGES {
            return (items, false);
        }
        self.number += 1;
        (items, true)
    }

    /// Whether a server refuses a page with this code since the list ended before.
    pub(super) fn is_behind_the_end(&self, code: &str) -> bool {
        self.number > 1 && code == NO_SUCH_PAGE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of projects with these ids, which says how many there are.
    fn page(ids: std::ops::Range<u64>, total: Option<u64>) -> Vec<u8> {
        let items = ids.map(|id| format!(r#"{{"id":"{id}"}}"#));
        let items = items.collect::<Vec<_>>().join(",");
        let pagination =
            total.map(|total| format!(r#""pagination":{{"totalAvailable":"{total}"}},"#));
        let pagination = pagination.unwrap_or_default();
        format!(r#"{{{pagination}"projects":{{"project":[{items}]}}}}"#).into_bytes()
    }

    /// What follows from each of these pages.
    fn turns(listing: &mut Listing, pages: &[Vec<u8>]) -> Vec<Turned> {
        pages.iter().map(|page| listing.take(page)).collect()
    }

    #[test]
    fn pages_are_turned_until_all_are_there() {
        let mut listing = Listing::projects();
        assert_eq!(listing.path(), "projects?pageSize=1000&pageNumber=1");
        assert_eq!(listing.take(&page(0..1000, Some(1001))), Turned::Next);
        assert_eq!(listing.path(), "projects?pageSize=1000&pageNumber=2");
        assert_eq!(listing.take(&page(1000..1001, Some(1001))), Turned::Over);
        assert_eq!((listing.count(), listing.missing()), (1001, None));
        assert_eq!(listing.take(b"<html>"), Turned::NotAPage);
        let mut empty = Listing::projects();
        assert_eq!(empty.take(&page(0..0, Some(0))), Turned::Over);
        assert_eq!(empty.missing(), None);
    }

    #[test]
    fn pages_may_be_shorter_than_asked_for() {
        let mut listing = Listing::projects();
        let pages = [
            page(0..100, Some(250)),
            page(100..200, Some(250)),
            page(200..250, Some(250)),
        ];
        let turned = turns(&mut listing, &pages);
        assert_eq!(turned, [Turned::Next, Turned::Next, Turned::Over]);
        assert_eq!((listing.count(), listing.missing()), (250, None));
    }

    #[test]
    fn without_a_total_a_page_that_is_not_full_is_the_last_one() {
        let mut listing = Listing::projects();
        let turned = turns(&mut listing, &[page(0..1000, None), page(1000..1001, None)]);
        assert_eq!(turned, [Turned::Next, Turned::Over]);
        assert_eq!(listing.missing(), None);
    }

    #[test]
    fn what_moves_between_pages_is_missing() {
        let mut twice = Listing::projects();
        let pages = [page(0..1000, Some(1001)), page(999..1000, Some(1001))];
        assert_eq!(turns(&mut twice, &pages), [Turned::Next, Turned::Over]);
        assert_eq!(
            twice.missing().as_deref(),
            Some("1000 of 1001 came by REST")
        );
        let mut short = Listing::projects();
        let pages = [page(0..900, Some(901)), page(0..0, Some(901))];
        assert_eq!(turns(&mut short, &pages), [Turned::Next, Turned::Over]);
        assert!(short.missing().is_some());
        assert!(short.is_behind_the_end("400006"));
        assert!(!Listing::projects().is_behind_the_end("400006"));
    }
}
