//! An exposure as it stands in a property file.

use serde::Serialize;
use serde_json::Value;
use serde_saphyr::DoubleQuoted;

use super::jinja::inert;
use super::reference::reference;
use super::site::site_of;
use crate::edit::shapes::Shape;
use crate::input::manifest::fingerprints;
use crate::model::exposure::{Fingerprints, MARKER_SOURCE};
use crate::model::letters::{by_number, is_unseen};
use crate::model::{Exposure, Node};

/// A text in double quotes, the one style in which no text is read as anything else.
type Text = DoubleQuoted<String>;

#[derive(Serialize)]
struct Entry {
    name: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<Text>,
    r#type: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    maturity: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Text>,
    owner: OwnerEntry,
    depends_on: Vec<Text>,
    /// Before dbt 1.10, which selects by these alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<Text>>,
    /// Before dbt 1.10, which does not copy it from `config`.
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<ColumnsMeta>,
    config: Config,
}

#[derive(Serialize)]
struct ColumnsMeta {
    referenced_columns: Vec<ColumnEntry>,
}

#[derive(Serialize)]
struct ColumnEntry {
    column_name: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<Text>,
}

#[derive(Serialize)]
struct OwnerEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<Text>,
}

#[derive(Serialize)]
struct Config {
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<Text>>,
    meta: Meta,
}

#[derive(Serialize)]
struct Meta {
    autoexpose: MarkerEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    referenced_columns: Option<Vec<ColumnEntry>>,
}

/// The marker. What changes from run to run would be a change to dbt, so it holds no more than the
/// next run needs to find the workbook; the site only where the url does not show it.
#[derive(Serialize)]
struct MarkerEntry {
    source: Text,
    luid: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<Text>,
}

/// Writes exposures in the form that the dbt of a manifest reads without a warning.
#[derive(Clone, Copy)]
pub struct Writer<'m> {
    nodes: &'m [Node<'m>],
    /// Whether tags and columns stand under `config`: dbt from 1.10 on copies them from there, dbt 2
    /// refuses them elsewhere, and dbt before 1.10 would not select by them.
    has_config_tags: bool,
}

/// An exposure, ready to be written.
pub(super) struct Rendered {
    /// All that it says, to compare it with what a file says.
    pub(super) value: Value,
    /// Its lines, as an entry of a list that is not indented.
    pub(super) text: String,
}

