//! What a run is to bring.

use std::time::Duration;

use super::access::AccessAsked;
use super::credentials::Credentials;
use crate::settings::Pattern;

/// What a run is to bring, and how it signs in.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The server's address as scheme, host and port.
    pub server: String,
    /// The site's content URL; empty for the default site.
    pub site: String,
    /// The projects whose workbooks are asked for; all of the site if there is none.
    pub projects: Vec<Pattern>,
    /// Whether to ask which columns are in use.
    pub with_columns: bool,
    /// What to find out about who may see what.
    pub access: AccessAsked,
    /// With what the run signs in.
    pub credentials: Credentials,
    /// When the run began, as ISO 8601.
    pub captured_at: String,
    /// How long the run may take.
    pub time_limit: Duration,
    /// Whether secrets may go to another machine without encryption.
    pub allows_http: bool,
}
