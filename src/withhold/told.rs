//! What was told while reading, without the names of what is withheld.

use crate::model::{Code, Diagnostic};

/// What was told of the exports, in general words where it may name content of Tableau: which of it
/// the audience may see is not known of a text.
pub fn told(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let told = diagnostics
        .into_iter()
        .map(|told| match general(told.code) {
            None => told,
            Some(message) => Diagnostic {
                message: format!("{message} (names are withheld)"),
                ..told
            },
        });
    let mut told = told.collect::<Vec<_>>();
    told.sort();
    told.dedup();
    told
}

/// What a diagnostic says without names; `None` for those that name nothing but files, sites and
/// settings, or that are told behind the withholding. Each kind of diagnostic is one or the other, so that
/// nobody forgets to decide about a new one.
#[allow(clippy::too_many_lines, reason = "a table of all kinds")]
fn general(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::CopiesDiffer => {
            "objects appear several times with different content; the most recent copy is used, or all of them if their age is unknown"
        }
        Code::SeveralCaptures => {
            "several captures of this site; what only older ones contain may be left out"
        }
        Code::ReaderUnknown => {
            "the export does not name who reads some custom SQL, or the workbook of some views"
        }
        Code::KindAssumed => {
            "objects without a response around them may be workbooks or published data sources, and are read as workbooks"
        }
        Code::SiteUnknown => "files or workbooks may be of several sites of this run",
        Code::TableauError => "Tableau returned an error along with its data",
        Code::WorkbookUnidentified => "workbooks have no luid, so they get no exposure",
        Code::WorkbookReferenceOnly => {
            "workbooks are referenced but not listed, so they get no exposure"
        }
        Code::SqlDiffers => {
            "Tableau lists as tables of custom SQL what is a CTE, a temporary table or a function in the query, so these are not linked"
        }
        Code::SqlInferred => {
            "custom SQL could not be read without a doubt, so what only it shows is marked as inferred"
        }
        Code::RestUnread => "answers of the REST API tell nothing about permissions that is used",
        Code::ManifestNewerSchema
        | Code::ManifestNotJson
        | Code::ManifestMapsMissing
        | Code::NoRelations
        | Code::ExposureDisabled
        | Code::NodePrivate
        | Code::NodeRestricted
        | Code::SourceShadowed
        | Code::NothingReferable
        | Code::PackagesUnread
        | Code::PropertyFileUnread
        | Code::CommentsLost
        | Code::FolderNotInModelPaths
        | Code::DocsDiffer
        | Code::DocsKept
        | Code::FormDiffers
        | Code::ManyTwins
        | Code::TwinElsewhere
        | Code::DependencyGone
        | Code::MassRemoval
        | Code::NearestCut
        | Code::TargetDiffers
        | Code::LinksKept
        | Code::StateRemembered
        | Code::StateIgnored
        | Code::StateNotWritten
        | Code::ConfigUnused
        | Code::ConfigNeedsPaths
        | Code::ExportIncomplete
        | Code::TotalsDisagree
        | Code::CaptureTimeUnknown
        | Code::CapturesUndated
        | Code::NotAnExport
        | Code::PassedOver
        | Code::IgnoredSections
        | Code::AccessDisputed
        | Code::WorkbookIncomplete
        | Code::ServerNotAnAddress
        | Code::ServerUnknown
        | Code::ColumnsUnknown
        | Code::Withheld
        | Code::AudienceUnknown
        | Code::UrlUnknown => return None,
    })
}
