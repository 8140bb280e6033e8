//! The site of an export: what it says of itself, else what the user says of it.

use crate::model::server::origin;
use crate::model::{Code, Diagnostic, SiteId};

/// What counts for exports that do not say it of themselves.
#[derive(Debug, Clone, Default)]
pub struct SiteDefaults {
    /// Server and site.
    pub site: SiteId,
    /// Whether they list every workbook.
    pub is_complete: bool,
}

impl SiteDefaults {
    /// The site of an export that names this server and content URL. A server that is not an
    /// address counts as not named.
    pub(super) fn site(
        &self,
        file: &str,
        server: Option<&str>,
        content_url: Option<&str>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> SiteId {
        let named = server.filter(|server| !server.trim().is_empty());
        let named = named.map(origin).transpose().unwrap_or_else(|invalid| {
            let message = format!("the server that it names is left out: {invalid}");
            let help = "`--server` names the server of exports that do not";
            diagnostics
                .push(Diagnostic::warning(Code::ServerNotAnAddress, file, message).help(help));
            None
        });
        let content_url = content_url.map(str::to_owned);
        SiteId {
            server: named.or_else(|| self.site.server.clone()),
            content_url: content_url.or_else(|| self.site.content_url.clone()),
        }
    }
}
