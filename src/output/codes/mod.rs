//! Shows the pages of codes, and lists all codes.

mod json;
mod markdown;
mod text;

pub use self::json::render as json;
pub use self::text::{list, pages};
