//! How far a run has come.

use super::access::Access;
use super::event::Ending;
use super::listing::Listing;
use super::paging::Paging;

/// What a run asks next.
#[derive(Debug)]
pub(super) enum Stage {
    /// Which server this is.
    Greeting,
    /// For a session, and then what follows.
    SigningIn(Box<Self>),
    /// Who the user is.
    User,
    /// Which projects there are.
    Projects(Listing),
    /// Which workbooks the REST API lists, to compare with.
    Workbooks(Listing),
    /// The pages of one list of the Metadata API, with its place among all.
    Section(usize, Box<Paging>),
    /// Who may see what.
    Access(Box<Access>),
    /// For the end of the session.
    SigningOut(Box<Ending>),
    /// Nothing more.
    Over,
}

impl Stage {
    /// What its calls are for, as in `cannot list the projects`.
    pub(super) fn purpose(&self) -> String {
        match self {
            Self::Greeting => "ask the server for its version".to_owned(),
            Self::SigningIn(_) => "sign in".to_owned(),
            Self::User => "ask who the user is".to_owned(),
            Self::Projects(listing) | Self::Workbooks(listing) => listing.purpose(),
            Self::Section(_, paging) => paging.purpose(),
            Self::Access(access) => access.purpose(),
            Self::SigningOut(_) | Self::Over => "sign out".to_owned(),
        }
    }

    /// How far the run has come, for people who wait.
    pub(super) fn progress(&self) -> String {
        match self {
            Self::Greeting | Self::SigningIn(_) | Self::User => "signing in".to_owned(),
            Self::Projects(_) => "projects".to_owned(),
            Self::Workbooks(listing) => format!("workbooks by REST: {}", listing.count()),
            Self::Section(_, paging) => paging.progress(),
            Self::Access(access) => access.progress(),
            Self::SigningOut(_) | Self::Over => "signing out".to_owned(),
        }
    }
}
