//! What is known of an export's origin: what it says itself, and what is given for it.

use crate::model::server::origin;
use crate::model::{Code, Diagnostic, SiteId};

/// What is given for exports that do not say it themselves.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Server and site.
    pub site: SiteId,
    /// Whether they list every workbook.
    pub is_complete: bool,
}

impl Given {
    /// The site of an export that names these. A server that is none counts as not named.
    pub(super) fn site(
        &self,
        file: &str,
        server: Option<&str>,
        content_url: Option<String>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> SiteId {
        let named = server.filter(|server| !server.trim().is_empty());
        let named = named.map(origin).transpose().unwrap_or_else(|wrong| {
            let message = format!("the server that it names is left out: {wrong}");
            let help = "`--server` names the server of exports that do not";
            diagnostics
                .push(Diagnostic::warning(Code::ServerNotAnAddress, file, message).help(help));
            None
        });
        SiteId {
            server: named.or_else(|| self.site.server.clone()),
            content_url: content_url.or_else(|| self.site.content_url.clone()),
        }
    }
}
