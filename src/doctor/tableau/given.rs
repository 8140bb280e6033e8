//! What a run was given.

use crate::model::Failure;

/// What a run was given.
#[derive(Debug, Clone)]
pub struct Given {
    /// The server's address.
    pub server: String,
    /// The site's content URL; empty for the default site.
    pub site: String,
    /// The proxy on the way to the server, and the variable that names it.
    pub proxy: Option<(String, String)>,
    /// With what it signs in, in words; else why it does not, and whether that is a fault.
    pub sign_in: Result<String, (Failure, bool)>,
}
