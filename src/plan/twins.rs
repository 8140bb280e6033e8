//! Exposures that people wrote by hand for a workbook that is in the export.
//!
//! Such a twin wins: no second exposure is made. It stands for the same workbook if the workbook's
//! luid is anywhere in its meta, or if its URL opens the workbook or one of its views.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;
use url::Url;

use super::baseline::Baseline;
use crate::input::manifest::Existing;
use crate::model::{Marker, Site};

/// A hand-written exposure of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// The exposure's id.
    pub unique_id: String,
    /// The workbook's position.
    pub workbook: usize,
    /// What tells that it is this workbook: `luid` or `url`.
    pub by: &'static str,
    /// Nodes that the workbook reads and the exposure does not name.
    pub missing: Vec<String>,
    /// Nodes that the exposure names and the workbook is not known to read.
    pub extra: Vec<String>,
}

impl Twin {
    /// Compares what the exposure names with what the workbook reads. Metrics and the like, which
    /// no table can tell, are left out of the comparison.
    pub fn new(
        existing: &Existing,
        workbook: usize,
        by: &'static str,
        reads: &BTreeSet<&str>,
    ) -> Self {
        let named = existing.value.pointer("/depends_on/nodes").and_then(Value::as_array);
        let named = named.into_iter().flatten().filter_map(Value::as_str);
        let can_be_read = |id: &&str| {
            ["model.", "seed.", "snapshot.", "source."].iter().any(|kind| id.starts_with(kind))
        };
        let named = named.filter(can_be_read).collect::<BTreeSet<_>>();
        let owned = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect();
        Self {
            unique_id: existing.unique_id.clone(),
            workbook,
            by,
            missing: owned(reads.difference(&named).copied().collect()),
            extra: owned(named.difference(reads).copied().collect()),
        }
    }
}

/// The hand-written exposures of each workbook, by its position.
pub fn find<'e>(
    existing: &'e [Existing],
    site: &Site,
) -> BTreeMap<usize, Vec<(&'e Existing, &'static str)>> {
    let workbooks = Workbooks::new(site);
    let mut twins: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for existing in existing.iter().filter(|existing| Marker::of(&existing.value).is_none()) {
        let by_luid = || workbooks.by_luid(&existing.value).map(|at| (at, "luid"));
        let by_url = || {
            let url = existing.value.get("url").and_then(Value::as_str)?;
            workbooks.by_url(url).map(|at| (at, "url"))
        };
        if let Some((at, by)) = by_luid().or_else(by_url) {
            twins.entry(at).or_default().push((existing, by));
        }
    }
    twins
}

/// Hand-written exposures that name the workbook of one of ours, by its luid, also where no export
/// of this run has it.
pub fn of_baseline(existing: &[Existing], baseline: &Baseline) -> BTreeMap<String, String> {
    let ours =
        baseline.iter().map(|owned| (owned.marker.luid.to_lowercase(), owned.marker.luid.as_str()));
    let ours = ours.collect::<HashMap<_, _>>();
    let foreign = existing.iter().filter(|existing| Marker::of(&existing.value).is_none());
    let named = foreign.filter_map(|existing| {
        let luid = luid_in_meta(&existing.value, &|luid| ours.get(luid).copied())?;
        Some((luid.to_owned(), existing.unique_id.clone()))
    });
    named.collect()
}

/// What is known of the first luid anywhere in an exposure's meta. Luids are asked for in lower case.
fn luid_in_meta<T>(exposure: &Value, known: &impl Fn(&str) -> Option<T>) -> Option<T> {
    let metas = [exposure.get("meta"), exposure.pointer("/config/meta")];
    metas.into_iter().flatten().find_map(|meta| luid_in(meta, known))
}

fn luid_in<T>(value: &Value, known: &impl Fn(&str) -> Option<T>) -> Option<T> {
    match value {
        Value::String(text) => known(&text.trim().to_lowercase()),
        Value::Array(items) => items.iter().find_map(|item| luid_in(item, known)),
        Value::Object(members) => members.values().find_map(|member| luid_in(member, known)),
        _ => None,
    }
}

