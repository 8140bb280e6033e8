//! Which server answers.

use serde_json::Value;

use super::rest;
use crate::model::Failure;

/// The first API of servers with a Metadata API, of Tableau 2019.3.
const OLDEST: (u32, u32) = (3, 5);
/// The API of Tableau 2022.3, whose workbooks have `projectLuid`
/// (<https://help.tableau.com/current/api/metadata_api/en-us/docs/meta_api_release_notes.html>).
const WITH_PROJECTS: (u32, u32) = (3, 17);

/// What a server says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ServerInfo {
    /// The version of its REST API, such as `3.29`.
    pub(super) api_version: String,
    /// The version of the product, such as `2026.2.0`.
    pub(super) product_version: Option<String>,
}

impl ServerInfo {
    /// What the answer to the first question says, as JSON or, of old servers, XML.
    ///
    /// # Errors
    /// It is not the answer of a Tableau server, or of one that is too old.
    pub(super) fn of(body: &[u8]) -> Result<Self, Failure> {
        let Some(info) = Self::read(body) else {
            let answer = if rest::is_html(body) {
                "a page for browsers".to_owned()
            } else {
                rest::beginning(body)
            };
            let message = format!("this is not a Tableau server: it answers with {answer}");
            return Err(Failure::new("", message).help(
                "give the address with which you open Tableau, without a path; on Tableau Cloud with the pod, such as https://10ax.online.tableau.com",
            ));
        };
        if !info.is_new_enough() {
            let version = info.product_version.as_deref().unwrap_or(&info.api_version);
            let message = format!("this server has Tableau {version}, without a Metadata API");
            return Err(Failure::new("", message).help("it needs Tableau 2019.3 or newer"));
        }
        Ok(info)
    }

    /// What a body says, whatever version it is of; `None` if it is not that of a Tableau server.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        if let Ok(value) = serde_json::from_slice::<Value>(body) {
            let info = value.get("serverInfo")?;
            let product = info.get("productVersion");
            return Some(Self {
                api_version: rest::text(info, "restApiVersion")?,
                product_version: product.and_then(|product| rest::text(product, "value")),
            });
        }
        let text = String::from_utf8_lossy(body);
        let (_, product) = text.split_once("<productVersion").unwrap_or_default();
        Some(Self {
            api_version: rest::between(&text, "<restApiVersion>", "</restApiVersion>")?,
            product_version: rest::between(product, ">", "<"),
        })
    }

    /// Whether it has a Metadata API.
    pub(super) fn is_new_enough(&self) -> bool {
        self.has(OLDEST)
    }

    /// Whether its Metadata API tells the luid of the project of a workbook.
    pub(super) fn names_projects(&self) -> bool {
        self.has(WITH_PROJECTS)
    }

    /// Whether it has an API; one of an unknown form is taken for a newer one.
    pub(super) fn has(&self, version: (u32, u32)) -> bool {
        let mut parts = self.api_version.split('.').map(str::parse::<u32>);
        match (parts.next(), parts.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= version,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_tells_its_versions_as_json_or_xml() {
        let json = br#"{"serverInfo":{"productVersion":{"value":"2026.2.0","build":"x"},"restApiVersion":"3.29"}}"#;
        let xml = b"<tsResponse><serverInfo><productVersion build=\"1\">2019.4.1</productVersion><restApiVersion>3.6</restApiVersion></serverInfo></tsResponse>";
        let read = |body: &[u8]| ServerInfo::of(body).expect("a server");
        assert_eq!(read(json).api_version, "3.29");
        assert_eq!(read(json).product_version.as_deref(), Some("2026.2.0"));
        assert_eq!(read(xml).api_version, "3.6");
        assert_eq!(read(xml).product_version.as_deref(), Some("2019.4.1"));
    }

    #[test]
    fn what_is_not_a_server_of_today_is_said() {
        let told = |body: &[u8]| ServerInfo::of(body).expect_err("refused").to_string();
        assert!(told(b"<!DOCTYPE html><html>").contains("a page for browsers"));
        assert!(told(b"{}").contains("`{}`"));
        let old = br#"{"serverInfo":{"productVersion":{"value":"2018.1"},"restApiVersion":"3.0"}}"#;
        assert!(told(old).contains("Tableau 2018.1"));
    }
}
