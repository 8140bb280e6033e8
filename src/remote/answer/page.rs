//! A page as it comes: numbers may be texts and texts numbers, as in the REST API, which was made of XML.

use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::Value;

/// One page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// The objects; `None` for those that came as null.
    pub(crate) nodes: Vec<Option<Node>>,
    /// Whether there is another page; `None` if this one does not say.
    pub(crate) has_next: Option<bool>,
    /// Where the next page begins. The last one may have a cursor as well.
    pub(crate) cursor: Option<String>,
    /// How many objects the site has.
    pub(crate) total: Option<u64>,
    /// Codes and words of errors beside the data.
    pub(crate) warnings: Vec<(String, String)>,
}

/// What is needed here of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Node {
    #[serde(default, deserialize_with = "text")]
    pub(crate) id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) luid: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WirePage {
    #[serde(default)]
    nodes: Option<Vec<Option<Node>>>,
    #[serde(default)]
    page_info: Option<PageInfo>,
    #[serde(default, deserialize_with = "number")]
    total_count: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    #[serde(default, deserialize_with = "flag")]
    has_next_page: Option<bool>,
    #[serde(default, deserialize_with = "text")]
    end_cursor: Option<String>,
}

impl WirePage {
    /// The page; `None` where null stands in place of its objects.
    pub(super) fn page(self) -> Option<Page> {
        let info = self.page_info;
        Some(Page {
            nodes: self.nodes?,
            has_next: info.as_ref().and_then(|info| info.has_next_page),
            cursor: info.and_then(|info| info.end_cursor),
            total: self.total_count,
            warnings: Vec::new(),
        })
    }
}

/// A text that is not empty, or a number.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) if !text.is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Bool(is) => Some(is),
        Value::String(text) => text.trim().to_lowercase().parse().ok(),
        _ => None,
    })
}
