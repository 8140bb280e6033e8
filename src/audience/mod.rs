//! Who may see what: answers about permissions become decisions.
//!
//! An [`Audience`] is somebody who was found on the sites of a run (`find`), and [`find_asset`] finds what
//! is asked about. `ask` asks the rules of a table one after another, and `evaluate` says of which table:
//! that of `content` for what is in projects, those of `external` for databases and tables. `derived` has
//! the rules that follow from content. `rule` names each rule, and `case` and `projects` say what is known
//! of the user and of the projects around an asset. Where Tableau itself lists the workbooks that a user
//! may see, that list decides (`evidence`). What is not known is never visible. `grants` tries what would show
//! hidden tables.

mod ask;
mod assets;
mod case;
mod content;
mod decision;
mod derived;
mod evaluate;
mod evidence;
mod external;
mod find;
mod grants;
mod limits;
mod projects;
mod rule;

pub use self::assets::{FoundAsset, NoAsset, find_asset, full_name, project_path};
pub use self::decision::{Answer, Decision, Outcome, Step};
pub use self::evidence::disputed;
pub use self::find::{Audience, Named, NoSubject};
pub use self::grants::{Advisor, Alike, Grant, Need, Standing, Verdict};
pub use self::limits::Limits;
pub use self::rule::Rule;
