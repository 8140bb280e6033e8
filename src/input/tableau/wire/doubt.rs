//! Objects in which a key comes twice. Readers of JSON disagree on what that means, so such an object
//! proves nothing.

use std::borrow::Cow;

use super::text::{Field, Luid, Text};

/// A value that may have a key twice.
pub(crate) trait Doubt {
    /// Whether a key comes twice in it, or in an object inside.
    fn is_doubtful(&self) -> bool {
        false
    }
}

impl Doubt for bool {}
impl Doubt for Cow<'_, str> {}
impl Doubt for Luid<'_> {}
impl Doubt for Text<'_> {}

impl<T: Doubt> Doubt for Box<T> {
    fn is_doubtful(&self) -> bool {
        self.as_ref().is_doubtful()
    }
}

impl<T: Doubt> Doubt for Option<T> {
    fn is_doubtful(&self) -> bool {
        self.as_ref().is_some_and(Doubt::is_doubtful)
    }
}

impl<T: Doubt> Doubt for Field<T> {
    fn is_doubtful(&self) -> bool {
        match self {
            Self::Given(value) => value.is_doubtful(),
            Self::Absent | Self::Null => false,
        }
    }
}
