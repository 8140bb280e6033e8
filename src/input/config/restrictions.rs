//! What the JSON schema says of values beyond their types, so that an editor and the program refuse
//! the same files. What `convert` refuses stands here as a regular expression.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::model::Fact;
use crate::model::connection::{other_types, warehouse_types};
use crate::settings::{CHOICE, DEEPEST_BRACES, Gate, LONGEST_PATTERN, Placeholder};

/// A port from 0 to 65535.
const PORT: &str =
    r"0*([0-9]{1,4}|[1-5][0-9]{4}|6([0-4][0-9]{3}|5([0-4][0-9]{2}|5([0-2][0-9]|3[0-5]))))";
/// A glob's set of letters; a closing bracket that comes first is one of them.
const LETTERS: &str = r"\[([!^][\s\S]|[^!^])[^\]]*\]";

/// Texts with the `{placeholders}` of one kind.
pub(super) fn template<P: Placeholder>() -> String {
    let names = P::ALL.iter().map(|placeholder| placeholder.as_str());
    let names = names.collect::<Vec<_>>().join("|");
    format!(r"^([^{{]|\{{\{{|\{{({names})\}})*$")
}

/// Lists of such texts.
pub(super) fn templates<P: Placeholder>() -> Value {
    json!({"type": "string", "pattern": template::<P>()})
}

/// The address of a server, or nothing.
pub(super) fn server() -> String {
    let host = r"([A-Za-z0-9._-]|[^\x00-\x7f])+|\[[0-9A-Fa-f:.]+\]";
    format!(r"^\s*([Hh][Tt][Tt][Pp][Ss]?://({host})(:({PORT})?)?/?\s*)?$")
}

/// Lists of paths, folders and patterns: neither blank nor a dash alone.
pub(super) fn exports() -> Value {
    let path = r"^(-[\s\S]+|\s+-[\s\S]*|\s*[^\s-][\s\S]*)$";
    json!({"type": "string", "pattern": path})
}

/// Globs, with braces as deep as they may be.
pub(super) fn glob() -> String {
    let flat = format!(r"([^\[{{}}]|{LETTERS})*");
    let glob = (0..DEEPEST_BRACES).fold(flat, |inner, _| {
        format!(r"([^\[{{}}]|{LETTERS}|\{{{inner}\}})*")
    });
    format!("^{glob}$")
}

/// How long globs may be.
pub(super) fn longest_glob() -> usize {
    LONGEST_PATTERN
}

/// Lists of globs.
pub(super) fn globs() -> Value {
    json!({"type": "string", "pattern": glob(), "maxLength": LONGEST_PATTERN})
}

/// Lists of connection types that read one warehouse.
pub(super) fn warehouses() -> Value {
    one_of(warehouse_types().collect())
}

/// Connection types that are known here, warehouses or not.
pub(super) fn known_types() -> Value {
    one_of(warehouse_types().chain(other_types()).collect())
}

/// One of these connection types, in any case and with any driver. Editors offer the list.
fn one_of(types: Vec<&str>) -> Value {
    let patterns = types.iter().map(|name| {
        let name_in_any_case = name.chars().map(in_any_case).collect::<String>();
        let is_start = name.ends_with(':');
        name_in_any_case + if is_start { r"[\s\S]*" } else { "" }
    });
    let patterns = patterns.collect::<Vec<_>>().join("|");
    let driver = "_[JjOo]".to_owned() + &"dbc".chars().map(in_any_case).collect::<String>();
    json!({
        "type": "string",
        "anyOf": [{"enum": types}, {"pattern": format!("^({patterns})({driver})?$")}],
    })
}

/// A letter in upper and lower case.
fn in_any_case(letter: char) -> String {
    if letter.is_ascii_alphabetic() {
        format!("[{}{letter}]", letter.to_ascii_uppercase())
    } else {
        letter.to_string()
    }
}

/// Objects with a text in at least one of these fields.
pub(super) fn any_of(fields: &[&str]) -> Value {
    let filled = fields.iter().map(|field| {
        let text = json!({"type": "string"});
        json!({"required": [field], "properties": {*field: text}})
    });
    filled.collect()
}

/// Objects with a value in at least one of these fields.
pub(super) fn any_given(fields: &[&str]) -> Value {
    let given = fields.iter().map(|field| {
        let given = json!({"not": {"type": "null"}});
        json!({"required": [field], "properties": {*field: given}})
    });
    given.collect()
}

/// Lists of gates that are asked for by name.
pub(super) fn gates() -> Value {
    let gates = Gate::named().map(Gate::as_str).collect::<Vec<_>>();
    json!({"type": "string", "enum": gates})
}

/// An audience, or nothing.
pub(super) fn subject() -> String {
    r"^\s*(everyone\s*|nobody\s*|(user|group):\s*\S[\s\S]*)?$".to_owned()
}

/// Lists of facts that may be withheld.
pub(super) fn facts() -> Value {
    let facts = Fact::ALL.iter().map(Fact::text).collect::<Vec<_>>();
    json!({"type": "string", "enum": facts})
}

/// A ratio from 0 to 1, or a percentage.
pub(super) fn share(_: &mut SchemaGenerator) -> Schema {
    let percentage = r"^ *(100(\.0+)?|0?[0-9]{1,2}(\.[0-9]+)?) *% *$";
    json_schema!({"anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": percentage},
        {"type": "null"},
    ]})
}

/// Globs, and regular expressions between slashes. What is wrong in an expression cannot be said
/// here.
pub(super) fn glob_or_regex() -> String {
    let glob = glob();
    let glob = glob.trim_start_matches('^').trim_end_matches('$');
    format!(r"^(/[\s\S]*/|{glob})$")
}

/// New parts of names, with placeholders of any name.
pub(super) fn new_part() -> String {
    new_part_of("[^{}]+")
}

/// Names of schemas: not blank.
pub(super) fn schema_name() -> String {
    format!(r"^{}[\s\S]*\S", not_open())
}

/// What does not stand for a value that is still to be chosen.
fn not_open() -> String {
    format!(r"(?!\s*{CHOICE}\s*$)")
}

/// New parts of names: not blank, with placeholders of these names.
fn new_part_of(names: &str) -> String {
    let not_open = not_open();
    format!(r"^(?=[\s\S]*\S){not_open}([^{{]|\{{\{{|\{{({names})\}})*$")
}

/// Says that new parts have no groups where no pattern of the entry is a regular expression.
pub(super) fn restrict_new_parts(schema: &mut Schema) {
    let patterns = ["connection_type", "server", "database", "schema", "name"];
    let regex = |field: &&str| {
        let regex = json!({"type": "string", "pattern": r"^/[\s\S]*/$"});
        json!({"required": [field], "properties": {*field: regex}})
    };
    let parts = ["database", "schema", "name"];
    let plain = json!({"pattern": new_part_of(&parts.join("|"))});
    let plain = parts.map(|part| (part.to_owned(), plain.clone()));
    let plain = Map::from_iter(plain);
    let regexes = patterns.iter().map(regex).collect::<Value>();
    schema.insert("if".to_owned(), json!({"anyOf": regexes}));
    let to = json!({"properties": {"to": {"properties": plain}}});
    schema.insert("else".to_owned(), to);
}
