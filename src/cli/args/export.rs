//! Arguments about Tableau's exports.

use std::ffi::OsString;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Tableau's metadata: files, folders, patterns, or `-` for standard input; may be repeated
    /// [default: tableau.exports of autoexpose.yml]
    ///
    /// Responses of the Metadata API in any shape: saved from GraphiQL or by curl, pages of
    /// `…Connection`, arrays of responses, NDJSON, lists of workbooks, each also gzipped or in UTF-16.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(crate) tableau: Vec<OsString>,
    /// Ask Tableau first, as `autoexpose fetch` does, and read that export: tableau.json.gz in the
    /// target path; variables say with what to sign in
    #[cfg(feature = "fetch")]
    #[arg(long, conflicts_with = "tableau")]
    pub(crate) fetch: bool,
    /// The Tableau server, for exports that do not name it, such as https://10ax.online.tableau.com
    /// [env: TABLEAU_SERVER_URL]
    #[allow(
        rustdoc::bare_urls,
        reason = "the comment is shown as help, where brackets would be seen"
    )]
    #[arg(long, value_name = "URL")]
    pub(crate) server: Option<String>,
    /// The site's content URL, for exports that do not name it; empty for the default site
    /// [env: TABLEAU_SITE_ID]
    #[arg(long, value_name = "CONTENT_URL")]
    pub(crate) site: Option<String>,
    /// Treat exports as complete even if they do not prove it; exposures of workbooks that they do
    /// not list are removed
    #[arg(long)]
    pub(crate) export_complete: bool,
}
