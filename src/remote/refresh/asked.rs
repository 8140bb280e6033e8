//! What a run is to refresh.

use std::time::Duration;

use crate::model::refresh::TargetId;
use crate::remote::credentials::Credentials;

/// What a run is to refresh, and how it signs in.
#[derive(Debug, Clone)]
pub struct RefreshAsked {
    /// The server's address as scheme, host and port.
    pub server: String,
    /// The site's content URL; empty for the default site.
    pub site: String,
    /// With what the run signs in.
    pub credentials: Credentials,
    /// How long the run may take, without watching jobs.
    pub time_limit: Duration,
    /// Whether secrets may go to another machine without encryption.
    pub allows_http: bool,
    /// Whether extracts are refreshed incrementally, where they can be.
    pub is_incremental: bool,
    /// How long jobs are watched; `None` for not at all.
    pub wait: Option<Duration>,
    /// How many minutes lie between two refreshes of one extract at least.
    pub build_after: u32,
    /// What is to be refreshed, in this order.
    pub wanted: Vec<Wanted>,
}

/// Something that is to be refreshed.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What it is.
    pub id: TargetId,
    /// Its name, which its jobs have as their title.
    pub name: String,
    /// Whether it is known when we refreshed it last, so that Tableau is not asked.
    pub is_time_known: bool,
    /// When a refresh of it was asked for of which it is not known whether Tableau took it, in seconds
    /// since 1970.
    pub asked_at: Option<i64>,
}
