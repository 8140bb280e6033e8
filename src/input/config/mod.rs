//! `autoexpose.yml` into settings that are ready to use, and values of flags that mean the same.
//!
//! `raw` is the file as it may be written, and the source of the JSON schema for editors; a new
//! setting is a row there. `convert` makes settings of it, and `restrictions` says in the schema what it
//! refuses. Unknown keys and values that cannot be
//! used are refused with their position and a suggestion.

mod check;
mod convert;
mod filter;
mod invalid_value;
mod listing;
mod located;
mod raw;
mod raw_audience;
mod raw_exposure;
mod raw_filter;
mod raw_refresh;
mod raw_yaml;
mod read;
mod restrictions;
mod rewrite;
mod scalars;
mod template;
mod text_map;
mod values;

pub use self::check::{gates_from_flag, match_rate_from_flag};
pub use self::filter::filter_from_flag;
pub use self::invalid_value::{InvalidReason, InvalidValue};
pub use self::listing::Setting;
pub use self::raw::json_schema;
pub use self::raw_audience::audience_from_flag;
pub use self::read::{Config, read};
#[cfg(feature = "fetch")]
pub use self::values::projects_from_flag;
pub use self::values::{name_only_from_flag, server_from_flag};
