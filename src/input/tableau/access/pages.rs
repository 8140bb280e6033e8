//! Lists that are answered page by page.
//!
//! `pagination` tells page, size and total
//! (<https://help.tableau.com/current/api/rest_api/en-us/REST/rest_api_concepts_paging.htm>).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::newest::Newest;
use super::question::Question;
use super::value::{luid_of, member, number};
use crate::model::access::{Listing, Told, Wholeness};

/// How many objects a page has at most if nobody asks for another size.
const DEFAULT_SIZE: u64 = 100;

/// The pages of one list, by how it was asked for and by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Pages(BTreeMap<How, BTreeMap<u64, Newest<Result<Page, String>>>>);

/// How a list was asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct How {
    filter: Option<String>,
    size: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Page {
    luids: BTreeSet<String>,
    total: Option<u64>,
    /// Whether it has as many objects as fit, without a total that says whether there are more.
    may_be_cut: bool,
}

impl Pages {
    /// Adds a page: its elements, or why Tableau refused it.
    pub(super) fn add(
        &mut self,
        question: &Question,
        body: &Value,
        elements: Result<&[&Value], String>,
        at: Option<i64>,
    ) {
        let pagination = member(body, "pagination").unwrap_or(&Value::Null);
        let size = number(pagination, "pageSize").or(question.page_size);
        let page = elements.map(|elements| {
            let total = number(pagination, "totalAvailable");
            let luids = elements.iter().filter_map(|one| luid_of(one)).collect();
            let most = size.unwrap_or(DEFAULT_SIZE);
            Page {
                luids,
                total,
                may_be_cut: total.is_none() && elements.len() as u64 >= most,
            }
        });
        let how = How {
            filter: question.filter.clone(),
            size,
        };
        let page_number = number(pagination, "pageNumber").or(question.page_number);
        let pages = self.0.entry(how).or_default();
        let newest = pages.entry(page_number.unwrap_or(1)).or_default();
        newest.add(at, page);
    }

    /// Adds the pages of another export of the site.
    pub(super) fn absorb(&mut self, other: Self) {
        for (how, pages) in other.0 {
            let known = self.0.entry(how).or_default();
            for (number, newest) in pages {
                known.entry(number).or_default().absorb(newest);
            }
        }
    }

    /// The list of all pages: the last one that is complete, else all that is known.
    pub(super) fn listing(&self) -> Listing {
        let lists = self.0.iter().map(|(how, pages)| put_together(how, pages));
        let lists = lists.collect::<Vec<_>>();
        let complete = lists.iter().filter(|list| list.is_complete());
        if let Some(last) = complete.clone().max_by_key(|list| list.captured_at) {
            let mut same_time = complete.filter(|list| list.captured_at == last.captured_at);
            if same_time.all(|list| list.luids == last.luids) {
                return last.clone();
            }
            return union(
                &lists,
                Wholeness::Incomplete("answers of the same time differ"),
            );
        }
        let refused = lists.iter().map(|list| &list.wholeness);
        let wholeness = refused.min_by_key(|wholeness| match wholeness {
            Wholeness::Incomplete(_) => 0,
            _ => 1,
        });
        union(&lists, wholeness.cloned().unwrap_or_default())
    }
}

fn union(lists: &[Listing], wholeness: Wholeness) -> Listing {
    Listing {
        luids: lists.iter().flat_map(|list| list.luids.clone()).collect(),
        captured_at: lists.iter().filter_map(|list| list.captured_at).min(),
        wholeness,
    }
}

fn put_together(how: &How, pages: &BTreeMap<u64, Newest<Result<Page, String>>>) -> Listing {
    let mut list = Listing::default();
    let mut totals = BTreeSet::new();
    let mut lacks = how.filter.is_some().then_some("it is filtered");
    let mut refused = None;
    let mut given = BTreeSet::new();
    for (number, newest) in pages {
        match newest.answered() {
            Told::Given { value, captured_at } => {
                given.insert(*number);
                list.luids.extend(value.luids);
                list.captured_at = match given.len() {
                    1 => captured_at,
                    _ => list.captured_at.min(captured_at),
                };
                totals.insert(value.total);
                if value.may_be_cut {
                    lacks = lacks.or(Some("it is as long as a page, without a total"));
                }
            }
            Told::Refused(reason) => refused = refused.or(Some(reason)),
            Told::Differing => lacks = Some("answers of the same time differ"),
            Told::Missing => {}
        }
    }
    list.wholeness = match (given.is_empty(), refused) {
        (true, Some(reason)) => Wholeness::Refused(reason),
        (false, Some(_)) => Wholeness::Incomplete("Tableau refused a page"),
        (_, None) => match lacks.or_else(|| lacking(&list.luids, &given, &totals)) {
            Some(lacks) => Wholeness::Incomplete(lacks),
            None => Wholeness::Complete,
        },
    };
    list
}