/// Where a Tableau URL leads, whatever its host, port, site and query.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Place {
    Workbook(String),
    View(String),
}

struct Workbooks<'s> {
    site: &'s Site<'s>,
    luids: HashMap<String, usize>,
    places: HashMap<Place, Vec<usize>>,
}

impl<'s> Workbooks<'s> {
    fn new(site: &'s Site<'s>) -> Self {
        let mut all = Self { site, luids: HashMap::new(), places: HashMap::new() };
        for (at, workbook) in site.workbooks.iter().enumerate() {
            all.luids.entry(workbook.luid.to_lowercase()).or_insert(at);
            let number = workbook.url_id.iter().map(|id| Place::Workbook(id.clone().into_owned()));
            let views = workbook.views.iter().map(|path| Place::View(path.clone()));
            for place in number.chain(views) {
                all.places.entry(place).or_default().push(at);
            }
        }
        all
    }

    fn by_luid(&self, exposure: &Value) -> Option<usize> {
        luid_in_meta(exposure, &|luid| self.luids.get(luid).copied())
    }

    fn by_url(&self, url: &str) -> Option<usize> {
        let (host, place) = parse(url)?;
        let candidates = self.places.get(&place)?;
        let on_host = |at: &&usize| self.host(**at).as_deref() == Some(host.as_str());
        let host_unknown = |at: &&usize| self.host(**at).is_none();
        let found = candidates.iter().filter(on_host).collect::<Vec<_>>();
        let found =
            if found.is_empty() { candidates.iter().filter(host_unknown).collect() } else { found };
        if let [one] = found.as_slice() { Some(**one) } else { None }
    }

    fn host(&self, workbook: usize) -> Option<String> {
        let server = self.site.workbooks[workbook].site.server.as_deref()?;
        Url::parse(server).ok()?.host_str().map(str::to_lowercase)
    }
}

/// Host and place of a Tableau URL: `…/#/site/x/workbooks/42/views`, `…/t/x/views/Sales/Overview`.
fn parse(url: &str) -> Option<(String, Place)> {
    let url = Url::parse(url.trim()).ok()?;
    let host = url.host_str()?.to_lowercase();
    let route =
        url.fragment().filter(|fragment| fragment.starts_with('/')).unwrap_or_else(|| url.path());
    let route = route.split(['?', ';']).next().unwrap_or_default();
    let mut parts = route.split('/').filter(|part| !part.is_empty()).peekable();
    if parts.next_if(|part| matches!(*part, "site" | "t")).is_some() {
        parts.next()?;
    }
    match (parts.next()?, parts.next()?, parts.next()) {
        ("workbooks", number, _) => Some((host, Place::Workbook(number.to_owned()))),
        ("views", workbook, Some(view)) => Some((host, Place::View(format!("{workbook}/{view}")))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_url_is_one_place() {
        let workbook = || Some(("t.example.com".to_owned(), Place::Workbook("42".to_owned())));
        assert_eq!(parse("https://t.example.com/#/workbooks/42"), workbook());
        assert_eq!(
            parse("HTTPS://T.Example.com:443/#/site/x/workbooks/42/views?:iid=1"),
            workbook()
        );
        assert_eq!(parse("https://t.example.com:8443/t/x/workbooks/42"), workbook());
        let view = || Some(("t.example.com".to_owned(), Place::View("Sales/Overview".to_owned())));
        assert_eq!(parse("https://t.example.com/#/site/x/views/Sales/Overview?:iid=2"), view());
        assert_eq!(parse("https://t.example.com/t/x/views/Sales/Overview"), view());
        assert_eq!(parse("https://t.example.com/views/Sales"), None);
        assert_eq!(parse("https://t.example.com/#/home"), None);
        assert_eq!(parse("not a url"), None);
    }
}
