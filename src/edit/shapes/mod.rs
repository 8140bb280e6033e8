//! Renders an exposure as the dbt version that wrote the manifest would.
//!
//! One wrong field in one exposure makes dbt refuse the whole manifest as `--state`, and strict
//! readers refuse unknown keys. The fields and their order were measured on manifests of dbt 1.0 to
//! 1.13 and 2.0, and checked against the JSON schemas v4 to v12.
//!
//! [`Shape`] says how a dbt version writes, `fields` lists the fields of each shape in their order,
//! `facts` fills them, `meta` says what
//! their `meta` holds, and [`Shaper`] renders the exposures of one manifest.

mod facts;
mod fields;
mod meta;
mod shape;
mod shaper;

pub use self::fields::ExposureJson;
pub use self::shape::Shape;
pub use self::shaper::Shaper;
