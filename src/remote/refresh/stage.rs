//! How far a run has come.

use super::ending::RefreshEnding;
use super::item::Item;

/// What a run asks next.
#[derive(Debug)]
pub(super) enum Stage {
    /// Which server this is.
    Greeting,
    /// For a session, and then what follows.
    SigningIn(Box<Self>),
    /// When those from this one on were last refreshed.
    Times(usize),
    /// For the refresh of one.
    Post(usize),
    /// Whether there is a job of one, after so many looks.
    Lost { at: usize, looks: u32 },
    /// What became of the job of one.
    Watch(usize),
    /// For the end of the session.
    SigningOut(Box<RefreshEnding>),
    /// Nothing more.
    Over,
}

impl Stage {
    /// What its calls are for, as in `cannot sign in`.
    pub(super) fn purpose(&self, items: &[Item]) -> String {
        let name = |at: &usize| {
            let item = items.get(*at);
            item.map_or_else(String::new, |item| item.wanted.name.clone())
        };
        match self {
            Self::Greeting => "ask the server for its version".to_owned(),
            Self::SigningIn(_) => "sign in".to_owned(),
            Self::Times(_) => "ask when extracts were last refreshed".to_owned(),
            Self::Post(at) => format!("ask for the refresh of {}", name(at)),
            Self::Lost { at, .. } => format!("look for the job of {}", name(at)),
            Self::Watch(at) => format!("watch the job of {}", name(at)),
            Self::SigningOut(_) | Self::Over => "sign out".to_owned(),
        }
    }

    /// How far the run has come, for people who wait.
    pub(super) fn progress(&self, items: &[Item]) -> String {
        let all = items.len();
        match self {
            Self::Greeting | Self::SigningIn(_) | Self::Times(_) => "signing in".to_owned(),
            Self::Post(at) | Self::Lost { at, .. } => format!("refreshes: {} of {all}", at + 1),
            Self::Watch(at) => format!("jobs: watching {} of {all}", at + 1),
            Self::SigningOut(_) | Self::Over => "signing out".to_owned(),
        }
    }
}