impl<'m> Writer<'m> {
    /// A writer for the project of a manifest.
    pub fn new(nodes: &'m [Node<'m>], shape: Shape, knows_version: bool) -> Self {
        Self {
            nodes,
            has_config_tags: shape.has_config_tags || !knows_version,
        }
    }

    /// What identifies what an exposure says, in whatever form a file says it.
    pub fn fingerprints(&self, exposure: &Exposure) -> Fingerprints {
        // The value of a struct of texts is always JSON.
        let value = serde_json::to_value(self.entry(exposure)).unwrap_or_default();
        fingerprints_of(&value)
    }

    /// An exposure as text.
    pub(super) fn render(&self, exposure: &Exposure) -> Result<Rendered, String> {
        let entry = self.entry(exposure);
        let value = serde_json::to_value(&entry).map_err(|error| error.to_string())?;
        // Block scalars that begin with a tab are refused by dbt 2.
        let options = serde_saphyr::ser_options! {
            prefer_block_scalars: false,
            compact_list_indent: false,
        };
        let text = serde_saphyr::to_string_with_options(&[entry], options)
            .map_err(|error| error.to_string())?;
        Ok(Rendered {
            value,
            text: visible(&text),
        })
    }

    fn entry(&self, exposure: &Exposure) -> Entry {
        let Exposure {
            name,
            package: _,
            label,
            folders: _,
            owner,
            description,
            tags,
            maturity,
            url,
            created_at: _,
            marker,
            dependencies,
            is_withheld: _,
        } = exposure;
        let shows_site = url.as_deref().and_then(site_of).as_ref() == Some(&marker.site);
        let site = (!shows_site).then_some(&marker.site);
        let tags = (!tags.is_empty()).then(|| tags.iter().map(|tag| text(tag)).collect());
        let (config_tags, tags) = if self.has_config_tags {
            (tags, None)
        } else {
            (None, tags)
        };
        let columns = self.columns(exposure);
        let (config_columns, columns) = if self.has_config_tags {
            (columns, None)
        } else {
            (None, columns)
        };
        let is_unknown = owner.name.is_none() && owner.email.is_none();
        let references = dependencies.iter();
        let references = references.map(|read| reference(&self.nodes[read.node.0]));
        Entry {
            name: DoubleQuoted(name.clone()),
            label: label.as_deref().map(text),
            r#type: text("dashboard"),
            maturity: maturity.as_deref().map(text),
            url: url.as_deref().map(text),
            description: Some(text(description)).filter(|text| !text.0.is_empty()),
            owner: OwnerEntry {
                // dbt wants an owner with a name or an address.
                name: owner.name.as_deref().or(is_unknown.then_some("")).map(text),
                email: owner.email.as_deref().map(text),
            },
            depends_on: references.map(DoubleQuoted).collect(),
            tags,
            meta: columns.map(|referenced_columns| ColumnsMeta { referenced_columns }),
            config: Config {
                tags: config_tags,
                meta: Meta {
                    autoexpose: MarkerEntry {
                        source: text(MARKER_SOURCE),
                        luid: text(&marker.luid),
                        server: site.and_then(|site| site.server.as_deref()).map(text),
                        site: site.and_then(|site| site.content_url.as_deref()).map(text),
                    },
                    referenced_columns: config_columns,
                },
            },
        }
    }

    /// The columns that the workbook uses, if any are known.
    fn columns(&self, exposure: &Exposure) -> Option<Vec<ColumnEntry>> {
        let columns = exposure.referenced_columns(self.nodes).into_iter();
        let columns = columns.map(|column| ColumnEntry {
            column_name: text(&column.column_name),
            node: column.node.as_deref().map(text),
        });
        let columns = columns.collect::<Vec<_>>();
        (!columns.is_empty()).then_some(columns)
    }
}

fn text(text: &str) -> Text {
    DoubleQuoted(inert(text).into_owned())
}

/// The text with letters that nobody can see written by their numbers, so that whoever reads the file
/// sees all of it. They stand in double quotes alone.
fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() || !is_unseen(letter) {
            visible.push(letter);
        } else {
            visible.push_str(&by_number(letter));
        }
    }
    visible
}

/// The fingerprints of an exposure in YAML, whether tags and meta stand under `config` or beside it.
pub(super) fn fingerprints_of(value: &Value) -> Fingerprints {
    let mut value = value.clone();
    if let Some(members) = value.as_object_mut() {
        let beside = ["tags", "meta"].map(|key| (key, members.remove(key)));
        let config = members
            .entry("config")
            .or_insert_with(|| Value::Object(serde_json::Map::new()));
        if let Some(config) = config.as_object_mut() {
            for (key, value) in beside {
                if let Some(value) = value {
                    add(config, key, value);
                }
            }
            if let Some(Value::Array(tags)) = config.get_mut("tags") {
                tags.sort_by_key(Value::to_string);
            }
        }
    }
    fingerprints(&value)
}

/// Adds what stands beside `config`: to a map its members, since the marker may be in one of two maps
/// and the columns in the other. What `config` says goes first.
fn add(config: &mut serde_json::Map<String, Value>, key: &str, value: Value) {
    match (config.get_mut(key), value) {
        (Some(Value::Object(known)), Value::Object(members)) => {
            for (key, member) in members {
                known.entry(key).or_insert(member);
            }
        }
        (Some(_), _) => {}
        (None, value) => drop(config.insert(key.to_owned(), value)),
    }
}