/// What pages lack, all of which were answered.
fn lacking(
    luids: &BTreeSet<String>,
    given: &BTreeSet<u64>,
    totals: &BTreeSet<Option<u64>>,
) -> Option<&'static str> {
    let is_row = given.iter().copied().eq(1..=given.len() as u64);
    if !is_row {
        return Some("a page is missing");
    }
    match totals.iter().collect::<Vec<_>>()[..] {
        [None] if given.len() == 1 => None,
        [Some(total)] if luids.len() as u64 >= *total => None,
        [None] => Some("several pages, without a total"),
        [Some(_)] => Some("it has less than its total"),
        _ => Some("its pages have different totals"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The list of answers, each a question, a total and luids.
    fn listing(answers: &[(&str, Option<u64>, &[&str])]) -> Listing {
        let mut pages = Pages::default();
        for (get, total, luids) in answers {
            let elements = luids.iter().map(|luid| json!({ "id": luid }));
            let elements = elements.collect::<Vec<_>>();
            let body = total.map_or(
                json!({}),
                |total| json!({"pagination": {"totalAvailable": total.to_string()}}),
            );
            let elements = elements.iter().collect::<Vec<_>>();
            pages.add(&Question::of(get), &body, Ok(&elements), None);
        }
        pages.listing()
    }

    #[track_caller]
    fn check(answers: &[(&str, Option<u64>, &[&str])], lacks: Option<&'static str>) {
        let expected = match lacks {
            Some(lacks) => Wholeness::Incomplete(lacks),
            None => Wholeness::Complete,
        };
        assert_eq!(listing(answers).wholeness, expected);
    }

    #[test]
    fn pages_are_put_together() {
        let page = |number: u8| format!("users?pageSize=2&pageNumber={number}");
        let (one, two, three) = (page(1), page(2), page(3));
        check(
            &[(&one, Some(3), &["a", "b"]), (&two, Some(3), &["c"])],
            None,
        );
        check(
            &[(&two, Some(3), &["c"]), (&one, Some(3), &["a", "b"])],
            None,
        );
        check(&[("users", None, &[])], None);
        check(&[("users", Some(0), &[])], None);
        check(&[("users", None, &["a"])], None);
        check(
            &[(&one, Some(3), &["a", "b"])],
            Some("it has less than its total"),
        );
        check(&[(&two, Some(3), &["c"])], Some("a page is missing"));
        check(
            &[(&one, Some(5), &["a", "b"]), (&three, Some(5), &["e"])],
            Some("a page is missing"),
        );
        check(
            &[(&one, Some(3), &["a", "b"]), (&two, Some(4), &["c"])],
            Some("its pages have different totals"),
        );
        check(
            &[(&one, None, &["a", "b"])],
            Some("it is as long as a page, without a total"),
        );
        check(
            &[("users?filter=name:eq:a", Some(1), &["a"])],
            Some("it is filtered"),
        );
        check(
            &[("users", None, &["a"]), ("users", None, &["b"])],
            Some("answers of the same time differ"),
        );
        assert_eq!(Pages::default().listing(), Listing::default());
    }

    #[test]
    fn a_refusal_is_kept() {
        let mut pages = Pages::default();
        let question = Question::of("users");
        let refused = || Err("403".to_owned());
        pages.add(&question, &json!({}), refused(), Some(2));
        assert_eq!(
            pages.listing().wholeness,
            Wholeness::Refused("403".to_owned())
        );
        let one = json!({"id": "a"});
        pages.add(&question, &json!({}), Ok(&[&one]), Some(1));
        assert_eq!(
            pages.listing().wholeness,
            Wholeness::Refused("403".to_owned())
        );
        pages.add(&question, &json!({}), Ok(&[&one]), Some(3));
        assert!(pages.listing().is_complete());
    }
}
