//! The site of an export: the one that it names, else the one that the user names.

use crate::model::SiteId;
use crate::model::server::{InvalidServer, origin};

/// What applies to exports that do not contain it.
#[derive(Debug, Clone, Default)]
pub struct SiteDefaults {
    /// Server and site.
    pub site: SiteId,
    /// Whether to treat them as listing every workbook.
    pub is_complete: bool,
}

impl SiteDefaults {
    /// The site of an export that names this server and content URL. A server that is not an
    /// address is ignored, and the reason is returned as well.
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
