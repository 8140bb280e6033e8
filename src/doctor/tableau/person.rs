//! Who signed in, and what the role of that user lets it see.

use super::given::Given;
use super::words::{open, words};
use crate::doctor::check::Check;
use crate::doctor::finding::Finding;
use crate::model::shown_site;
use crate::remote::{Heard, Reason, Told};

/// What somebody is to do who sees too little.
const ADMINISTRATOR: &str = "use the token of a site administrator";

/// Whether the token is accepted.
pub(super) fn sign_in(heard: &Heard, given: &Given) -> Finding {
    let check = Check::SignIn;
    let site = match shown_site(&given.site) {
        site if given.site.is_empty() => site.to_owned(),
        site => format!("site {site}"),
    };
    match (&heard.session, &given.sign_in) {
        (Told::Told(()), Ok(origin)) => {
            Finding::ok(check, format!("signed in to {site} with {origin}"))
        }
        (Told::Refused(refusal), _) => {
            let (seen, cure) = words(refusal);
            let seen = match refusal.reason {
                Reason::Open => seen,
                _ => format!("{site}: {seen}"),
            };
            Finding::fault(check, seen, cure)
        }
        (_, Err((failure, is_fault))) => {
            let cure = failure.help.clone();
            if *is_fault {
                let place = match &*failure.place {
                    "" => String::new(),
                    place => format!("{place}: "),
                };
                let seen = format!("{place}{}", failure.message);
                Finding::fault(check, seen, cure.unwrap_or_else(|| "mend it".to_owned()))
            } else {
                Finding::not_asked(check, failure.message.clone(), cure)
            }
        }
        _ => Finding::not_asked(check, "the run ended before", None),
    }
}

/// Whether the user may see everything of the site; `None` if the role is not told.
pub(super) fn is_administrator(heard: &Heard) -> Option<bool> {
    let role = heard.user.told()?.role.as_ref()?;
    Some(role.to_lowercase().contains("administrator"))
}

/// What the role lets the user see. A role is a maximum: it grants nothing itself.
pub(super) fn role(heard: &Heard) -> Finding {
    let check = Check::Role;
    let Some(person) = heard.user.told() else {
        let scope =
            "use a personal access token, or give the connected app the scope `tableau:users:read`";
        return open(check, &heard.user, scope);
    };
    let name = person.name.as_deref().unwrap_or("the user");
    let Some(role) = &person.role else {
        return Finding::not_known(
            check,
            format!("Tableau does not tell the role of {name}"),
            ADMINISTRATOR,
        );
    };
    let who = format!("{name} is {role}");
    if is_administrator(heard) == Some(true) {
        return Finding::ok(check, format!("{who}, who sees everything of the site"));
    }
    match role.as_str() {
        "Unlicensed" | "UnlicensedWithPublish" => Finding::fault(
            check,
            format!("{who}, who may see nothing"),
            "give the user a licence, best the role SiteAdministratorExplorer",
        ),
        "Viewer" | "ReadOnly" | "Guest" | "ViewerWithPublish" => Finding::fault(
            check,
            format!("{who}, who sees workbooks without what they read"),
            ADMINISTRATOR,
        ),
        _ => Finding::warning(
            check,
            format!(
                "{who}, not an administrator: what the user may not see is missing or has no name"
            ),
            format!("{ADMINISTRATOR}; else exports are not evidence that something is gone"),
        ),
    }
}
