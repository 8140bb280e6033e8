//! `autoexpose schema`: prints the JSON schema of the report, of an answer, of the pages of
//! codes or of the configuration.

use super::args::{Described, SchemaArgs};
use super::exit::Exit;
use super::print;
use crate::input::config;
use crate::model::Failure;
use crate::output::{access, check, doctor, hidden, json, refresh};

pub(super) fn run(args: &SchemaArgs) -> Result<Exit, Vec<Failure>> {
    let schema = match args.of {
        Described::Report => json::schema(),
        Described::Explain => json::explain_schema(),
        Described::Codes => json::codes_schema(),
        Described::Unused => json::unused_schema(),
        Described::Access => access::json::schema(),
        Described::Hidden => hidden::json::schema(),
        Described::Check => check::json::schema(),
        Described::Impact => json::impact_schema(),
        Described::Doctor => doctor::json::schema(),
        Described::Refresh => refresh::json::schema(),
        Described::Config => config::json_schema(),
    };
    let schema = schema.map_err(|error| vec![Failure::new("", error.to_string())])?;
    print::to_stdout(&schema)?;
    Ok(Exit::Done)
}
