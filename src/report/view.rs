//! Decides what reports show of exposures, workbooks and nodes.
//!
//! Every report gets its names, titles, owners and urls here and nowhere else, so this is the place
//! to narrow what an audience sees.

use std::borrow::Cow;
use std::sync::Arc;

use super::{ExposureFacts, LinkFacts, ManifestFacts, Nearest, WorkbookFacts};
use crate::model::{
    Dependency, Exposure, Marker, NodeIx, Project, ReferencedColumn, Role, Site, StandingExposure,
    Workbook, WorkbookIx,
};
use crate::plan::{New, build};
use crate::settings::ExposureSettings;

/// What reports show of one project and the workbooks that read it.
pub(crate) struct View<'v, 'a> {
    project: &'v Project<'a>,
    site: &'v Site<'a>,
    settings: &'v ExposureSettings,
    /// The ids of the project's nodes, shared by the exposures that read them.
    ids: Vec<Arc<str>>,
}

impl<'v, 'a> View<'v, 'a> {
    pub(crate) fn new(
        project: &'v Project<'a>,
        site: &'v Site<'a>,
        settings: &'v ExposureSettings,
    ) -> Self {
        let ids = project.nodes.iter();
        Self {
            project,
            site,
            settings,
            ids: ids.map(|node| Arc::from(&*node.unique_id)).collect(),
        }
    }

    /// The project, with the path of its manifest.
    pub(super) fn manifest(&self, file: &str) -> ManifestFacts {
        let Project {
            dbt_version,
            adapter_name,
            root_package,
            nodes,
            ..
        } = self.project;
        ManifestFacts {
            path: file.to_owned(),
            dbt_version: dbt_version.as_deref().map(str::to_owned),
            adapter: Some(adapter_name.clone().into_owned()).filter(|name| !name.is_empty()),
            project: root_package.clone(),
            relations: nodes.iter().filter(|node| node.relation.is_some()).count(),
        }
    }

    /// The title and the luid of a workbook.
    pub(super) fn title_and_luid(&self, at: WorkbookIx) -> (String, String) {
        let Workbook { name, luid, .. } = self.site.workbook(at);
        (name.clone().into_owned(), luid.clone().into_owned())
    }

    /// A workbook, as its exposure would show it.
    pub(crate) fn workbook(&self, at: WorkbookIx) -> WorkbookFacts {
        workbook(self.site, self.settings, at)
    }

    /// The path of a workbook's project, as far as it is known.
    pub(super) fn project_of(&self, at: WorkbookIx) -> Option<String> {
        project_of(self.site.workbook(at))
    }

    /// A node that nearly fits a table, or one of several that fit. It is shown with the relation
    /// that it builds or reads, unless another one that surely exists is meant.
    pub(crate) fn nearest(&self, node: NodeIx, role: Role, difference: String) -> Nearest {
        let node = &self.project.nodes[node];
        let relation = match role {
            Role::Own | Role::PerhapsLatest => None,
            Role::Latest | Role::Deferred => node.relation_as(role),
        };
        let relation = match relation {
            None => node.typed.to_string(),
            Some((relation, unrendered_database)) => {
                let mut relation = relation.clone();
                let database = unrendered_database.map(Cow::Borrowed);
                relation.database = relation.database.or(database);
                relation.to_string()
            }
        };
        Nearest {
            unique_id: node.unique_id.clone().into_owned(),
            relation,
            difference,
        }
    }

    /// An exposure as it will be.
    pub(super) fn wanted(&self, new: &New) -> ExposureFacts {
        let Exposure {
            name,
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
        } = &*new.exposure;
        let mut links = dependencies
            .iter()
            .map(|dependency| self.link(dependency))
            .collect::<Vec<_>>();
        links.sort_by(|a, b| a.node.cmp(&b.node));
        ExposureFacts {
            unique_id: new.unique_id.clone(),
            name: name.clone(),
            label: label.clone(),
            luid: marker.luid.clone(),
            server: marker.site.server.clone(),
            site: marker.site.content_url.clone(),
            url: url.clone(),
            project: marker.project_path(),
            owner: owner.clone(),
            complete: marker.is_complete,
            tags: tags.clone(),
            maturity: maturity.clone(),
            created_at: *created_at,
            description: description.clone(),
            links,
            referenced_columns: by_node(new.exposure.referenced_columns(&self.project.nodes)),
        }
    }

    fn link(&self, dependency: &Dependency) -> LinkFacts {
        LinkFacts {
            node: Arc::clone(&self.ids[dependency.node.0]),
            rule: dependency.rule.clone(),
            path: dependency.path.clone(),
            place: dependency.place,
        }
    }

    /// An exposure of the manifest or the state, whoever wrote it.
    pub(super) fn standing(&self, standing: &StandingExposure) -> ExposureFacts {
        let marker = standing.marker();
        let site = marker.map(|marker| &marker.site);
        let mut links = standing
            .depends_on
            .iter()
            .map(|dependency| LinkFacts {
                node: Arc::from(dependency.unique_id.as_str()),
                rule: dependency.rule.clone().into(),
                path: dependency.path.clone().into(),
                place: None,
            })
            .collect::<Vec<_>>();
        links.sort_by(|a, b| a.node.cmp(&b.node));
        ExposureFacts {
            unique_id: standing.unique_id.clone(),
            name: standing.name.clone(),
            label: standing.title.clone(),
            luid: marker.map(|marker| marker.luid.clone()).unwrap_or_default(),
            server: site.and_then(|site| site.server.clone()),
            site: site.and_then(|site| site.content_url.clone()),
            url: standing.url.clone(),
            project: marker.and_then(Marker::project_path),
            owner: standing.owner.clone(),
            complete: marker.is_none_or(|marker| marker.is_complete),
            tags: standing.tags.clone(),
            maturity: standing.maturity.clone(),
            created_at: standing.created_at,
            description: standing.description.clone(),
            links,
            referenced_columns: by_node(standing.referenced_columns.clone()),
        }
    }
}

fn by_node(mut columns: Vec<ReferencedColumn>) -> Vec<ReferencedColumn> {
    columns.sort_by(|a, b| (&a.node, &a.column_name).cmp(&(&b.node, &b.column_name)));
    columns
}

/// A workbook, as its exposure would show it.
pub(crate) fn workbook(site: &Site, settings: &ExposureSettings, at: WorkbookIx) -> WorkbookFacts {
    let workbook = site.workbook(at);
    WorkbookFacts {
        luid: workbook.luid.clone().into_owned(),
        server: workbook.site.server.clone(),
        site: workbook.site.content_url.clone(),
        title: workbook.name.clone().into_owned(),
        project: project_of(workbook),
        owner: build::owner(workbook, settings),
        url: build::url(workbook, &workbook.site),
    }
}

fn project_of(workbook: &Workbook) -> Option<String> {
    let path = &workbook.project;
    (!path.is_empty()).then(|| path.join(" / "))
}
