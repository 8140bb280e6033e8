//! Exports of sites of any size, which read the models of a scaled manifest.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::manifest::model_name;
use crate::failure::{Result, Trying};

/// How many workbooks a page lists.
const PAGE: usize = 100;
/// One in so many tables does not belong to the project.
const FOREIGN: usize = 10;
/// One in so many workbooks has custom SQL.
const WITH_SQL: usize = 5;

/// The shapes in which people have exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One answer with all workbooks.
    Raw,
    /// A folder with one page in each file.
    Pages,
    /// One page a line.
    Ndjson,
    /// The same, gzipped.
    Gzip,
}

impl Shape {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Raw, Self::Pages, Self::Ndjson, Self::Gzip];

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Pages => "pages",
            Self::Ndjson => "ndjson",
            Self::Gzip => "gzip",
        }
    }

    /// What `--tableau` is to be given.
    pub(super) fn path(self, folder: &Path) -> PathBuf {
        match self {
            Self::Raw => folder.join("workbooks.json"),
            Self::Pages => folder.to_owned(),
            Self::Ndjson => folder.join("pages.ndjson"),
            Self::Gzip => folder.join("pages.ndjson.gz"),
        }
    }
}

/// A site of so many workbooks over a manifest with so many copies of its model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    pub(super) workbooks: usize,
    pub(super) models: usize,
}

impl Site {
    /// Writes the export into a folder of its own.
    pub(super) fn write(self, folder: &Path, shape: Shape) -> Result<()> {
        fs::create_dir_all(folder).trying(folder.display())?;
        let path = shape.path(folder);
        let written = match shape {
            Shape::Raw => create(&path).and_then(|mut file| self.raw(&mut file)),
            Shape::Ndjson => create(&path).and_then(|mut file| self.lines(&mut file)),
            Shape::Gzip => create(&path).and_then(|file| {
                let mut packed = GzEncoder::new(file, Compression::fast());
                self.lines(&mut packed)?;
                packed.finish()?.flush()
            }),
            Shape::Pages => self.pages().enumerate().try_for_each(|(number, page)| {
                fs::write(
                    folder.join(format!("page-{number:05}.json")),
                    page.to_string(),
                )
            }),
        };
        written.trying(path.display())
    }

    fn raw(self, out: &mut impl Write) -> std::io::Result<()> {
        out.write_all(b"{\"data\":{\"workbooks\":[")?;
        for number in 0..self.workbooks {
            let lead = if number == 0 { "" } else { "," };
            write!(out, "{lead}{}", self.workbook(number))?;
        }
        out.write_all(b"]}}\n")?;
        out.flush()
    }

    fn lines(self, out: &mut impl Write) -> std::io::Result<()> {
        self.pages().try_for_each(|page| writeln!(out, "{page}"))?;
        out.flush()
    }

    /// Pages of workbooks, then pages of custom SQL.
    fn pages(self) -> impl Iterator<Item = Value> {
        let workbooks = self.page_starts(1).map(move |start| {
            self.page("workbooksConnection", start, 1, |number| {
                self.workbook(number)
            })
        });
        let sql = self.page_starts(WITH_SQL).map(move |start| {
            self.page("customSQLTablesConnection", start, WITH_SQL, |number| {
                self.custom_sql(number)
            })
        });
        workbooks.chain(sql)
    }

    /// The first workbook of each page, where only one workbook in `step` has an object.
    fn page_starts(self, step: usize) -> impl Iterator<Item = usize> {
        (0..self.workbooks).step_by(step * PAGE)
    }

    /// One page of a connection.
    fn page(
        self,
        section: &str,
        start: usize,
        step: usize,
        node: impl Fn(usize) -> Value,
    ) -> Value {
        let end = self.workbooks.min(start + step * PAGE);
        let nodes = (start..end).step_by(step).map(node).collect::<Vec<_>>();
        json!({"data": {section: {
            "nodes": nodes,
            "pageInfo": {"hasNextPage": end < self.workbooks, "endCursor": format!("c{end}")},
            "totalCount": self.workbooks.div_ceil(step),
        }}})
    }

