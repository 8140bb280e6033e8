//! Projects: which ones something is in, who leads and owns these, and which one locks it.

use super::case::Case;
use super::decision::Finding;
use crate::model::access::{AssetId, AssetKind, ContentPermissions, Location, Told};

/// The projects that something is in, the nearest first.
pub(super) struct Chain<'c> {
    pub(super) projects: Vec<&'c str>,
    /// Why there may be others above, if that is not known.
    pub(super) gap: Option<String>,
    pub(super) is_personal: bool,
}

/// Whether a project puts its rules in place of those of what is in it.
pub(super) enum Lock<'c> {
    No,
    /// The project whose rules bind, or why it is not known which one that is.
    By(Result<&'c str, String>),
    Unknown(String),
}

impl<'c> Case<'c> {
    /// The projects that an asset is in; a project is in itself.
    pub(super) fn chain(&self, asset: &'c AssetId) -> Chain<'c> {
        let mut chain = Chain {
            projects: Vec::new(),
            gap: None,
            is_personal: false,
        };
        let mut next = self.location(asset);
        if asset.kind == AssetKind::Project {
            chain.projects.push(&asset.luid);
        }
        loop {
            match next {
                Ok(Location::Project(luid)) if chain.projects.contains(&luid.as_str()) => {
                    chain.gap = Some("projects lie in each other".to_owned());
                    return chain;
                }
                Ok(Location::Project(luid)) => {
                    chain.projects.push(luid);
                    next = self.location_of(&AssetId::new(AssetKind::Project, luid));
                }
                Ok(Location::PersonalSpace) => {
                    chain.is_personal = true;
                    return chain;
                }
                Ok(Location::Top) => return chain,
                Err(why) => {
                    let what = match chain.projects.is_empty() {
                        true => "its place",
                        false => "the project above",
                    };
                    chain.gap = Some(format!("{what} is {why}"));
                    return chain;
                }
            }
        }
    }

    /// Where an asset is. A view is where its workbook is.
    fn location(&self, asset: &AssetId) -> Result<&'c Location, String> {
        let own = self.location_of(asset);
        if own.is_ok() || asset.kind != AssetKind::View {
            return own;
        }
        let facts = self.access.asset(asset);
        let workbook = facts.map_or(&Told::Missing, |facts| &facts.workbook);
        let workbook = self.known(workbook)?;
        self.location_of(&AssetId::new(AssetKind::Workbook, workbook))
    }

    fn location_of(&self, asset: &AssetId) -> Result<&'c Location, String> {
        let facts = self.access.asset(asset);
        self.known(facts.map_or(&Told::Missing, |facts| &facts.location))
    }

    /// Whether the user leads one of some projects.
    pub(super) fn led(&self, chain: &Chain<'c>) -> Finding {
        let mut unknown = chain.gap.clone();
        for project in &chain.projects {
            let id = AssetId::new(AssetKind::Project, project);
            match self.known(self.access.rules_of(&id)) {
                Ok(rules) => match self.leads(rules) {
                    Some(true) => return Finding::allows("the user is a leader"),
                    Some(false) => {}
                    None => {
                        unknown = Some("it is not known who is in a group of leaders".to_owned())
                    }
                },
                Err(why) => unknown = Some(format!("the list of a project's leaders is {why}")),
            }
        }
        match unknown {
            Some(why) => Finding::may_allow(why),
            None => Finding::passes("the user is not a leader"),
        }
    }

    /// Whether the user owns one of some projects.
    pub(super) fn owned(&self, chain: &Chain<'c>) -> Finding {
        let mut unknown = chain.gap.clone();
        for project in &chain.projects {
            let id = AssetId::new(AssetKind::Project, project);
            match self.owner(&id) {
                Ok(owner) if owner == self.user => return Finding::allows("the user is the owner"),
                Ok(_) => {}
                Err(why) => unknown = Some(format!("the owner of a project is {why}")),
            }
        }
        match unknown {
            Some(why) => Finding::may_allow(why),
            None => Finding::passes("the user is not the owner"),
        }
    }

    /// The owner of an asset. A view has that of its workbook.
    pub(super) fn owner(&self, asset: &AssetId) -> Result<&'c String, String> {
        let facts = self.access.asset(asset);
        let own = self.known(facts.map_or(&Told::Missing, |facts| &facts.owner));
        if own.is_ok() || asset.kind != AssetKind::View {
            return own;
        }
        let workbook = facts.map_or(&Told::Missing, |facts| &facts.workbook);
        let workbook = self.known(workbook)?;
        self.owner(&AssetId::new(AssetKind::Workbook, workbook))
    }

    /// Whether a project locks what is in a chain of projects. The topmost lock binds; one without nested
    /// projects binds what is in that project itself.
    pub(super) fn lock(&self, chain: &Chain<'c>) -> Lock<'c> {
        let mut unknown = chain.gap.clone();
        let mut by = None;
        for (at, project) in chain.projects.iter().enumerate() {
            let id = AssetId::new(AssetKind::Project, project);
            let facts = self.access.asset(&id);
            let told = facts.map_or(&Told::Missing, |facts| &facts.content_permissions);
            match self.known(told) {
                Ok(ContentPermissions::Locked) => by = Some(*project),
                Ok(ContentPermissions::LockedWithoutNested) if at == 0 => by = Some(*project),
                Ok(
                    ContentPermissions::LockedWithoutNested | ContentPermissions::ManagedByOwner,
                ) => {}
                Ok(ContentPermissions::Other) => {
                    unknown =
                        Some("the lock of a project is not one that is documented".to_owned());
                }
                Err(why) => unknown = Some(format!("the lock of a project is {why}")),
            }
        }
        match (by, unknown) {
            (Some(by), None) => Lock::By(Ok(by)),
            (Some(_), Some(why)) => Lock::By(Err(why)),
            (None, None) => Lock::No,
            (None, Some(why)) => Lock::Unknown(why),
        }
    }
}
