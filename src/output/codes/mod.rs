//! Shows the pages of codes, and lists all codes.

mod markdown;
mod text;

pub use self::text::{list, pages};
