//! Builds the exposure of a workbook from Tableau's metadata and the user's settings.

use std::borrow::Cow;
use std::collections::BTreeSet;

use url::form_urlencoded::byte_serialize;

use super::{html, markdown, naming};
use crate::model::exposure::VIRTUAL_FOLDER;
use crate::model::server::origin;
use crate::model::{Dependency, Exposure, Fact, Marker, Owner, SiteId, Workbook};
use crate::settings::{
    DescriptionPlaceholder, ExposureRule, ExposureSettings, FactPlaceholder, Maturity,
    NamePlaceholder, OwnerTemplate, Template,
};

/// What an exposure is built from.
pub struct ExposureParts<'f, 'a> {
    /// The workbook that it covers.
    pub workbook: &'f Workbook<'a>,
    /// The workbook's site, as far as this export or an earlier one names it.
    pub site: SiteId,
    /// Whether the export shows everything that the workbook reads.
    pub is_complete: bool,
    /// The root package of the project, which exposures belong to.
    pub package: &'f str,
    /// The nodes that the workbook reads.
    pub dependencies: Vec<Dependency>,
    /// The name that its exposure has already; `None` for a new one.
    pub name: Option<String>,
}

/// Builds the exposure of a workbook.
pub fn exposure(parts: ExposureParts, settings: &ExposureSettings) -> Exposure {
    let ExposureParts {
        workbook,
        site,
        is_complete,
        package,
        dependencies,
        name,
    } = parts;
    let builder = Builder::new(workbook, settings);
    let owner = builder.owner();
    let url = url(workbook, &site);
    html::inert_exposure(Exposure {
        name: name.unwrap_or_else(|| builder.new_name()),
        package: package.to_owned(),
        label: label(workbook),
        folders: folders(workbook),
        description: builder.description(&owner, url.as_deref()),
        owner,
        tags: builder.tags(),
        maturity: builder
            .maturity()
            .map(|maturity| maturity.as_str().to_owned()),
        url,
        created_at: workbook.created_at,
        marker: Marker {
            site,
            luid: workbook.luid.to_string(),
            project: workbook.project.iter().map(ToString::to_string).collect(),
            is_complete,
        },
        dependencies,
        is_withheld: workbook.withheld.is_some(),
    })
}

/// What an exposure of this workbook is called for people; `None` if Tableau hides the title.
fn label(workbook: &Workbook) -> Option<String> {
    match &workbook.withheld {
        Some(withheld) if !withheld.shows(Fact::Title) => Some(withheld.label.to_string()),
        _ => Some(workbook.name.to_string()).filter(|name| !name.is_empty()),
    }
}

/// The owner that an exposure of this workbook has.
pub fn owner(workbook: &Workbook, settings: &ExposureSettings) -> Owner {
    Builder::new(workbook, settings).owner()
}

/// A workbook, and the settings for its exposure.
struct Builder<'b, 'a> {
    workbook: &'b Workbook<'a>,
    settings: &'b ExposureSettings,
    /// The rules (`exposure.rules`) that fit the workbook, in the order of the configuration.
    rules: Vec<&'b ExposureRule>,
}

impl<'b, 'a> Builder<'b, 'a> {
    fn new(workbook: &'b Workbook<'a>, settings: &'b ExposureSettings) -> Self {
        Self {
            workbook,
            settings,
            rules: settings.rules.fitting(workbook).collect(),
        }
    }

