//! An exposure as the dbt version that wrote the manifest would write it.
//!
//! One wrong field in one exposure makes dbt refuse the whole manifest as `--state`, and strict
//! readers refuse unknown keys. Fields and order by version: measured on manifests of dbt 1.0 to
//! 1.13 and 2.0, and read in the JSON schemas of v4 to v12.
//!
//! [`Shape`] is how a dbt version writes, `fields` has the fields of each shape in their order,
//! `facts` fills them, and [`Shaper`] does it for one manifest.

mod facts;
mod fields;
mod shape;
mod shaper;

pub use self::fields::ExposureJson;
pub use self::shape::Shape;
pub use self::shaper::Shaper;
