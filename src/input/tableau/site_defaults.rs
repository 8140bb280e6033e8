//! The site of an export: what it says of itself, else what the user says of it.

use crate::model::SiteId;
use crate::model::server::{InvalidServer, origin};

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
    /// address counts as not named; the reason is returned as well.
    pub(super) fn site(
        &self,
        server: Option<&str>,
        content_url: Option<&str>,
    ) -> (SiteId, Option<InvalidServer>) {
        let named = server.filter(|server| !server.trim().is_empty());
        let (server, invalid) = match named.map(origin).transpose() {
            Ok(server) => (server, None),
            Err(invalid) => (None, Some(invalid)),
        };
        let named = SiteId {
            server,
            content_url: content_url.map(str::to_owned),
        };
        (named.or(&self.site), invalid)
    }
}