    fn workbook(self, number: usize) -> Value {
        // Five on average; some of them are read by many workbooks.
        let tables = (0..3 + number % 5)
            .map(|nth| self.table(number * 7 + nth * nth * 31))
            .collect::<Vec<_>>();
        let sheets = (0..4).map(|nth| sheet(number, nth)).collect::<Vec<_>>();
        json!({
            "id": id("workbook", number),
            "luid": luid("workbook", number),
            "name": format!("Takings & tips, view {number}"),
            "description": "What guests ate, and what they left on the table.",
            "uri": format!("sites/1/workbooks/{number}"),
            "vizportalUrlId": number.to_string(),
            "projectName": format!("Project {}", number % 40),
            "projectLuid": luid("project", number % 40),
            "containerType": "project",
            "createdAt": "2024-05-01T08:00:00Z",
            "updatedAt": "2026-10-01T08:00:00Z",
            "owner": {
                "name": format!("Waiter {}", number % 500),
                "username": format!("waiter{}", number % 500),
                "email": format!("waiter{}@bistro.example", number % 500),
            },
            "tags": [{"name": "takings"}, {"name": format!("team-{}", number % 20)}],
            "sheets": sheets,
            "embeddedDatasources": [{
                "id": id("datasource", number),
                "name": format!("Till {number}"),
                "upstreamTables": tables,
                "upstreamDatasources": [],
            }],
            "upstreamTables": tables,
        })
    }

    fn custom_sql(self, number: usize) -> Value {
        let tables = [self.table(number * 13), self.table(number * 17 + 5)];
        let [first, second] = &tables;
        json!({
            "id": id("sql", number),
            "name": "Custom SQL Query",
            "query": format!(
                "select a.dish, sum(b.amount)\nfrom {} a\njoin {} b on a.id = b.id\ngroup by 1",
                unbracketed(first),
                unbracketed(second),
            ),
            "isUnsupportedCustomSql": false,
            "connectionType": "snowflake",
            "database": {"id": id("database", 0), "name": "BISTRO", "connectionType": "snowflake"},
            "tables": tables,
            "downstreamWorkbooks": [{
                "luid": luid("workbook", number),
                "name": format!("Takings & tips, view {number}"),
            }],
        })
    }

    fn table(self, number: usize) -> Value {
        let distinct = self.models.max(1) * FOREIGN / (FOREIGN - 1) + 1;
        let number = number % distinct;
        let name = if number < self.models {
            model_name(number).to_uppercase()
        } else {
            format!("SOMEONE_ELSES_{number}")
        };
        json!({
            "id": id("table", number),
            "luid": luid("table", number),
            "name": name,
            "schema": "PROD_MARTS",
            "fullName": format!("[BISTRO].[PROD_MARTS].[{name}]"),
            "connectionType": "snowflake",
            "isEmbedded": false,
            "database": {"id": id("database", 0), "name": "BISTRO", "connectionType": "snowflake"},
        })
    }
}

fn sheet(workbook: usize, nth: usize) -> Value {
    let path = format!("Workbook{workbook}/Sheet{nth}");
    json!({"id": id("sheet", workbook * 4 + nth), "name": format!("Sheet {nth}"), "path": path})
}

/// The full name of a table as SQL has it.
fn unbracketed(table: &Value) -> String {
    let name = table["fullName"].as_str().unwrap_or_default();
    name.replace(['[', ']'], "")
}

fn create(path: &Path) -> std::io::Result<BufWriter<File>> {
    Ok(BufWriter::with_capacity(1 << 20, File::create(path)?))
}

/// An id as the Metadata API has it: a UUID without meaning.
fn id(kind: &str, number: usize) -> String {
    uuid(kind, number, 0)
}

/// A luid, which differs from the id.
fn luid(kind: &str, number: usize) -> String {
    uuid(kind, number, 1)
}

fn uuid(kind: &str, number: usize, series: u64) -> String {
    let bytes = kind
        .bytes()
        .chain((number as u64).to_le_bytes())
        .chain(series.to_le_bytes());
    let high = spread(0xcbf2_9ce4_8422_2325, bytes.clone());
    let low = spread(0x9e37_79b9_7f4a_7c15, bytes);
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0xfff,
        low & 0xffff_ffff_ffff
    )
}

/// A hash that is the same on every machine: FNV-1a and a final mix.
fn spread(start: u64, bytes: impl Iterator<Item = u8>) -> u64 {
    let hash = bytes.fold(start, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}
