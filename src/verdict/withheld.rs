//! Lines of configuration that were found and are not proposed.

use super::line::Line;
use crate::model::display::display_enum;

/// Lines that are not proposed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Withheld {
    /// The lines, which belong together.
    pub lines: Vec<Line>,
    /// Why.
    pub because: Because,
}

display_enum! {
    /// Why lines are not proposed.
    pub enum Because {
        /// A table would no longer link to its node.
        LosesLink(table: String, node: String) = "loses-link" => "it would lose the link of {table} to {node}";
        /// Two tables would link to one node.
        DrawsTwo(one: String, other: String, node: String) = "draws-two" => "it would draw two tables to one relation, {one} and {other} to that of {node}";
        /// Another line that is proposed draws another table to the node.
        Taken(one: String, other: String, node: String) = "taken" => "it would draw {one} to the relation of {node}, to which another line draws {other}";
        /// As many tables of another place come as near.
        Rivals(one: String, other: String, node: String) = "rivals" => "{one} and {other} come equally near to the relation of {node}";
        /// Few of the tables in this place have names of the project.
        ByChance(fit: usize, all: usize) = "by-chance" => "only {fit} of {all} tables there would link, which may be chance";
        /// A single table of quite another schema, where others link by their own names.
        Single = "single" => "it is for a single table, which may be another one of the same name";
        /// The lines that are proposed rename what these are for.
        Behind = "behind" => "it would not be used beside the other lines";
        /// Too many lines were tried.
        NotTried = "not-tried" => "not all lines are tried in one run: set the others and run again";
        /// A name is too long.
        TooLong = "too-long" => "a name in it is too long for a pattern";
    }
}
