//! What a completed `patch` leaves for the next run: the exposures that it wrote, what Tableau called
//! the tables behind them, and which tables it did not link.
//!
//! What is missing here is not known; it is never taken for nothing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::exposure::StandingExposure;
use super::luid;
use super::project::Project;
use super::site_id::SiteId;
use super::tableau::User;

/// What the last `patch` left.
#[derive(Debug, Clone, Default)]
pub struct Remembered {
    /// The owned exposures of the manifest that it wrote.
    pub exposures: Vec<StandingExposure>,
    /// The nodes that they depended on, and nothing else of the project; `None` if they are not known.
    pub project: Option<Project<'static>>,
    /// What it found beyond them.
    pub findings: Findings,
}

/// What a run found, beyond what its exposures say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// The exports that it read, and those that runs before it had read.
    pub exports: KnownExports,
    /// The tables behind each dependency, as Tableau named them, by the ids of exposure and node.
    /// Where a dependency was kept from an older run, they may be missing.
    pub tables: BTreeMap<String, TablesByNode>,
    /// The distinct tables of `workbooks`, sorted.
    pub unlinked: Vec<TableName>,
    /// The workbooks that were listed, by luid ([`luid::identity`]).
    pub workbooks: BTreeMap<String, Vec<KnownWorkbook>>,
}

/// The tables behind each dependency of an exposure, by the id of the node.
pub type TablesByNode = BTreeMap<String, Vec<String>>;

/// An export that a run read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownExport {
    /// Its site.
    pub site: SiteId,
    /// Who made it, if it says so.
    pub user: Option<User>,
    /// Whether it proved that it lists every workbook.
    pub is_complete: bool,
}

/// The exports that runs have read, one for each site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownExports {
    all: Vec<KnownExport>,
    /// Their positions, by what tells sites apart.
    by_site: BTreeMap<SiteId, usize>,
}

impl FromIterator<KnownExport> for KnownExports {
    fn from_iter<E: IntoIterator<Item = KnownExport>>(exports: E) -> Self {
        let mut all = Self::default();
        for export in exports {
            if let Entry::Vacant(place) = all.by_site.entry(export.site.identity()) {
                place.insert(all.all.len());
                all.all.push(export);
            }
        }
        all
    }
}

impl KnownExports {
    /// The exports, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &KnownExport> {
        self.all.iter()
    }

    /// The position of the export of a site.
    pub fn position(&self, site: &SiteId) -> Option<usize> {
        self.by_site.get(&site.identity()).copied()
    }

    /// The export of a site.
    pub fn find(&self, site: &SiteId) -> Option<&KnownExport> {
        Some(&self.all[self.position(site)?])
    }

    /// The site of the export at a position.
    pub fn site(&self, at: usize) -> &SiteId {
        &self.all[at].site
    }
}

/// A table as Tableau names it, and the connection over which it is read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TableName {
    /// The name.
    pub name: String,
    /// Tableau's connection type, if it is known.
    pub connection_type: Option<String>,
}

/// A workbook that an export listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownWorkbook {
    /// The position of the export.
    pub export: usize,
    /// The positions of its tables that were not linked, in order; `None` if no run looked at it.
    pub unlinked: Option<Vec<usize>>,
}

impl Findings {
    /// The position of a table among those that were not linked.
    pub fn table(&self, name: &str, connection_type: Option<&str>) -> Option<usize> {
        let table = self.unlinked.binary_search_by(|table| {
            let known = (table.name.as_str(), table.connection_type.as_deref());
            known.cmp(&(name, connection_type))
        });
        table.ok()
    }

    /// The tables of a workbook that were not linked, as positions in order; `None` if they are not
    /// known. A workbook that a whole list did not have was not there, and read none.
    pub fn unlinked_before(&self, site: &SiteId, luid: &str) -> Option<&[usize]> {
        if self.workbooks_of(site, luid).next().is_some() {
            return self.unlinked_of(site, luid);
        }
        let export = self.exports.find(site)?;
        export.is_complete.then_some(&[])
    }

    /// The tables of a workbook that were not linked, as positions; `None` if they are not known.
    pub fn unlinked_of(&self, site: &SiteId, luid: &str) -> Option<&[usize]> {
        let mut known = self.workbooks_of(site, luid);
        match (known.next(), known.next()) {
            (Some(only), None) => only.unlinked.as_deref(),
            (Some(_), Some(_)) | (None, _) => None,
        }
    }

    /// The tables behind a dependency of an exposure, as Tableau named them; `None` if they are not
    /// known.
    pub fn tables_behind(&self, exposure: &str, node: &str) -> Option<&[String]> {
        Some(self.tables.get(exposure)?.get(node)?)
    }

    /// Who made the export of a site, if that is known.
    pub fn user(&self, site: &SiteId) -> Option<&User> {
        self.exports.find(site)?.user.as_ref()
    }

    fn workbooks_of(&self, site: &SiteId, luid: &str) -> impl Iterator<Item = &KnownWorkbook> {
        let all = self.workbooks.get(luid::identity(luid).as_ref());
        let is_on_site =
            |known: &&KnownWorkbook| !self.exports.site(known.export).contradicts(site);
        all.into_iter().flatten().filter(is_on_site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(name: &str) -> SiteId {
        SiteId {
            server: Some("https://t".to_owned()),
            content_url: Some(name.to_owned()),
        }
    }

    fn findings() -> Findings {
        let export = |name, is_complete| KnownExport {
            site: site(name),
            user: None,
            is_complete,
        };
        let table = |name: &str| TableName {
            name: name.to_owned(),
            connection_type: None,
        };
        let workbook = |export, unlinked| KnownWorkbook { export, unlinked };
        let workbooks = [
            ("a", vec![workbook(0, Some(vec![1]))]),
            ("b", vec![workbook(0, None)]),
            (
                "c",
                vec![workbook(0, Some(vec![0])), workbook(1, Some(Vec::new()))],
            ),
        ];
        Findings {
            exports: KnownExports::from_iter([export("x", true), export("y", false)]),
            tables: BTreeMap::new(),
            unlinked: vec![table("s.t"), table("s.u")],
            workbooks: workbooks
                .into_iter()
                .map(|(luid, known)| (luid.to_owned(), known))
                .collect(),
        }
    }

    #[test]
    fn what_nobody_looked_at_is_not_known() {
        let findings = findings();
        let ask = |site: &SiteId, luid, table| {
            let known = findings.unlinked_before(site, luid)?;
            let table = findings.table(table, None);
            Some(table.is_some_and(|table| known.contains(&table)))
        };
        let [x, y, z] = ["x", "y", "z"].map(site);
        assert_eq!(ask(&x, "a", "s.u"), Some(true));
        assert_eq!(ask(&x, "A", "s.t"), Some(false));
        assert_eq!(ask(&x, "a", "s.new"), Some(false));
        assert_eq!(ask(&x, "b", "s.t"), None, "not looked at");
        assert_eq!(ask(&x, "new", "s.t"), Some(false), "the list was complete");
        assert_eq!(ask(&y, "new", "s.t"), None, "the list was not complete");
        assert_eq!(ask(&z, "a", "s.u"), None, "of another site");
        assert_eq!(ask(&y, "c", "s.t"), Some(false));
        assert_eq!(ask(&SiteId::UNKNOWN, "c", "s.t"), None, "on two sites");
        assert_eq!(findings.table("s.u", Some("x")), None);
    }
}
