//! What identifies a site of Tableau.

use std::fmt;

use super::server;

/// The site that an export comes from. Unknown parts are `None`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SiteId {
    /// The server's address in the form of [`server::origin`].
    pub server: Option<String>,
    /// The site's content URL; empty for the default site of a server.
    pub content_url: Option<String>,
}

impl SiteId {
    /// A site of which neither part is known.
    pub const UNKNOWN: Self = Self {
        server: None,
        content_url: None,
    };

    /// What tells sites apart, as texts that are equal if the parts are ([`server::identity`]; sites
    /// are compared without case).
    pub fn identity(&self) -> Self {
        Self {
            server: self.server.as_deref().map(server::identity),
            content_url: self.content_url.as_deref().map(str::to_lowercase),
        }
    }

    /// Whether both parts are known.
    pub fn is_full(&self) -> bool {
        self.server.is_some() && self.content_url.is_some()
    }

    /// Whether both are the same site, or the same part of one is unknown on both sides.
    pub fn is_same(&self, other: &Self) -> bool {
        self == other || self.identity() == other.identity()
    }

    /// Whether both name a server, or both a site, and these differ.
    pub fn contradicts(&self, other: &Self) -> bool {
        if self == other {
            return false;
        }
        let (one, other) = (self.identity(), other.identity());
        let servers = one.server.zip(other.server);
        let sites = one.content_url.zip(other.content_url);
        servers.is_some_and(|(one, other)| one != other)
            || sites.is_some_and(|(one, other)| one != other)
    }

    /// How many of the two parts are not equal.
    pub fn distance(&self, other: &Self) -> usize {
        if self == other {
            return 0;
        }
        let (one, other) = (self.identity(), other.identity());
        usize::from(one.server != other.server) + usize::from(one.content_url != other.content_url)
    }

    /// This site, its unknown parts taken from the other.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self {
            server: self.server.or_else(|| other.server.clone()),
            content_url: self.content_url.or_else(|| other.content_url.clone()),
        }
    }

    /// The site as the place of a message; empty if neither part is known.
    pub fn place(&self) -> String {
        if *self == Self::default() {
            String::new()
        } else {
            self.to_string()
        }
    }
}

/// What people see of a site's content URL, which is empty for the default site.
pub fn shown_site(content_url: &str) -> &str {
    if content_url.is_empty() {
        "the default site"
    } else {
        content_url
    }
}

impl fmt::Display for SiteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.server.as_deref().unwrap_or("unknown server"))?;
        match self.content_url.as_deref() {
            None => Ok(()),
            Some("") => f.write_str(", default site"),
            Some(site) => write!(f, ", site {site}"),
        }
    }
}
