//! What the user wants: which workbooks are exposed, how their tables are matched, what their
//! exposures contain, how many removals are too many, what a check fails on, and when extracts are
//! refreshed.
//!
//! Settings are ready to use: patterns are compiled and values are valid.
//! `input::config` makes them from `autoexpose.yml`, and `cli` adds flags and environment
//! variables.

mod all;
mod audience;
mod check;
mod exposure;
mod filter;
pub mod gate;
mod matching;
mod pattern;
mod pattern_list;
mod refresh;
mod rewrite;
mod selection;
mod share;
mod template;
mod thresholds;
mod whole_regex;
mod yaml;

pub use self::all::Settings;
pub use self::audience::{AudienceSettings, WithheldAs};
pub use self::check::{CheckSettings, Limits, ProjectLimits};
pub use self::exposure::{ExposureRule, ExposureSettings, Maturity, OwnerTemplate};
pub use self::filter::{ByFilter, Filters, Rejection, WorkbookFilter};
pub use self::gate::Gate;
pub use self::matching::{CHOICE, DefaultSchema, Matching, ReadAs};
pub(crate) use self::pattern::compile_glob;
pub use self::pattern::{DEEPEST_BRACES, InvalidPattern, LONGEST_PATTERN, Pattern, place};
pub use self::pattern_list::PatternList;
pub use self::refresh::{OnlyIf, RefreshSettings};
pub use self::rewrite::{
    Group, MOST_REWRITES, NewParts, Rewrite, RewritePlaceholder, Rewrites, Rewritten,
};
pub use self::selection::{NotSelected, Selected, SelectedWorkbooks, Selection};
pub use self::share::Share;
pub use self::template::{
    DescriptionPlaceholder, FactPlaceholder, NamePlaceholder, Placeholder, Template, TemplatePart,
};
pub use self::thresholds::Thresholds;
pub use self::whole_regex::WholeRegex;
pub use self::yaml::{GroupBy, YamlSettings};
