//! Whether a Tableau server answers, and what stands on the way to it.

use super::given::Given;
use super::words::words;
use crate::doctor::check::Check;
use crate::doctor::finding::Finding;
use crate::remote::{Heard, NoReplyKind, Reason, Refusal, Told};

/// Proxy, server, certificates and version.
pub(super) fn findings(heard: &Heard, given: &Given) -> Vec<Finding> {
    let refusal = match &heard.greeting {
        Told::Refused(refusal) => Some(refusal),
        _ => None,
    };
    vec![
        proxy(given, refusal),
        server(heard, given, refusal),
        certificates(heard, refusal),
        version(heard),
    ]
}

fn is_of_proxy(refusal: &Refusal) -> bool {
    let reason = &refusal.reason;
    *reason == Reason::NoReply(NoReplyKind::Proxy) || *reason == Reason::Status(407)
}

fn is_of_tls(refusal: &Refusal) -> bool {
    refusal.reason == Reason::NoReply(NoReplyKind::Tls)
}

fn proxy(given: &Given, refusal: Option<&Refusal>) -> Finding {
    if let Some(refusal) = refusal.filter(|refusal| is_of_proxy(refusal)) {
        let (seen, cure) = words(refusal);
        return Finding::fault(Check::Proxy, seen, cure);
    }
    match &given.proxy {
        None => Finding::ok(
            Check::Proxy,
            "not one variable names a proxy for this server",
        ),
        Some((proxy, variable)) => Finding::note(
            Check::Proxy,
            format!("calls go through {proxy}, as the variable {variable} says"),
        )
        .with_cure("the variable NO_PROXY names hosts that are reached without it"),
    }
}

fn server(heard: &Heard, given: &Given, refusal: Option<&Refusal>) -> Finding {
    let address = &given.server;
    let Some(refusal) = refusal else {
        if heard.server != *address {
            let seen = format!("{address} sends its users to {}", heard.server);
            let cure = format!("give `--server {}`", heard.server);
            return Finding::note(Check::Server, seen).with_cure(cure);
        }
        return match &heard.greeting {
            Told::Told(_) => Finding::ok(Check::Server, format!("Tableau answers at {address}")),
            _ => Finding::not_asked(Check::Server, "the run ended before", None),
        };
    };
    let on_the_way = if is_of_proxy(refusal) {
        Some("a proxy stands in the way")
    } else if is_of_tls(refusal) {
        Some("something answers there, and its certificate is not trusted")
    } else {
        None
    };
    let (seen, cure) = words(refusal);
    if let Some(on_the_way) = on_the_way {
        return Finding::not_known(Check::Server, format!("{address}: {on_the_way}"), cure);
    }
    let is_page = refusal.reason == Reason::NotUnderstood;
    let cure = match &given.proxy {
        Some((proxy, _)) if is_page => format!("{cure}; or the proxy {proxy} answers in its place"),
        _ => cure,
    };
    Finding::fault(Check::Server, format!("{address}: {seen}"), cure)
}

fn certificates(heard: &Heard, refusal: Option<&Refusal>) -> Finding {
    let check = Check::Certificates;
    if let Some(refusal) = refusal.filter(|refusal| is_of_tls(refusal)) {
        let (seen, cure) = words(refusal);
        return Finding::fault(check, seen, cure);
    }
    if refusal.is_some_and(|refusal| matches!(refusal.reason, Reason::NoReply(_))) {
        return Finding::not_asked(check, "the server is not reached", None);
    }
    if heard.server.starts_with("https:") {
        return Finding::ok(
            check,
            "the connection is encrypted, and the certificate is trusted",
        );
    }
    Finding::warning(
        check,
        "the connection is not encrypted",
        "give the address with https",
    )
}

fn version(heard: &Heard) -> Finding {
    let Some(server) = heard.greeting.told() else {
        return Finding::not_asked(
            Check::Version,
            "the server does not answer as Tableau does",
            None,
        );
    };
    let product = server.product.as_deref().unwrap_or("of an unknown version");
    let seen = format!("Tableau {product}, with REST API {}", server.api);
    if !server.is_new_enough {
        let seen = format!("{seen}, which has not a Metadata API");
        return Finding::fault(Check::Version, seen, "it needs Tableau 2019.3 or newer");
    }
    let without = heard.page.told().map(|page| page.without.join(", "));
    match without.filter(|without| !without.is_empty()) {
        None => Finding::ok(Check::Version, seen),
        Some(without) => Finding::note(
            Check::Version,
            format!("{seen}, does not know of workbooks: {without}"),
        )
        .with_cure(
            "exports are made without these fields; Tableau 2022.3 or newer knows all of them",
        ),
    }
}
