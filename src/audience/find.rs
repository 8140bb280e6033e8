//! Finds whom a subject means on the sites of a run.

use std::collections::BTreeSet;
use std::fmt;

use super::case::Case;
use super::decision::{Answer, Decision, Outcome, Step};
use super::evaluate;
use super::evidence;
use super::limits::Limits;
use super::rule::Rule;
use crate::model::access::{Access, AssetId, AssetKind, Capability, SiteAccess, SiteRole, Subject};
use crate::model::{SiteId, Workbook, luid};

/// Somebody of the sites of a run.
#[derive(Debug)]
pub struct Audience<'s> {
    on_sites: Vec<OnSite<'s>>,
    is_nobody: bool,
    limits: Limits,
    data_management: Option<bool>,
}

/// The people of one site who are meant.
#[derive(Debug)]
struct OnSite<'s> {
    access: &'s SiteAccess,
    /// Their luids, those first who certainly may nothing: a site has thousands of users.
    people: Vec<&'s str>,
    /// Why these may not be all.
    lacks: Option<String>,
    /// Whether one user is meant, and not everybody of a group or site.
    is_one: bool,
}

/// A person or group of some name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The luid.
    pub luid: String,
    /// The site.
    pub site: SiteId,
}

/// That a subject means nobody, or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoSubject {
    /// No answer names such a user or group.
    NotFound(Subject),
    /// Several users or groups of one site have this name.
    Several(Subject, Vec<Named>),
}

impl fmt::Display for NoSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(subject) => {
                write!(f, "{subject} is not a subject that the exports name")
            }
            Self::Several(subject, named) => {
                write!(f, "{subject} may be any of {}: ", named.len())?;
                let luids = named.iter().map(|one| one.luid.as_str());
                f.write_str(&luids.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

impl NoSubject {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotFound(_) => {
                "give the name or the luid as Tableau has it, and an export with answers about permissions (`rest`) that names it"
            }
            Self::Several(..) => "give the luid in place of the name",
        }
    }
}

impl<'s> Audience<'s> {
    /// Finds whom a subject means. On a site where nobody is found, nothing is visible.
    ///
    /// # Errors
    /// It is found on no site, or is not one on a site.
    pub fn find(access: &'s Access, subject: &Subject, limits: Limits) -> Result<Self, NoSubject> {
        let mut on_sites = Vec::new();
        for site in &access.sites {
            on_sites.extend(on_site(site, subject)?);
        }
        let is_nobody = *subject == Subject::Nobody;
        if on_sites.is_empty() && !is_nobody {
            return Err(NoSubject::NotFound(subject.clone()));
        }
        Ok(Self {
            on_sites,
            is_nobody,
            limits,
            data_management: None,
        })
    }

    /// The same, where the user says whether the sites have Data Management: hardly an answer of Tableau
    /// tells.
    #[must_use]
    pub fn with_data_management(self, data_management: Option<bool>) -> Self {
        Self {
            data_management,
            ..self
        }
    }

    /// Whether the audience may see a workbook; of several people, whether every one may.
    pub fn visible(&self, workbook: &Workbook) -> Answer {
        let asset = AssetId::new(AssetKind::Workbook, &workbook.luid);
        self.may(Capability::View, &workbook.site, &asset)
    }

    /// Whether the audience may do something with an asset of a site; of several people, whether every one
    /// may.
    pub fn may(&self, capability: Capability, site: &SiteId, asset: &AssetId) -> Answer {
        if self.is_nobody {
            return Answer::by(Rule::Nobody, Outcome::Denies, "the audience is nobody");
        }
        let mut on_sites = self.on_sites.iter();
        let Some(on_site) = on_sites.find(|one| one.access.site.is_same(site)) else {
            let saw = "the subject is not found on this site";
            return Answer::by(Rule::EveryMember, Outcome::Unknown, saw);
        };
        on_site.every(|user| {
            let case = Case {
                access: on_site.access,
                limits: &self.limits,
                data_management: self.data_management,
                user,
                capability,
                asset,
            };
            let by_rules = evaluate::decide(&case);
            match evidence::finding(&case) {
                Some(evidence) => evidence::with_rules(evidence, by_rules),
                None => by_rules,
            }
        })
    }
}

