//! `autoexpose.yml` into settings that are ready to use.
//!
//! [`raw`] is the file as it may be written, and the source of the JSON schema for editors. Unknown
//! keys and values that cannot be used are refused with their position and a suggestion.

mod convert;
mod filter;
mod invalid_value;
pub mod located;
pub mod raw;
mod read;
mod template;
mod text_map;
mod values;

pub use self::filter::filter;
pub use self::invalid_value::{InvalidReason, InvalidValue};
pub use self::raw::json_schema;
pub use self::read::{Config, read};
pub use self::values::{name_only, server};
