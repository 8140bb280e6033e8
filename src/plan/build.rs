//! The exposure of a workbook, made of Tableau's facts and the user's settings.

use std::borrow::Cow;
use std::collections::BTreeSet;

use url::form_urlencoded::byte_serialize;

use super::{markdown, naming};
use crate::model::server::origin;
use crate::model::{Dependency, Exposure, Marker, Owner, SiteId, Workbook};
use crate::settings::{ExposureSettings, OwnerTemplate, Piece, Template};

/// The virtual folder of all imported exposures, as dbt's own automatic ones have it.
pub const VIRTUAL_FOLDER: &str = "imported_from_tableau";

/// What an exposure is made of.
pub struct ExposureParts<'f, 'a> {
    /// The workbook.
    pub workbook: &'f Workbook<'a>,
    /// Its site, as far as any export has named it.
    pub site: SiteId,
    /// Whether everything that it reads is known.
    pub is_complete: bool,
    /// The root package.
    pub package: &'f str,
    /// The nodes that it reads.
    pub dependencies: Vec<Dependency>,
    /// The name that it has already.
    pub name: Option<String>,
}

/// The exposure of a workbook.
pub fn exposure(parts: ExposureParts, settings: &ExposureSettings) -> Exposure {
    let ExposureParts {
        workbook,
        site,
        is_complete,
        package,
        dependencies,
        name,
    } = parts;
    let text = |text: &Option<Cow<'_, str>>| text.as_deref().map(str::to_owned);
    let project = workbook
        .project
        .iter()
        .map(|name| name.clone().into_owned())
        .collect::<Vec<_>>();
    let slugs = project
        .iter()
        .map(|name| naming::slug(name))
        .filter(|slug| !slug.is_empty());
    let mut exposure = Exposure {
        name: name.unwrap_or_else(|| new_name(workbook, settings)),
        package: package.to_owned(),
        label: Some(workbook.name.clone().into_owned()).filter(|name| !name.is_empty()),
        folders: std::iter::once(VIRTUAL_FOLDER.to_owned())
            .chain(slugs)
            .collect(),
        owner: Owner {
            name: text(&workbook.owner_name),
            email: text(&workbook.owner_email),
        },
        description: String::new(),
        tags: workbook
            .tags
            .iter()
            .map(|tag| tag.clone().into_owned())
            .collect(),
        maturity: settings.maturity.clone(),
        url: url(workbook, &site),
        created_at: workbook.created_at,
        marker: Marker {
            site,
            luid: workbook.luid.clone().into_owned(),
            project,
            is_complete,
        },
        dependencies,
    };
    dress(&mut exposure, workbook, settings);
    exposure.description = description(&exposure, workbook, settings);
    exposure
}

/// Tags, owner and maturity as the settings have them.
fn dress(exposure: &mut Exposure, workbook: &Workbook, settings: &ExposureSettings) {
    let tableaus = exposure.owner.clone();
    let fill = |template: &Template| facts_filled(template, workbook, &tableaus);
    let owner_of = |template: &OwnerTemplate| Owner {
        name: template.name.as_ref().and_then(fill),
        email: template.email.as_ref().and_then(fill),
    };
    if exposure.owner == Owner::default() {
        exposure.owner = settings.owner.as_ref().map(owner_of).unwrap_or_default();
    }
    exposure.tags.extend(settings.tags.iter().filter_map(fill));
    for rule in settings
        .rules
        .iter()
        .filter(|rule| rule.when.fits(workbook))
    {
        exposure.tags.extend(rule.tags.iter().filter_map(fill));
        if let Some(owner) = &rule.owner {
            exposure.owner = owner_of(owner);
        }
        exposure.maturity = rule.maturity.clone().or(exposure.maturity.take());
    }
    let tags = std::mem::take(&mut exposure.tags);
    exposure.tags = tags
        .into_iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
}

/// A tag, or a part of an owner, by Tableau's facts; none if nothing comes of it.
fn facts_filled(template: &Template, workbook: &Workbook, owner: &Owner) -> Option<String> {
    let filled = template.fill(|placeholder| match placeholder {
        "name" => workbook.name.clone().into_owned(),
        "owner" => owner
            .name
            .clone()
            .or_else(|| owner.email.clone())
            .unwrap_or_default(),
        _ => workbook.project.join(" / "),
    });
    Some(filled.trim().to_owned()).filter(|filled| !filled.is_empty())
}

/// The name of a new exposure; the usual one where nothing comes of the template.
fn new_name(workbook: &Workbook, settings: &ExposureSettings) -> String {
    let filled = settings.name.as_ref().map(|template| {
        naming::identifier(&template.fill(|placeholder| match placeholder {
            "slug" => naming::slug(&workbook.name),
            "hash" => naming::short_hash(&workbook.luid),
            _ => naming::slug(&workbook.project.join(" ")),
        }))
    });
    let filled = filled.filter(|name| !name.is_empty());
    filled.unwrap_or_else(|| naming::name(&workbook.name, &workbook.luid))
}

/// Tableau's description, or the user's template with it. What Tableau gives is made inert; the
/// template's own words are the user's.
fn description(exposure: &Exposure, workbook: &Workbook, settings: &ExposureSettings) -> String {
    let Some(template) = &settings.description else {
        return markdown::inert(workbook.description.as_deref().unwrap_or_default());
    };
    let owner = exposure
        .owner
        .name
        .as_deref()
        .or(exposure.owner.email.as_deref());
    let project = workbook.project.join(" / ");
    let mut description = String::new();
    for piece in &template.0 {
        match piece {
            Piece::Text(text) => description.push_str(text),
            Piece::Placeholder(name) => {
                let text = match name.as_str() {
                    "description" => workbook.description.as_deref().unwrap_or_default(),
                    "name" => &workbook.name,
                    "owner" => owner.unwrap_or_default(),
                    "url" => exposure.url.as_deref().unwrap_or_default(),
                    _ => &project,
                };
                let inert = markdown::inert_behind(&description, text);
                description.push_str(&inert);
            }
        }
    }
    description
}

/// Where the workbook opens (facts of Tableau's web addresses: the default site has no `/site`).
fn url(workbook: &Workbook, site: &SiteId) -> Option<String> {
    // It may come from the marker of an exposure that something else wrote.
    let server = origin(site.server.as_deref()?).ok()?;
    let id = encoded(workbook.url_id.as_deref()?);
    Some(match site.content_url.as_deref()? {
        "" => format!("{server}/#/workbooks/{id}"),
        site => format!("{server}/#/site/{}/workbooks/{id}", encoded(site)),
    })
}

/// A piece of an address that Tableau gives, in which no letter has a meaning of its own.
fn encoded(piece: &str) -> String {
    byte_serialize(piece.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}