    /// The name from the template; the default name if the template gives an empty one. That of a
    /// workbook that is withheld says nothing of it, whatever facts are shown.
    fn new_name(&self) -> String {
        let Workbook { name, luid, .. } = self.workbook;
        if self.workbook.withheld.is_some() {
            return naming::name("", luid);
        }
        let template = self.settings.name.as_ref();
        template
            .map(|template| template.fill(|placeholder| self.name_part(placeholder).into()))
            .map(|filled| naming::identifier(&filled))
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| naming::name(name, luid))
    }

    /// The value of a placeholder in a name.
    fn name_part(&self, placeholder: NamePlaceholder) -> String {
        match placeholder {
            NamePlaceholder::Hash => naming::short_hash(&self.workbook.luid),
            NamePlaceholder::Project => naming::slug(&self.workbook.project.join(" ")),
            NamePlaceholder::Slug => naming::slug(&self.workbook.name),
        }
    }

    /// The tags of Tableau, the settings and the rules, sorted and without duplicates.
    fn tags(&self) -> Vec<String> {
        if self.workbook.withholds(Fact::Tags) {
            return Vec::new();
        }
        let by_rules = self.rules.iter().flat_map(|rule| &rule.tags);
        let templates = self.settings.tags.iter().chain(by_rules);
        self.workbook
            .tags
            .iter()
            .map(ToString::to_string)
            .chain(templates.filter_map(|template| self.fill(template)))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    }

    /// The owner from the last rule that sets one, else Tableau's, else from the settings.
    fn owner(&self) -> Owner {
        if self.workbook.withholds(Fact::Owner) {
            return Owner::default();
        }
        let Workbook {
            owner_name,
            owner_email,
            ..
        } = self.workbook;
        let by_rule = self.rules.iter().rev().find_map(|rule| rule.owner.as_ref());
        let is_unknown = owner_name.is_none() && owner_email.is_none();
        let default = self.settings.owner.as_ref().filter(|_| is_unknown);
        match by_rule.or(default) {
            Some(OwnerTemplate { name, email }) => Owner {
                name: name.as_ref().and_then(|name| self.fill(name)),
                email: email.as_ref().and_then(|email| self.fill(email)),
            },
            None => Owner {
                name: owner_name.as_ref().map(ToString::to_string),
                email: owner_email.as_ref().map(ToString::to_string),
            },
        }
    }

    /// The maturity from the last rule that sets one, else from the settings.
    fn maturity(&self) -> Option<Maturity> {
        let by_rule = self.rules.iter().rev().find_map(|rule| rule.maturity);
        by_rule.or(self.settings.maturity)
    }

    /// Fills a template with Tableau's values; `None` if the result is blank, or one of them is withheld.
    fn fill(&self, template: &Template<FactPlaceholder>) -> Option<String> {
        let fact = |placeholder| match placeholder {
            FactPlaceholder::Name => Fact::Title,
            FactPlaceholder::Owner => Fact::Owner,
            FactPlaceholder::Project => Fact::Project,
        };
        if self.withholds_any(template, fact) {
            return None;
        }
        let filled = template.fill(|placeholder| self.fact(placeholder));
        Some(filled.trim().to_owned()).filter(|filled| !filled.is_empty())
    }

    /// Whether a fact that a template asks for is withheld.
    fn withholds_any<P: Copy>(&self, template: &Template<P>, fact: impl Fn(P) -> Fact) -> bool {
        let mut asked = template.placeholders();
        asked.any(|placeholder| self.workbook.withholds(fact(placeholder)))
    }

    /// The value of a placeholder in a tag or owner.
    fn fact(&self, placeholder: FactPlaceholder) -> Cow<'_, str> {
        let Workbook {
            owner_name,
            owner_email,
            ..
        } = self.workbook;
        match placeholder {
            FactPlaceholder::Name => Cow::Borrowed(&self.workbook.name),
            FactPlaceholder::Owner => {
                let owner = owner_name.as_deref().or(owner_email.as_deref());
                owner.unwrap_or_default().into()
            }
            FactPlaceholder::Project => self.project(),
        }
    }

    /// Tableau's description, or the template filled in. Text from Tableau is made inert; the
    /// template's own text is trusted.
    fn description(&self, owner: &Owner, url: Option<&str>) -> String {
        if self.workbook.withholds(Fact::Description) {
            return String::new();
        }
        let Some(template) = &self.settings.description else {
            return markdown::inert(self.tableau_description());
        };
        let fact = |placeholder| match placeholder {
            DescriptionPlaceholder::Description => Fact::Description,
            DescriptionPlaceholder::Name => Fact::Title,
            DescriptionPlaceholder::Owner => Fact::Owner,
            DescriptionPlaceholder::Project => Fact::Project,
            DescriptionPlaceholder::Url => Fact::Url,
        };
        if self.withholds_any(template, fact) {
            return markdown::inert(self.tableau_description());
        }
        template.fill_behind(|before, placeholder| {
            let text = self.description_part(placeholder, owner, url);
            markdown::inert_behind(before, &text).into()
        })
    }

    /// The value of a placeholder in a description.
    fn description_part<'t>(
        &'t self,
        placeholder: DescriptionPlaceholder,
        owner: &'t Owner,
        url: Option<&'t str>,
    ) -> Cow<'t, str> {
        match placeholder {
            DescriptionPlaceholder::Description => self.tableau_description().into(),
            DescriptionPlaceholder::Name => Cow::Borrowed(&self.workbook.name),
            DescriptionPlaceholder::Owner => {
                let owner = owner.name.as_deref().or(owner.email.as_deref());
                owner.unwrap_or_default().into()
            }
            DescriptionPlaceholder::Project => self.project(),
            DescriptionPlaceholder::Url => url.unwrap_or_default().into(),
        }
    }

    fn tableau_description(&self) -> &str {
        self.workbook.description.as_deref().unwrap_or_default()
    }

    /// The path of the workbook's project, `House / Finance`, as far as it is known.
    fn project(&self) -> Cow<'static, str> {
        self.workbook.project.join(" / ").into()
    }
}

/// The folders under which dbt docs shows the exposure: our virtual one, then the workbook's
/// projects as slugs.
fn folders(workbook: &Workbook) -> Vec<String> {
    let slugs = workbook.project.iter().map(|project| naming::slug(project));
    std::iter::once(VIRTUAL_FOLDER.to_owned())
        .chain(slugs.filter(|slug| !slug.is_empty()))
        .collect()
}

/// The URL of the workbook, as in `webpageUrl` of Tableau's REST API and as DataHub and Metaphor
/// build it: `/#/site/<content URL>/workbooks/<number>`, for the default site
/// `/#/workbooks/<number>`. `None` if server, site or number are unknown.
pub fn url(workbook: &Workbook, site: &SiteId) -> Option<String> {
    // The server may come from a marker, which anybody can have edited, so it is checked again.
    let server = origin(site.server.as_deref()?).ok()?;
    let id = encoded(workbook.url_id.as_deref()?);
    Some(match site.content_url.as_deref()? {
        "" => format!("{server}/#/workbooks/{id}"),
        site => format!("{server}/#/site/{}/workbooks/{id}", encoded(site)),
    })
}

/// A part of a URL that comes from Tableau, percent-encoded so that no letter is syntax.
fn encoded(part: &str) -> String {
    byte_serialize(part.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}