impl OnSite<'_> {
    /// The answer that holds for every one of the people.
    fn every(&self, judge: impl Fn(&str) -> Answer) -> Answer {
        let mut unknown = None;
        let mut is_disputed = false;
        for user in &self.people {
            let one = judge(user);
            if self.is_one {
                return one;
            }
            is_disputed |= one.is_disputed;
            match one.decision {
                Decision::Denied => {
                    let saw = format!("a member may not, {}", self.name_of(user));
                    return self.member(one, Outcome::Denies, saw);
                }
                Decision::Unknown if unknown.is_none() => {
                    let saw = format!("it is unknown of a member, {}", self.name_of(user));
                    unknown = Some(self.member(one, Outcome::Unknown, saw));
                }
                Decision::Unknown | Decision::Allowed => {}
            }
        }
        let every = |outcome, saw: &str| Answer::by(Rule::EveryMember, outcome, saw);
        let answer = match (&self.lacks, unknown) {
            (Some(lacks), _) => every(Outcome::Unknown, lacks),
            (None, Some(unknown)) => unknown,
            (None, None) => every(Outcome::Allows, "every member may"),
        };
        Answer {
            is_disputed,
            ..answer
        }
    }

    /// The answer about one member, for all.
    fn member(&self, one: Answer, outcome: Outcome, saw: String) -> Answer {
        let why = format!("{saw}: {}", one.why);
        let step = Step {
            rule: Rule::EveryMember,
            outcome,
            saw,
        };
        Answer {
            why,
            ..one.after(&[step])
        }
    }

    fn name_of(&self, user: &str) -> String {
        let person = self.access.people.get(user);
        let name = person.and_then(|person| person.name.as_deref());
        format!("user {:?}", name.unwrap_or(user))
    }
}

/// The people of a site that a subject means; `None` if there are none.
fn on_site<'s>(access: &'s SiteAccess, subject: &Subject) -> Result<Option<OnSite<'s>>, NoSubject> {
    let (people, lacks, is_one) = match subject {
        Subject::Nobody => return Ok(None),
        Subject::User(name) => {
            let names = access.people.iter();
            let names = names.map(|(luid, person)| (luid.as_str(), person.name.as_deref()));
            let asked = access.visible_workbooks.keys();
            let asked = asked.map(|luid| (luid.as_str(), None));
            match named(names.chain(asked), name) {
                found if found.is_empty() => return Ok(None),
                found if found.len() > 1 => return Err(several(access, subject, &found)),
                found => (found, None, true),
            }
        }
        Subject::Group(name) => {
            let names = access.groups.iter();
            let names = names.map(|(luid, group)| (luid.as_str(), group.name.as_deref()));
            let found = named(names, name);
            let Some(group) = found.first().and_then(|luid| access.groups.get(*luid)) else {
                return Ok(None);
            };
            if found.len() > 1 {
                return Err(several(access, subject, &found));
            }
            let list = if group.is_all_users() && !group.members.is_complete() {
                &access.users
            } else {
                &group.members
            };
            let lacks = list.why_incomplete();
            let lacks = lacks.map(|why| format!("the list of the group's members is {why}"));
            (luids(&list.luids), lacks, false)
        }
        Subject::Everyone => {
            let lacks = access.users.why_incomplete();
            let lacks = lacks.map(|why| format!("the list of the site's users is {why}"));
            (luids(&access.users.luids), lacks, false)
        }
    };
    let is_empty = people.is_empty();
    let mut people = people.into_iter().collect::<Vec<_>>();
    people.sort_by_key(|user| access.role_of(user).value() != Some(&SiteRole::Unlicensed));
    Ok(Some(OnSite {
        access,
        people,
        lacks: lacks.or_else(|| is_empty.then(|| "nobody is a member".to_owned())),
        is_one,
    }))
}

fn luids(luids: &BTreeSet<String>) -> BTreeSet<&str> {
    luids.iter().map(String::as_str).collect()
}

/// Those of some luids that have a luid or a name; names have no case.
fn named<'s>(
    all: impl Iterator<Item = (&'s str, Option<&'s str>)>,
    text: &str,
) -> BTreeSet<&'s str> {
    let all = all.collect::<Vec<_>>();
    let wanted = luid::identity(text);
    let by_luid = all.iter().filter(|(luid, _)| *luid == wanted);
    let by_luid = by_luid.map(|(luid, _)| *luid).collect::<BTreeSet<_>>();
    if !by_luid.is_empty() {
        return by_luid;
    }
    let wanted = text.to_lowercase();
    let by_name = all.into_iter().filter(|(_, name)| {
        let name = name.map(str::to_lowercase);
        name.is_some_and(|name| name == wanted)
    });
    by_name.map(|(luid, _)| luid).collect()
}

fn several(access: &SiteAccess, subject: &Subject, luids: &BTreeSet<&str>) -> NoSubject {
    let named = luids.iter().map(|luid| Named {
        luid: (*luid).to_owned(),
        site: access.site.clone(),
    });
    NoSubject::Several(subject.clone(), named.collect())
}
